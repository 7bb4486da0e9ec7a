// SPDX-License-Identifier: Apache-2.0
// The moments of one arm's revenue, collected one customer at a time and merged in any order.
#pragma once
#include <cstdint>

#include "base/money.h"
#include "experiment/detail/wide_integer.h"

namespace experiment {

// What an analysis needs of a sample. Zero where undefined: variance below n = 2, skew and kurtosis
// at variance zero.
struct SampleSummary {
  std::int64_t n = 0;
  double mean = 0;
  double variance = 0;       // M2/(n − 1).
  double deviation = 0;      // Its root.
  double skew = 0;           // g1 = √n·M3/M2^1.5.
  double adjusted_skew = 0;  // G1 = g1·√(n(n−1))/(n−2), from n = 3.
  double kurtosis = 0;       // n·M4/M2², 3 for the normal.
  friend bool operator==(const SampleSummary&, const SampleSummary&) = default;
};

// Exact: the sums of the first four powers of whole cents, in integers wide enough for any amounts
// and any n. Whatever the order of add and merge, equal customers give equal bits, so a verdict can
// be repeated anywhere. The summary is in currency (cents/100), each figure rounded once or twice
// from exact integers. Adding costs some nanoseconds.
class MoneyMoments {
 public:
  void add(base::Cents amount);
  void remove(base::Cents amount);  // One that was added.
  void merge(const MoneyMoments& other);
  [[nodiscard]] std::int64_t n() const { return n_; }
  [[nodiscard]] SampleSummary summary() const;
  // Σx in cents, for totals; exact unless it leaves the range of 64 bits (then an end of the
  // range).
  [[nodiscard]] base::Cents total() const;
  // Central sums Σ(x − mean)^k in currency^k.
  struct CentralSums {
    double m2 = 0, m3 = 0, m4 = 0;
  };
  [[nodiscard]] CentralSums central_sums() const;

  friend bool operator==(const MoneyMoments&, const MoneyMoments&) = default;

 private:
  std::int64_t n_ = 0;
  detail::WideInteger<2> sum_;   // |x| < 2^63:  2^64 terms fit into 128 bits,
  detail::WideInteger<3> sum2_;  // |x²| ≤ 2^126: 192 bits,
  detail::WideInteger<4> sum3_;  // |x³| ≤ 2^189: 256 bits,
  detail::WideInteger<5> sum4_;  // |x⁴| ≤ 2^252: 320 bits.
};

// For values that are not money: one-pass updates and pairwise merge of central sums (Pébay, Sandia
// report 2008-6212; Chan, Golub & LeVeque 1979). Accurate however far the mean lies from zero;
// merge order changes the last digits only.
class Moments {
 public:
  void add(double value);
  void merge(const Moments& other);
  [[nodiscard]] std::int64_t n() const { return n_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double m2() const { return m2_; }
  [[nodiscard]] double m3() const { return m3_; }
  [[nodiscard]] double m4() const { return m4_; }
  [[nodiscard]] SampleSummary summary() const;

 private:
  std::int64_t n_ = 0;
  double mean_ = 0, m2_ = 0, m3_ = 0, m4_ = 0;
};

}  // namespace experiment
