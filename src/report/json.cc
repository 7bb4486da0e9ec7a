// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "metric/confusion.h"
#include "report/tables.h"

namespace report {
namespace {

using Json = nlohmann::ordered_json;

Json figure(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json figure(const std::optional<double>& value) { return value ? figure(*value) : Json(nullptr); }

Json of(const metric::Interval& interval) {
  return {{"estimate", figure(interval.estimate)},
          {"standard_error", figure(interval.standard_error)},
          {"low", figure(interval.low)},
          {"high", figure(interval.high)}};
}

Json of(const metric::Confusion& c) {
  return {{"tp", c.tp}, {"fp", c.fp}, {"tn", c.tn}, {"fn", c.fn}};
}

Json of(const profit::QRange& range) {
  return {{"from", figure(range.from)}, {"to", figure(range.to)}};
}
Json of(const profit::RoiRange& range) {
  return {{"from", figure(range.from)}, {"to", figure(range.to)}};
}

Json of(const learn::ColumnNotes& notes) {
  return {{"decimal_commas", notes.decimal_commas},
          {"empty", notes.empty},
          {"constant", notes.constant},
          {"ids", notes.ids}};
}

// Named before the templates that call them.
Json of(const learn::Importance& importance);
Json of(const metric::Gain& gain);
Json of(const profit::PairedDifference& difference);
Json of(const study::CalibrationBin& bin);
Json of(const study::Corrected& corrected);
Json of(const study::Fairness& fairness);
Json of(const study::GroupFigures& group);
Json of(const study::Leader& leader);
Json of(const study::Orders& orders);
Json of(const study::Ranked& one);
Json of(const study::RoundFigures& round);
Json of(const learn::Uplift& uplift);
Json of(const learn::Uplift::Top& top);
Json of(const study::UnderDoubt& doubt);

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? of(*value) : Json(nullptr);
}

template <class T>
Json list(const std::vector<T>& values) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(of(value));
  return out;
}

Json of(const profit::PairedDifference& difference) {
  return {{"rap", of(difference.rap)},
          {"profit_per_customer", of(difference.profit_per_customer)},
          {"z", figure(difference.z)},
          {"p", figure(difference.p)},
          {"discordant_rows", difference.discordant}};
}

Json of(const learn::Importance& importance) {
  return {{"column", importance.column}, {"share", figure(importance.share)}};
}

Json settings(const study::Recipe& recipe) {
  Json out = Json::object();
  for (const auto& setting : recipe.settings)
    std::visit([&](const auto& held) { out[setting.first] = held; }, setting.second);
  return out;
}

Json of(const study::RoundFigures& round) {
  return {{"test", of(round.test)},
          {"rap", figure(round.rap)},
          {"profit_per_customer", figure(round.profit_per_customer)},
          {"roi", figure(round.roi)}};
}

Json of(const learn::Uplift::Top& top) {
  return {{"share", figure(top.share)}, {"uplift", of(top.uplift)}};
}

Json of(const learn::Uplift& uplift) {
  Json curve = Json::array();
  for (const learn::Uplift::Point& point : uplift.curve)
    curve.push_back(Json::array({figure(point.share), figure(point.gained)}));
  return {{"profit_per_customer", of(uplift.profit_per_customer)},
          {"qini_area", maybe(uplift.area)},
          {"qini", maybe(uplift.coefficient)},
          {"top", list(uplift.top)},
          {"curve", curve}};
}

Json of(const study::Ranked& one) {
  const study::Model& model = one.model;
  return {{"name", model.recipe.name},
          {"generation", model.recipe.generation},
          {"settings", settings(model.recipe)},
          {"row_share", figure(model.row_share)},
          {"threshold", figure(model.threshold)},
          {"rap", of(one.money.rap)},
          {"profit", of(one.money.profit)},
          {"profit_per_customer", of(one.money.profit_per_customer)},
          {"achievable_profit", of(one.money.tap)},
          {"roi", maybe(one.money.roi)},
          {"behind_leader", maybe(one.behind)},
          {"p_holm", figure(one.p_holm)},
          {"wins_q", maybe(one.wins)},
          {"test", of(model.test)},
          {"rounds", list(model.rounds)},
          {"uplift", maybe(model.uplift)},
          {"validation", of(model.validation)},
          {"accuracy", figure(metric::accuracy(model.test))},
          {"precision", figure(metric::precision(model.test))},
          {"recall", figure(metric::recall(model.test))},
          {"false_alarm", figure(metric::false_alarm(model.test))},
          {"specificity", figure(metric::specificity(model.test))},
          {"f_score", figure(metric::f_score(model.test))},
          {"auc", figure(model.auc)},
          {"average_precision", figure(model.average_precision)},
          {"brier", figure(model.brier)},
          {"log_loss", figure(model.log_loss)},
          {"calibration_error", figure(model.calibration_error)},
          {"seconds", figure(model.seconds)},
          {"nanoseconds_a_row", figure(model.nanoseconds_a_row)},
          {"bytes", model.bytes},
          {"importance", list(model.importance)},
          {"notes", model.notes}};
}

Json curve(const std::vector<study::CurvePoint>& points) {
  Json out = Json::array();
  for (const study::CurvePoint& point : points)
    out.push_back(Json::array({figure(point.x), figure(point.y)}));
  return out;
}

Json of(const metric::Gain& gain) {
  return {{"share", figure(gain.share)}, {"gain", figure(gain.gain)}, {"lift", figure(gain.lift)}};
}

Json of(const study::CalibrationBin& bin) {
  return {{"predicted", figure(bin.predicted)}, {"observed", of(bin.observed)}, {"rows", bin.rows}};
}

Json of(const study::GroupFigures& group) {
  return {{"group", group.group},
          {"rows", group.rows},
          {"positives", group.positives},
          {"offer_rate", figure(group.offer_rate)},
          {"recall", figure(group.recall)},
          {"false_alarm", figure(group.false_alarm)},
          {"precision", figure(group.precision)},
          {"predicted", figure(group.predicted)},
          {"observed", figure(group.observed)}};
}

Json of(const study::Fairness& fairness) {
  return {{"column", fairness.column},
          {"parity_gap", figure(fairness.parity_gap)},
          {"opportunity_gap", figure(fairness.opportunity_gap)},
          {"odds_gap", figure(fairness.odds_gap)},
          {"calibration_gap", figure(fairness.calibration_gap)},
          {"jain_index", figure(fairness.jain_index)},
          {"groups", list(fairness.groups)}};
}

Json of(const study::Orders& orders) {
  return {{"by_probability", curve(orders.by_probability)},
          {"by_expected_profit", curve(orders.by_expected_profit)},
          {"everyone", of(orders.everyone)},
          {"where_it_pays", of(orders.where_it_pays)},
          {"above_mean_share", of(orders.above_mean_share)}};
}

Json of(const study::Leader& leader) {
  return {{"name", leader.name},
          {"file", leader.file},
          {"contacted", figure(leader.contacted)},
          {"profit_curve", curve(leader.profit_curve)},
          {"roc", curve(leader.roc)},
          {"precision_recall", curve(leader.precision_recall)},
          {"gains", list(leader.gains)},
          {"calibration", list(leader.calibration)},
          {"fairness", list(leader.fairness)},
          {"orders", maybe(leader.orders)}};
}

Json of(const study::Corrected& corrected) {
  return {{"rap", of(corrected.rap)},
          {"optimism", figure(corrected.optimism)},
          {"nested", figure(corrected.nested)}};
}

Json of(const study::UnderDoubt& doubt) {
  return {{"name", doubt.name},
          {"chance_of_best", figure(doubt.chance_of_best)},
          {"expected_rap", figure(doubt.expected_rap)},
          {"expected_regret", figure(doubt.expected_regret)},
          {"worst_regret", figure(doubt.worst_regret)}};
}

Json of(const study::Evaluation& evaluation) {
  return {{"method", study::name_of(evaluation)},
          {"folds", evaluation.folds},
          {"repeats", evaluation.repeats},
          {"rounds", evaluation.rounds()},
          {"validation_share", figure(evaluation.validation_share)},
          {"intervals", evaluation.repeats > 1 ? "rounds" : "rows"}};
}

Json economics(const study::Analysis& a) {
  const study::Hypothesis& hypothesis = a.options.hypothesis;
  return {{"income", figure(a.economics.income)},
          {"cost", figure(a.economics.cost)},
          {"q", figure(a.economics.q())},
          {"currency", a.options.currency},
          {"old_precision", figure(hypothesis.old_precision)},
          {"roi", figure(hypothesis.roi)},
          {"roi_range", maybe(hypothesis.roi_range)},
          {"belief", hypothesis.belief_in_words}};
}

Json rows(std::size_t rows, std::int64_t positives) {
  return {{"rows", rows}, {"positives", positives}};
}

Json control(const study::Analysis& a) {
  if (a.control.empty()) return nullptr;
  return {{"group", a.control}, {"rows", a.control_rows}, {"positives", a.control_positives}};
}

Json segments(const study::Analysis& a) {
  Json out = Json::array();
  for (const profit::Segment& segment : a.sensitivity.segments) {
    CHECK(segment.model < a.ranking.size());
    out.push_back({{"model", a.ranking[segment.model].model.recipe.name},
                   {"q_from", figure(segment.q.from)},
                   {"q_to", figure(segment.q.to)}});
  }
  return out;
}

Json reasons(const std::vector<std::pair<std::string, std::string>>& models) {
  Json out = Json::array();
  for (const auto& [name, reason] : models) out.push_back({{"name", name}, {"reason", reason}});
  return out;
}

}  // namespace

std::string json(const study::Analysis& analysis) {
  const study::Analysis& a = analysis;
  const Json out = {{"format", "provecho-study-report"},
                    {"version", 1},
                    {"advice", a.advice},
                    {"by_row", a.by_row},
                    {"evaluation", of(a.evaluation)},
                    {"target", a.target},
                    {"positive", a.positive},
                    {"economics", economics(a)},
                    {"confidence", figure(a.options.confidence)},
                    {"train", rows(a.train_rows, a.train_positives)},
                    {"validation", rows(a.validation_rows, a.validation_positives)},
                    {"test", rows(a.test_rows, a.test_positives)},
                    {"control", control(a)},
                    {"attributes", a.attributes},
                    {"warnings", a.warnings},
                    {"column_notes", of(a.column_notes)},
                    {"seconds", figure(a.seconds)},
                    {"corrected", maybe(a.corrected)},
                    {"safe_roi", maybe(a.safe_roi)},
                    {"sensitivity", segments(a)},
                    {"under_doubt", list(a.under_doubt)},
                    {"ranking", list(a.ranking)},
                    {"leaders", list(a.leaders)},
                    {"excluded", reasons(a.excluded)},
                    {"failed", reasons(a.failed)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace report
