// SPDX-License-Identifier: Apache-2.0
// Sends seeded customers through a storefront, closed loop: a new session opens only while fewer
// than a bounded number are open, so no transport ever holds more than that. Session n is always
// the same visit of the same customer and ends with the same revenue under the same decision:
// whoever repeats a part of a run repeats its content exactly.
#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "shop/storefront.h"
#include "shop/truth.h"

namespace shop {

struct SimulatorOptions {
  std::uint64_t seed = 2019;       // Of the population; the one with which its files are written.
  std::int64_t first_session = 1;  // Resuming: the first session that was never opened.
  std::vector<std::int64_t> reopen =
      {};  // Resuming: sessions opened earlier whose end the platform does not hold.
  std::int64_t sessions = 0;       // Stops opening after this many new ones; 0: until told.
  std::int64_t open_limit = 500;   // Sessions open at a time, 1..50,000.
  double sessions_per_second = 0;  // 0: as fast as the loop closes.
  double returning_share = 0;      // Of sessions by a customer who came before, [0, 1).
  base::Duration resend_after{
      std::chrono::seconds(10)};  // An open session without decision is announced again.
  // Consecutive answers "not sampled" after which enrolment counts as over; 0: never. With a
  // sampling share s, chance alone gives n of them with probability (1 − s)^n.
  std::int64_t stop_after_unsampled = 0;
};

base::Result<void> validate(const SimulatorOptions& options);

// The visit of a session: a pure function of seed, returning share and session.
Visit visit(std::uint64_t seed, double returning_share, std::int64_t session);

struct Traffic {
  std::int64_t opened = 0;      // New sessions announced, without repeats.
  std::int64_t reopened = 0;    // Announced again: resumed, or unanswered for too long.
  std::int64_t closed = 0;      // Ended with their revenue reported.
  std::int64_t unsampled = 0;   // Ended at once: not part of an experiment.
  std::int64_t duplicates = 0;  // Decisions for sessions that are not open.
  std::int64_t open = 0;        // Open now.
};

class Simulator {
 public:
  // The storefront and the clock must outlive the simulator.
  Simulator(const SimulatorOptions& options, const Money& money, Storefront& storefront,
            const base::Clock& clock);

  // Runs until every session asked for is closed, or enrolment is over (`enrolled` says so, asked
  // once a round; empty: never) and every open session is closed, or stop is requested (open
  // sessions are then left open and can be resumed). `on_traffic` is called once a round. An error
  // is the storefront's.
  base::Result<Traffic> run(std::stop_token stop, const std::function<bool()>& enrolled = {},
                            const std::function<void(const Traffic&)>& on_traffic = {});

 private:
  SimulatorOptions options_;
  Population population_;
  Till till_;
  Storefront& storefront_;
  const base::Clock& clock_;
};

}  // namespace shop
