// SPDX-License-Identifier: Apache-2.0
#include "cli/running_system.h"

#include <utility>

namespace cli {

RunningSystem::RunningSystem(std::unique_ptr<stream::LiveOffer> model,
                             stream::DecideOptions options)
    : model_(std::move(model)), options_(std::move(options)) {}

base::Result<std::unique_ptr<RunningSystem>> RunningSystem::start(kafka::Transport& transport,
                                                                  const pmml::Document& document,
                                                                  stream::DecideOptions options,
                                                                  const base::Clock& clock) {
  TRY(stream::validate(options));
  TRY_ASSIGN(pmml::Scorer scorer, pmml::Scorer::compile(document));
  TRY_ASSIGN(std::unique_ptr<stream::LiveOffer> model, stream::LiveOffer::start(std::move(scorer)));
  std::unique_ptr<RunningSystem> system(new RunningSystem(std::move(model), std::move(options)));
  RunningSystem& s = *system;
  s.loop_ = std::make_unique<LoopThread>([&s, &transport, &clock](std::stop_token stop) {
    return stream::run_decide(transport, *s.model_, s.options_, clock, s.meter_, std::move(stop));
  });
  return system;
}

}  // namespace cli
