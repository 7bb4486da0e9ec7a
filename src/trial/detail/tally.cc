// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/tally.h"

#include <algorithm>

namespace trial::detail {
namespace {

std::size_t index(event::System system) { return static_cast<std::size_t>(system); }

}  // namespace

Tally::Tally(const Plan& plan)
    : arms(systems_of(plan)),
      systems(systems_of(plan)),
      agreement(candidates_of(plan)),
      revenue(candidates_of(plan)),
      secondary(candidates_of(plan)),
      bootstrap(plan.design.dry_run ? 0 : candidates_of(plan)),
      distribution(systems_of(plan),
                   experiment::MoneyHistogram(std::max(plan.revenue_cap, base::Cents(2)))),
      before(plan.design.covariate ? systems_of(plan) : 0),
      fallback_show_(plan.fallback_show),
      by_disagreement_(plan.design.disagreement.has_value()),
      cap_(plan.cap),
      offers_(systems_of(plan)) {
  if (candidates_of(plan) == 1 || !plan.design.disagreement) return;
  const double ratio = plan.design.design.ratio;
  const double all = 1 + ratio * static_cast<double>(candidates_of(plan));
  std::vector<double> shares(systems_of(plan), ratio / all);
  shares[0] = 1 / all;
  for (std::size_t k = 0; k < candidates_of(plan); ++k) pooled.emplace_back(shares, k);
}

std::int64_t Tally::closed_customers() const {
  std::int64_t all = 0;
  for (const ArmTally& arm : arms) all += arm.closed;
  return all;
}

std::int64_t Tally::enrolled_customers() const {
  std::int64_t all = 0;
  for (const ArmTally& arm : arms) all += arm.enrolled;
  return all;
}

void Tally::opened(const SessionRow& row) {
  ++sessions;
  if (!row.counted) return;
  ++arms[index(row.arm)].enrolled;
  constexpr std::int64_t kHour = 3'600'000'000;
  const auto count = [&](std::vector<std::int64_t>& by_arm) {
    by_arm.resize(arms.size());
    ++by_arm[index(row.arm)];
  };
  count(by_hour[row.opened_at.micros() / kHour]);
  if (!row.segment.none()) count(by_segment[row.segment]);
}

void Tally::decided(const SessionRow& row, event::System system) {
  if (!row.counted) return;
  SystemTally& tally = systems[index(system)];
  const SystemWord& word = row.of(system);
  tally.latency.add(word.latency);
  if (word.late)
    ++tally.late;
  else
    ++tally.decisions;
  if (!word.late && word.word == Word::kShow) ++tally.shown;
}

void Tally::executed(const SessionRow& row) {
  if (row.counted && row.reason == event::DecisionReason::kTimeout)
    ++systems[index(row.arm)].timeouts;
}

// What would have been executed had the customer been in that system's arm.
bool Tally::would_show(const SystemWord& word) const {
  return word.word == Word::kNone || word.late ? fallback_show_ : word.word == Word::kShow;
}

void Tally::closed(const SessionRow& row) {
  if (!row.counted) return;
  ArmTally& arm = arms[index(row.arm)];
  ++arm.closed;
  arm.total += row.revenue;
  distribution[index(row.arm)].add(row.revenue);
  if (counting(row.revenue) != row.revenue) ++arm.capped;
  if (row.accepted) ++arm.accepted;
  if (row.executed == Word::kShow) ++arm.shown;
  if (row.closing == Closing::kTimeout) ++arm.unreported;
  compare_words(row, 1);
  if (before.empty()) return;
  before[index(row.arm)].add(row.before.value_or(base::Cents(0)), counting(row.revenue));
  if (!row.before) ++without_before;
}

void Tally::heard_after_close(const SessionRow& earlier, const SessionRow& after,
                              event::System system) {
  decided(after, system);
  if (!after.counted) return;
  compare_words(earlier, -1);
  compare_words(after, 1);
}

base::Cents Tally::counting(base::Cents amount) const {
  return cap_ && amount > *cap_ ? *cap_ : amount;
}

// What the systems would have done with a closed session.
void Tally::compare_words(const SessionRow& row, std::int64_t by) {
  for (std::size_t i = 0; i < systems.size(); ++i) {
    offers_[i] = would_show(row.words[i]);
    if (row.words[i].word == Word::kNone) systems[i].missing += by;
  }
  for (std::size_t k = 0; k < agreement.size(); ++k) {
    const bool offered = offers_[1 + k];
    if (offers_[0] == offered)
      agreement[k].agree += by;
    else
      (offered ? agreement[k].add : agreement[k].remove) += by;
  }
  add_revenue(row, by > 0);
}

void Tally::add_revenue(const SessionRow& row, bool added) {
  const base::Cents amount = counting(row.revenue);
  for (std::size_t k = 0; k < revenue.size(); ++k) {
    if (row.arm != event::System::kBase && row.arm != event::candidate(k)) continue;
    const experiment::Arm arm =
        row.arm == event::System::kBase ? experiment::Arm::kBase : experiment::Arm::kCandidate;
    const experiment::CountedCustomer customer{.arm = arm,
                                               .differ = offers_[0] != offers_[1 + k],
                                               .bought = row.revenue > base::Cents(0),
                                               .shown = row.executed == Word::kShow,
                                               .accepted = row.accepted};
    if (added) {
      revenue[k].add(arm, offers_[0], offers_[1 + k], amount);
      secondary[k].add(customer);
    } else {
      revenue[k].remove(arm, offers_[0], offers_[1 + k], amount);
      secondary[k].remove(customer);
    }
    if (bootstrap.empty()) continue;
    const bool compared = !by_disagreement_ || offers_[0] != offers_[1 + k];
    if (added)
      bootstrap[k].add(row.customer.value(), arm, compared, amount);
    else
      bootstrap[k].remove(row.customer.value(), arm, compared, amount);
  }
  for (experiment::PooledCandidate& candidate : pooled) {
    if (added)
      candidate.add(offers_, index(row.arm), amount);
    else
      candidate.remove(offers_, index(row.arm), amount);
  }
}

void Tally::replay(const SessionRow& row) {
  opened(row);
  for (std::size_t i = 0; i < systems.size(); ++i) {
    if (row.words[i].word != Word::kNone) decided(row, static_cast<event::System>(i));
  }
  if (row.executed != Word::kNone) executed(row);
  if (row.closing != Closing::kOpen) closed(row);
}

std::string Tally::difference(const Tally& other) const {
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const std::string arm = event::name(static_cast<event::System>(i));
    if (arms[i].enrolled != other.arms[i].enrolled) return arm + " customers enrolled";
    if (arms[i].closed != other.arms[i].closed) return arm + " customers closed";
    if (!(arms[i] == other.arms[i])) return arm + " arm's shown, accepted, unreported or total";
    if (!(systems[i] == other.systems[i])) return arm + " system's decisions or latencies";
  }
  if (!(agreement == other.agreement)) return "agreement";
  if (sessions != other.sessions) return "sessions";
  if (by_hour != other.by_hour) return "customers by hour";
  if (by_segment != other.by_segment) return "customers by segment";
  if (!(revenue == other.revenue && pooled == other.pooled)) return "revenue by arm and decision";
  if (!(bootstrap == other.bootstrap)) return "revenue by bootstrap group";
  if (!(secondary == other.secondary)) return "buyers, offers and acceptances by arm";
  if (!(distribution == other.distribution)) return "distribution of revenue";
  if (!(before == other.before && without_before == other.without_before))
    return "revenue by what was spent before";
  return {};
}

}  // namespace trial::detail
