// SPDX-License-Identifier: Apache-2.0
#include "stream/detail/decide_worker.h"

#include <algorithm>
#include <thread>

#include "event/write.h"
#include "stream/detail/rejects.h"

namespace stream::detail {
namespace {

constexpr std::size_t kBatch = 10'000;
constexpr std::int64_t kProducerQueue = 200'000;
constexpr std::chrono::milliseconds kPollWait{20};
constexpr std::chrono::milliseconds kPublishEvery{100};
constexpr std::size_t kLeastWaiting = 500;

constexpr std::size_t kDemographic = 0;  // Side, and the topic's place in the consumer's options.

}  // namespace

DecideWorker::DecideWorker(kafka::Transport& transport, const LiveOffer& model,
                           const DecideOptions& options, const base::Clock& clock, Meter& meter,
                           std::size_t worker)
    : transport_(transport),
      options_(options),
      clock_(clock),
      meter_(meter),
      worker_(worker),
      product_words_(model.products().words()),
      history_reader_(model.products()),
      history_(model.products().size()),
      serving_(model.live()),
      decider_(*serving_->model) {}

const std::string& DecideWorker::topic(std::size_t side) const {
  return side == kDemographic ? options_.demographic_topic : options_.historic_topic;
}

base::Result<void> DecideWorker::open() {
  kafka::ProducerOptions producing;
  producing.name = options_.group;
  producing.favor = options_.favor;
  producing.queue_records = kProducerQueue;
  producing.properties = options_.properties;
  TRY_ASSIGN(producer_, transport_.make_producer(std::move(producing)));
  kafka::ConsumerOptions reading;
  reading.topics = {options_.demographic_topic, options_.historic_topic};
  reading.group = options_.group;
  reading.membership = options_.membership;
  reading.start = options_.start;
  reading.name = options_.group;
  reading.properties = options_.properties;
  reading.assigned = [this](kafka::Consumer& consumer, std::span<kafka::TopicOffset> partitions) {
    return assigned(consumer, partitions);
  };
  reading.revoked = [this](kafka::Consumer&, std::span<const kafka::TopicPartition>, bool lost) {
    revoked(lost);
  };
  reading.gap = [this](const kafka::Gap& gap) { counters_.missing_total += gap.count; };
  TRY_ASSIGN(consumer_, transport_.make_consumer(std::move(reading)));
  return {};
}

// Joined by key, both topics must be cut alike, and the same pieces of both must be ours. What was
// ours before keeps its state (offsets tell what is read again); everything else begins afresh from
// what was committed.
base::Result<void> DecideWorker::assigned(kafka::Consumer& consumer,
                                          std::span<const kafka::TopicOffset> partitions) {
  ++counters_.rebalances_total;
  TRY_ASSIGN(const std::vector<std::int32_t> counts, consumer.partition_counts());
  if (counts[0] != counts[1]) {
    return base::input_error("topic '" + topic(0) + "' has " + std::to_string(counts[0]) +
                             " partitions and topic '" + topic(1) + "' has " +
                             std::to_string(counts[1]) +
                             ": to be joined by customer both need the same number");
  }
  std::array<std::vector<std::int32_t>, 2> ours;
  for (const kafka::TopicOffset& partition : partitions) {
    ours[partition.topic == topic(kDemographic) ? 0 : 1].push_back(partition.partition);
  }
  std::ranges::sort(ours[0]);
  std::ranges::sort(ours[1]);
  if (ours[0] != ours[1]) {
    return base::input_error(
        "the group's members do not share topics '" + topic(0) + "' and '" + topic(1) +
        "' by the same partitions, so halves of customers would never meet: every member of group "
        "'" +
        options_.group + "' must use the assignor 'range' and read both topics");
  }
  std::erase_if(partitions_, [&](const auto& entry) {
    return !std::ranges::binary_search(ours[0], entry.first);
  });
  const auto share = static_cast<std::size_t>(options_.max_pending / options_.threads / 2) /
                     std::max<std::size_t>(1, ours[0].size());
  for (const std::int32_t number : ours[0]) {
    const auto found = partitions_.find(number);
    if (found != partitions_.end()) {
      found->second.assigned = true;
      found->second.paused = {};
      continue;
    }
    JoinOptions joining;
    joining.window = options_.window;
    joining.max_waiting = std::max(kLeastWaiting, share);
    joining.max_remembered = 2 * joining.max_waiting;
    partitions_.emplace(number, Partition(JoinTable(product_words_, joining)));
  }
  return {};
}

void DecideWorker::revoked(bool lost) {
  if (lost) {
    partitions_.clear();
    return;
  }
  if (!revoke_error_) {
    base::Result<void> done = deliver_and_commit();
    if (!done) revoke_error_ = std::move(done).error();
  }
  for (auto& [number, partition] : partitions_) {
    partition.assigned = false;
    partition.committed = {-1, -1};
  }
}

DecideWorker::Partition* DecideWorker::find(std::int32_t number) {
  const auto found = partitions_.find(number);
  return found == partitions_.end() ? nullptr : &found->second;
}

void DecideWorker::count(event::Outcome outcome, const event::Oddities& oddities) {
  ++counters_.outcomes_total[static_cast<std::size_t>(outcome)];
  counters_.conflicts_total += oddities.conflicts;
  counters_.unknown_keys_total += oddities.unknown;
}

// The model that serves now, and it alone, decides the next batch.
void DecideWorker::take_up_model() {
  if (!serving_.outdated()) return;
  // What the decider borrows stays alive until it has been replaced.
  const pmml::Live<ServingOffer>::Reader old = serving_;
  serving_.refresh();
  decider_ = OfferDecider(*serving_->model);
  ++counters_.model_exchanges_total;
}

base::Result<void> DecideWorker::reject(const kafka::Record& record, const char* reason) {
  ++counters_.rejected_total;
  return set_aside(*producer_, options_.rejected_topic, record, reason);
}

base::Result<void> DecideWorker::take(const kafka::Record& record, Partition& partition,
                                      base::Timestamp now) {
  ++counters_.received_total;
  const Place place{record.offset, record.timestamp};
  Pair pair;
  JoinOutcome joined = JoinOutcome::kWaiting;
  partition.next[record.topic_index] = record.offset + 1;
  if (record.topic_index == kDemographic) {
    const event::Outcome outcome = demographic_reader_.demographics(record.value, demographics_);
    count(outcome, demographic_reader_.oddities());
    if (outcome != event::Outcome::kOk) return reject(record, event::reason(outcome));
    joined = partition.join.add(demographics_, place, now, pair);
  } else {
    const event::Outcome outcome = history_reader_.read(record.value, history_);
    count(outcome, history_reader_.oddities());
    if (outcome != event::Outcome::kOk) return reject(record, event::reason(outcome));
    joined = partition.join.add(history_, place, now, pair);
  }
  switch (joined) {
    case JoinOutcome::kWaiting:
      return {};
    case JoinOutcome::kRepeat:
      return ++counters_.repeat_total, base::Result<void>();
    case JoinOutcome::kReplaced:
      return ++counters_.replaced_total, base::Result<void>();
    case JoinOutcome::kJoined:
      return decide(pair, record);
  }
  return {};
}

base::Result<void> DecideWorker::decide(const Pair& pair, const kafka::Record& record) {
  ++counters_.joined_total;
  const Offer offer = decider_.decide(pair.demographics, pair.known, pair.bought);
  if (offer == Offer::kUnscorable) {
    ++counters_.unscorable_total;
    return reject(record, "unscorable");
  }
  key_.clear();
  event::write_key(pair.demographics.customer, key_);
  const bool show = offer == Offer::kShow;
  for (const std::string& token : options_.tokens) {
    message_.clear();
    event::write(event::Prediction{pair.demographics.customer, show, token}, message_);
    TRY(producer_->send(options_.output_topic, key_, message_));
    ++counters_.sent_total;
    if (show) ++counters_.shown_total;
  }
  return {};
}

// Pauses the topic whose halves fill the memory, so that the other catches up.
base::Result<void> DecideWorker::balance(std::int32_t number, Partition& partition) {
  for (std::size_t side = 0; side < 2; ++side) {
    const auto which = static_cast<Side>(side);
    const kafka::TopicPartition where{topic(side), number};
    if (!partition.paused[side] && partition.join.full(which)) {
      TRY(consumer_->pause(std::span(&where, 1)));
      partition.paused[side] = true;
      ++counters_.pauses_total;
    } else if (partition.paused[side] && partition.join.roomy(which)) {
      TRY(consumer_->resume(std::span(&where, 1)));
      partition.paused[side] = false;
    }
  }
  return {};
}

// What time asks for: expiry, pauses.
base::Result<void> DecideWorker::tend(base::Timestamp now) {
  const std::int64_t errors = consumer_->counters().errors_total;
  const bool trouble = errors != transient_errors_;
  transient_errors_ = errors;
  for (auto& [number, partition] : partitions_) {
    if (!partition.assigned) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      if (trouble || partition.paused[side])
        partition.join.silence_means_nothing(static_cast<Side>(side), now);
    }
    const JoinTable::Expired expired = partition.join.expire(now);
    counters_.expired_demographic_only_total += expired.window[0];
    counters_.expired_historic_only_total += expired.window[1];
    counters_.overflow_total += expired.overflow[0] + expired.overflow[1];
    TRY(balance(number, partition));
  }
  return {};
}

