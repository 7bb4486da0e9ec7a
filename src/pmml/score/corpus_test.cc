// SPDX-License-Identifier: Apache-2.0
// Models of other makers with the results their makers state. They are no part of the product:
// where the environment variable PROVECHO_SHARED does not say where they lie, the test is skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "base/file.h"
#include "base/number.h"
#include "pmml/interpret/value.h"
#include "pmml/read/read.h"
#include "pmml/score/compare.h"
#include "pmml/score/scorer.h"
#include "pmml/score/test_table.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

Table load_table(const std::string& path) {
  const std::string text = base::read_file(path).value();
  const std::string head = text.substr(0, text.find('\n'));
  return parse_table(
      text,
      head.find('\t') != std::string::npos
          ? '\t'
          : (head.find(';') != std::string::npos && head.find(',') == std::string::npos ? ';'
                                                                                        : ','));
}

bool is_missing_cell(const std::string& cell) {
  return cell.empty() || cell == "N/A" || cell == "NA";
}

struct Tolerance {
  double relative = 1e-6;
  double zero = 1e-9;
};

double number_after(const std::string& text, const std::string& key, double otherwise) {
  const std::size_t at = text.find(key);
  if (at == std::string::npos) return otherwise;
  const std::size_t start = at + key.size();
  return base::parse_double(
             text.substr(start, text.find_first_not_of("0123456789.eE+-", start) - start))
      .value_or(otherwise);
}

Tolerance tolerance_of(const std::string& notes) {
  if (notes.find("PMMLEquivalence") != std::string::npos) {
    return {number_after(notes, "Precision=", 1e-6), number_after(notes, "ZeroThreshold=", 1e-9)};
  }
  if (notes.find("FloatEquivalence") != std::string::npos) {
    return {1.2e-7 * (number_after(notes, "Tolerance=", 1) + 1), 1e-30};
  }
  if (notes.find("RealNumberEquivalence") != std::string::npos) {
    return {2.3e-16 * (number_after(notes, "Tolerance=", 1) + 1), 1e-300};
  }
  // Upstream's own bound for single-precision boosters is some ULP of a float.
  return notes.find("XGBoost") != std::string::npos ? Tolerance{1e-5, 1e-9} : Tolerance{};
}

bool agree(const std::string& expected, const std::string& found, const Tolerance& tolerance) {
  if (is_missing_cell(expected)) return found.empty();
  const auto x = base::parse_double(expected);
  const auto y = base::parse_double(found);
  if (!x || !y) return same_category(expected, found);
  if (std::abs(*x) <= tolerance.zero && std::abs(*y) <= tolerance.zero) return true;
  return std::abs(*x - *y) <= tolerance.relative * std::abs(*x);
}

struct Verdict {
  std::string state;  // pass, refused, fail.
  std::string detail = {};
};

// The columns to compare: those the index names, otherwise every expected column that is a result
// of ours.
bool is_compared(const std::string& notes, const std::string& column) {
  if (notes.find("compare=[null]") != std::string::npos) return true;  // The one result, unnamed.
  const std::size_t excluded = notes.find("exclude=[");
  if (excluded != std::string::npos) {
    const std::string list = notes.substr(excluded + 9, notes.find(']', excluded) - excluded - 9);
    if ((", " + list + ", ").find(", " + column + ", ") != std::string::npos) return false;
  }
  const std::size_t at = notes.find("compare=[");
  if (at == std::string::npos) return true;
  const std::string list = ", " + notes.substr(at + 9, notes.find(']', at) - at - 9) + ", ";
  return list.find(", " + column + ", ") != std::string::npos;
}

std::string result_text(const Scorer& scorer, const Prediction& prediction,
                        const Workspace& workspace, const std::string& column, bool& known) {
  known = true;
  if (const auto output = scorer.output(column)) return scorer.output_text(*output, workspace);
  if (column == scorer.target_name() || column == "_target" || column == "prediction" ||
      column == "y") {
    if (prediction.status != Status::kOk) return "";
    if (scorer.function() == MiningFunction::kClassification) {
      return prediction.category == kNoCategory ? ""
                                                : scorer.target_categories()[prediction.category];
    }
    return base::format_double(prediction.number);
  }
  known = false;
  return "";
}

