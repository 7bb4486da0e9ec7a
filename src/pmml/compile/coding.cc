// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/coding.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/check.h"

namespace pmml::detail {
namespace {

// Every number's code in a column whose base this is lies above 0.
constexpr std::int32_t kBelowAll = -1000;
constexpr std::uint32_t kMaxColumns = 0x10000;  // Nodes name a column in 16 bits.
constexpr std::size_t kMaxMembers = std::size_t{64} << 20;

std::uint8_t missing_code(OnMissing missing) {
  switch (missing) {
    case OnMissing::kYes:
      return 0;
    case OnMissing::kNo:
      return kColumnBoundaries;
    case OnMissing::kNoAnswer:
      break;
  }
  return kNoAnswerCode;
}

// Chunks of boundaries and then directions, in the order in which a slot's columns stand.
std::uint32_t chunks(std::uint32_t boundaries) {
  return (boundaries + kColumnBoundaries - 1) / kColumnBoundaries;
}

std::vector<std::uint32_t> rising(const std::vector<double>& numbers) {
  std::vector<std::uint32_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return numbers[i]; });
  return order;
}

}  // namespace

bool code_number(const Coding& coding, const NumberCoder& coder, double x, std::uint8_t* codes) {
  const NumberColumn* rules = coding.number_columns.data() + coder.first_rule;
  std::uint8_t* out = codes + coder.first_column;
  if (std::isnan(x)) {
    for (std::uint32_t i = 0; i < coder.columns; ++i) out[i] = rules[i].missing;
    return coder.may_end;
  }
  const auto r = static_cast<std::int32_t>(
      rank(coding.boundaries.data() + coder.first_boundary, coder.boundaries, x));
  for (std::uint32_t i = 0; i < coder.columns; ++i) {
    out[i] = static_cast<std::uint8_t>(
        std::clamp<std::int32_t>(r - rules[i].base, 0, kColumnBoundaries));
  }
  return false;
}

bool code_set(const Coding& coding, const SetCoder& coder, double x, std::uint8_t* codes) {
  std::size_t row = coder.categories;
  if (std::isnan(x)) {
    row = coder.categories + std::size_t{1};
  } else if (x >= 0 && x < coder.categories) {
    row = static_cast<std::size_t>(x);
  }
  std::memcpy(codes + coder.first_column, coding.members.data() + coder.table + row * coder.columns,
              coder.columns);
  return coder.may_end && row == coder.categories + std::size_t{1};
}

CodingBuilder::NumberSlot& CodingBuilder::slot_of(std::uint32_t slot) {
  slots_ = std::max(slots_, slot + 1);
  if (slot >= numbers_.size()) numbers_.resize(slot + std::size_t{1});
  return numbers_[slot];
}

std::uint32_t CodingBuilder::add_bound(std::uint32_t slot, OnMissing missing, double bound) {
  NumberSlot& number = slot_of(slot);
  number.directions[static_cast<std::size_t>(missing)] = true;
  const auto fresh = static_cast<std::uint32_t>(number.bounds.size());
  const std::uint32_t found =
      number.known.find_or_add(hash_bits(0, bound), fresh,
                               [&](std::uint32_t i) { return same_bits(number.bounds[i], bound); });
  if (found == fresh) number.bounds.push_back(bound);
  return found;
}

void CodingBuilder::add_is_missing(std::uint32_t slot) { slot_of(slot).asks_missing = true; }

std::uint32_t CodingBuilder::add_set(std::uint32_t slot, OnMissing missing,
                                     const CategorySet& set) {
  slots_ = std::max(slots_, slot + 1);
  const auto [found, fresh] =
      set_numbers_.emplace(SetKey{slot, missing, set}, static_cast<std::uint32_t>(sets_.size()));
  if (fresh) sets_.push_back(&found->first);
  return found->second;
}