base::Result<void> DecideWorker::deliver_and_commit() {
  TRY(producer_->flush(options_.delivery_wait));
  std::vector<kafka::TopicOffset> offsets;
  for (auto& [number, partition] : partitions_) {
    if (!partition.assigned) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      if (partition.next[side] < 0) continue;
      const std::int64_t done =
          partition.join.oldest_offset(static_cast<Side>(side)).value_or(partition.next[side]);
      if (done == partition.committed[side]) continue;
      offsets.push_back({topic(side), number, done});
      partition.committed[side] = done;
    }
  }
  if (offsets.empty()) return {};
  TRY(consumer_->commit(offsets));
  ++counters_.commits_total;
  return {};
}

void DecideWorker::publish() {
  counters_.waiting_demographic = counters_.waiting_historic = counters_.partitions =
      counters_.behind = 0;
  for (const auto& [number, partition] : partitions_) {
    if (!partition.assigned) continue;
    ++counters_.partitions;
    counters_.waiting_demographic +=
        static_cast<std::int64_t>(partition.join.waiting(Side::kDemographic));
    counters_.waiting_historic +=
        static_cast<std::int64_t>(partition.join.waiting(Side::kHistoric));
  }
  for (const kafka::Lag& lag : consumer_->lag()) counters_.behind += lag.behind();
  counters_.shape_misses_total = static_cast<std::int64_t>(history_reader_.shape_misses());
  meter_.publish(worker_, counters_);
}

