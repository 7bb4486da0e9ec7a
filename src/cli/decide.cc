// SPDX-License-Identifier: Apache-2.0
// provecho decide: a PMML model on the stream.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>
#include <memory>

#include "base/number.h"
#include "cli/model_reload.h"
#include "cli/score_rows.h"
#include "cli/stream_status.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/transport.h"
#include "pmml/score/live.h"
#include "stream/decide.h"

namespace cli {
namespace {

struct Options {
  TransportOptions transport;
  stream::DecideOptions decide;
  stream::OfferOptions offer;
  std::string model;
  double window_s = 60;
  bool throughput = false;
  std::string reload = "signal";
};

const std::map<std::string, Reload> kReloads = {
    {"signal", Reload::kSignal}, {"change", Reload::kChange}, {"never", Reload::kNever}};

std::string version(std::uint64_t number, const std::string& digest) {
  return "version " + std::to_string(number) + " (SHA-256 " + digest + ")";
}

std::string status(const stream::Counters& now, const stream::Counters& before, double seconds) {
  const auto rate = static_cast<std::int64_t>(
      static_cast<double>(now.joined_total - before.joined_total) / seconds);
  return base::format_count(now.joined_total) + " joined, " + base::format_count(rate) + "/s, " +
         base::format_count(now.shown_total) + " to show, " +
         base::format_count(now.waiting_demographic + now.waiting_historic) + " pending, " +
         base::format_count(now.behind) + " behind" + format_troubles(now);
}

base::Result<void> run(const Options& o) {
  const auto hangups = count_hangups();
  const std::stop_token stop =
      stop_on_signal();  // Before any thread starts: each of them leaves the signals alone then.
  TRY_ASSIGN(ModelFile file, load_model(o.model));
  const std::string digest = file.digest;
  TRY_ASSIGN(const std::unique_ptr<stream::LiveOffer> model,
             stream::LiveOffer::start(std::move(file.scorer), o.offer));
  stream::DecideOptions options = o.decide;
  options.window = base::Duration(static_cast<std::int64_t>(o.window_s * 1e6));
  if (o.throughput) options.favor = kafka::Favor::kThroughput;
  TRY(stream::validate(options));
  TRY_ASSIGN(const std::unique_ptr<kafka::Transport> transport, open_transport(o.transport, ""));
  std::vector<kafka::TopicSpec> topics;
  for (const std::string& name : {options.demographic_topic, options.historic_topic,
                                  options.output_topic, options.rejected_topic}) {
    if (name.empty()) continue;
    topics.emplace_back();
    topics.back().name = name;
  }
  TRY(transport->ensure_topics(topics));
  std::fprintf(stderr, "deciding by %s, %zu products, on %s; model %s\n",
               model->live().value()->model->describe().c_str(), model->products().size(),
               transport->describe().c_str(), version(1, digest).c_str());
  std::unique_ptr<ModelReload> reload;
  if (o.model != "-") {
    reload = std::make_unique<ModelReload>(
        o.model, "the system", kReloads.at(o.reload), hangups, [&]() -> base::Result<std::string> {
          TRY_ASSIGN(ModelFile next, load_model(o.model));
          pmml::warm(next.scorer);
          TRY_ASSIGN(const std::uint64_t number, model->replace(std::move(next.scorer)));
          return version(number, next.digest);
        });
  }
  const base::SystemClock clock;
  stream::Meter meter;
  TRY(run_with_status(meter, 5, status, [&] {
    return stream::run_decide(*transport, *model, options, clock, meter, stop);
  }));
  const stream::Counters total = meter.sum();
  std::printf("%s decisions, %s to show%s\n", base::format_count(total.sent_total).c_str(),
              base::format_count(total.shown_total).c_str(), format_troubles(total).c_str());
  return {};
}

}  // namespace

Run setup_decide(CLI::App& command) {
  auto options = std::make_shared<Options>();
  Options& o = *options;
  stream::DecideOptions& d = o.decide;
  command.add_option("-m,--model", o.model, "PMML file; - for standard input")->required();
  command
      .add_option(
          "-t,--token", d.tokens,
          "The experiment's token for this system; again for each further experiment it takes "
          "part in")
      ->required();
  add_client_options(command, o.transport);
  command.add_option("--demographic-topic", d.demographic_topic, "Age and sex")
      ->capture_default_str();
  command.add_option("--historic-topic", d.historic_topic, "Purchases")->capture_default_str();
  command.add_option("--output-topic", d.output_topic, "Decisions")->capture_default_str();
  command
      .add_option("--rejected-topic", d.rejected_topic,
                  "Records that cannot be used; empty: only count them")
      ->capture_default_str();
  command.add_option("--group", d.group, "Consumer group; one for each system")
      ->capture_default_str();
  command.add_option("--threads", d.threads, "Consumers; more than partitions stand idle")
      ->capture_default_str();
  command.add_option("--window-s", o.window_s, "Seconds a half waits for the other")
      ->check(CLI::Range(0.001, 86'400.0))
      ->capture_default_str();
  command.add_option("--max-pending", d.max_pending, "Halves that may wait before reading pauses")
      ->capture_default_str();
  command.add_option("--threshold", o.offer.threshold,
                     "Show above this probability, instead of the model's own rule");
  command
      .add_option("--products", o.offer.products,
                  "Products that the historic topic carries; a model that needs others is refused")
      ->delimiter(',');
  command
      .add_option("--reload", o.reload,
                  "When the model file is read again: at SIGHUP (signal), also when it has changed "
                  "(change), never. An experiment compares two systems that stay as they are: "
                  "exchange a candidate's model only between experiments")
      ->check(CLI::IsMember({"signal", "change", "never"}))
      ->capture_default_str();
  command.add_flag("--throughput", o.throughput,
                   "Wait 5 ms for company and compress: less work a decision, more delay");
  return [options] { return run(*options); };
}

}  // namespace cli
