// SPDX-License-Identifier: Apache-2.0
// The law by which the simulated shop's customers are made: the exercise's own, recovered from its
// published statistics (docs/shop.md). A customer is a pure function of (seed, uuid): no state, no
// order, any customer at any time.
//
//   age ~ uniform 15..54    man ~ Bernoulli(0.55), woman = 1 − man    110 flags ~ Bernoulli(0.15),
//   all independent would accept ~ Bernoulli(p),   p = sigmoid(intercept + b_age·age + b_man·man +
//   b_woman·woman + Σ b_j·flag_j)
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace shop {

inline constexpr int kFlagCount = 110;
inline constexpr int kYoungest = 15;
inline constexpr int kOldest = 54;
inline constexpr double kShareOfMen = 0.55;
inline constexpr double kShareOfFlag = 0.15;

// Two ranges of uuids that never meet: the shop's registered customers whose purchases are the
// training data, and those who come to the web shop later.
inline constexpr std::int64_t kFirstTrainingUuid = 1;
inline constexpr std::int64_t kFirstLiveUuid = 1'000'000'001;
inline constexpr std::int64_t kCustomersPerRange = 1'000'000'000;

// Flag names ("cat17", …, "u0") in the exercise's column order; 0 ≤ index < kFlagCount.
std::string_view flag_name(int index);

// The law's coefficients, on the logit.
double flag_coefficient(int index);
double intercept();
double age_coefficient();
double sex_coefficient(bool man);

// The purchase history: one bit a category, in the order of flag_name.
struct Flags {
  std::array<std::uint64_t, 2> words{};
  [[nodiscard]] bool test(int index) const {
    return ((words[static_cast<std::size_t>(index) / 64] >> (static_cast<unsigned>(index) % 64)) &
            1) != 0;
  }
};

struct Customer {
  std::int64_t uuid = 0;
  int age = 0;
  bool man = false;
  Flags flags;
  double probability = 0;     // True chance of accepting the offer.
  bool would_accept = false;  // What this customer does when the offer is shown; drawn once.
  std::uint64_t key = 0;      // Root of all further draws of this customer; see draw().
};

// What a draw is for. Distinct purposes are independent draws of the same customer.
enum class Draw : std::uint64_t {
  kAge,
  kSex,
  kAccept,
  kBasketEmpty,
  kBasketSize,
  kSaleLost,
  kCents,
  kFlags = 16
};

// A double in [0, 1) that depends on the customer and the purpose only.
double draw(const Customer& customer, Draw purpose);

// Copyable, stateless after construction; safe to use from any thread.
class Population {
 public:
  explicit Population(std::uint64_t seed);
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

  // The customer with this uuid; every 64-bit uuid has one. Allocates nothing; about 100 ns.
  [[nodiscard]] Customer customer(std::int64_t uuid) const;

 private:
  std::uint64_t seed_;
  std::uint64_t root_;
};

}  // namespace shop