base::Result<void> DecideWorker::run(std::stop_token stop) {
  TRY(open());
  auto last_commit = std::chrono::steady_clock::now();
  auto last_published = last_commit;
  while (!stop.stop_requested() && !revoke_error_) {
    if (producer_->outstanding() >
        kProducerQueue / 2) {  // A slow broker: stop reading before send() would block.
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    TRY_ASSIGN(const std::span<const kafka::Record> records, consumer_->poll(kBatch, kPollWait));
    take_up_model();
    const base::Timestamp now = clock_.now();
    std::int32_t number = -1;
    Partition* partition = nullptr;
    for (const kafka::Record& record : records) {
      if (record.partition != number || partition == nullptr) {
        number = record.partition;
        partition = find(number);
        CHECK(partition != nullptr);  // poll() gives records of assigned partitions only.
      }
      TRY(take(record, *partition, now));
    }
    TRY(tend(now));
    const auto at = std::chrono::steady_clock::now();
    if (at - last_commit >= options_.commit_interval) {
      TRY(deliver_and_commit());
      last_commit = at;
    }
    if (at - last_published >= kPublishEvery) {
      publish();
      last_published = at;
    }
  }
  if (!revoke_error_) TRY(deliver_and_commit());
  publish();
  consumer_->close();
  meter_.publish(worker_, counters_);
  if (revoke_error_) return *revoke_error_;
  return {};
}

}  // namespace stream::detail
