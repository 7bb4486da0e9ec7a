// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/derived_column.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/number.h"

namespace learn::detail {
namespace {

using data::Column;
using pmml::DataType;
using pmml::Expression;

base::Result<const Column*> source(const data::Table& table, const std::string& name,
                                   const DerivedColumn& derived) {
  const auto at = table.index_of(name);
  if (!at) {
    return base::input_error("'" + derived.name +
                             "' is computed from what the table lacks: " + at.error().message);
  }
  const Column& column = table.columns()[*at];
  if (takes_numbers(derived) && !column.numeric() && column.missing() < column.size()) {
    return base::input_error("'" + derived.name + "' is computed from numbers: column '" + name +
                             "' holds texts");
  }
  return &column;
}

double number_in(const Column& column, std::size_t row) {
  return column.numeric() ? column.number(row) : data::kMissingNumber;
}

// What some key says of every text of a column, found once for each of its categories.
class TextKeys {
 public:
  TextKeys(const Column& column, const std::unordered_map<std::string, std::size_t>& keys,
           std::size_t unseen)
      : column_(column), keys_(keys), unseen_(unseen) {
    for (const std::string& category : column.categories()) of_code_.push_back(find(category));
  }
  // Nothing where the text is missing.
  [[nodiscard]] std::optional<std::size_t> operator()(std::size_t row) const {
    if (column_.is_missing(row)) return std::nullopt;
    if (column_.numeric()) return find(column_.text(row));
    return of_code_[static_cast<std::size_t>(column_.codes()[row])];
  }

 private:
  [[nodiscard]] std::size_t find(const std::string& text) const {
    const auto found = keys_.find(text);
    return found == keys_.end() ? unseen_ : found->second;
  }

  const Column& column_;
  const std::unordered_map<std::string, std::size_t>& keys_;
  std::size_t unseen_;
  std::vector<std::size_t> of_code_;
};

// How many of the rising edges a number has reached. Without branches, which nobody could foretell.
std::size_t edges_reached(const std::vector<double>& edges, double number) {
  const double* low = edges.data();
  for (std::size_t left = edges.size(); left > 1;) {
    const std::size_t half = left / 2;
    low += low[half - 1] <= number ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(low - edges.data()) + (*low <= number ? 1 : 0);
}

base::Result<Column> values_of(const Bins& bins, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* column, source(table, bins.column, derived));
  data::TextValues values{.codes = std::vector<std::int32_t>(table.rows(), data::kMissingCode),
                          .categories = bins.labels};
  if (column->numeric()) {
    const std::vector<double> numbers = column->numbers();
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      const auto bin = static_cast<std::int32_t>(edges_reached(bins.edges, numbers[row]));
      values.codes[row] = std::isnan(numbers[row]) ? data::kMissingCode : bin;
    }
  }
  return Column::of_text(derived.name, std::move(values));
}

base::Result<Column> values_of(const Product& product, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* first, source(table, product.first, derived));
  TRY_ASSIGN(const Column* second, source(table, product.second, derived));
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    values[row] = number_in(*first, row) * number_in(*second, row);
    if (!std::isinf(values[row])) continue;
    return base::input_error("'" + derived.name + "' of row " + std::to_string(row + 1) +
                             " is larger than any number: leave this product out");
  }
  return Column::of_numbers(derived.name, std::move(values));
}

base::Result<Column> values_of(const Cross& cross, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* first, source(table, cross.first, derived));
  TRY_ASSIGN(const Column* second, source(table, cross.second, derived));
  std::unordered_map<std::string, std::size_t> keys[2];
  for (const auto& [a, b] : cross.known) {
    keys[0].try_emplace(a, keys[0].size());
    keys[1].try_emplace(b, keys[1].size());
  }
  const std::size_t width = keys[1].size() + 1;  // One more for texts that are not known.
  data::TextValues values;
  std::vector<std::int32_t> code_of((keys[0].size() + 1) * width, 0);
  std::unordered_map<std::string, std::int32_t> code_of_label;
  values.categories.emplace_back(kOtherCombination);
  for (const auto& [a, b] : cross.known) {
    const std::string label = label_of(a, b);
    const auto [at, is_new] =
        code_of_label.try_emplace(label, static_cast<std::int32_t>(values.categories.size()));
    if (is_new) values.categories.push_back(label);
    code_of[keys[0].at(a) * width + keys[1].at(b)] = at->second;
  }
  const TextKeys of_first(*first, keys[0], keys[0].size());
  const TextKeys of_second(*second, keys[1], keys[1].size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto a = of_first(row), b = of_second(row);
    values.codes.push_back(a && b ? code_of[*a * width + *b] : data::kMissingCode);
  }
  return Column::of_text(derived.name, std::move(values));
}

base::Result<Column> values_of(const Logarithm& logarithm, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* column, source(table, logarithm.column, derived));
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double number = number_in(*column, row);
    values[row] = number < 0 ? 0 : std::log1p(number);
  }
  return Column::of_numbers(derived.name, std::move(values));
}

