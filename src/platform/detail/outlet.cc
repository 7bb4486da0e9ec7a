// SPDX-License-Identifier: Apache-2.0
#include "platform/detail/outlet.h"

#include <array>
#include <iterator>
#include <utility>

#include "event/write.h"

namespace platform::detail {
namespace {

template <class T>
void move_behind(std::vector<T>& all, std::vector<T>&& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  more.clear();
}

}  // namespace

void Outlet::Words::append(Words&& more) {
  move_behind(decisions, std::move(more.decisions));
  move_behind(sampled, std::move(more.sampled));
  move_behind(rejected, std::move(more.rejected));
}

void Outlet::leave_out(const event::Session& session, bool show) {
  waiting_.decisions.push_back({.customer = session.customer,
                                .session = session.session,
                                .show = show,
                                .system = event::System::kNone,
                                .reason = event::DecisionReason::kUnsampled});
}

void Outlet::reject(const kafka::Record& record, std::string_view reason) {
  waiting_.rejected.push_back({.topic = std::string(record.topic),
                               .partition = std::to_string(record.partition),
                               .offset = std::to_string(record.offset),
                               .reason = std::string(reason),
                               .key = std::string(record.key),
                               .value = std::string(record.value)});
}

base::Result<void> Outlet::send(std::string_view topic, event::CustomerId customer) {
  key_.clear();
  event::write_key(customer, key_);
  return producer_.send(topic, key_, message_);
}

void Outlet::take(trial::Trials& trials) {
  for (const auto& trial : trials.all()) {
    const trial::Outbox& said = trial->outbox();
    waiting_.append({.decisions = said.decisions, .sampled = said.sampled, .rejected = {}});
  }
  trials.clear_outboxes();
}

base::Result<void> Outlet::send_all(const Words& words) {
  for (const event::Decision& decision : words.decisions) {
    message_.clear();
    event::write(decision, message_);
    TRY(send(options_.topics.decision, decision.customer));
  }
  for (const event::Session& session : words.sampled) {
    message_.clear();
    event::write(session, message_);
    TRY(send(options_.topics.sampled, session.customer));
  }
  for (const Rejected& record : words.rejected) {
    const std::array<kafka::Header, 4> headers{{{"topic", record.topic},
                                                {"partition", record.partition},
                                                {"offset", record.offset},
                                                {"reason", record.reason}}};
    TRY(producer_.send(options_.topics.rejected, record.key, record.value, headers));
  }
  return {};
}

// What the producer has given up is said again with the rest, once nothing is under way any more:
// queued once more at every turn of a long outage, it would fill the producer's queue.
base::Result<void> Outlet::settle(std::chrono::milliseconds wait) {
  if (under_way_.empty()) return {};
  auto flushed = producer_.flush(wait);
  if (producer_.outstanding() > 0) {
    if (flushed) return base::system_error("records are under way still");
    return flushed;
  }
  if (producer_.counters().failed_total != failed_before_) {
    under_way_.append(std::move(waiting_));
    waiting_ = std::exchange(under_way_, {});
    if (flushed) return base::system_error("the broker has not taken every record");
    return flushed;
  }
  tallies_.decisions += static_cast<std::int64_t>(under_way_.decisions.size());
  tallies_.sampled += static_cast<std::int64_t>(under_way_.sampled.size());
  tallies_.rejected += static_cast<std::int64_t>(under_way_.rejected.size());
  under_way_ = {};
  return {};
}

base::Result<void> Outlet::deliver(std::chrono::milliseconds wait) {
  TRY(settle(wait));
  if (waiting_.empty()) return {};
  failed_before_ = producer_.counters().failed_total;
  TRY(send_all(waiting_));
  under_way_ = std::exchange(waiting_, {});
  return settle(wait);
}

}  // namespace platform::detail
