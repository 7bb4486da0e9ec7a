// SPDX-License-Identifier: Apache-2.0
#include "shop/simulator.h"

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/check.h"
#include "base/number.h"
#include "base/random.h"
#include "shop/law.h"

namespace shop {
namespace {

constexpr base::Duration kLongestWait = std::chrono::milliseconds(100);

std::int64_t customer_of(std::uint64_t seed, double returning_share, std::int64_t session) {
  const std::uint64_t key = base::mix64(base::mix64(seed) ^ 0x73657373696f6eULL);
  while (session > 1) {
    const std::uint64_t bits = base::mix64(key + static_cast<std::uint64_t>(session));
    if (base::unit_interval(bits) >= returning_share) break;
    // Whoever came in an earlier session, all equally likely.
    session =
        1 + static_cast<std::int64_t>(base::mix64(bits) % static_cast<std::uint64_t>(session - 1));
  }
  return kFirstLiveUuid + session - 1;
}

// One run's memory: the sessions that are open, and when each was announced last.
class Run {
 public:
  Run(const SimulatorOptions& options, const Population& population, const Till& till,
      Storefront& storefront, const base::Clock& clock)
      : options_(options),
        population_(population),
        till_(till),
        storefront_(storefront),
        clock_(clock),
        started_(clock.now()),
        next_(options.first_session) {}

  base::Result<Traffic> until_done(std::stop_token stop, const std::function<bool()>& enrolled,
                                   const std::function<void(const Traffic&)>& on_traffic) {
    for (const std::int64_t session : options_.reopen) TRY(announce(session, traffic_.reopened));
    while (!stop.stop_requested()) {
      if (!over_ && enrolled && enrolled()) over_ = true;
      TRY(open_new());
      if (over_ && announced_at_.empty()) break;
      TRY(take_decisions());
      TRY(announce_overdue());
      if (on_traffic) on_traffic(traffic_);
    }
    TRY(storefront_.flush(std::chrono::seconds(30)));
    if (on_traffic) on_traffic(traffic_);
    return traffic_;
  }

 private:
  base::Result<void> announce(std::int64_t session, std::int64_t& counter) {
    const base::Timestamp now = clock_.now();
    TRY(storefront_.open(visit(options_.seed, options_.returning_share, session)));
    announced_at_[session] = now;
    announcements_.push_back({session, now});
    ++counter;
    traffic_.open = static_cast<std::int64_t>(announced_at_.size());
    return {};
  }

  // Sessions that the rate allows so far.
  [[nodiscard]] std::int64_t allowed() const {
    if (options_.sessions_per_second <= 0) return traffic_.opened + options_.open_limit;
    const double seconds = static_cast<double>((clock_.now() - started_).count()) * 1e-6;
    return 1 + static_cast<std::int64_t>(seconds * options_.sessions_per_second);
  }

  base::Result<void> open_new() {
    const std::int64_t until = allowed();
    while (!over_ && traffic_.opened < until && traffic_.open < options_.open_limit) {
      TRY(announce(next_++, traffic_.opened));
      if (options_.sessions > 0 && traffic_.opened >= options_.sessions) over_ = true;
    }
    return {};
  }

  [[nodiscard]] base::Duration wait() const {
    if (over_ || options_.sessions_per_second <= 0 || traffic_.open >= options_.open_limit)
      return kLongestWait;
    const base::Duration next(static_cast<std::int64_t>(static_cast<double>(traffic_.opened) * 1e6 /
                                                        options_.sessions_per_second));
    return std::clamp(next - (clock_.now() - started_), base::Duration(1000), kLongestWait);
  }

  base::Result<void> take_decisions() {
    decisions_.clear();
    TRY(storefront_.receive(decisions_, wait()));
    for (const Executed& decision : decisions_) TRY(execute(decision));
    return {};
  }

