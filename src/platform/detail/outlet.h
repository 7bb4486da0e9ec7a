// SPDX-License-Identifier: Apache-2.0
// What the platform says: sampled sessions, decisions, rejected records. Nothing is forgotten
// before it is delivered: after an error the same things are said again, which the receivers take.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/message.h"
#include "kafka/producer.h"
#include "kafka/record.h"
#include "platform/detail/tallies.h"
#include "platform/platform.h"
#include "trial/trials.h"

namespace platform::detail {

class Outlet {
 public:
  Outlet(kafka::Producer& producer, const Options& options, Tallies& tallies)
      : producer_(producer), options_(options), tallies_(tallies) {}

  // The fallback of a session that is in no experiment.
  void leave_out(const event::Session& session, bool show);
  // The record as it came, with where it came from and why as headers.
  void reject(const kafka::Record& record, std::string_view reason);
  // What the trials have to say, which their outboxes hold no longer.
  void take(trial::Trials& trials);

  // Hands all of the above to the broker and waits for its word, so long at most. An error: it is
  // under way still, or was refused and will be said again; look again by the next call, which says
  // nothing twice that is under way.
  base::Result<void> deliver(std::chrono::milliseconds wait);

 private:
  struct Rejected {
    std::string topic, partition, offset, reason, key, value;
  };
  struct Words {
    std::vector<event::Decision> decisions;
    std::vector<event::Session> sampled;
    std::vector<Rejected> rejected;
    [[nodiscard]] bool empty() const {
      return decisions.empty() && sampled.empty() && rejected.empty();
    }
    void append(Words&& more);
  };
  base::Result<void> send(std::string_view topic, event::CustomerId customer);  // message_
  base::Result<void> send_all(const Words& words);
  base::Result<void> settle(std::chrono::milliseconds wait);

  kafka::Producer& producer_;
  const Options& options_;
  Tallies& tallies_;
  Words waiting_;
  Words under_way_;                 // Handed over, not confirmed.
  std::int64_t failed_before_ = 0;  // Records the producer had given up when they were.
  std::string key_;
  std::string message_;
};

}  // namespace platform::detail
