// SPDX-License-Identifier: Apache-2.0
#include "stream/enrich.h"

#include <algorithm>
#include <thread>

#include "event/read.h"
#include "event/write.h"
#include "stream/detail/rejects.h"
#include "stream/detail/workers.h"

namespace stream {
namespace {

constexpr std::size_t kBatch = 10'000;
constexpr std::int64_t kProducerQueue = 100'000;
constexpr std::chrono::milliseconds kPollWait{50};

std::string output_topic(const EnrichOptions& options) {
  if (!options.output_topic.empty()) return options.output_topic;
  return options.pipeline == Pipeline::kDemographic ? event::topic::kDemographic
                                                    : event::topic::kHistoric;
}

std::string group(const EnrichOptions& options) {
  if (!options.group.empty()) return options.group;
  return options.pipeline == Pipeline::kDemographic ? "enrich-demographic" : "enrich-historic";
}

class EnrichWorker {
 public:
  EnrichWorker(kafka::Transport& transport, const CustomerDirectory& directory,
               const EnrichOptions& options, Meter& meter, std::size_t worker)
      : transport_(transport),
        options_(options),
        output_topic_(output_topic(options)),
        meter_(meter),
        worker_(worker),
        step_(directory, options.pipeline) {}

  base::Result<void> run(std::stop_token stop);

 private:
  base::Result<void> open();
  base::Result<void> take(const kafka::Record& record);
  base::Result<void> reject(const kafka::Record& record, const char* reason);
  base::Result<void> deliver_and_commit();
  void publish();