  base::Result<void> execute(const Executed& decision) {
    const std::int64_t session = decision.visit.session;
    const auto open = announced_at_.find(session);
    if (open == announced_at_.end() ||
        visit(options_.seed, options_.returning_share, session).uuid != decision.visit.uuid) {
      ++traffic_.duplicates;
      return {};
    }
    if (decision.sampled) {
      const Outcome outcome =
          till_.settle(population_.customer(decision.visit.uuid), decision.shown);
      TRY(storefront_.close(decision.visit, outcome.revenue, outcome.accepted));
      ++traffic_.closed;
      unsampled_in_a_row_ = 0;
    } else {
      ++traffic_.unsampled;
      if (++unsampled_in_a_row_ == options_.stop_after_unsampled) over_ = true;
    }
    announced_at_.erase(open);
    traffic_.open = static_cast<std::int64_t>(announced_at_.size());
    return {};
  }

  base::Result<void> announce_overdue() {
    const base::Timestamp due = clock_.now() - options_.resend_after;
    while (!announcements_.empty() && announcements_.front().at <= due) {
      const Announcement oldest = announcements_.front();
      announcements_.pop_front();
      const auto open = announced_at_.find(oldest.session);
      if (open != announced_at_.end() && open->second == oldest.at)
        TRY(announce(oldest.session, traffic_.reopened));
    }
    return {};
  }

  struct Announcement {
    std::int64_t session;
    base::Timestamp at;
  };

  const SimulatorOptions& options_;
  const Population& population_;
  const Till& till_;
  Storefront& storefront_;
  const base::Clock& clock_;
  base::Timestamp started_;
  std::int64_t next_;
  bool over_ = false;  // No further session opens.
  std::int64_t unsampled_in_a_row_ = 0;
  std::unordered_map<std::int64_t, base::Timestamp> announced_at_;
  std::deque<Announcement>
      announcements_;  // In the order of time; those of closed sessions are passed over.
  std::vector<Executed> decisions_;
  Traffic traffic_;
};

}  // namespace

base::Result<void> validate(const SimulatorOptions& o) {
  if (o.open_limit < 1 || o.open_limit > 50'000) {
    return base::input_error("the sessions open at a time must be from 1 to 50,000, not " +
                             std::to_string(o.open_limit));
  }
  if (!(o.returning_share >= 0 && o.returning_share < 1)) {
    return base::input_error(
        "the share of returning customers must be at least 0 and below 1, not " +
        base::format_double(o.returning_share));
  }
  if (!(o.sessions_per_second >= 0 && o.sessions_per_second <= 1e9)) {
    return base::input_error("sessions per second must be from 0 (no limit) to 1e9, not " +
                             base::format_double(o.sessions_per_second));
  }
  if (o.first_session < 1 || o.first_session > kCustomersPerRange) {
    return base::input_error("the first session must be from 1 to " +
                             base::format_count(kCustomersPerRange) + ", not " +
                             std::to_string(o.first_session));
  }
  if (o.sessions < 0 || o.sessions > kCustomersPerRange - o.first_session) {
    return base::input_error("the number of sessions must be from 0 (until told) to " +
                             base::format_count(kCustomersPerRange - o.first_session) + ", not " +
                             std::to_string(o.sessions));
  }
  if (o.resend_after <= base::Duration(0))
    return base::input_error("the time until a session is announced again must be positive");
  if (o.stop_after_unsampled < 0)
    return base::input_error("the unsampled answers in a row to stop after must not be negative");
  for (const std::int64_t session : o.reopen) {
    if (session >= 1 && session < o.first_session) continue;
    return base::input_error("session " + std::to_string(session) +
                             " cannot be resumed: it is not before the first new one, " +
                             std::to_string(o.first_session));
  }
  return {};
}

Visit visit(std::uint64_t seed, double returning_share, std::int64_t session) {
  return {.session = session, .uuid = customer_of(seed, returning_share, session)};
}

Simulator::Simulator(const SimulatorOptions& options, const Money& money, Storefront& storefront,
                     const base::Clock& clock)
    : options_(options),
      population_(options.seed),
      till_(money),
      storefront_(storefront),
      clock_(clock) {
  CHECK(validate(options).has_value());
}

base::Result<Traffic> Simulator::run(std::stop_token stop, const std::function<bool()>& enrolled,
                                     const std::function<void(const Traffic&)>& on_traffic) {
  return Run(options_, population_, till_, storefront_, clock_)
      .until_done(stop, enrolled, on_traffic);
}

}  // namespace shop
