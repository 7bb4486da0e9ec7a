// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/number.h"
#include "cli/model.h"
#include "cli/money.h"
#include "cli/score_rows.h"
#include "cli/terminal.h"
#include "metric/confusion.h"
#include "profit/economics.h"

namespace cli {
namespace {

constexpr const char* kOffer = "offer";

struct Options {
  std::string a, b, input, target, positive = "1";
  MoneyOptions money;
  double tolerance = 0;
  int worst = 5;
  BindOptions binding;
  bool json = false;
};

struct WorstRow {
  std::int64_t row = 0;
  double difference = 0;
  std::string a, b;
};

// One result that both models give.
struct Compared {
  std::string name;
  std::size_t in_a = 0;
  std::size_t in_b = 0;
  std::int64_t differing = 0;
  std::int64_t numbers = 0;         // Rows in which both are numbers.
  std::vector<double> differences;  // |a − b| of those where it is not 0.
  double sum = 0;
  std::map<std::pair<std::string, std::string>, std::int64_t> changes;  // Of texts: from, to.
  std::vector<WorstRow> worst;                                          // Largest difference first.

  [[nodiscard]] double mean() const {
    return numbers == 0 ? 0 : sum / static_cast<double>(numbers);
  }
  // The share of the rows whose difference is at most the answer; `differences` is sorted.
  [[nodiscard]] double percentile(double share) const {
    const auto rank = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(numbers)));
    const std::int64_t zeros = numbers - static_cast<std::int64_t>(differences.size());
    if (rank <= zeros || differences.empty()) return 0;
    return differences[static_cast<std::size_t>(rank - zeros - 1)];
  }
};

struct Decisions {
  std::int64_t both = 0, only_a = 0, only_b = 0, neither = 0, undecided = 0;
  metric::Confusion a, b;  // Where the outcome is known.
};

struct Comparison {
  std::vector<std::string> structure;  // How the models differ before any row is scored.
  std::vector<Compared> results;
  std::int64_t rows = 0;
  std::int64_t differing_rows = 0;
  std::int64_t only_a_answers = 0;  // The other refuses the row, or has no result for it.
  std::int64_t only_b_answers = 0;
  std::optional<Decisions> decisions;
};

std::string described(const pmml::InputField& input) {
  return input.encoding == pmml::Encoding::kNumber
             ? "a number"
             : "one of " + std::to_string(input.categories.size()) + " texts";
}

std::vector<std::string> names_of(std::span<const pmml::InputField> inputs) {
  std::vector<std::string> names;
  for (const pmml::InputField& input : inputs) names.push_back(input.name);
  return names;
}

// Names in one list and not in the other.
std::vector<std::string> without(std::span<const std::string> some,
                                 std::span<const std::string> others) {
  std::vector<std::string> rest;
  for (const std::string& name : some) {
    if (std::ranges::find(others, name) == others.end()) rest.push_back(name);
  }
  return rest;
}

void note_only(const char* which, const char* what, const std::vector<std::string>& names,
               std::vector<std::string>& notes) {
  if (names.empty()) return;
  notes.push_back(std::string("only ") + which + " has " + what + " " + list_some(names));
}

std::vector<std::string> structure(const BoundModel& a, const BoundModel& b) {
  std::vector<std::string> notes;
  const std::vector<std::string> inputs_a = names_of(a.scorer().inputs());
  const std::vector<std::string> inputs_b = names_of(b.scorer().inputs());
  note_only("A", "input", without(inputs_a, inputs_b), notes);
  note_only("B", "input", without(inputs_b, inputs_a), notes);
  for (const pmml::InputField& input : a.scorer().inputs()) {
    const std::optional<std::size_t> other = b.scorer().input(input.name);
    if (!other) continue;
    const pmml::InputField& same = b.scorer().inputs()[*other];
    if (same.encoding != input.encoding) {
      notes.push_back("input '" + input.name + "' is " + described(input) + " in A and " +
                      described(same) + " in B");
      continue;
    }
    note_only("A", ("value of '" + input.name + "'").c_str(),
              without(input.categories, same.categories), notes);
    note_only("B", ("value of '" + input.name + "'").c_str(),
              without(same.categories, input.categories), notes);
  }
  note_only("A", "result", without(a.result_names(), b.result_names()), notes);
  note_only("B", "result", without(b.result_names(), a.result_names()), notes);
  if (a.scorer().target_name() != b.scorer().target_name()) {
    notes.push_back("A predicts '" + a.scorer().target_name() + "', B '" +
                    b.scorer().target_name() + "'");
  }
  note_only("A", "category",
            without(a.scorer().target_categories(), b.scorer().target_categories()), notes);
  note_only("B", "category",
            without(b.scorer().target_categories(), a.scorer().target_categories()), notes);
  return notes;
}

