// SPDX-License-Identifier: Apache-2.0
#include "stream/table_directory.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "data/table.h"

namespace stream {
namespace {

// Rows by customer; demographics and flags beside each other, as bits.
class TableDirectory final : public CustomerDirectory {
 public:
  TableDirectory(event::ProductIndex products, std::size_t rows)
      : products_(std::move(products)),
        words_(products_.words()),
        people_(rows),
        bits_(rows * 2 * words_, 0) {
    row_of_.reserve(rows);
  }

  bool demographics(event::CustomerId customer, event::Demographics& out) const override {
    const auto found = row_of_.find(customer);
    if (found == row_of_.end() || !people_[found->second].known) return false;
    const Person& person = people_[found->second];
    out = {customer, person.age, person.man, person.woman};
    return true;
  }

  bool history(event::CustomerId customer, event::History& out) const override {
    const auto found = row_of_.find(customer);
    if (found == row_of_.end()) return false;
    if (out.slots() != products_.size()) out.reset(products_.size());
    const std::uint64_t* const row = &bits_[found->second * 2 * words_];
    std::copy(row, row + words_, out.known_words().begin());
    std::copy(row + words_, row + 2 * words_, out.bought_words().begin());
    out.customer = customer;
    return std::any_of(row, row + words_, [](std::uint64_t word) { return word != 0; });
  }

  const event::ProductIndex& products() const override { return products_; }

  bool add(event::CustomerId customer, std::size_t row) {
    return row_of_.emplace(customer, row).second;
  }
  void set_person(std::size_t row, std::int32_t age, bool man, bool woman) {
    people_[row] = {age, man, woman, true};
  }
  void set_flag(std::size_t row, std::size_t slot, bool bought) {
    std::uint64_t* const words = &bits_[row * 2 * words_];
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    words[slot / 64] |= bit;
    if (bought) words[words_ + slot / 64] |= bit;
  }

 private:
  struct Person {
    std::int32_t age = 0;
    bool man = false;
    bool woman = false;
    bool known = false;
  };
  event::ProductIndex products_;
  std::size_t words_;
  std::unordered_map<event::CustomerId, std::size_t> row_of_;
  std::vector<Person> people_;
  std::vector<std::uint64_t> bits_;  // For each row its known words, then its bought words.
};

std::string cell(const data::Column& column, std::size_t row) {
  return "column '" + column.name() + "' holds '" + column.text(row) + "' in row " +
         std::to_string(row + 1);
}

base::Result<const data::Column*> find(const data::Table& table, const std::string& name) {
  const data::Column* const column = table.find(name);
  if (column != nullptr && column->numeric()) return column;
  if (column != nullptr)
    return base::input_error("column '" + name + "' of the customers holds text: expected numbers");
  std::vector<std::string> names;
  for (const data::Column& other : table.columns()) names.push_back(other.name());
  return base::input_error("the customers have no column '" + name + "'" +
                           data::suggestion(name, names));
}

// 0 or 1 where the cell is present; the fault otherwise.
base::Result<bool> flag(const data::Column& column, std::size_t row) {
  const double value = column.number(row);
  if (value != 0 && value != 1) return base::input_error(cell(column, row) + ": expected 0 or 1");
  return value == 1;
}

base::Result<void> add_people(const data::Table& table, const data::Column& uuid,
                              TableDirectory& directory) {
  constexpr double kExactIntegers =
      9007199254740992.0;  // 2^53: beyond, a number column no longer tells ids apart.
  TRY_ASSIGN(const data::Column* const age, find(table, "age"));
  TRY_ASSIGN(const data::Column* const man, find(table, "man"));
  TRY_ASSIGN(const data::Column* const woman, find(table, "woman"));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double id = uuid.number(row);
    if (!(std::fabs(id) < kExactIntegers) || id != std::floor(id)) {
      return base::input_error(cell(uuid, row) + ": expected a whole number below 2^53");
    }
    if (!directory.add(event::CustomerId(static_cast<std::int64_t>(id)), row)) {
      return base::input_error(cell(uuid, row) +
                               ", which an earlier row has too: a customer has one row");
    }
    if (age->is_missing(row) || man->is_missing(row) || woman->is_missing(row)) continue;
    const double years = age->number(row);
    if (years < 0 || years > event::kMaxAge || years != std::floor(years)) {
      return base::input_error(cell(*age, row) + ": expected whole years from 0 to " +
                               std::to_string(event::kMaxAge));
    }
    TRY_ASSIGN(const bool is_man, flag(*man, row));
    TRY_ASSIGN(const bool is_woman, flag(*woman, row));
    directory.set_person(row, static_cast<std::int32_t>(years), is_man, is_woman);
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<CustomerDirectory>> make_table_directory(
    const data::Table& table, const TableDirectoryOptions& options) {
  const char* const key =
      table.find("uuid") == nullptr && table.find("idx") != nullptr ? "idx" : "uuid";
  TRY_ASSIGN(const data::Column* const uuid, find(table, key));
  std::vector<const data::Column*> flags;
  std::vector<std::string> products;
  for (const data::Column& column : table.columns()) {
    const std::string& name = column.name();
    if (name == key || name == "age" || name == "man" || name == "woman" || !column.numeric())
      continue;
    if (std::ranges::find(options.ignored, name) != options.ignored.end()) continue;
    flags.push_back(&column);
    products.push_back(name);
  }
  if (flags.empty())
    return base::input_error("the customers have no column of products beside age, man and woman");
  TRY_ASSIGN(event::ProductIndex index, event::ProductIndex::make(std::move(products)));
  auto directory = std::make_unique<TableDirectory>(std::move(index), table.rows());
  TRY(add_people(table, *uuid, *directory));
  for (std::size_t slot = 0; slot < flags.size(); ++slot) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (flags[slot]->is_missing(row)) continue;
      TRY_ASSIGN(const bool bought, flag(*flags[slot], row));
      directory->set_flag(row, slot, bought);
    }
  }
  return std::unique_ptr<CustomerDirectory>(std::move(directory));
}

}  // namespace stream