// Association rules are asked about baskets; a table may list them one item a line. Each becomes
// one row, whose cell is an Array of its items.
Table baskets(const AssociationModel& model, const Document& document, const Table& lines) {
  const auto group =
      std::ranges::find(document.model.mining_schema, Usage::kGroup, &MiningField::usage);
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(lines[0], name) - lines[0].begin());
  };
  const std::size_t id = column(group->name);
  const std::size_t item = column(model.items.at(0).field);
  Table rows = {{group->name, model.items[0].field}};
  for (std::size_t r = 1; r < lines.size(); ++r) {
    auto row = std::ranges::find(rows, lines[r][id], [](const auto& cells) { return cells[0]; });
    if (row == rows.end()) row = rows.insert(rows.end(), {lines[r][id], ""});
    (*row)[1] += " \"" + lines[r][item] + '"';
  }
  return rows;
}

// The rows to score. Of a time series a case lists the observations and the forecasts, one after
// the other, which are asked for by their number.
Table rows_of(const Document& document, const Table& table, std::size_t expected) {
  if (const auto* rules = std::get_if<AssociationModel>(&document.model.body);
      rules != nullptr && rules->transactional && !rules->items.empty()) {
    return baskets(*rules, document, table);
  }
  const auto* series = std::get_if<TimeSeriesModel>(&document.model.body);
  if (series == nullptr || series->horizon_field.empty() || table.size() == expected) return table;
  Table rows = {{series->horizon_field}};
  while (rows.size() < expected) rows.push_back({std::to_string(rows.size())});
  return rows;
}

Verdict run_case(const std::string& root, const std::vector<std::string>& fields) {
  const std::string xml = base::read_file(root + fields[2]).value();
  const auto document = read(xml);
  if (!document) return {"refused", document.error().message};
  const auto again = read(write(*document));
  if (!again) return {"fail", "its own text is refused: " + again.error().message};
  if (!(*again == *document)) return {"fail", "its own text reads as another document"};
  const auto scorer = Scorer::compile(*document);
  if (!scorer) return {"refused", scorer.error().message};
  const Table expected = load_table(root + fields[4]);
  const Table inputs = rows_of(*document, load_table(root + fields[3]), expected.size());
  if (inputs.size() != expected.size()) return {"fail", "input and expected differ in length"};
  const Tolerance tolerance = tolerance_of(fields[6] + fields[2]);
  Workspace workspace(*scorer);
  const auto oracle = Scorer::interpret(*document);
  Workspace oracle_workspace(*oracle);
  const bool states_prediction = std::ranges::find(expected[0], "prediction") != expected[0].end();
  std::size_t compared = 0;
  std::size_t wrong = 0;
  std::string first;
  for (std::size_t r = 1; r < inputs.size(); ++r) {
    std::vector<double> row(scorer->inputs().size(), kMissing);
    for (std::size_t c = 0; c < inputs[0].size() && c < inputs[r].size(); ++c) {
      const auto input = scorer->input(inputs[0][c]);
      if (!input || is_missing_cell(inputs[r][c])) continue;
      row[*input] = scorer->encode(*input, inputs[r][c], workspace);
      static_cast<void>(oracle->encode(
          *input, inputs[r][c], oracle_workspace));  // Keeps the same texts in the same order.
    }
    if (scorer->compiled()) {
      if (const auto differs = difference(*scorer, workspace, *oracle, oracle_workspace, row)) {
        return {"fail", "row " + std::to_string(r) + ": " + *differs};
      }
    }
    const Prediction& prediction = scorer->score(row, workspace);
    for (std::size_t c = 0; c < expected[0].size() && c < expected[r].size(); ++c) {
      if (!is_compared(fields[6], expected[0][c])) continue;
      // Where the file of inputs is also that of the results, what is no input is a result; beside
      // a column `prediction` the target's is what the model was trained on.
      if (fields[3] == fields[4] && scorer->input(expected[0][c])) continue;
      if (fields[3] == fields[4] && states_prediction && expected[0][c] != "prediction") continue;
      bool known = false;
      std::string found = result_text(*scorer, prediction, workspace, expected[0][c], known);
      // A file of one column needs no name for it where the document has one result.
      if (!known && expected[0].size() == 1) {
        known = true;
        found = scorer->outputs().size() == 1
                    ? scorer->output_text(0, workspace)
                    : result_text(*scorer, prediction, workspace, "prediction", known);
      }
      if (!known) continue;
      ++compared;
      if (agree(expected[r][c], found, tolerance)) continue;
      if (wrong++ == 0) {
        first = "row " + std::to_string(r) + ", " + expected[0][c] + ": expected '" +
                expected[r][c] + "', found '" + found +
                (prediction.status == Status::kRefused ? "' (refused)" : "'");
      }
    }
  }
  if (compared == 0) return {"fail", "nothing to compare"};
  if (wrong > 0)
    return {"fail", std::to_string(wrong) + " of " + std::to_string(compared) + " cells; " + first};
  return {scorer->compiled() ? "pass" : "pass slow"};
}

