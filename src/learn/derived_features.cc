// SPDX-License-Identifier: Apache-2.0
#include "learn/derived_features.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/number.h"
#include "data/split.h"

namespace learn {
namespace {

using data::Column;
using detail::DerivedColumn;

// What a compiled table of two fields may hold; the interpreter would be needed beyond it.
constexpr std::size_t kMostCells = 65'536;

base::Result<void> validate(const DerivedFeatureOptions& options) {
  if (options.bins < 2) {
    return base::input_error(std::to_string(options.bins) +
                             " bins: there must be at least 2 to tell numbers apart");
  }
  if (options.most_crossed < 1)
    return base::input_error("at most 0 combinations: there must be at least 1");
  if (!(options.smoothing > 0 && std::isfinite(options.smoothing))) {
    return base::input_error("a smoothing of " + base::format_double(options.smoothing) +
                             " rows: it must be above 0");
  }
  if (options.folds < 2)
    return base::input_error(std::to_string(options.folds) + " folds: there must be at least 2");
  return {};
}

// Puts the values of the ranks size·i/parts, for i from `first` to before `last`, where sorting
// would. Those that are not in [begin, end) are there already.
template <class T>
void place_ranks(std::vector<T>& values, std::size_t begin, std::size_t end, std::size_t first,
                 std::size_t last, std::size_t parts) {
  if (first >= last || begin >= end) return;
  const std::size_t middle = (first + last) / 2, rank = values.size() * middle / parts;
  const auto at = [&](std::size_t i) { return values.begin() + static_cast<std::ptrdiff_t>(i); };
  const bool inside = begin <= rank && rank < end;
  if (inside) std::nth_element(at(begin), at(rank), at(end));
  place_ranks(values, begin, inside ? rank : end, first, middle, parts);
  place_ranks(values, inside ? rank + 1 : begin, end, middle + 1, last, parts);
}

// Where the second of `parts` equally large parts begins, the third and so on, in rising order;
// none at the least value and none twice.
template <class T>
std::vector<double> edges_of(std::vector<T> values, std::size_t parts) {
  const T least = *std::ranges::min_element(values);
  place_ranks(values, 0, values.size(), 1, parts, parts);
  std::vector<double> edges;
  for (std::size_t i = 1; i < parts; ++i) {
    const T edge = values[values.size() * i / parts];
    if (edge > (edges.empty() ? least : edges.back())) edges.push_back(edge);
  }
  // So many equal numbers that no part begins behind them: the first other one begins a part.
  if (edges.empty()) {
    std::erase(values, least);
    if (!values.empty()) edges.push_back(*std::ranges::min_element(values));
  }
  return edges;
}

std::vector<double> edges_of(const Column& numbers, std::size_t parts) {
  if (!numbers.bytes().empty()) {
    std::vector<std::uint8_t> values(numbers.bytes().begin(), numbers.bytes().end());
    if (numbers.missing() > 0) std::erase(values, data::kMissingByte);
    return edges_of(std::move(values), parts);
  }
  std::vector<double> values(numbers.doubles().begin(), numbers.doubles().end());
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return edges_of(std::move(values), parts);
}

// The columns that are asked for, as they are fitted one by one.
class Fitting {
 public:
  Fitting(const data::Table& training, const Labels& labels, const DerivedFeatureOptions& options)
      : training_(training), labels_(labels), options_(options) {}

  base::Result<std::vector<DerivedColumn>> run() {
    for (const std::string& name : options_.binned) TRY(add_bins(name));
    for (const ColumnPair& pair : options_.products) {
      TRY(column(pair.first, true));
      TRY(column(pair.second, true));
      TRY(add({pair.first + " * " + pair.second, detail::Product{pair.first, pair.second}}));
    }
    for (const ColumnPair& pair : options_.crosses) TRY(add_cross(pair));
    for (const std::string& name : options_.logarithms) TRY(add_logarithm(name));
    for (const std::string& name : options_.frequencies) TRY(add_frequencies(name));
    for (const std::string& name : options_.target_rates) {
      TRY_ASSIGN(const Column* texts, column(name, false));
      TRY(add({"rate of " + name, rates_of(*texts, labels_.values, {}, 0, options_.smoothing)}));
    }
    for (const std::string& name : options_.indicators) TRY(add_indicators(name));
    if (columns_.empty()) return base::input_error("no derived column is asked for");
    return std::move(columns_);
  }

