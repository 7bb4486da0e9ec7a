// SPDX-License-Identifier: Apache-2.0
#include "study/detail/over_rounds.h"

#include <chrono>
#include <utility>

#include "metric/probability.h"
#include "study/detail/fit.h"
#include "study/detail/hold_out.h"

namespace study::detail {
namespace {

using Clock = std::chrono::steady_clock;

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// The test rows of all rounds, without their table, and what the rounds' models say of them.
struct Pool {
  Rows rows;
  std::vector<double> probabilities, uncalibrated;

  void add(const Rows& test, const Tested& tested) {
    append(rows.labels.values, test.labels.values);
    append(rows.incomes, test.incomes);
    append(rows.costs, test.costs);
    append(probabilities, tested.probabilities);
    append(uncalibrated, tested.uncalibrated);
  }
};

// Nothing where it is not defined in any round.
class Mean {
 public:
  void add(const std::optional<double>& value) {
    if (!value) return;
    sum_ += *value;
    ++count_;
  }
  [[nodiscard]] std::optional<double> get() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / count_);
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

struct Means {
  Mean auc, average_precision, validation_rap, test_rap, nanoseconds;
};

void add_round(const Model& round, Model& model, Means& means) {
  model.validation += round.validation;
  model.test += round.test;
  model.seconds_of_rounds += round.seconds;
  means.auc.add(round.auc);
  means.average_precision.add(round.average_precision);
  means.validation_rap.add(round.validation_rap_by_row);
  means.test_rap.add(round.test_rap_by_row);
  means.nanoseconds.add(round.nanoseconds_a_row);
}

base::Result<void> summarise(const Ground& ground, const Pool& pool, const Means& means,
                             const std::vector<std::uint8_t>& offers, Model& model) {
  model.decisions = pack(offers);
  model.auc = means.auc.get();
  model.average_precision = means.average_precision.get();
  model.nanoseconds_a_row = means.nanoseconds.get().value_or(0);
  model.validation_rap_by_row = means.validation_rap.get();
  model.test_rap_by_row = means.test_rap.get();
  if (ground.options().evaluation.repeats == 1) {
    TRY_ASSIGN(model.test_rap_by_row, rap_by_row(ground.test(), offers));
  }
  const std::vector<std::uint8_t>& labels = pool.rows.labels.values;
  model.brier = metric::brier(pool.probabilities, labels);
  model.log_loss = metric::log_loss(pool.probabilities, labels);
  model.calibration_error = metric::calibration_error(pool.probabilities, labels);
  return {};
}

// On all rows.
base::Result<void> fit_for_file(const Ground& ground, ThresholdRule rule, Pool pool,
                                MadeModel& made) {
  Model& model = made.model;
  TRY_ASSIGN(const Material material, material_of(ground, model.recipe, 1));
  const Clock::time_point start = Clock::now();
  TRY_ASSIGN(learn::Trained trained, fit(ground, model.recipe, material));
  made.document = std::move(trained.document);
  model.importance = std::move(trained.importance);
  model.notes = std::move(trained.notes);
  if (const std::string& method = choice(model.recipe, "calibration"); method != "none") {
    TRY_ASSIGN(const learn::Calibration calibration,
               calibration_of(method, pool.uncalibrated, pool.rows.labels.values));
    TRY_ASSIGN(made.document, learn::calibrate(std::move(made.document),
                                               ground.test().labels.positive, calibration));
    for (std::size_t i = 0; i < pool.probabilities.size(); ++i)
      pool.probabilities[i] = calibration.probability(pool.uncalibrated[i]);
  }
  TRY_ASSIGN(model.threshold,
             choose_threshold(rule, pool.probabilities, pool.rows, ground.economics()));
  model.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  add_offer(ground, made);
  return {};
}

}  // namespace

base::Result<RoundFigures> figures_of(const Rows& rows, const std::vector<std::uint8_t>& offers,
                                      const profit::Economics& economics) {
  RoundFigures figures{.test = metric::confusion_of(offers, rows.labels.values)};
  if (rows.have_amounts()) {
    TRY_ASSIGN(const profit::AmountOutcome outcome, profit::outcome_of(rows.amounts(), offers));
    figures.rap = outcome.rap;
    figures.profit_per_customer = outcome.profit_per_customer.estimate;
    figures.roi = outcome.roi;
    return figures;
  }
  figures.rap = profit::relative_achieved_profit(figures.test, economics.q());
  figures.profit_per_customer = profit::profit_per_customer(figures.test, economics).value_or(0);
  figures.roi = profit::roi(figures.test, economics.q());
  return figures;
}

base::Result<MadeModel> make_over_rounds(const Ground& ground, const Recipe& recipe,
                                         double row_share, ThresholdRule rule,
                                         const AfterRound& after_round) {
  MadeModel made;
  Model& model = made.model;
  model.recipe = recipe;
  model.row_share = row_share;
  Pool pool;
  Means means;
  UpliftSample sample(ground.economics());
  bool has_controls = false;
  std::vector<std::uint8_t> offers;  // Of the first repeat.
  for (const Ground& round : ground.rounds()) {
    const Rows& test = round.test();
    TRY_ASSIGN(const Tested tested, hold_out(round, recipe, row_share, rule));
    const Model& one = tested.made.model;
    const std::vector<std::uint8_t> decisions = unpack(one.decisions, test.labels.values.size());
    pool.add(test, tested);
    TRY(add_to_sample(round, tested, sample));
    has_controls = has_controls || !tested.of_controls.empty();
    add_round(one, model, means);
    if (model.rounds.size() < ground.options().evaluation.rounds_a_repeat()) {
      append(offers, decisions);
      append(made.out_of_fold, tested.probabilities);
    }
    TRY_ASSIGN(const RoundFigures figures, figures_of(test, decisions, ground.economics()));
    model.rounds.push_back(figures);
    if (after_round && !after_round()) return base::system_error("stopped");
  }
  TRY(summarise(ground, pool, means, offers, model));
  if (has_controls) {
    TRY_ASSIGN(model.uplift, sample.measure(ground.options().seed));
  }
  if (row_share >= 1) TRY(fit_for_file(ground, rule, std::move(pool), made));
  return made;
}

}  // namespace study::detail