  kafka::Transport& transport_;
  const EnrichOptions& options_;
  const std::string output_topic_;
  Meter& meter_;
  const std::size_t worker_;
  EnrichStep step_;
  event::Reader reader_;
  std::string key_;
  std::string message_;
  std::vector<kafka::TopicOffset>
      next_;  // What to commit: for each assigned partition read from, the next offset.
  std::optional<base::Error> revoke_error_;
  Counters counters_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;  // Ends first: its callbacks use what stands above.
};

base::Result<void> EnrichWorker::open() {
  kafka::ProducerOptions producing;
  producing.name = group(options_);
  producing.favor = options_.favor;
  producing.queue_records = kProducerQueue;
  producing.properties = options_.properties;
  TRY_ASSIGN(producer_, transport_.make_producer(std::move(producing)));
  kafka::ConsumerOptions reading;
  reading.topics = {options_.sampled_topic};
  reading.group = group(options_);
  reading.membership = options_.membership;
  reading.start = options_.start;
  reading.name = group(options_);
  reading.properties = options_.properties;
  reading.assigned = [this](kafka::Consumer&,
                            std::span<kafka::TopicOffset> partitions) -> base::Result<void> {
    ++counters_.rebalances_total;
    counters_.partitions = static_cast<std::int64_t>(partitions.size());
    next_.clear();
    return {};
  };
  reading.revoked = [this](kafka::Consumer&, std::span<const kafka::TopicPartition>, bool lost) {
    if (!lost && !revoke_error_) {
      base::Result<void> done = deliver_and_commit();
      if (!done) revoke_error_ = std::move(done).error();
    }
    next_.clear();
    counters_.partitions = 0;
  };
  reading.gap = [this](const kafka::Gap& gap) { counters_.missing_total += gap.count; };
  TRY_ASSIGN(consumer_, transport_.make_consumer(std::move(reading)));
  return {};
}

base::Result<void> EnrichWorker::reject(const kafka::Record& record, const char* reason) {
  ++counters_.rejected_total;
  return detail::set_aside(*producer_, options_.rejected_topic, record, reason);
}

base::Result<void> EnrichWorker::take(const kafka::Record& record) {
  ++counters_.received_total;
  event::Session session;
  const event::Outcome outcome = reader_.session(record.value, session);
  ++counters_.outcomes_total[static_cast<std::size_t>(outcome)];
  counters_.conflicts_total += reader_.oddities().conflicts;
  counters_.unknown_keys_total += reader_.oddities().unknown;
  if (outcome != event::Outcome::kOk) return reject(record, event::reason(outcome));
  message_.clear();
  if (!step_.enrich(session.customer, message_)) {
    ++counters_.unknown_customer_total;
    return reject(record, "unknown_customer");
  }
  key_.clear();
  event::write_key(session.customer, key_);
  const std::optional<base::Timestamp> timestamp =
      record.timestamp.micros() > 0 ? std::optional(record.timestamp) : std::nullopt;
  TRY(producer_->send(output_topic_, key_, message_, {}, timestamp));
  ++counters_.sent_total;
  return {};
}

base::Result<void> EnrichWorker::deliver_and_commit() {
  TRY(producer_->flush(options_.delivery_wait));
  if (!next_.empty()) TRY(consumer_->commit(next_));
  ++counters_.commits_total;
  next_.clear();
  return {};
}

void EnrichWorker::publish() {
  counters_.behind = 0;
  for (const kafka::Lag& lag : consumer_->lag()) counters_.behind += lag.behind();
  meter_.publish(worker_, counters_);
}

base::Result<void> EnrichWorker::run(std::stop_token stop) {
  TRY(open());
  auto last_commit = std::chrono::steady_clock::now();
  while (!stop.stop_requested() && !revoke_error_) {
    if (producer_->outstanding() >
        kProducerQueue / 2) {  // A slow broker: stop reading before send() would block.
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    TRY_ASSIGN(const std::span<const kafka::Record> records, consumer_->poll(kBatch, kPollWait));
    for (const kafka::Record& record : records) {
      TRY(take(record));
      const auto at = std::ranges::find_if(
          next_, [&](const kafka::TopicOffset& o) { return o.partition == record.partition; });
      if (at == next_.end()) {
        next_.push_back({options_.sampled_topic, record.partition, record.offset + 1});
      } else {
        at->offset = record.offset + 1;
      }
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - last_commit >= options_.commit_interval && !next_.empty()) {
      TRY(deliver_and_commit());
      last_commit = now;
    }
    publish();
  }
  if (!revoke_error_) TRY(deliver_and_commit());
  consumer_->close();
  meter_.publish(worker_, counters_);
  if (revoke_error_) return *revoke_error_;
  return {};
}

}  // namespace

base::Result<void> validate(const EnrichOptions& options) {
  if (options.sampled_topic.empty())
    return base::input_error("the topic of the sampled sessions has no name");
  if (options.sampled_topic == output_topic(options)) {
    return base::input_error("enrichment would read what it writes: both topics are '" +
                             options.sampled_topic + "'");
  }
  if (options.threads < 1 || options.threads > 256)
    return base::input_error("threads must be 1 to 256");
  if (options.membership == kafka::Membership::kAlone && options.threads != 1) {
    return base::input_error(
        "a reader outside a group reads everything: it needs exactly one thread");
  }
  return {};
}

EnrichStep::EnrichStep(const CustomerDirectory& directory, Pipeline pipeline)
    : directory_(directory), pipeline_(pipeline) {}

bool EnrichStep::enrich(event::CustomerId customer, std::string& out) {
  if (pipeline_ == Pipeline::kDemographic) {
    if (!directory_.demographics(customer, demographics_)) return false;
    event::write(demographics_, out);
    return true;
  }
  if (!directory_.history(customer, history_)) return false;
  event::write(history_, directory_.products(), out);
  return true;
}

base::Result<void> run_enrich(kafka::Transport& transport, const CustomerDirectory& directory,
                              const EnrichOptions& options, Meter& meter, std::stop_token stop) {
  TRY(validate(options));
  const auto workers = static_cast<std::size_t>(options.threads);
  meter.start(workers);
  return detail::run_workers(
      workers, stop, [&](std::size_t worker, std::stop_token worker_stop) -> base::Result<void> {
        return EnrichWorker(transport, directory, options, meter, worker).run(worker_stop);
      });
}

}  // namespace stream
