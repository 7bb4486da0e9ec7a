// SPDX-License-Identifier: Apache-2.0
#include "study/detail/hold_out.h"

#include <chrono>
#include <utility>

#include "learn/evaluate.h"
#include "metric/curve.h"
#include "metric/probability.h"
#include "pmml/document/decision.h"
#include "pmml/write/write.h"
#include "profit/amount_models.h"
#include "profit/threshold.h"
#include "study/detail/fit.h"

namespace study::detail {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The threshold, and what it makes of the rows that it is chosen on.
base::Result<void> cut(const Rows& validation, const std::vector<double>& probabilities,
                       ThresholdRule rule, const profit::Economics& economics, Model& model) {
  TRY_ASSIGN(model.threshold, choose_threshold(rule, probabilities, validation, economics));
  TRY_ASSIGN(const std::vector<std::uint8_t> offers,
             decide(validation, probabilities, model.threshold));
  model.validation = metric::confusion_of(offers, validation.labels.values);
  TRY_ASSIGN(model.validation_rap_by_row, rap_by_row(validation, offers));
  return {};
}

base::Result<void> measure(const std::vector<double>& probabilities, const Rows& test,
                           Model& model) {
  const learn::Labels& labels = test.labels;
  TRY_ASSIGN(const std::vector<std::uint8_t> offers, decide(test, probabilities, model.threshold));
  model.test = metric::confusion_of(offers, labels.values);
  model.decisions = pack(offers);
  TRY_ASSIGN(model.test_rap_by_row, rap_by_row(test, offers));
  model.auc = metric::auc(probabilities, labels.values);
  model.average_precision = metric::average_precision(probabilities, labels.values);
  model.brier = metric::brier(probabilities, labels.values);
  model.log_loss = metric::log_loss(probabilities, labels.values);
  model.calibration_error = metric::calibration_error(probabilities, labels.values);
  return {};
}

// A document compiled, and what it says of the validation rows.
struct Held {
  pmml::Scorer scorer;
  std::vector<double> probabilities;
};

base::Result<Held> compile_and_score(const pmml::Document& document, const Rows& rows) {
  TRY_ASSIGN(pmml::Scorer scorer, pmml::Scorer::compile(document));
  TRY_ASSIGN(std::vector<double> probabilities,
             learn::probabilities(scorer, rows.table, rows.labels.positive, /*threads=*/1));
  return Held{std::move(scorer), std::move(probabilities)};
}

}  // namespace

std::vector<std::uint8_t> offers_above(const std::vector<double>& keys, double threshold) {
  std::vector<std::uint8_t> offers(keys.size());
  for (std::size_t row = 0; row < offers.size(); ++row) offers[row] = keys[row] > threshold ? 1 : 0;
  return offers;
}

base::Result<double> choose_threshold(ThresholdRule rule, const std::vector<double>& probabilities,
                                      const Rows& rows, const profit::Economics& economics) {
  if (rows.have_amounts()) {
    if (rule == ThresholdRule::kBreakEven) return 0.0;
    if (rule == ThresholdRule::kBest) {
      TRY_ASSIGN(const std::vector<double> keys, keys_of(rows, probabilities));
      return profit::best_amount_threshold(rows.amounts(), keys);
    }
    return base::input_error(
        "the threshold 'half' is one of probabilities; rows with amounts of their own are decided "
        "by p·i − c: choose best or break-even");
  }
  if (rule == ThresholdRule::kHalf) return profit::kEvenThreshold;
  if (rule == ThresholdRule::kBreakEven) return profit::break_even_threshold(economics);
  TRY_ASSIGN(const profit::Cut best,
             profit::best_cut(probabilities, rows.labels.values, economics));
  return best.threshold;
}

base::Result<learn::Calibration> calibration_of(const std::string& method,
                                                const std::vector<double>& probabilities,
                                                const std::vector<std::uint8_t>& labels) {
  return learn::fit_calibration(
      method == "platt" ? learn::CalibrationMethod::kPlatt : learn::CalibrationMethod::kIsotonic,
      {.scores = probabilities, .labels = labels});
}

void add_offer(const Ground& ground, MadeModel& made) {
  const Rows& test = ground.test();
  pmml::add_decision(made.document, test.labels.positive,
                     test.have_amounts() ? profit::break_even_threshold(ground.economics())
                                         : made.model.threshold);
  made.model.bytes = static_cast<std::int64_t>(pmml::write(made.document).size());
}

base::Result<void> add_to_sample(const Ground& ground, const Tested& tested, UpliftSample& sample) {
  if (tested.of_controls.empty()) return {};
  const auto add = [&](const Rows& rows, bool treated,
                       const std::vector<double>& probabilities) -> base::Result<void> {
    TRY_ASSIGN(const std::vector<double> keys, keys_of(rows, probabilities));
    sample.add(rows, treated, keys, offers_above(keys, tested.made.model.threshold));
    return {};
  };
  TRY(add(ground.test(), true, tested.probabilities));
  return add(ground.controls(), false, tested.of_controls);
}

base::Result<std::optional<double>> rap_by_row(const Rows& rows,
                                               const std::vector<std::uint8_t>& offers) {
  if (!rows.have_amounts()) return std::optional<double>();
  TRY_ASSIGN(const profit::AmountOutcome outcome, profit::outcome_of(rows.amounts(), offers));
  return outcome.rap;
}

base::Result<Tested> hold_out(const Ground& ground, const Recipe& recipe, double row_share,
                              ThresholdRule rule) {
  const Rows& validation = ground.validation();
  const Rows& test = ground.test();
  const std::string& positive = test.labels.positive;
  Tested tested;
  MadeModel& made = tested.made;
  Model& model = made.model;
  model.recipe = recipe;
  model.row_share = row_share;

  TRY_ASSIGN(const Material material, material_of(ground, recipe, row_share));
  const Clock::time_point start = Clock::now();
  TRY_ASSIGN(learn::Trained trained, fit(ground, recipe, material));
  made.document = std::move(trained.document);
  model.importance = std::move(trained.importance);
  model.notes = std::move(trained.notes);
  TRY_ASSIGN(Held held, compile_and_score(made.document, validation));
  if (const std::string& method = choice(recipe, "calibration"); method != "none") {
    TRY_ASSIGN(tested.uncalibrated,
               learn::probabilities(held.scorer, test.table, positive, /*threads=*/1));
    TRY_ASSIGN(const learn::Calibration calibration,
               calibration_of(method, held.probabilities, validation.labels.values));
    TRY_ASSIGN(made.document, learn::calibrate(std::move(made.document), positive, calibration));
    TRY_ASSIGN(held, compile_and_score(made.document, validation));
  }
  model.seconds = seconds_since(start);

  TRY(cut(validation, held.probabilities, rule, ground.economics(), model));
  add_offer(ground, made);
  const Clock::time_point scoring = Clock::now();
  TRY_ASSIGN(tested.probabilities,
             learn::probabilities(held.scorer, test.table, positive, /*threads=*/1));
  model.nanoseconds_a_row = 1e9 * seconds_since(scoring) / static_cast<double>(test.table.rows());
  TRY(measure(tested.probabilities, test, model));
  if (const data::Table& controls = ground.controls().table; controls.rows() > 0) {
    TRY_ASSIGN(tested.of_controls,
               learn::probabilities(held.scorer, controls, positive, /*threads=*/1));
  }
  return tested;
}

}  // namespace study::detail
