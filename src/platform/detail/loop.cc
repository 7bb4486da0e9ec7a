// SPDX-License-Identifier: Apache-2.0
#include "platform/detail/loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace platform::detail {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// That a turn waits for the broker: it answers in a few milliseconds, or is away.
constexpr milliseconds kMoment{100};
// Of a stop, while the broker is away.
constexpr milliseconds kPatienceForOffsets{2000};

}  // namespace

base::Result<std::unique_ptr<Loop>> Loop::start(kafka::Transport& transport, trial::Store& store,
                                                const base::Clock& clock, Options options) {
  const Topics& names = options.topics;
  std::vector<kafka::TopicSpec> topics;
  for (const std::string& name :
       {names.session, names.sampled, names.base_prediction, names.student_prediction,
        names.decision, names.revenue, names.rejected}) {
    topics.push_back({.name = name, .partitions = options.partitions, .properties = {}});
  }
  TRY(transport.ensure_topics(topics));
  std::unique_ptr<Loop> loop(new Loop(clock, std::move(options)));
  TRY_ASSIGN(loop->registry_, trial::Registry::open(store, clock.now()));
  TRY_ASSIGN(loop->producer_, transport.make_producer({.name = "platform", .properties = {}}));
  kafka::ConsumerOptions consumer;
  consumer.topics = Intake::topics(loop->options_.topics);
  consumer.group = loop->options_.group;
  consumer.membership = kafka::Membership::kAlone;
  consumer.name = "platform";
  consumer.assigned = [raw = loop.get()](kafka::Consumer&, std::span<kafka::TopicOffset> parts) {
    return raw->place(parts);
  };
  consumer.gap = [tallies = &loop->tallies_](const kafka::Gap& gap) {
    tallies->missing += gap.count;
  };
  TRY_ASSIGN(loop->consumer_, transport.make_consumer(std::move(consumer)));
  loop->outlet_ = std::make_unique<Outlet>(*loop->producer_, loop->options_, loop->tallies_);
  loop->intake_ = std::make_unique<Intake>(*loop->outlet_, loop->tallies_);
  loop->registry_->live().republish();
  for (const auto& trial : loop->registry_->live().all()) {
    spdlog::info("platform: takes up experiment {} ({}), says {} sessions and {} decisions again",
                 trial->id().value(), trial::name(trial->state()), trial->outbox().sampled.size(),
                 trial->outbox().decisions.size());
  }
  loop->show_progress(true);
  loop->thread_ = std::thread([raw = loop.get()] { raw->run(); });
  return loop;
}

std::string Loop::source(std::string_view topic, std::int32_t partition) const {
  return options_.group + "/" + std::string(topic) + "/" + std::to_string(partition);
}

// The store knows how far the records were taken; the broker, how far all that came of them was
// said. What lies between is read once more to be said, not to be counted. A partition of which the
// broker remembers nothing may be a new one under an old name: it is read from its start.
base::Result<void> Loop::place(std::span<kafka::TopicOffset> partitions) {
  for (const kafka::TopicOffset& part : partitions) {
    const auto stored = registry_->live().position(source(part.topic, part.partition));
    const auto topic = std::ranges::find(topics_, part.topic);
    if (stored && part.offset != kafka::kCommittedOffset && topic != topics_.end())
      taken_[{topic - topics_.begin(), part.partition}] = *stored;
  }
  return {};
}

Loop::~Loop() { static_cast<void>(stop()); }

base::Result<void> Loop::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return health();
}

base::Result<void> Loop::health() const {
  const std::lock_guard lock(failure_mutex_);
  if (failure_) return *failure_;
  return {};
}

void Loop::run() {
  base::Result<void> done;
  while (done && !stopping_) done = turn(next_wait());
  desk_.close();
  if (done) done = last_turn();
  if (!done) {
    spdlog::error("platform: stops: {}", done.error().message);
    const std::lock_guard lock(failure_mutex_);
    failure_ = done.error();
  }
  answer_desk(stopping());
  Waiting waiting = desk_.take(SIZE_MAX);
  for (Question& question : waiting.questions) question(nullptr);
  for (Posted& posted : waiting.posted) std::visit([](auto& p) { p.done(stopping()); }, posted);
  consumer_->close();
}

// Nothing waits while the desk has questions; a time-out is never missed by more than a millisecond
// or two.
milliseconds Loop::next_wait() const {
  if (!desk_.empty()) return milliseconds(0);
  milliseconds wait = options_.idle_wait;
  if (const auto next = registry_->live().next_expiry()) {
    wait = std::min(
        wait, std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*next - clock_.now())));
  }
  return wait;
}

