// SPDX-License-Identifier: Apache-2.0
// Reach of deciders: exactly by convolution where they depend on age, sex and p only, else over a
// sample.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "shop/truth.h"

namespace shop {
namespace {

constexpr double kStep = 0.001;
constexpr int kHalfWidth = 14'000;  // The flags' sum lies within ±14 but for a mass below 1e-15.

// Distribution of Σ b_j·flag_j on the grid; a coefficient between two points is split so that its
// mean is kept.
std::vector<double> flag_sum_distribution() {
  const std::size_t n = 2 * kHalfWidth + 1;
  std::vector<double> mass(n, 0.0);
  mass[kHalfWidth] = 1;
  std::vector<double> next(n);
  int low = kHalfWidth;
  int high = kHalfWidth;
  for (int j = 0; j < kFlagCount; ++j) {
    const double steps = flag_coefficient(j) / kStep;
    const int whole = static_cast<int>(std::floor(steps));
    const double far = kShareOfFlag * (steps - whole);
    const double near = kShareOfFlag - far;
    std::fill(next.begin(), next.end(), 0.0);
    for (int i = low; i <= high; ++i) {
      const double m = mass[static_cast<std::size_t>(i)];
      if (m < 1e-25) continue;
      const auto at = [&](int k) -> double& {
        return next[static_cast<std::size_t>(std::clamp(k, 0, 2 * kHalfWidth))];
      };
      at(i) += m * (1 - kShareOfFlag);
      at(i + whole) += m * near;
      at(i + whole + 1) += m * far;
    }
    low = std::max(0, std::min(low, low + whole));
    high = std::min(2 * kHalfWidth, std::max(high, high + whole + 1));
    mass.swap(next);
  }
  return mass;
}

}  // namespace

Reach reach(const std::function<bool(int age, bool man, double probability)>& shows) {
  static const std::vector<double> kMass = flag_sum_distribution();
  Reach r;
  for (const bool man : {false, true}) {
    const double weight = (man ? kShareOfMen : 1 - kShareOfMen) / (kOldest - kYoungest + 1);
    for (int age = kYoungest; age <= kOldest; ++age) {
      const double start = intercept() + age_coefficient() * age + sex_coefficient(man);
      for (std::size_t i = 0; i < kMass.size(); ++i) {
        if (kMass[i] < 1e-18) continue;
        const double p =
            1 / (1 + std::exp(-(start + (static_cast<double>(i) - kHalfWidth) * kStep)));
        if (!shows(age, man, p)) continue;
        r.shown += weight * kMass[i];
        r.accepting += weight * kMass[i] * p;
      }
    }
  }
  return r;
}

Reach reach_of_ideal(const Money& money) {
  const double threshold = 1 / profitability(money);
  return reach([threshold](int, bool, double p) { return p > threshold; });
}

bool base_shows(int /*age*/, bool man) { return man; }

Reach reach_of_base() {
  return reach([](int age, bool man, double) { return base_shows(age, man); });
}

SampledReach sampled_reach(const Population& population, std::int64_t first_uuid, std::int64_t n,
                           const Decider& base, const Decider& candidate) {
  CHECK(n > 1);
  SampledReach s;
  for (std::int64_t i = 0; i < n; ++i) {
    const Customer customer = population.customer(first_uuid + i);
    const bool b = base(customer);
    const bool c = candidate(customer);
    if (b) s.base.shown += 1, s.base.accepting += customer.probability;
    if (c) s.candidate.shown += 1, s.candidate.accepting += customer.probability;
    if (b == c) continue;
    s.disagreeing += 1;
    s.disagreeing_accepting += customer.probability;
    s.disagreeing_accepting_squared += customer.probability * customer.probability;
  }
  const auto rows = static_cast<double>(n);
  for (double* sum : {&s.base.shown, &s.base.accepting, &s.candidate.shown, &s.candidate.accepting,
                      &s.disagreeing, &s.disagreeing_accepting, &s.disagreeing_accepting_squared}) {
    *sum /= rows;
  }
  s.customers = n;
  return s;
}

double gain_error(const Money& money, const SampledReach& s) {
  const double i = money.price * money.scale;
  const double c = cost_of_showing(money);
  const double d = gain(money, s.base, s.candidate);
  // A customer on whom both agree adds 0 to the gain, one on whom they differ ±(p·i − c).
  const double second = i * i * s.disagreeing_accepting_squared -
                        2 * i * c * s.disagreeing_accepting + c * c * s.disagreeing;
  return std::sqrt(std::max(0.0, second - d * d) / static_cast<double>(s.customers));
}

}  // namespace shop