// Cases whose expected results are not what their documents say.
struct KnownBad {
  std::string_view id;
  std::string_view reason;
};
constexpr KnownBad kKnownBad[] = {
    {"c0060", "written for another engine's own handling of upper-case categories"},
    {"c0061", "written for another engine's own functions, which no standard defines"},
    {"c0064", "the document names parameters that its ParameterList lacks"},
    {"c0120", "its file of expected results is empty"},
    {"c0123", "expected results of an engine of 2014, which are not what the standard says"},
    {"c0124", "expected results of an engine of 2014, which are not what the standard says"},
    {"c0129", "expected results of an engine of 2014, which are not what the standard says"},
    {"c0185",
     "asks association rules for a predictedValue and names no algorithm; its results are not "
     "those of the standard's default"},
    {"c0196", "expected results of a kernel that is not the standard's"},
    {"c0201",
     "against the schema: LinearKernel; and by the standard the category of the smallest value "
     "wins, not of the largest"},
    {"c0206",
     "against the schema: its state vector and matrices; and its results are one transition ahead "
     "of that vector"},
    {"c0207",
     "against the schema: its state vector and matrices; and its results are one transition ahead "
     "of that vector"},
    {"c0460", "its rows lack the field ci that the document asks for"},
    {"c0784", "calls a function of R"},
};

TEST(Corpus, scores_models_of_other_makers_as_their_makers_do) {
  const char* shared = std::getenv("PROVECHO_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "PROVECHO_SHARED is not set";
  const std::string root = std::string(shared) + "/pmml-cases/";
  Table index = parse_table(base::read_file(root + "INDEX.tsv").value(), '\t');
  const char* only = std::getenv("PROVECHO_CASE");
  const char* coverage_path = std::getenv("PROVECHO_COVERAGE");
  std::string coverage;  // For tools/pmml_coverage.
  std::map<std::string, std::map<std::string, int>> counts;
  for (std::size_t i = 1; i < index.size(); ++i) {
    const auto& fields = index[i];
    const std::string& type = fields[1];
    if (only != nullptr && fields[7] != only) continue;
    const Verdict verdict = run_case(root, fields);
    ++counts[type][verdict.state];
    const auto known = std::ranges::find(kKnownBad, fields[7], &KnownBad::id);
    const bool bad = known != std::end(kKnownBad);
    if (verdict.state == "fail" && !bad)
      ADD_FAILURE() << fields[7] << " " << fields[2] << ": " << verdict.detail;
    if (bad && verdict.state.starts_with("pass"))
      ADD_FAILURE() << fields[7] << " passes: it is no longer known to be bad";
    const std::string detail =
        verdict.detail.substr(0, 300) + (bad ? " — " + std::string(known->reason) : "");
    if (!verdict.state.starts_with("pass")) {
      std::cout << verdict.state << "\t" << fields[7] << "\t" << fields[2] << "\t" << detail
                << "\tJPMML " << fields[13] << "\n";
    }
    coverage += fields[7] + "\t" + (verdict.state == "pass slow" ? "pass" : verdict.state) + "\t" +
                (verdict.state == "pass" ? "compiled" : "interpreted") + "\t" + detail + "\n";
  }
  if (coverage_path != nullptr) std::ofstream(coverage_path) << coverage;
  for (const auto& [type, states] : counts) {
    std::cout << type;
    for (const auto& [state, count] : states) std::cout << "\t" << state << " " << count;
    std::cout << "\n";
  }
}

}  // namespace
}  // namespace pmml