base::Result<void> Loop::turn(milliseconds wait) {
  TRY_ASSIGN(const auto records, consumer_->poll(options_.max_batch, wait));
  TRY(take_desk());
  const base::Timestamp now = clock_.now();
  trial::Trials& trials = registry_->live();
  for (const kafka::Record& record : records) {
    const auto taken = taken_.find({record.topic_index, record.partition});
    if (taken != taken_.end() && record.offset < taken->second)
      TRY(intake_->repeat(record, *registry_));
    else
      intake_->take(record, trials, now);
    offsets_[{record.topic_index, record.partition}] = record.offset + 1;
  }
  trials.expire(now);
  for (const auto& [where, next] : offsets_) {
    const auto taken = taken_.find(where);
    trials.set_position(source(topics_[where.first], where.second),
                        taken == taken_.end() ? next : std::max(next, taken->second));
  }
  TRY(commit_store());
  answer_desk(std::nullopt);
  deliver(kMoment);
  TRY(commit_offsets(false));
  show_progress(false);
  return {};
}

// A broker that does not hear the offsets is no reason to end in an error: the store knows how far
// it has come, and what else is read twice changes nothing.
base::Result<void> Loop::last_turn() {
  TRY(turn(milliseconds(0)));
  deliver(options_.flush_timeout);
  if (const auto committed = commit_offsets(true); !committed)
    spdlog::warn("platform: {}", committed.error().message);
  show_progress(true);
  return {};
}

// What has not reached the broker stays in memory; the next turn looks again.
void Loop::deliver(milliseconds wait) {
  outlet_->take(registry_->live());
  const auto delivered = outlet_->deliver(wait);
  if (!delivered && delivered_)
    spdlog::error("platform: will say it again: {}", delivered.error().message);
  if (delivered && !delivered_) spdlog::info("platform: has said what it could not say before");
  delivered_ = delivered.has_value();
}

base::Result<void> Loop::commit_store() {
  trial::Trials& trials = registry_->live();
  if (trials.empty()) return {};
  std::vector<trial::State> before;
  for (const auto& trial : trials.all()) before.push_back(trial->state());
  const auto patience_ends = steady_clock::now() + options_.store_patience;
  auto committed = trials.commit();
  while (!committed && steady_clock::now() < patience_ends && !stopping_) {
    spdlog::error("platform: will store it again: {}", committed.error().message);
    std::this_thread::sleep_for(milliseconds(200));
    committed = trials.commit();
  }
  if (!committed) {
    return base::system_error(committed.error().message +
                              "; if its disk is full, make room; then start the platform again: it "
                              "goes on where the store stands");
  }
  ++tallies_.commits;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const trial::Trial* trial = trials.all()[i].get();
    if (trial->state() == before[i]) continue;
    show_progress(true);
    spdlog::info("platform: experiment {} is {}: {}", trial->id().value(),
                 trial::name(trial->state()), trial->latest()->sentence);
  }
  return {};
}

// A question may change which trials live: what each has caused is stored, and taken from its
// trial, before the next one. Every question is answered, whatever happens.
base::Result<void> Loop::take_desk() {
  Waiting waiting = desk_.take(options_.max_batch);
  base::Result<void> stored;
  for (Question& question : waiting.questions) {
    question(stored ? registry_.get() : nullptr);
    if (stored) stored = commit_store();
    if (stored) outlet_->take(registry_->live());
  }
  if (!waiting.questions.empty()) show_progress(true);
  const base::Timestamp now = clock_.now();
  for (const Posted& posted : waiting.posted)
    std::visit([&](const auto& p) { post(p, now); }, posted);
  return stored;
}

void Loop::post(const PostedSession& posted, base::Timestamp now) {
  trial::Trials& trials = registry_->live();
  if (trials.empty()) outlet_->leave_out(posted.session, false);
  const trial::Opening opening = trials.open_session(posted.session, now);
  answers_.push_back([done = posted.done, opening](const std::optional<base::Error>& error) {
    if (error)
      done(*error);
    else
      done(opening);
  });
}

void Loop::post(const PostedRevenue& posted, base::Timestamp now) {
  trial::Trials& trials = registry_->live();
  const trial::RevenueOutcome outcome = trials.record_revenue(posted.revenue, now);
  if (trials.empty()) ++tallies_.without_trial;
  answers_.push_back([done = posted.done, outcome](const std::optional<base::Error>& error) {
    if (error)
      done(*error);
    else
      done(outcome);
  });
}

void Loop::answer_desk(const std::optional<base::Error>& error) {
  for (const auto& answer : answers_) answer(error);
  answers_.clear();
}

void Loop::show_progress(bool at_once) {
  const auto now = steady_clock::now();
  if (!at_once && now < progress_due_) return;
  progress_due_ = now + options_.progress_every;
  registry_->live().publish_progress(clock_.now());
  desk_.show(registry_->live().latest());
}

base::Result<void> Loop::commit_offsets(bool at_once) {
  const auto now = steady_clock::now();
  if (offsets_.empty() || !delivered_ || (!at_once && now < offsets_due_)) return {};
  offsets_due_ = now + options_.offsets_every;
  std::vector<kafka::TopicOffset> offsets;
  for (const auto& [where, next] : offsets_)
    offsets.push_back({topics_[where.first], where.second, next});
  offsets_.clear();
  // Without them some is said once more after the start, no more.
  if (at_once)
    return consumer_->commit(offsets, std::min(kPatienceForOffsets, options_.flush_timeout));
  consumer_->commit_async(offsets);
  return {};
}

}  // namespace platform::detail