  // The rates of the rows outside of a fold; of all rows where there are no folds.
  static detail::TextNumbers rates_of(const Column& texts, std::span<const std::uint8_t> outcomes,
                                      std::span<const std::uint16_t> fold_of_row, int fold,
                                      double smoothing) {
    struct Count {
      double rows = 0, positives = 0;
    };
    std::vector<Count> counts(texts.categories().size() + 1);  // Missing texts first.
    Count all;
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
      if (!fold_of_row.empty() && fold_of_row[row] == fold) continue;
      Count& count = counts[static_cast<std::size_t>(texts.codes()[row]) + 1];
      ++count.rows;
      ++all.rows;
      count.positives += outcomes[row];
      all.positives += outcomes[row];
    }
    const double rate = all.positives / all.rows;
    const auto drawn = [&](const Count& count) {
      return (count.positives + smoothing * rate) / (count.rows + smoothing);
    };
    detail::TextNumbers rates{.column = texts.name(),
                              .missing = drawn(counts[0]),
                              .unseen = rate,
                              .is_target_rate = true};
    for (std::size_t code = 0; code < texts.categories().size(); ++code) {
      if (counts[code + 1].rows > 0)
        rates.numbers.emplace_back(texts.categories()[code], drawn(counts[code + 1]));
    }
    return rates;
  }

 private:
  base::Result<const Column*> column(const std::string& name, bool numeric) const {
    TRY_ASSIGN(const std::size_t at, training_.index_of(name));
    const Column& column = training_.columns()[at];
    if (name == labels_.column)
      return base::input_error("a column computed from the target '" + name +
                               "' would give it away");
    if (column.numeric() != numeric) {
      return base::input_error("column '" + name + "' holds " + (numeric ? "texts" : "numbers") +
                               ": expected " + (numeric ? "numbers" : "texts"));
    }
    if (column.missing() == column.size())
      return base::input_error("column '" + name + "' is empty: nothing can be computed from it");
    return &column;
  }

  base::Result<void> add(DerivedColumn derived) {
    const bool taken = training_.find(derived.name) != nullptr ||
                       std::any_of(columns_.begin(), columns_.end(),
                                   [&](const auto& c) { return c.name == derived.name; });
    if (taken) return base::input_error("there is a column '" + derived.name + "' already");
    columns_.push_back(std::move(derived));
    return {};
  }

  base::Result<void> add_bins(const std::string& name) {
    TRY_ASSIGN(const Column* numbers, column(name, true));
    detail::Bins bins{.column = name,
                      .edges = edges_of(*numbers, static_cast<std::size_t>(options_.bins))};
    if (bins.edges.empty()) {
      const std::vector<double> values = numbers->numbers();
      const auto value = std::ranges::find_if_not(values, [](double v) { return std::isnan(v); });
      return base::input_error("column '" + name + "' holds " + base::format_double(*value) +
                               " in every row: it has no bins");
    }
    bins.labels.push_back("below " + base::format_double(bins.edges.front()));
    for (std::size_t i = 1; i < bins.edges.size(); ++i) {
      bins.labels.push_back(base::format_double(bins.edges[i - 1]) + " to below " +
                            base::format_double(bins.edges[i]));
    }
    bins.labels.push_back(base::format_double(bins.edges.back()) + " and above");
    return add({"bins of " + name, std::move(bins)});
  }

