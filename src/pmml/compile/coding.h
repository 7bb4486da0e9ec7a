// SPDX-License-Identifier: Apache-2.0
// Trees ask few different questions of many rows. Before its trees run, a row is coded: one byte a
// column, such that every test of every tree is `codes[column] < bound`.
//
// A slot of numbers is coded by its rank among the values that tests compare it with: x < v holds
// exactly where rank(x) < rank(v), so nothing is rounded. 254 boundaries share a column; a slot
// with more has several. A slot of categories has one column for each different set that tests ask
// for: 0 in the set, 1 outside. What a missing value does is a property of the column: it passes
// the test, fails it, or ends the walk without an answer.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "pmml/compile/numbered.h"

namespace pmml::detail {

enum class OnMissing : std::uint8_t { kYes, kNo, kNoAnswer };

// The code of a missing value in a column of kNoAnswer. No other code is as high.
inline constexpr std::uint8_t kNoAnswerCode = 255;
inline constexpr std::uint32_t kColumnBoundaries = 254;

struct NumberColumn {
  std::int32_t base = 0;     // Codes are rank - base, held between 0 and kColumnBoundaries.
  std::uint8_t missing = 0;  // The code of a missing value.
};

struct NumberCoder {
  std::uint32_t slot = 0;
  std::uint32_t first_boundary = 0;  // Into Coding::boundaries, rising.
  std::uint32_t boundaries = 0;
  std::uint32_t first_column = 0;  // Of the codes; its NumberColumns stand in the same order.
  std::uint32_t first_rule = 0;    // Into Coding::number_columns.
  std::uint32_t columns = 0;
  bool may_end = false;          // One of its columns ends the walk where the value is missing.
  std::uint32_t first_mask = 0;  // Into the number masks of blocks.
  std::uint32_t masks = 0;
};

struct SetCoder {
  std::uint32_t slot = 0;
  std::uint32_t first_column = 0;
  std::uint32_t columns = 0;
  std::uint32_t categories = 0;
  // Into Coding::members: one row of `columns` codes for each category, then one for other values,
  // then one for a missing one.
  std::size_t table = 0;
  bool may_end = false;
};

struct Coding {
  std::vector<double> boundaries;
  std::vector<NumberColumn> number_columns;
  std::vector<NumberCoder> numbers;
  std::vector<SetCoder> sets;
  std::vector<std::uint8_t> members;
  std::uint32_t columns = 0;
  std::uint32_t first_set_column = 0;  // Those of numbers stand before it.
};

// The number of boundaries that are not above x. Without a branch: which way a search goes cannot
// be foreseen.
[[nodiscard]] inline std::uint32_t rank(const double* boundaries, std::uint32_t count, double x) {
  if (count == 0) return 0;
  std::uint32_t at = 0;
  while (count > 1) {
    const std::uint32_t half = count / 2;
    at += half & -static_cast<std::uint32_t>(boundaries[at + half - 1] <= x);
    count -= half;
  }
  return at + static_cast<std::uint32_t>(boundaries[at] <= x);
}

// Codes one slot's columns of a row; true where a missing value may end a walk.
bool code_number(const Coding& coding, const NumberCoder& coder, double x, std::uint8_t* codes);
bool code_set(const Coding& coding, const SetCoder& coder, double x, std::uint8_t* codes);

// A set of categories, as a bit for each category and one for every other value.
using CategorySet = std::vector<bool>;

// Collects what tests ask, then lays out the columns.
class CodingBuilder {
 public:
  // A test x < bound; gives back the number of the bound among the slot's.
  std::uint32_t add_bound(std::uint32_t slot, OnMissing missing, double bound);
  // A test whether x is missing.
  void add_is_missing(std::uint32_t slot);
  // Sets are numbered in order of appearance.
  std::uint32_t add_set(std::uint32_t slot, OnMissing missing, const CategorySet& set);

  // False: the tables would grow beyond reason. Call it once, before the two below.
  bool lay_out();
  struct Place {
    std::uint32_t column = 0;
    std::uint8_t bound = 1;
  };
  [[nodiscard]] Place place_bound(std::uint32_t slot, OnMissing missing, std::uint32_t bound) const;
  [[nodiscard]] Place place_is_missing(std::uint32_t slot) const;
  [[nodiscard]] Place place_set(std::uint32_t set) const;
  [[nodiscard]] const Coding& coding() const { return coding_; }
  // One more than the highest slot that a test looks at.
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] Coding take() { return std::move(coding_); }

 private:
  struct NumberSlot {
    std::vector<double> bounds;        // Without repeats; their numbers are their places here.
    NumberedByHash known;              // The same.
    std::vector<std::uint32_t> ranks;  // Of each bound among the rising ones.
    bool asks_missing = false;
    bool directions[3] = {};
    std::uint32_t coder = 0;
  };
  struct SetKey {
    std::uint32_t slot;
    OnMissing missing;
    CategorySet set;
    auto operator<=>(const SetKey&) const = default;
  };
  NumberSlot& slot_of(std::uint32_t slot);

  std::uint32_t slots_ = 0;
  std::vector<NumberSlot> numbers_;  // By slot; those without a test are empty.
  std::map<SetKey, std::uint32_t> set_numbers_;
  std::vector<const SetKey*> sets_;
  std::vector<std::uint32_t> set_columns_;
  Coding coding_;
};

}  // namespace pmml::detail
