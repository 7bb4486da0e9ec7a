// SPDX-License-Identifier: Apache-2.0
// One record of one topic into the live trials.
#pragma once
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/read.h"
#include "kafka/record.h"
#include "platform/detail/outlet.h"
#include "platform/detail/tallies.h"
#include "platform/platform.h"
#include "trial/registry.h"

namespace platform::detail {

class Intake {
 public:
  Intake(Outlet& outlet, Tallies& tallies) : outlet_(outlet), tallies_(tallies) {}

  // What it expects of a consumer: these topics, in this order.
  static std::vector<std::string> topics(const Topics& names);

  void take(const kafka::Record& record, trial::Trials& trials, base::Timestamp now);
  // One that was taken before a restart, where it is not known whether all that came of it was
  // said: counts nothing and changes nothing. What concerns a session of an experiment, the trials
  // republish themselves; here it is the fallback of everybody else.
  base::Result<void> repeat(const kafka::Record& record, trial::Registry& registry);

 private:
  void session(const kafka::Record& record, trial::Trials& trials, base::Timestamp now);
  void prediction(const kafka::Record& record, event::System system, trial::Trials& trials,
                  base::Timestamp now);
  void revenue(const kafka::Record& record, trial::Trials& trials, base::Timestamp now);
  void unreadable(const kafka::Record& record, std::string_view topic, event::Outcome outcome,
                  trial::Trials& trials);

  Outlet& outlet_;
  Tallies& tallies_;
  event::Reader reader_;
};

}  // namespace platform::detail
