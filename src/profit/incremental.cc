// SPDX-License-Identifier: Apache-2.0
#include "profit/incremental.h"

#include <array>
#include <cmath>

namespace profit {
namespace {

// Mean and variance of numbers that come one by one (Welford 1962).
class Moments {
 public:
  void add(double value) {
    ++count_;
    const double before = value - mean_;
    mean_ += before / count_;
    squares_ += before * (value - mean_);
  }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance_of_mean() const { return squares_ / (count_ - 1) / count_; }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

}  // namespace

base::Result<metric::Interval> incremental_profit(const IncrementalRows& rows,
                                                  std::span<const int> offers, double confidence) {
  TRY(metric::check_confidence(confidence));
  const std::size_t n = rows.labels.size();
  if (rows.treated.size() != n || rows.incomes.size() != n || rows.costs.size() != n ||
      offers.size() != n) {
    return base::input_error(
        "labels, groups, incomes, costs and offers must be of the same number of rows");
  }
  std::array<std::size_t, 2> count{};
  for (const std::uint8_t treated : rows.treated) ++count[treated != 0 ? 1 : 0];
  if (count[0] < 2 || count[1] < 2) {
    return base::input_error(
        "what an offer adds is known by customers who got one and by controls who got none: "
        "there are " +
        std::to_string(count[1]) + " and " + std::to_string(count[0]));
  }
  const double treated_share = static_cast<double>(count[1]) / static_cast<double>(n);
  std::array<Moments, 2> moments;
  for (std::size_t row = 0; row < n; ++row) {
    const bool is_treated = rows.treated[row] != 0;
    const double income = rows.labels[row] != 0 ? rows.incomes[row] : 0;
    const double cost = rows.costs[row];
    const double value =
        is_treated ? income - treated_share * cost : income + (1 - treated_share) * cost;
    moments[is_treated ? 1 : 0].add(offers[row] * value);
  }
  return metric::normal_interval(
      moments[1].mean() - moments[0].mean(),
      std::sqrt(moments[1].variance_of_mean() + moments[0].variance_of_mean()), confidence);
}

}  // namespace profit