base::Result<Column> values_of(const TextIndicator& indicator, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* column, source(table, indicator.column, derived));
  std::vector<std::uint8_t> values(table.rows());
  if (column->numeric()) {
    const std::string text = indicator.text.value_or("");  // That of a missing one.
    for (std::size_t row = 0; row < values.size(); ++row)
      values[row] = column->text(row) == text ? 1 : 0;
  } else {
    std::int32_t code = data::kMissingCode;
    const auto known = column->categories();
    if (indicator.text)
      code = static_cast<std::int32_t>(std::ranges::find(known, *indicator.text) - known.begin());
    std::ranges::transform(column->codes(), values.begin(),
                           [code](std::int32_t of_row) { return of_row == code ? 1 : 0; });
  }
  return Column::of_bytes(derived.name, std::move(values));
}

base::Result<Column> values_of(const TextNumbers& text, const DerivedColumn& derived,
                               const data::Table& table) {
  TRY_ASSIGN(const Column* column, source(table, text.column, derived));
  std::unordered_map<std::string, std::size_t> keys;
  for (const auto& [value, number] : text.numbers) keys.try_emplace(value, keys.size());
  const TextKeys of_row(*column, keys, text.numbers.size());
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto key = of_row(row);
    values[row] = !key                          ? text.missing
                  : *key == text.numbers.size() ? text.unseen
                                                : text.numbers[*key].second;
  }
  return Column::of_numbers(derived.name, std::move(values));
}

Expression reference(const std::string& field) { return {pmml::FieldRef{.field = field}}; }

Expression zero() { return {pmml::Constant{.type = DataType::kDouble, .text = "0"}}; }

Expression expression_for(const Bins& bins, const std::optional<std::string>& missing) {
  pmml::Discretize discretize{
      .field = bins.column, .map_missing_to = missing, .type = DataType::kString};
  for (std::size_t i = 0; i < bins.labels.size(); ++i) {
    pmml::Interval interval{.closure = pmml::Closure::kClosedOpen};
    if (i > 0) interval.left = bins.edges[i - 1];
    if (i < bins.edges.size()) interval.right = bins.edges[i];
    discretize.bins.push_back({bins.labels[i], interval});
  }
  return {std::move(discretize)};
}

Expression expression_for(const Product& product, const std::optional<std::string>&) {
  return {pmml::Apply{.function = "*",
                      .arguments = {reference(product.first), reference(product.second)}}};
}

Expression expression_for(const Cross& cross, const std::optional<std::string>& missing) {
  pmml::MapValues map{.output_column = "value",
                      .columns = {{cross.first, "first"}, {cross.second, "second"}},
                      .map_missing_to = missing,
                      .default_value = kOtherCombination,
                      .type = DataType::kString};
  for (const auto& [a, b] : cross.known) map.rows.push_back({{a, b}, label_of(a, b)});
  return {std::move(map)};
}

Expression expression_for(const Logarithm& logarithm, const std::optional<std::string>&) {
  pmml::Apply below{.function = "lessThan", .arguments = {reference(logarithm.column), zero()}};
  pmml::Apply log{.function = "ln1p", .arguments = {reference(logarithm.column)}};
  return {
      pmml::Apply{.function = "if", .arguments = {{std::move(below)}, zero(), {std::move(log)}}}};
}

Expression expression_for(const TextIndicator& indicator, const std::optional<std::string>&) {
  if (indicator.text) {
    return {pmml::NormDiscrete{
        .field = indicator.column, .value = *indicator.text, .map_missing_to = 0}};
  }
  return {pmml::MapValues{.output_column = "number",
                          .columns = {{indicator.column, "text"}},
                          .map_missing_to = "1",
                          .default_value = "0",
                          .type = DataType::kDouble}};
}

Expression expression_for(const TextNumbers& text, const std::optional<std::string>&) {
  pmml::MapValues map{.output_column = "number",
                      .columns = {{text.column, "text"}},
                      .map_missing_to = base::format_double(text.missing),
                      .default_value = base::format_double(text.unseen),
                      .type = DataType::kDouble};
  for (const auto& [value, number] : text.numbers)
    map.rows.push_back({{value}, base::format_double(number)});
  return {std::move(map)};
}

}  // namespace

bool is_text(const DerivedColumn& derived) {
  return std::holds_alternative<Bins>(derived.is) || std::holds_alternative<Cross>(derived.is);
}

bool takes_numbers(const DerivedColumn& derived) {
  return !std::holds_alternative<Cross>(derived.is) &&
         !std::holds_alternative<TextIndicator>(derived.is) &&
         !std::holds_alternative<TextNumbers>(derived.is);
}

std::vector<std::string> sources_of(const DerivedColumn& derived) {
  return std::visit(
      [](const auto& is) -> std::vector<std::string> {
        if constexpr (requires { is.column; }) {
          return {is.column};
        } else {
          return {is.first, is.second};
        }
      },
      derived.is);
}

std::string label_of(const std::string& first, const std::string& second) {
  return first + " x " + second;
}

base::Result<Column> compute(const DerivedColumn& derived, const data::Table& table) {
  return std::visit([&](const auto& is) { return values_of(is, derived, table); }, derived.is);
}

Expression expression_of(const DerivedColumn& derived, const std::optional<std::string>& missing) {
  return std::visit([&](const auto& is) { return expression_for(is, missing); }, derived.is);
}

}  // namespace learn::detail
