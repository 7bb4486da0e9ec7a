// SPDX-License-Identifier: Apache-2.0
#include "cli/running_system.h"

#include <utility>

namespace cli {

RunningSystem::RunningSystem(pmml::Scorer scorer, stream::DecideOptions options)
    : scorer_(std::move(scorer)), options_(std::move(options)) {}

base::Result<std::unique_ptr<RunningSystem>> RunningSystem::start(kafka::Transport& transport,
                                                                  const pmml::Document& document,
                                                                  stream::DecideOptions options,
                                                                  const base::Clock& clock) {
  TRY(stream::validate(options));
  TRY_ASSIGN(pmml::Scorer scorer, pmml::Scorer::compile(document));
  std::unique_ptr<RunningSystem> system(new RunningSystem(std::move(scorer), std::move(options)));
  TRY_ASSIGN(stream::OfferModel model, stream::OfferModel::bind(system->scorer_));
  system->model_ = std::make_unique<stream::OfferModel>(std::move(model));
  RunningSystem& s = *system;
  s.loop_ = std::make_unique<LoopThread>([&s, &transport, &clock](std::stop_token stop) {
    return stream::run_decide(transport, *s.model_, s.options_, clock, s.meter_, std::move(stop));
  });
  return system;
}

}  // namespace cli
