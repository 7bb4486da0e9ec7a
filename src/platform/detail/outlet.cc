// SPDX-License-Identifier: Apache-2.0
#include "platform/detail/outlet.h"

#include <algorithm>
#include <array>

#include "event/write.h"

namespace platform::detail {
namespace {

// What an earlier try has left in the producer's queue goes out by itself once the broker is back,
// and is waited for a moment. Queued once more at every turn of a long outage, it would fill the
// queue and halt the loop.
constexpr std::chrono::milliseconds kMoment{100};

}  // namespace

void Outlet::leave_out(const event::Session& session) {
  left_out_.push_back({.customer = session.customer,
                       .session = session.session,
                       .show = false,
                       .system = event::System::kNone,
                       .reason = event::DecisionReason::kUnsampled});
}

void Outlet::reject(const kafka::Record& record, std::string_view reason) {
  rejected_.push_back({.topic = std::string(record.topic),
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

base::Result<void> Outlet::send_all(const trial::Trials& trials) {
  const auto decide = [&](const event::Decision& decision) -> base::Result<void> {
    message_.clear();
    event::write(decision, message_);
    return send(options_.topics.decision, decision.customer);
  };
  for (const event::Decision& decision : left_out_) TRY(decide(decision));
  for (const auto& trial : trials.all()) {
    for (const event::Decision& decision : trial->outbox().decisions) TRY(decide(decision));
    for (const event::Session& session : trial->outbox().sampled) {
      message_.clear();
      event::write(session, message_);
      TRY(send(options_.topics.sampled, session.customer));
    }
  }
  for (const Rejected& record : rejected_) {
    const std::array<kafka::Header, 4> headers{{{"topic", record.topic},
                                                {"partition", record.partition},
                                                {"offset", record.offset},
                                                {"reason", record.reason}}};
    TRY(producer_.send(options_.topics.rejected, record.key, record.value, headers));
  }
  return {};
}

base::Result<void> Outlet::deliver(trial::Trials& trials) {
  std::size_t decisions = left_out_.size();
  std::size_t sampled = 0;
  for (const auto& trial : trials.all()) {
    decisions += trial->outbox().decisions.size();
    sampled += trial->outbox().sampled.size();
  }
  if (decisions + sampled + rejected_.size() == 0) return {};
  if (producer_.outstanding() > 0) TRY(producer_.flush(std::min(options_.flush_timeout, kMoment)));
  TRY(send_all(trials));
  TRY(producer_.flush(options_.flush_timeout));
  tallies_.decisions += static_cast<std::int64_t>(decisions);
  tallies_.sampled += static_cast<std::int64_t>(sampled);
  tallies_.rejected += static_cast<std::int64_t>(rejected_.size());
  left_out_.clear();
  rejected_.clear();
  trials.clear_outboxes();
  return {};
}

}  // namespace platform::detail