void keep_worst(Compared& compared, WorstRow row, std::size_t most) {
  auto& worst = compared.worst;
  if (worst.size() >= most && (worst.empty() || row.difference <= worst.back().difference)) return;
  const auto before = std::ranges::find_if(
      worst, [&](const WorstRow& other) { return other.difference < row.difference; });
  worst.insert(before, std::move(row));
  if (worst.size() > most) worst.pop_back();
}

// Whether the result differs in this row; counts it.
bool compare(Compared& compared, const RowScorer& a, const RowScorer& b, std::int64_t row,
             const Options& options) {
  const double x = a.number(compared.in_a);
  const double y = b.number(compared.in_b);
  if (std::isnan(x) || std::isnan(y)) {
    const std::string from = a.result(compared.in_a);
    const std::string to = b.result(compared.in_b);
    if (from == to) return false;
    ++compared.differing;
    ++compared.changes[{from, to}];
    keep_worst(compared, {.row = row, .difference = 0, .a = from, .b = to},
               static_cast<std::size_t>(options.worst));
    return true;
  }
  ++compared.numbers;
  const double difference = std::abs(x - y);
  if (difference == 0) return false;
  compared.differences.push_back(difference);
  compared.sum += difference;
  keep_worst(compared,
             {.row = row,
              .difference = difference,
              .a = a.result(compared.in_a),
              .b = b.result(compared.in_b)},
             static_cast<std::size_t>(options.worst));
  const bool differs = difference > options.tolerance * std::max(std::abs(x), std::abs(y));
  compared.differing += differs ? 1 : 0;
  return differs;
}

void count_decision(Decisions& decisions, double a, double b, std::optional<bool> accepted) {
  if (std::isnan(a) || std::isnan(b)) {
    ++decisions.undecided;
    return;
  }
  const bool shows_a = a > 0.5;
  const bool shows_b = b > 0.5;
  ++(shows_a ? (shows_b ? decisions.both : decisions.only_a)
             : (shows_b ? decisions.only_b : decisions.neither));
  if (!accepted) return;
  const auto count = [&](metric::Confusion& c, bool shows) {
    ++(shows ? (*accepted ? c.tp : c.fp) : (*accepted ? c.fn : c.tn));
  };
  count(decisions.a, shows_a);
  count(decisions.b, shows_b);
}

std::vector<Compared> shared_results(const BoundModel& a, const BoundModel& b) {
  std::vector<Compared> results;
  for (std::size_t i = 0; i < a.result_names().size(); ++i) {
    const std::optional<std::size_t> other = b.result(a.result_names()[i]);
    if (!other) continue;
    results.emplace_back();
    results.back().name = a.result_names()[i];
    results.back().in_a = i;
    results.back().in_b = *other;
  }
  return results;
}

base::Result<std::optional<std::size_t>> target_column(const Options& options,
                                                       const data::CsvStream& stream) {
  if (options.target.empty()) return std::optional<std::size_t>{};
  const auto found = std::ranges::find(stream.names(), options.target);
  if (found == stream.names().end()) {
    return base::input_error(options.input + ": there is no column '" + options.target + "'");
  }
  return std::optional<std::size_t>(found - stream.names().begin());
}

base::Result<Comparison> compare_rows(const BoundModel& a, const BoundModel& b,
                                      data::CsvCursor input, const Options& options) {
  Comparison comparison;
  comparison.structure = structure(a, b);
  comparison.results = shared_results(a, b);
  if (comparison.results.empty()) {
    return base::input_error("the models have no result in common: A gives " +
                             list_some(a.result_names()) + ", B " + list_some(b.result_names()));
  }
  const std::optional<std::size_t> offer_a = a.result(kOffer);
  const std::optional<std::size_t> offer_b = b.result(kOffer);
  if (offer_a && offer_b) comparison.decisions.emplace();
  TRY_ASSIGN(const std::optional<std::size_t> target, target_column(options, input.stream()));
  RowScorer scorer_a(a), scorer_b(b);
  std::vector<data::CsvCell> cells;
  std::string storage;
  std::int64_t acceptances = 0;
  for (;;) {
    TRY_ASSIGN(const bool more, input.next(cells));
    if (!more) break;
    const bool answers_a = scorer_a.score(cells).status == pmml::Status::kOk;
    const bool answers_b = scorer_b.score(cells).status == pmml::Status::kOk;
    comparison.only_a_answers += answers_a && !answers_b ? 1 : 0;
    comparison.only_b_answers += answers_b && !answers_a ? 1 : 0;
    bool differs = answers_a != answers_b;
    for (Compared& compared : comparison.results) {
      differs |= compare(compared, scorer_a, scorer_b, input.row(), options);
    }
    comparison.differing_rows += differs ? 1 : 0;
    if (!comparison.decisions) continue;
    std::optional<bool> accepted;
    if (target && *target < cells.size()) {
      accepted = data::content(cells[*target], storage) == options.positive;
      acceptances += *accepted ? 1 : 0;
    }
    count_decision(*comparison.decisions, scorer_a.number(*offer_a), scorer_b.number(*offer_b),
                   accepted);
  }
  comparison.rows = input.row();
  if (target && comparison.decisions && acceptances == 0) {
    return base::input_error(options.input + ": column '" + options.target + "' never holds '" +
                             options.positive + "': which value means accepted? (--positive)");
  }
  for (Compared& compared : comparison.results) std::ranges::sort(compared.differences);
  return comparison;
}

