// SPDX-License-Identifier: Apache-2.0
#include "shop/law.h"

#include <bit>
#include <cmath>

#include "base/check.h"
#include "base/random.h"

namespace shop {
namespace {

struct Flag {
  std::string_view name;
  double coefficient;
};

constexpr Flag kFlags[] = {
#include "shop/law_flags.inc"
};
static_assert(std::size(kFlags) == kFlagCount);

constexpr std::uint64_t kStride =
    0xd1342543de82ef95ULL;  // Odd, so that purposes never meet within a customer.

std::uint64_t bits(std::uint64_t key, std::uint64_t purpose) {
  return base::mix64(key + purpose * kStride);
}

double uniform(std::uint64_t key, Draw purpose) {
  return base::unit_interval(bits(key, static_cast<std::uint64_t>(purpose)));
}

// Each bit of `wanted` set with chance kShareOfFlag, independently: 64 comparisons of a binary
// fraction with random ones at once, from the leading digit on, until all are decided (about 8
// words instead of 64).
std::uint64_t flag_word(std::uint64_t key, std::uint64_t purpose, std::uint64_t wanted) {
  std::uint64_t digits = static_cast<std::uint64_t>(kShareOfFlag * 0x1.0p+63) << 1;
  std::uint64_t result = 0;
  for (std::uint64_t undecided = wanted; undecided != 0 && digits != 0; digits <<= 1, ++purpose) {
    const std::uint64_t random = bits(key, purpose);
    if ((digits >> 63) != 0) {
      result |= undecided & ~random;
      undecided &= random;
    } else {
      undecided &= ~random;
    }
  }
  return result;
}

double flag_sum(std::uint64_t word, const Flag* flags) {
  double sum = 0;
  for (; word != 0; word &= word - 1) sum += flags[std::countr_zero(word)].coefficient;
  return sum;
}

}  // namespace

std::string_view flag_name(int index) {
  CHECK(index >= 0 && index < kFlagCount);
  return kFlags[index].name;
}

double flag_coefficient(int index) {
  CHECK(index >= 0 && index < kFlagCount);
  return kFlags[index].coefficient;
}

double intercept() { return -0.6042803225302934; }
double age_coefficient() { return 0.027325449892318186; }
double sex_coefficient(bool man) { return man ? 0.542334167201989 : -1.1462315468798587; }

double draw(const Customer& customer, Draw purpose) { return uniform(customer.key, purpose); }

Population::Population(std::uint64_t seed) : seed_(seed), root_(base::mix64(seed)) {}

Customer Population::customer(std::int64_t uuid) const {
  Customer c;
  c.uuid = uuid;
  c.key = base::mix64(root_ + static_cast<std::uint64_t>(uuid));
  c.age = kYoungest + static_cast<int>(uniform(c.key, Draw::kAge) * (kOldest - kYoungest + 1));
  c.man = uniform(c.key, Draw::kSex) < kShareOfMen;
  constexpr auto kFirst = static_cast<std::uint64_t>(Draw::kFlags);
  c.flags.words[0] = flag_word(c.key, kFirst, ~std::uint64_t{0});
  c.flags.words[1] = flag_word(c.key, kFirst + 64, (std::uint64_t{1} << (kFlagCount - 64)) - 1);
  const double logit = intercept() + age_coefficient() * c.age + sex_coefficient(c.man) +
                       flag_sum(c.flags.words[0], kFlags) + flag_sum(c.flags.words[1], kFlags + 64);
  c.probability = 1 / (1 + std::exp(-logit));
  c.would_accept = uniform(c.key, Draw::kAccept) < c.probability;
  return c;
}

}  // namespace shop
