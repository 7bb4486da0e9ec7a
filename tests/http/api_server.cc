// SPDX-License-Identifier: Apache-2.0
// The API over a store in memory, with an owner, a draft and a running experiment. Prints its
// address and the owner's token, then serves until standard input ends.
#include <cstdio>
#include <string>

#include "base/clock.h"
#include "http/service.h"
#include "trial/desk.h"
#include "trial/sqlite_store.h"
#include "trial/users.h"

namespace {

trial::Plan plan() {
  trial::Plan plan;
  plan.name = "Autumn";
  plan.base.id = "base";
  plan.candidate.id = "candidate";
  plan.design.design.effect_per_customer = 10;
  plan.design.design.deviation = 15;
  plan.design.customers = 40;
  return plan;
}

base::Result<void> run() {
  const base::SystemClock clock;
  TRY_ASSIGN(const auto store, trial::open_sqlite({.path = ":memory:"}));
  TRY_ASSIGN(const auto desk, trial::open_locked_desk(*store, clock));
  TRY(desk->create(plan(), "test"));
  TRY(desk->create(plan(), "test"));
  TRY(desk->start(trial::ExperimentId(1), "test"));
  TRY_ASSIGN(const trial::IssuedUser owner,
             desk->ask([](trial::Registry& registry, base::Timestamp now) {
               return trial::add_user(registry.store(), "ann", trial::Role::kOwner, {"test", now});
             }));
  TRY_ASSIGN(const auto service, http::Service::start({.requests_per_second = 0}, *desk, [] {
               return http::PlatformStatus{.transport = "none"};
             }));
  std::printf("%s %s\n", service->address().c_str(), owner.token.c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return {};
}

}  // namespace

int main() {
  const auto done = run();
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
