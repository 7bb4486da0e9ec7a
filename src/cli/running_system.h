// SPDX-License-Identifier: Apache-2.0
// One decision system of ours at work in this process: a PMML document on the stream, with its
// token.
#pragma once
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/loop_thread.h"
#include "kafka/transport.h"
#include "pmml/document/document.h"
#include "stream/decide.h"

namespace cli {

class RunningSystem {
 public:
  // Compiles the document and starts the loop. The transport and the clock outlive the system.
  static base::Result<std::unique_ptr<RunningSystem>> start(kafka::Transport& transport,
                                                            const pmml::Document& document,
                                                            stream::DecideOptions options,
                                                            const base::Clock& clock);
  // Thread-safe.
  [[nodiscard]] stream::Counters counters() const { return meter_.sum(); }
  [[nodiscard]] base::Result<void> health() const { return loop_->health(); }
  // Drains, commits, ends.
  base::Result<void> stop() { return loop_->stop(); }

 private:
  RunningSystem(std::unique_ptr<stream::LiveOffer> model, stream::DecideOptions options);
  std::unique_ptr<stream::LiveOffer> model_;  // Never exchanged: an experiment's systems stay.
  stream::DecideOptions options_;
  stream::Meter meter_;
  std::unique_ptr<LoopThread> loop_;
};

}  // namespace cli
