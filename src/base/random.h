// SPDX-License-Identifier: Apache-2.0
// Seeded randomness that is the same on every machine and compiler (the standard library's
// distributions are not).
#pragma once
#include <cstdint>

namespace base {

// One round of a 64-bit finaliser (SplitMix64; Steele, Lea & Flood 2014): a hash of x,
// equidistributed over x.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// The top 53 bits as a double in [0, 1).
constexpr double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// xoshiro256** (Blackman & Vigna 2018). Not for secrets. Not shared between threads: derive one
// stream each by Random(seed, stream), streams are independent for practical purposes.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);
  std::uint64_t bits();                               // 64 uniform bits.
  double uniform() { return unit_interval(bits()); }  // In [0, 1).
  std::uint64_t below(std::uint64_t bound);  // Uniform in [0, bound), without bias; bound > 0.
  double normal();  // Mean 0, deviation 1 (inverse of the distribution function).
  bool bernoulli(double p) { return uniform() < p; }

 private:
  std::uint64_t state_[4];
};

// The standard normal quantile at p in (0, 1); relative error below 1.2e-9 (Acklam's rational
// approximation, 2003), enough for simulation. Statistics that are reported use the experiment
// room's own functions.
double normal_quantile_for_simulation(double p);

}  // namespace base
