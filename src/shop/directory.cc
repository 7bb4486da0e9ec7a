// SPDX-License-Identifier: Apache-2.0
#include "shop/directory.h"

#include <algorithm>
#include <string>
#include <vector>

namespace shop {
namespace {

static_assert(kFirstTrainingUuid + kCustomersPerRange == kFirstLiveUuid);

bool known(event::CustomerId customer) {
  return customer.value() >= kFirstTrainingUuid &&
         customer.value() < kFirstLiveUuid + kCustomersPerRange;
}

event::ProductIndex flag_index() {
  std::vector<std::string> names;
  for (int j = 0; j < kFlagCount; ++j) names.emplace_back(flag_name(j));
  return event::ProductIndex::make(std::move(names)).value();
}

}  // namespace

Directory::Directory(const Population& population)
    : population_(population), products_(flag_index()) {}

bool Directory::demographics(event::CustomerId customer, event::Demographics& out) const {
  if (!known(customer)) return false;
  const Customer c = population_.customer(customer.value());
  out = {.customer = customer, .age = c.age, .man = c.man, .woman = !c.man};
  return true;
}

bool Directory::history(event::CustomerId customer, event::History& out) const {
  if (!known(customer)) return false;
  const Customer c = population_.customer(customer.value());
  if (out.slots() != kFlagCount) out.reset(kFlagCount);
  out.customer = customer;
  const auto known_words = out.known_words();
  known_words[0] = ~std::uint64_t{0};
  known_words[1] = (std::uint64_t{1} << (kFlagCount - 64)) - 1;
  std::copy(c.flags.words.begin(), c.flags.words.end(), out.bought_words().begin());
  return true;
}

}  // namespace shop
