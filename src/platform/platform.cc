// SPDX-License-Identifier: Apache-2.0
#include "platform/platform.h"

#include <utility>

#include "platform/detail/loop.h"

namespace platform {

base::Result<std::unique_ptr<Platform>> Platform::start(kafka::Transport& transport,
                                                        trial::Store& store,
                                                        const base::Clock& clock, Options options) {
  TRY_ASSIGN(std::unique_ptr<detail::Loop> loop,
             detail::Loop::start(transport, store, clock, std::move(options)));
  return std::unique_ptr<Platform>(new Platform(std::move(loop)));
}

Platform::Platform(std::unique_ptr<detail::Loop> loop) : loop_(std::move(loop)) {}
Platform::~Platform() = default;

trial::Desk& Platform::desk() { return loop_->desk(); }
Counters Platform::counters() const { return loop_->counters(); }
base::Result<void> Platform::health() const { return loop_->health(); }
base::Result<void> Platform::stop() { return loop_->stop(); }

}  // namespace platform