bool CodingBuilder::lay_out() {
  for (std::uint32_t slot = 0; slot < numbers_.size(); ++slot) {
    NumberSlot& number = numbers_[slot];
    if (number.bounds.empty() && !number.asks_missing) continue;
    const std::vector<std::uint32_t> order = rising(number.bounds);
    number.ranks.resize(order.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) number.ranks[order[rank]] = rank;
    number.coder = static_cast<std::uint32_t>(coding_.numbers.size());
    NumberCoder coder{.slot = slot,
                      .first_boundary = static_cast<std::uint32_t>(coding_.boundaries.size()),
                      .boundaries = static_cast<std::uint32_t>(number.bounds.size()),
                      .first_column = coding_.columns,
                      .first_rule = static_cast<std::uint32_t>(coding_.number_columns.size())};
    for (std::size_t direction = 0; direction < 3; ++direction) {
      if (!number.directions[direction]) continue;
      const auto missing = static_cast<OnMissing>(direction);
      coder.may_end = coder.may_end || missing == OnMissing::kNoAnswer;
      for (std::uint32_t chunk = 0; chunk < chunks(coder.boundaries); ++chunk)
        coding_.number_columns.push_back(
            {static_cast<std::int32_t>(chunk * kColumnBoundaries), missing_code(missing)});
    }
    if (number.asks_missing) coding_.number_columns.push_back({kBelowAll, 0});
    coder.columns = static_cast<std::uint32_t>(coding_.number_columns.size()) - coder.first_rule;
    coding_.columns += coder.columns;
    for (const std::uint32_t bound : order) coding_.boundaries.push_back(number.bounds[bound]);
    coding_.numbers.push_back(coder);
  }
  coding_.first_set_column = coding_.columns;
  // The sets stand by slot in the map, and so do their columns.
  set_columns_.resize(sets_.size());
  for (auto from = set_numbers_.begin(); from != set_numbers_.end();) {
    auto to = from;
    while (to != set_numbers_.end() && to->first.slot == from->first.slot) ++to;
    SetCoder coder{.slot = from->first.slot,
                   .first_column = coding_.columns,
                   .columns = static_cast<std::uint32_t>(std::distance(from, to)),
                   .categories = static_cast<std::uint32_t>(from->first.set.size()) - 1,
                   .table = coding_.members.size()};
    const std::size_t rows = coder.categories + std::size_t{2};
    if (rows * coder.columns > kMaxMembers - coding_.members.size()) return false;
    coding_.members.resize(coding_.members.size() + rows * coder.columns);
    for (std::uint32_t column = 0; from != to; ++from, ++column) {
      const SetKey& key = from->first;
      set_columns_[from->second] = coding_.columns++;
      std::uint8_t* codes = coding_.members.data() + coder.table + column;
      for (std::size_t i = 0; i < key.set.size(); ++i)
        codes[i * coder.columns] = key.set[i] ? 0 : 1;
      codes[key.set.size() * coder.columns] = missing_code(key.missing);
      coder.may_end = coder.may_end || key.missing == OnMissing::kNoAnswer;
    }
    coding_.sets.push_back(coder);
  }
  return coding_.columns <= kMaxColumns;
}

CodingBuilder::Place CodingBuilder::place_bound(std::uint32_t slot, OnMissing missing,
                                                std::uint32_t bound) const {
  const NumberSlot& number = numbers_[slot];
  const NumberCoder& coder = coding_.numbers[number.coder];
  const std::uint32_t rank = number.ranks[bound];
  std::uint32_t column = coder.first_column + rank / kColumnBoundaries;
  for (std::size_t direction = 0; direction < static_cast<std::size_t>(missing); ++direction) {
    if (number.directions[direction]) column += chunks(coder.boundaries);
  }
  // x < the bound where at most `rank` boundaries are not above x.
  return {column, static_cast<std::uint8_t>(rank % kColumnBoundaries + 1)};
}

CodingBuilder::Place CodingBuilder::place_is_missing(std::uint32_t slot) const {
  const NumberCoder& coder = coding_.numbers[numbers_[slot].coder];
  return {coder.first_column + coder.columns - 1, 1};
}

CodingBuilder::Place CodingBuilder::place_set(std::uint32_t set) const {
  return {set_columns_[set], 1};
}

}  // namespace pmml::detail
