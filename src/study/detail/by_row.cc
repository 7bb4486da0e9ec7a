// SPDX-License-Identifier: Apache-2.0
#include "study/detail/by_row.h"

#include <algorithm>
#include <utility>

#include "profit/amount_models.h"
#include "profit/ranking.h"

namespace study::detail {
namespace {

constexpr std::size_t kCurvePoints = 200;

std::vector<std::uint8_t> offers_of(const Ranked& ranked, const Rows& test) {
  return unpack(ranked.model.decisions, test.labels.values.size());
}

// Share of the rows → profit per row: at most so many points, the best one among them.
std::vector<CurvePoint> shares_of(const std::vector<profit::AmountPoint>& curve, double rows) {
  const auto best = std::ranges::max_element(curve, {}, &profit::AmountPoint::profit);
  const std::size_t step = std::max<std::size_t>(1, curve.size() / kCurvePoints);
  std::vector<CurvePoint> points;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const bool is_kept = i % step == 0 || i + 1 == curve.size() || &curve[i] == &*best;
    if (is_kept)
      points.push_back({static_cast<double>(curve[i].offers) / rows, curve[i].profit / rows});
  }
  return points;
}

}  // namespace

base::Result<void> rank_by_row(const Ground& ground, std::vector<Model> models,
                               Analysis& analysis) {
  const Rows& test = ground.test();
  for (Model& model : models) {
    Ranked ranked{.model = std::move(model), .money = {}};
    TRY_ASSIGN(ranked.money, profit::amount_intervals(test.amounts(), offers_of(ranked, test),
                                                      analysis.options.confidence));
    analysis.ranking.push_back(std::move(ranked));
  }
  std::ranges::stable_sort(analysis.ranking, [](const Ranked& a, const Ranked& b) {
    if (a.money.rap.estimate != b.money.rap.estimate)
      return a.money.rap.estimate > b.money.rap.estimate;
    return a.model.test.offered() < b.model.test.offered();
  });
  return {};
}

base::Result<void> compare_by_row(const Ground& ground, const std::vector<std::size_t>& rivals,
                                  Analysis& analysis) {
  const Rows& test = ground.test();
  const std::vector<std::uint8_t> leader = offers_of(analysis.ranking.front(), test);
  std::vector<double> p;
  for (const std::size_t rival : rivals) {
    Ranked& ranked = analysis.ranking[rival];
    TRY_ASSIGN(ranked.behind, profit::amount_lead(test.amounts(), leader, offers_of(ranked, test),
                                                  analysis.options.confidence));
    p.push_back(ranked.behind->p);
  }
  const std::vector<double> adjusted = profit::holm(p);
  for (std::size_t i = 0; i < rivals.size(); ++i) analysis.ranking[rivals[i]].p_holm = adjusted[i];
  return {};
}

base::Result<Orders> orders_of(const Rows& test, const std::vector<double>& probabilities,
                               double confidence) {
  const profit::AmountRows amounts = test.amounts();
  TRY_ASSIGN(const profit::OrderComparison found,
             profit::compare_orders(amounts, probabilities, test.incomes, confidence));
  TRY_ASSIGN(const auto by_probability, profit::amount_curve(amounts, probabilities));
  TRY_ASSIGN(const std::vector<double> keys, keys_of(test, probabilities));
  TRY_ASSIGN(const auto by_profit, profit::amount_curve(amounts, keys));
  const auto rows = static_cast<double>(probabilities.size());
  return Orders{.by_probability = shares_of(by_probability, rows),
                .by_expected_profit = shares_of(by_profit, rows),
                .everyone = found.everyone.profit_per_customer,
                .where_it_pays = found.where_it_pays.profit_per_customer,
                .above_mean_share = found.above_mean_share.profit_per_customer};
}

}  // namespace study::detail