// Six digits tell how large a difference is.
std::string figure(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6);
  return {text.data(), end.ptr};
}

void print_results(const Comparison& comparison) {
  std::vector<std::vector<std::string>> numbers;
  for (const Compared& c : comparison.results) {
    if (c.numbers == 0) {
      numbers.push_back({c.name, base::format_count(c.differing)});
      continue;
    }
    const double largest = c.differences.empty() ? 0 : c.differences.back();
    numbers.push_back({c.name, base::format_count(c.differing), figure(largest), figure(c.mean()),
                       figure(c.percentile(0.5)), figure(c.percentile(0.9)),
                       figure(c.percentile(0.99))});
  }
  std::fputs(
      format_table({"result", "rows differ", "max", "mean", "median", "90 %", "99 %"}, numbers)
          .c_str(),
      stdout);
}

void print_changes(const Compared& compared) {
  if (compared.changes.empty()) return;
  std::vector<std::pair<std::int64_t, std::pair<std::string, std::string>>> sorted;
  for (const auto& [change, count] : compared.changes) sorted.emplace_back(count, change);
  std::ranges::stable_sort(sorted, [](const auto& x, const auto& y) { return x.first > y.first; });
  constexpr std::size_t kMostShown = 20;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [count, change] : sorted) {
    if (rows.size() == kMostShown) break;
    const auto shown = [](const std::string& text) { return text.empty() ? "(none)" : text; };
    rows.push_back({shown(change.first), shown(change.second), base::format_count(count)});
  }
  std::printf("\n%s", format_table({compared.name + " in A", "in B", "rows"}, rows).c_str());
}

void print_worst(const Compared& compared) {
  if (compared.worst.empty() || compared.numbers == 0) return;
  std::vector<std::vector<std::string>> rows;
  for (const WorstRow& worst : compared.worst) {
    rows.push_back({std::to_string(worst.row), worst.a, worst.b, figure(worst.difference)});
  }
  std::printf("\n%s",
              format_table({compared.name + ", row", "A", "B", "difference"}, rows).c_str());
}

std::string signed_money(double amount) {
  return (amount >= 0 ? "+" : "") + base::format_fixed(amount, 2);
}

void print_money(const Decisions& decisions, const profit::Economics& economics, bool known) {
  if (!known) {
    const auto more = static_cast<double>(decisions.only_b - decisions.only_a);
    std::printf("shown offers cost %s more by B (what they bring needs --target)\n",
                base::format_fixed(more * economics.cost, 2).c_str());
    return;
  }
  const double a = profit::profit(decisions.a, economics);
  const double b = profit::profit(decisions.b, economics);
  std::printf("profit on these rows: A %s, B %s, B − A %s\n", base::format_fixed(a, 2).c_str(),
              base::format_fixed(b, 2).c_str(), signed_money(b - a).c_str());
}

void print_decisions(const Decisions& d, const std::optional<profit::Economics>& economics,
                     bool known) {
  std::printf("\noffers: both %s, only A %s, only B %s, neither %s%s\n",
              base::format_count(d.both).c_str(), base::format_count(d.only_a).c_str(),
              base::format_count(d.only_b).c_str(), base::format_count(d.neither).c_str(),
              d.undecided == 0
                  ? ""
                  : (", undecided by one or both " + base::format_count(d.undecided)).c_str());
  if (economics) print_money(d, *economics, known);
}

