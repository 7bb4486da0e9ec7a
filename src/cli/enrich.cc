// SPDX-License-Identifier: Apache-2.0
// provecho enrich: one of the two pipelines that write what is known of the sampled customers.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>
#include <memory>

#include "base/number.h"
#include "cli/stream_status.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/transport.h"
#include "data/csv.h"
#include "stream/enrich.h"
#include "stream/table_directory.h"

namespace cli {
namespace {

struct Options {
  TransportOptions transport;
  stream::EnrichOptions enrich;
  std::string customers;
};

std::string status(const stream::Counters& now, const stream::Counters& before, double seconds) {
  const auto rate =
      static_cast<std::int64_t>(static_cast<double>(now.sent_total - before.sent_total) / seconds);
  return base::format_count(now.sent_total) + " enriched, " + base::format_count(rate) + "/s, " +
         base::format_count(now.behind) + " behind" + format_troubles(now);
}

base::Result<void> run(const Options& o) {
  const std::stop_token stop =
      stop_on_signal();  // Before any thread starts: each of them leaves the signals alone then.
  TRY(stream::validate(o.enrich));
  TRY_ASSIGN(const data::Table table, data::read_csv(o.customers));
  TRY_ASSIGN(const std::unique_ptr<stream::CustomerDirectory> directory,
             stream::make_table_directory(table));
  TRY_ASSIGN(const std::unique_ptr<kafka::Transport> transport, open_transport(o.transport, ""));
  std::vector<kafka::TopicSpec> topics;
  const bool historic = o.enrich.pipeline == stream::Pipeline::kHistoric;
  const std::string output = !o.enrich.output_topic.empty() ? o.enrich.output_topic
                             : historic                     ? event::topic::kHistoric
                                                            : event::topic::kDemographic;
  for (const std::string& name : {o.enrich.sampled_topic, output, o.enrich.rejected_topic}) {
    if (name.empty()) continue;
    topics.emplace_back();
    topics.back().name = name;
  }
  TRY(transport->ensure_topics(topics));
  std::fprintf(stderr, "enriching from %s customers, %zu products, to %s on %s\n",
               base::format_count(static_cast<std::int64_t>(table.rows())).c_str(),
               directory->products().size(), output.c_str(), transport->describe().c_str());
  stream::Meter meter;
  TRY(run_with_status(meter, 5, status, [&] {
    return stream::run_enrich(*transport, *directory, o.enrich, meter, stop);
  }));
  const stream::Counters total = meter.sum();
  std::printf("%s enriched%s\n", base::format_count(total.sent_total).c_str(),
              format_troubles(total).c_str());
  return {};
}

}  // namespace

Run setup_enrich(CLI::App& command) {
  auto options = std::make_shared<Options>();
  Options& o = *options;
  const std::map<std::string, stream::Pipeline> pipelines = {
      {"demographic", stream::Pipeline::kDemographic}, {"historic", stream::Pipeline::kHistoric}};
  command.add_option("pipeline", o.enrich.pipeline, "demographic or historic")
      ->required()
      ->transform(CLI::Transformer(pipelines))
      ->option_text("demographic|historic");
  command
      .add_option("--customers", o.customers,
                  "CSV of customers: uuid, age, man, woman, then a 0/1 column for each product")
      ->required();
  add_client_options(command, o.transport);
  command.add_option("--sampled-topic", o.enrich.sampled_topic, "Sampled sessions")
      ->capture_default_str();
  command.add_option("--output-topic", o.enrich.output_topic,
                     "Instead of topic_demographic or topic_historic");
  command
      .add_option("--rejected-topic", o.enrich.rejected_topic,
                  "Records that cannot be used; empty: only count them")
      ->capture_default_str();
  command.add_option("--group", o.enrich.group,
                     "Consumer group, instead of enrich-demographic or enrich-historic");
  command.add_option("--threads", o.enrich.threads, "Consumers; more than partitions stand idle")
      ->capture_default_str();
  return [options] { return run(*options); };
}

}  // namespace cli