  base::Result<void> add_indicators(const std::string& name) {
    TRY_ASSIGN(const Column* texts, column(name, false));
    std::vector<bool> occurs(texts->categories().size());
    for (const std::int32_t code : texts->codes()) {
      if (code != data::kMissingCode) occurs[static_cast<std::size_t>(code)] = true;
    }
    for (std::size_t code = 0; code < occurs.size(); ++code) {
      const std::string& text = texts->categories()[code];
      if (occurs[code]) TRY(add({name + " = " + text, detail::TextIndicator{name, text}}));
    }
    if (texts->missing() == 0) return {};
    return add({name + " is missing", detail::TextIndicator{name, std::nullopt}});
  }

  base::Result<void> add_cross(const ColumnPair& pair) {
    TRY_ASSIGN(const Column* first, column(pair.first, false));
    TRY_ASSIGN(const Column* second, column(pair.second, false));
    const std::size_t cells = (first->categories().size() + 2) * (second->categories().size() + 2);
    if (cells > kMostCells) {
      return base::input_error("columns '" + pair.first + "' and '" + pair.second + "' have " +
                               base::format_count(static_cast<std::int64_t>(cells)) +
                               " combinations: more than 65,536 are not crossed");
    }
    std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> rows_of;
    for (std::size_t row = 0; row < training_.rows(); ++row) {
      const std::int32_t a = first->codes()[row], b = second->codes()[row];
      if (a != data::kMissingCode && b != data::kMissingCode) ++rows_of[{a, b}];
    }
    using Entry = std::pair<std::pair<std::int32_t, std::int32_t>, std::size_t>;
    std::vector<Entry> entries(rows_of.begin(), rows_of.end());
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.second > b.second; });
    entries.resize(std::min(entries.size(), options_.most_crossed));
    detail::Cross cross{.first = pair.first, .second = pair.second};
    for (const auto& [codes, rows] : entries) {
      cross.known.emplace_back(first->categories()[static_cast<std::size_t>(codes.first)],
                               second->categories()[static_cast<std::size_t>(codes.second)]);
    }
    return add({detail::label_of(pair.first, pair.second), std::move(cross)});
  }

  base::Result<void> add_logarithm(const std::string& name) {
    TRY_ASSIGN(const Column* numbers, column(name, true));
    for (std::size_t row = 0; row < numbers->size(); ++row) {
      if (!(numbers->number(row) < 0)) continue;
      return base::input_error("column '" + name + "' holds " + numbers->text(row) + " in row " +
                               std::to_string(row + 1) +
                               ": a logarithm is of amounts of 0 or more");
    }
    return add({"log of " + name, detail::Logarithm{name}});
  }

  base::Result<void> add_frequencies(const std::string& name) {
    TRY_ASSIGN(const Column* texts, column(name, false));
    std::vector<double> counts(texts->categories().size() + 1);
    for (const std::int32_t code : texts->codes()) ++counts[static_cast<std::size_t>(code) + 1];
    const auto rows = static_cast<double>(texts->size());
    detail::TextNumbers shares{.column = name, .missing = counts[0] / rows, .unseen = 0};
    for (std::size_t code = 0; code < texts->categories().size(); ++code) {
      if (counts[code + 1] > 0)
        shares.numbers.emplace_back(texts->categories()[code], counts[code + 1] / rows);
    }
    return add({"frequency of " + name, std::move(shares)});
  }

  const data::Table& training_;
  const Labels& labels_;
  const DerivedFeatureOptions& options_;
  std::vector<DerivedColumn> columns_;
};

// Every row's rate by the rows of the other folds.
base::Result<Column> rates_out_of_fold(const DerivedColumn& derived, const Column& texts,
                                       std::span<const std::uint8_t> outcomes,
                                       std::span<const std::uint16_t> fold_of_row, int folds,
                                       double smoothing) {
  std::vector<double> values(outcomes.size());
  for (int fold = 0; fold < folds; ++fold) {
    const detail::TextNumbers rates =
        Fitting::rates_of(texts, outcomes, fold_of_row, fold, smoothing);
    TRY_ASSIGN(const data::Table alone, data::Table::of({texts}));
    TRY_ASSIGN(const Column of_fold, detail::compute({derived.name, rates}, alone));
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (fold_of_row[row] == fold) values[row] = of_fold.number(row);
    }
  }
  return Column::of_numbers(derived.name, std::move(values));
}

}  // namespace