void print(const Options& options, const Comparison& comparison,
           const std::optional<profit::Economics>& economics) {
  std::printf("A: %s\nB: %s\n", options.a.c_str(), options.b.c_str());
  for (const std::string& note : comparison.structure) std::printf("%s\n", note.c_str());
  std::printf("%s of %s rows differ\n", base::format_count(comparison.differing_rows).c_str(),
              base::format_count(comparison.rows).c_str());
  if (comparison.only_a_answers + comparison.only_b_answers > 0) {
    std::printf("answered only by A: %s, only by B: %s\n",
                base::format_count(comparison.only_a_answers).c_str(),
                base::format_count(comparison.only_b_answers).c_str());
  }
  std::printf("\n");
  print_results(comparison);
  for (const Compared& compared : comparison.results) {
    print_changes(compared);
    print_worst(compared);
  }
  if (comparison.decisions) {
    print_decisions(*comparison.decisions, economics, !options.target.empty());
  }
}

nlohmann::json json_of(const Comparison& comparison,
                       const std::optional<profit::Economics>& economics, bool known) {
  nlohmann::json results = nlohmann::json::array();
  for (const Compared& c : comparison.results) {
    nlohmann::json changes = nlohmann::json::array(), worst = nlohmann::json::array();
    for (const auto& [change, count] : c.changes) {
      changes.push_back({{"a", change.first}, {"b", change.second}, {"rows", count}});
    }
    for (const WorstRow& row : c.worst) {
      worst.push_back(
          {{"row", row.row}, {"a", row.a}, {"b", row.b}, {"difference", row.difference}});
    }
    results.push_back({{"name", c.name},
                       {"rows_differ", c.differing},
                       {"numbers", c.numbers},
                       {"max", c.differences.empty() ? 0 : c.differences.back()},
                       {"mean", c.mean()},
                       {"p50", c.percentile(0.5)},
                       {"p90", c.percentile(0.9)},
                       {"p99", c.percentile(0.99)},
                       {"changes", changes},
                       {"worst", worst}});
  }
  nlohmann::json json = {
      {"structure", comparison.structure},           {"rows", comparison.rows},
      {"rows_differ", comparison.differing_rows},    {"only_a_answers", comparison.only_a_answers},
      {"only_b_answers", comparison.only_b_answers}, {"results", results}};
  if (!comparison.decisions) return json;
  const Decisions& d = *comparison.decisions;
  json["offers"] = {{"both", d.both},
                    {"only_a", d.only_a},
                    {"only_b", d.only_b},
                    {"neither", d.neither},
                    {"undecided", d.undecided}};
  if (economics && known) {
    json["profit"] = {{"a", profit::profit(d.a, *economics)},
                      {"b", profit::profit(d.b, *economics)}};
  }
  return json;
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const std::optional<profit::Economics> economics, read_money(options.money));
  TRY_ASSIGN(const ModelFile a, load_model(options.a));
  TRY_ASSIGN(const ModelFile b, load_model(options.b));
  TRY_ASSIGN(data::CsvStream rows, data::CsvStream::open(options.input));
  const auto bind = [&](const ModelFile& model) -> base::Result<BoundModel> {
    auto bound = BoundModel::bind(model, rows.names(), options.binding);
    if (bound) return bound;
    return base::input_error(options.input + " for " + model.path + ": " + bound.error().message);
  };
  TRY_ASSIGN(const BoundModel bound_a, bind(a));
  TRY_ASSIGN(const BoundModel bound_b, bind(b));
  TRY_ASSIGN(const Comparison comparison,
             compare_rows(bound_a, bound_b, data::CsvCursor(std::move(rows)), options));
  if (options.json) {
    std::printf("%s\n", json_of(comparison, economics, !options.target.empty()).dump(2).c_str());
  } else {
    print(options, comparison, economics);
  }
  return {};
}

}  // namespace

Run setup_model_diff(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  Options& o = *options;
  command.add_option("a", o.a, "PMML file")->required();
  command.add_option("b", o.b, "PMML file")->required();
  command.add_option("--input", o.input, "CSV file of rows; - for standard input")->required();
  command
      .add_option("--tolerance", o.tolerance,
                  "Relative difference of numbers up to which a row does not count as differing")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--worst", o.worst, "Rows to show of each result")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  add_bind_options(command, o.binding);
  command.add_option("--target", o.target,
                     "Column that says whether the offer was accepted, for the money");
  command.add_option("--positive", o.positive, "Its value that means accepted")
      ->capture_default_str();
  command.add_flag("--json", o.json, "Print JSON");
  add_money_options(command, o.money);
  return [options] { return run(*options); };
}

}  // namespace cli
