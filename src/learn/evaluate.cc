// SPDX-License-Identifier: Apache-2.0
#include "learn/evaluate.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "base/number.h"
#include "learn/detail/parallel.h"
#include "metric/probability.h"
#include "pmml/document/decision.h"
#include "pmml/score/scorer.h"

namespace learn {
namespace {

using data::Column;

constexpr std::size_t kBatchRows = 4096;

// One input of the scorer, and the column that feeds it.
struct Feed {
  const Column* column = nullptr;
  std::vector<double> cell_of_code;  // Text columns: what the scorer calls each category.
  double missing_cell = pmml::kMissing;

  [[nodiscard]] double cell(std::size_t row) const {
    if (!column->numeric()) {
      const std::int32_t code = column->codes()[row];
      return code == data::kMissingCode ? missing_cell
                                        : cell_of_code[static_cast<std::size_t>(code)];
    }
    const double number = column->number(row);
    return std::isnan(number) ? missing_cell : number;
  }
};

base::Result<std::vector<Feed>> connect(const pmml::Scorer& scorer, const data::Table& table) {
  std::vector<Feed> feeds;
  for (std::size_t i = 0; i < scorer.inputs().size(); ++i) {
    const pmml::InputField& input = scorer.inputs()[i];
    const base::Result<std::size_t> at = table.index_of(input.name);
    if (!at)
      return base::input_error("the model needs what the table lacks: " + at.error().message);
    Feed feed;
    feed.column = &table.columns()[*at];
    for (const std::string& category : feed.column->categories()) {
      feed.cell_of_code.push_back(scorer.encode(i, category));
    }
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

// An input that is encoded by index needs its text even where the column holds numbers.
void fill(const pmml::Scorer& scorer, std::size_t input, const Feed& feed, std::size_t first,
          std::span<double> cells) {
  const bool by_text =
      scorer.inputs()[input].encoding == pmml::Encoding::kIndex && feed.column->numeric();
  for (std::size_t r = 0; r < cells.size(); ++r) {
    cells[r] = by_text ? scorer.encode(input, feed.column->text(first + r)) : feed.cell(first + r);
  }
}

base::Result<std::size_t> category_of(const pmml::Scorer& scorer, const std::string& positive) {
  const auto category = scorer.target_category(positive);
  if (!category) return base::input_error("the model gives no probability of '" + positive + "'");
  return *category;
}

// out[w][row] becomes figure w of every row; refuses a row that lacks one.
base::Result<void> score_rows(const pmml::Scorer& scorer, const data::Table& table,
                              const std::vector<pmml::Wanted>& wanted,
                              const std::vector<std::span<double>>& out, int threads) {
  TRY_ASSIGN(const std::vector<Feed> feeds, connect(scorer, table));
  const std::size_t batches = (table.rows() + kBatchRows - 1) / kBatchRows;
  std::vector<std::size_t> unscored(batches,
                                    table.rows());  // The first row of the batch without a score.
  detail::for_each_piece(batches, threads, [&](std::size_t batch) {
    const std::size_t first = batch * kBatchRows, n = std::min(kBatchRows, table.rows() - first);
    pmml::Workspace workspace(scorer);
    std::vector<double> cells(feeds.size() * n);
    std::vector<std::span<const double>> columns;
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      const std::span<double> own(&cells[i * n], n);
      fill(scorer, i, feeds[i], first, own);
      columns.emplace_back(own);
    }
    std::vector<std::span<double>> figures;
    for (const std::span<double> whole : out) figures.push_back(whole.subspan(first, n));
    scorer.score_columns(columns, wanted, workspace, figures);
    for (std::size_t r = n; r-- > 0;) {
      for (const std::span<double> figure : figures) {
        if (std::isnan(figure[r])) unscored[batch] = first + r;
      }
    }
  });
  const std::size_t first_unscored =
      unscored.empty() ? table.rows() : *std::min_element(unscored.begin(), unscored.end());
  if (first_unscored == table.rows()) return {};
  return base::input_error("the model gives no answer for row " +
                           std::to_string(first_unscored + 1) +
                           ": a value is missing or not one that the model takes");
}

}  // namespace

std::optional<std::string> offered_value(const pmml::Document& document) {
  const auto rule = pmml::offer_rule(document);
  if (!rule) return std::nullopt;
  const auto named = [&](const std::string& name) -> const pmml::OutputField* {
    const auto& output = document.model.output;
    const auto found = std::ranges::find(output, name, &pmml::OutputField::name);
    return found == output.end() ? nullptr : &*found;
  };
  const pmml::OutputField* field = named(rule->field);
  if (field != nullptr && field->name == pmml::kUpliftOutput && field->expression) {
    // Of a customer who is contacted, less that of one who is not.
    const auto* difference = std::get_if<pmml::Apply>(&field->expression->is);
    if (difference == nullptr || difference->function != "-" || difference->arguments.size() != 2)
      return std::nullopt;
    const auto* contacted = std::get_if<pmml::FieldRef>(&difference->arguments.front().is);
    field = contacted != nullptr ? named(contacted->field) : nullptr;
  }
  return field != nullptr ? field->value : std::nullopt;
}

base::Result<std::vector<double>> probabilities(const pmml::Scorer& scorer,
                                                const data::Table& table,
                                                const std::string& positive, int threads) {
  std::vector<double> found(table.rows());
  TRY_ASSIGN(const std::size_t category, category_of(scorer, positive));
  TRY(score_rows(scorer, table, {{pmml::Wanted::Figure::kProbability, category}},
                 {std::span<double>(found)}, threads));
  return found;
}

base::Result<Scores> score(const pmml::Document& document, const data::Table& table,
                           const std::string& positive, double threshold, int threads) {
  TRY_ASSIGN(const pmml::Scorer scorer, pmml::Scorer::compile(document));
  TRY_ASSIGN(const std::size_t category, category_of(scorer, positive));
  const auto offer = scorer.output(pmml::kOfferOutput);
  Scores scores;
  scores.probabilities.resize(table.rows());
  std::vector<double> offers(offer ? table.rows() : 0);
  std::vector<pmml::Wanted> wanted = {{pmml::Wanted::Figure::kProbability, category}};
  std::vector<std::span<double>> out = {scores.probabilities};
  if (offer) {
    wanted.push_back({pmml::Wanted::Figure::kOutput, *offer});
    out.emplace_back(offers);
  }
  const auto rule = pmml::offer_rule(document);
  if (rule && rule->field == pmml::kUpliftOutput) {
    if (const auto uplift = scorer.output(rule->field)) {
      scores.uplifts.resize(table.rows());
      wanted.push_back({pmml::Wanted::Figure::kOutput, *uplift});
      out.emplace_back(scores.uplifts);
    }
  }
  TRY(score_rows(scorer, table, wanted, out, threads));
  scores.offers.resize(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool shown = offer ? offers[row] != 0 : scores.probabilities[row] > threshold;
    scores.offers[row] = shown ? 1 : 0;
  }
  return scores;
}

Evaluation evaluate_decisions(const std::string& name, const metric::Confusion& confusion,
                              const std::optional<profit::Economics>& economics) {
  Evaluation evaluation;
  evaluation.name = name;
  evaluation.confusion = confusion;
  if (economics) {
    evaluation.rap = profit::relative_achieved_profit(confusion, economics->q());
    evaluation.roi = profit::roi(confusion, economics->q());
    evaluation.profit_per_customer = profit::profit_per_customer(confusion, *economics);
    evaluation.profit_per_offer = profit::profit_per_offer(confusion, *economics);
  }
  return evaluation;
}

base::Result<Evaluation> evaluate(const pmml::Document& document, const std::string& name,
                                  const data::Table& table, const Labels& labels,
                                  const std::optional<profit::Economics>& economics,
                                  double threshold) {
  TRY_ASSIGN(const Scores scores, score(document, table, labels.positive, threshold));
  Evaluation evaluation =
      evaluate_decisions(name, metric::confusion_of(scores.offers, labels.values), economics);
  if (const auto rule = pmml::offer_rule(document)) evaluation.threshold = rule->threshold;
  evaluation.auc = metric::auc(scores.probabilities, labels.values);
  evaluation.brier = metric::brier(scores.probabilities, labels.values);
  evaluation.log_loss = metric::log_loss(scores.probabilities, labels.values);
  evaluation.calibration_error = metric::calibration_error(scores.probabilities, labels.values);
  return evaluation;
}

base::Result<std::string> common_positive(std::span<const Candidate> candidates,
                                          const std::string& given) {
  std::string wanted = given;
  for (const Candidate& candidate : candidates) {
    const std::optional<std::string> offered = offered_value(*candidate.document);
    if (!offered) continue;
    if (wanted.empty()) wanted = *offered;
    if (*offered != wanted) {
      return base::input_error("model '" + candidate.name + "' offers where it expects '" +
                               *offered + "', the others where they expect '" + wanted +
                               "': they cannot be compared");
    }
  }
  return wanted;
}

base::Result<std::vector<Evaluation>> rank(std::span<const Candidate> candidates,
                                           const data::Table& table, const std::string& target,
                                           const profit::Economics& economics,
                                           const std::string& positive) {
  TRY_ASSIGN(const std::string wanted, common_positive(candidates, positive));
  TRY_ASSIGN(const Labels labels, read_labels(table, target, wanted));
  std::vector<Evaluation> evaluations;
  for (const Candidate& candidate : candidates) {
    base::Result<Evaluation> one = evaluate(*candidate.document, candidate.name, table, labels,
                                            economics, profit::break_even_threshold(economics));
    if (!one)
      return base::Error{one.error().kind,
                         "model '" + candidate.name + "': " + one.error().message};
    evaluations.push_back(std::move(*one));
  }
  const auto negatives = static_cast<std::int64_t>(labels.values.size()) - labels.positives;
  evaluations.push_back(
      evaluate_decisions("always", metric::always(labels.positives, negatives), economics));
  evaluations.push_back(
      evaluate_decisions("never", metric::never(labels.positives, negatives), economics));
  std::stable_sort(evaluations.begin(), evaluations.end(),
                   [](const Evaluation& a, const Evaluation& b) {
                     return a.rap.value_or(-HUGE_VAL) > b.rap.value_or(-HUGE_VAL);
                   });
  return evaluations;
}

}  // namespace learn
