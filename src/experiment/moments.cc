// SPDX-License-Identifier: Apache-2.0
#include "experiment/moments.h"

#include <cmath>
#include <limits>

#include "experiment/detail/exact_sum.h"

namespace experiment {
namespace {

using detail::accumulate;
using detail::Integer;
using detail::quotient;
using detail::to_integer;

// The figures that follow from n, the mean and the central sums.
SampleSummary summarize(std::int64_t n, double mean, double variance, double m2, double m3,
                        double m4) {
  SampleSummary summary{
      .n = n, .mean = mean, .variance = variance, .deviation = std::sqrt(variance)};
  if (m2 <= 0) return summary;
  const auto count = static_cast<double>(n);
  summary.skew = std::sqrt(count) * m3 / (m2 * std::sqrt(m2));
  if (n > 2) summary.adjusted_skew = summary.skew * std::sqrt(count * (count - 1)) / (count - 2);
  summary.kurtosis = count * m4 / (m2 * m2);
  return summary;
}

}  // namespace

void MoneyMoments::add(base::Cents amount) {
  const std::int64_t x = amount.value();
  const bool negative = x < 0;
  const std::uint64_t magnitude = detail::magnitude(x);
  const detail::WideInteger<1> first{{magnitude}};
  const auto second = times(first, magnitude);
  const auto third = times(second, magnitude);
  const auto fourth = times(third, magnitude);
  ++n_;
  accumulate(&sum_, first, negative);
  accumulate(&sum2_, second, false);
  accumulate(&sum3_, third, negative);
  accumulate(&sum4_, fourth, false);
}

void MoneyMoments::remove(base::Cents amount) {
  MoneyMoments one;
  one.add(amount);
  --n_;
  sum_ += one.sum_.negated();
  sum2_ += one.sum2_.negated();
  sum3_ += one.sum3_.negated();
  sum4_ += one.sum4_.negated();
}

void MoneyMoments::merge(const MoneyMoments& other) {
  n_ += other.n_;
  sum_ += other.sum_;
  sum2_ += other.sum2_;
  sum3_ += other.sum3_;
  sum4_ += other.sum4_;
}

base::Cents MoneyMoments::total() const {
  const Integer sum = to_integer(sum_);
  using Limits = std::numeric_limits<std::int64_t>;
  if (sum > Limits::max()) return base::Cents(Limits::max());
  if (sum < Limits::min()) return base::Cents(Limits::min());
  return base::Cents(sum.convert_to<std::int64_t>());
}

MoneyMoments::CentralSums MoneyMoments::central_sums() const {
  if (n_ == 0) return {};
  const Integer n = n_;
  const Integer s1 = to_integer(sum_);
  const Integer s2 = to_integer(sum2_);
  const Integer s3 = to_integer(sum3_);
  const Integer s4 = to_integer(sum4_);
  const Integer cents2 = 10'000;
  // n·M2, n²·M3 and n³·M4 are integers in cents.
  const Integer n_m2 = n * s2 - s1 * s1;
  const Integer n2_m3 = n * n * s3 - 3 * n * s1 * s2 + 2 * s1 * s1 * s1;
  const Integer n3_m4 =
      n * n * n * s4 - 4 * n * n * s1 * s3 + 6 * n * s1 * s1 * s2 - 3 * s1 * s1 * s1 * s1;
  return {quotient(n_m2, n * cents2), quotient(n2_m3, n * n * cents2 * 100),
          quotient(n3_m4, n * n * n * cents2 * cents2)};
}

SampleSummary MoneyMoments::summary() const {
  if (n_ == 0) return {};
  const CentralSums sums = central_sums();
  const Integer n = n_;
  const Integer s1 = to_integer(sum_);
  const double mean = quotient(s1, n * 100);
  const double variance =
      n_ < 2 ? 0 : quotient(n * to_integer(sum2_) - s1 * s1, n * (n - 1) * 10'000);
  return summarize(n_, mean, variance, sums.m2, sums.m3, sums.m4);
}

void Moments::add(double value) {
  const auto before = static_cast<double>(n_);
  const double n = before + 1;
  const double delta = value - mean_;
  const double share = delta / n;
  const double term = delta * share * before;
  ++n_;
  mean_ += share;
  m4_ += term * share * share * (n * n - 3 * n + 3) + 6 * share * share * m2_ - 4 * share * m3_;
  m3_ += term * share * (n - 2) - 3 * share * m2_;
  m2_ += term;
}

void Moments::merge(const Moments& other) {
  if (other.n_ == 0) return;
  if (n_ == 0) {
    *this = other;
    return;
  }
  const auto a = static_cast<double>(n_);
  const auto b = static_cast<double>(other.n_);
  const double n = a + b;
  const double d = other.mean_ - mean_;
  const double d2 = d * d;
  const double m4 = m4_ + other.m4_ + d2 * d2 * a * b * (a * a - a * b + b * b) / (n * n * n) +
                    6 * d2 * (a * a * other.m2_ + b * b * m2_) / (n * n) +
                    4 * d * (a * other.m3_ - b * m3_) / n;
  const double m3 =
      m3_ + other.m3_ + d2 * d * a * b * (a - b) / (n * n) + 3 * d * (a * other.m2_ - b * m2_) / n;
  m2_ += other.m2_ + d2 * a * b / n;
  m3_ = m3;
  m4_ = m4;
  mean_ += d * b / n;
  n_ += other.n_;
}

SampleSummary Moments::summary() const {
  return summarize(n_, mean_, n_ < 2 ? 0 : m2_ / static_cast<double>(n_ - 1), m2_, m3_, m4_);
}

}  // namespace experiment
