// SPDX-License-Identifier: Apache-2.0
// What the platform says: sampled sessions, decisions, rejected records. Nothing is forgotten
// before it is delivered: after an error the same things are said again, which the receivers take.
#pragma once
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

  // A session that no experiment is there for: show nothing.
  void leave_out(const event::Session& session);
  // The record as it came, with where it came from and why as headers.
  void reject(const kafka::Record& record, std::string_view reason);

  // Sends the above and the trials' outboxes, and waits for delivery.
  base::Result<void> deliver(trial::Trials& trials);

 private:
  struct Rejected {
    std::string topic, partition, offset, reason, key, value;
  };
  base::Result<void> send(std::string_view topic, event::CustomerId customer);  // message_
  base::Result<void> send_all(const trial::Trials& trials);

  kafka::Producer& producer_;
  const Options& options_;
  Tallies& tallies_;
  std::vector<event::Decision> left_out_;
  std::vector<Rejected> rejected_;
  std::string key_;
  std::string message_;
};

}  // namespace platform::detail
