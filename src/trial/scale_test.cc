// SPDX-License-Identifier: Apache-2.0
// The size of a real experiment, in a file and on a server: what a minute of a busy shop brings,
// and a restart after it. Rates are printed, by this process's processor time and by the clock; how
// fast it is, bench/platform measures.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "trial/registry.h"
#include "trial/store_bed_test.h"

namespace trial {
namespace {

// Of this process.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// PROVECHO_SCALE_CUSTOMERS sets the number of customers; a million takes about a minute.
std::int64_t customers_wanted() {
  const char* text = std::getenv("PROVECHO_SCALE_CUSTOMERS");
  return text == nullptr ? 50'000 : std::atoll(text);
}

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class Scale : public ::testing::TestWithParam<Database> {};

TEST_P(Scale, opens_again_with_the_same_figures_at_any_size) {
  const StoreBed bed(GetParam());
  if (!bed.missing().empty()) GTEST_SKIP() << bed.missing();
  ASSERT_TRUE(bed.ready()) << "the PostgreSQL server does not start";
  const std::int64_t customers = customers_wanted();
  Plan plan;
  plan.name = "scale";
  plan.base = {.id = "base", .model_digest = ""};
  plan.candidate = {.id = "candidate", .model_digest = ""};
  plan.design.design.effect_per_customer = 15;
  plan.design.design.deviation = 15;
  plan.design.customers = customers;
  plan.decision_deadline_ms = 60'000;
  auto store = bed.open();
  ASSERT_TRUE(store);
  base::Timestamp now(1'700'000'000'000'000);
  auto registry = Registry::open(**store, now);
  ASSERT_TRUE(registry);
  const ExperimentId id = *(*registry)->create(plan, {"test", now});
  const auto tokens = (*registry)->start(id, {"test", now});
  ASSERT_TRUE(tokens) << tokens.error().message;
  Trial& trial = *(*registry)->live().all().front();

  // Each turn of 1,000: new customers, both decisions for those of the last turn, the money of
  // those before.
  constexpr std::int64_t kTurn = 1000;
  double start = processor_seconds();
  double clock_start = clock_seconds();
  for (std::int64_t first = 1; first <= customers + 2 * kTurn; first += kTurn) {
    now = now + base::Duration(10'000);
    for (std::int64_t i = first; i < first + kTurn; ++i) {
      const event::CustomerId opened(i), decided(i - kTurn), paid(i - 2 * kTurn);
      if (i <= customers) trial.open_session({opened, event::SessionId(i)}, now);
      if (decided.value() >= 1 && decided.value() <= customers) {
        trial.record_decision(event::System::kBase, {decided, false, tokens->base}, now);
        trial.record_decision(event::System::kCandidate, {decided, true, tokens->candidate}, now);
      }
      if (paid.value() >= 1 && paid.value() <= customers) {
        trial.record_revenue(
            {paid, event::SessionId(paid.value()), base::Cents(i % 5000), i % 3 == 0}, now);
      }
    }
    ASSERT_TRUE(trial.commit());
    trial.clear_outbox();
  }
  const double rate = static_cast<double>(customers) / (processor_seconds() - start);
  const double clock_rate = static_cast<double>(customers) / (clock_seconds() - clock_start);
  const Progress progress = trial.progress(now);
  ASSERT_EQ(progress.arms[0].closed + progress.arms[1].closed, customers);

  start = processor_seconds();
  clock_start = clock_seconds();
  const auto again = Trial::open(**store, id, now);
  ASSERT_TRUE(again);
  const double opening = (processor_seconds() - start);
  EXPECT_EQ((*again)->latest()->arms[1].total, progress.arms[1].total);
  std::cout << "  " << customers << " customers: " << static_cast<std::int64_t>(rate)
            << " whole sessions a second of processor time, "
            << static_cast<std::int64_t>(clock_rate) << " by the clock; opened again in " << opening
            << " s, " << clock_seconds() - clock_start << " s by the clock\n";
}

INSTANTIATE_TEST_SUITE_P(store, Scale, ::testing::Values(Database::kSqlite, Database::kPostgres),
                         [](const auto& database) { return name_of(database.param); });

}  // namespace
}  // namespace trial
