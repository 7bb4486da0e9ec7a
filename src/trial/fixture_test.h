// SPDX-License-Identifier: Apache-2.0
// A store in memory, a registry and a running experiment, for tests.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "trial/registry.h"
#include "trial/sqlite_store.h"

namespace trial {

// 20 customers an arm, deadline 100 ms, sessions end after 60 s.
inline Plan small_plan() {
  Plan plan;
  plan.name = "small";
  plan.base = {.id = "age-sex", .model_digest = ""};
  plan.candidate = {.id = "history", .model_digest = "abc"};
  plan.design.design.effect_per_customer = 1;
  plan.design.design.deviation = 1;
  plan.design.customers = 20;
  plan.decision_deadline_ms = 100;
  plan.session_timeout_ms = 60'000;
  plan.salt = "fixture";
  plan.environment = "test";
  return plan;
}

class Fixture {
 protected:
  void begin(const Plan& plan, const std::string& path = ":memory:") {
    auto opened = open_sqlite({.path = path});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    auto registry = Registry::open(*store_, now);
    ASSERT_TRUE(registry);
    registry_ = *std::move(registry);
    begin_another(plan);
  }
  void begin_another(const Plan& plan) {
    const auto id = registry_->create(plan, {"test", now});
    ASSERT_TRUE(id) << id.error().message;
    auto tokens = registry_->start(*id, {"test", now});
    ASSERT_TRUE(tokens) << tokens.error().message;
    tokens_ = *std::move(tokens);
  }
  // As after a restart of the process.
  void reopen() {
    registry_.reset();
    auto registry = Registry::open(*store_, now);
    ASSERT_TRUE(registry) << registry.error().message;
    registry_ = *std::move(registry);
  }

  // Closes everything.
  void reset() {
    registry_.reset();
    store_.reset();
  }

  Store& store() { return *store_; }
  Registry& registry() { return *registry_; }
  Trial& trial() { return *registry_->live().all().back(); }  // The one started last.
  std::string_view token(event::System system) {
    return system == event::System::kBase ? tokens_.base : tokens_.candidate;
  }
  base::Timestamp now{1'700'000'000'000'000};

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Registry> registry_;
  StartedTokens tokens_;
};

}  // namespace trial