base::Result<DerivedFeatures> DerivedFeatures::fit(const data::Table& training,
                                                   const Labels& labels,
                                                   const DerivedFeatureOptions& options) {
  TRY(validate(options));
  if (labels.values.size() != training.rows()) {
    return base::input_error(std::to_string(training.rows()) + " rows and " +
                             std::to_string(labels.values.size()) + " labels");
  }
  DerivedFeatures features;
  TRY_ASSIGN(features.columns_, Fitting(training, labels, options).run());
  // Refused now rather than when the rows are extended.
  if (!options.target_rates.empty())
    TRY(data::stratified_folds(labels.values, options.folds, options.seed));
  for (const DerivedColumn& derived : features.columns_) {
    if (detail::takes_numbers(derived)) continue;
    for (const std::string& name : detail::sources_of(derived)) {
      if (std::ranges::any_of(features.vocabularies_,
                              [&](const auto& known) { return known.column == name; }))
        continue;
      const auto texts = training.find(name)->categories();
      features.vocabularies_.push_back({name, {texts.begin(), texts.end()}});
    }
  }
  features.smoothing_ = options.smoothing;
  features.folds_ = options.folds;
  features.seed_ = options.seed;
  return features;
}

std::vector<std::string> DerivedFeatures::names() const {
  std::vector<std::string> names;
  for (const DerivedColumn& derived : columns_) names.push_back(derived.name);
  return names;
}

std::vector<std::string> DerivedFeatures::sources_of(const std::string& name) const {
  for (const DerivedColumn& derived : columns_) {
    if (derived.name == name) return detail::sources_of(derived);
  }
  return {name};
}

base::Result<data::Table> DerivedFeatures::extend(const data::Table& table) const {
  std::vector<Column> columns(table.columns().begin(), table.columns().end());
  for (const DerivedColumn& derived : columns_) {
    TRY_ASSIGN(Column column, detail::compute(derived, table));
    columns.push_back(std::move(column));
  }
  return data::Table::of(std::move(columns));
}

base::Result<data::Table> DerivedFeatures::extend_training(const data::Table& training,
                                                           const Labels& labels) const {
  TRY_ASSIGN(const data::Table made, training_columns(training, labels));
  std::vector<Column> columns(training.columns().begin(), training.columns().end());
  columns.insert(columns.end(), made.columns().begin(), made.columns().end());
  return data::Table::of(std::move(columns));
}

base::Result<data::Table> DerivedFeatures::training_columns(const data::Table& training,
                                                            const Labels& labels) const {
  if (labels.values.size() != training.rows()) {
    return base::input_error(std::to_string(training.rows()) + " rows and " +
                             std::to_string(labels.values.size()) + " labels");
  }
  std::vector<Column> columns;
  for (const DerivedColumn& derived : columns_) {
    TRY_ASSIGN(Column column, detail::compute(derived, training));
    const auto* rates = std::get_if<detail::TextNumbers>(&derived.is);
    if (rates != nullptr && rates->is_target_rate) {
      const Column& texts = *training.find(rates->column);
      if (texts.numeric()) {
        return base::input_error("column '" + rates->column +
                                 "' holds numbers: these are not the rows that were fitted");
      }
      TRY_ASSIGN(const auto fold_of_row, data::stratified_folds(labels.values, folds_, seed_));
      TRY_ASSIGN(column,
                 rates_out_of_fold(derived, texts, labels.values, fold_of_row, folds_, smoothing_));
    }
    columns.push_back(std::move(column));
  }
  return data::Table::of(std::move(columns));
}

}  // namespace learn
