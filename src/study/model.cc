// SPDX-License-Identifier: Apache-2.0
#include "study/model.h"

#include <nlohmann/json.hpp>

namespace study {
namespace {

using Json = nlohmann::json;

Json confusion_json(const metric::Confusion& c) { return {c.tp, c.fp, c.tn, c.fn}; }

metric::Confusion confusion_from(const Json& json) {
  return {.tp = json.at(0), .fp = json.at(1), .tn = json.at(2), .fn = json.at(3)};
}

Json figure_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}
std::optional<double> figure_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional<double>(json.get<double>());
}

Json round_json(const RoundFigures& round) {
  return {confusion_json(round.test), figure_json(round.rap), round.profit_per_customer,
          figure_json(round.roi)};
}
RoundFigures round_from(const Json& json) {
  return {.test = confusion_from(json.at(0)),
          .rap = figure_from(json.at(1)),
          .profit_per_customer = json.at(2),
          .roi = figure_from(json.at(3))};
}

Json interval_json(const metric::Interval& interval) {
  return {interval.estimate, interval.standard_error, interval.low, interval.high};
}
metric::Interval interval_from(const Json& json) {
  return {json.at(0), json.at(1), json.at(2), json.at(3)};
}
Json maybe_interval_json(const std::optional<metric::Interval>& interval) {
  return interval ? interval_json(*interval) : Json(nullptr);
}
std::optional<metric::Interval> maybe_interval_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(interval_from(json));
}

Json uplift_json(const learn::Uplift& uplift) {
  Json top = Json::array(), curve = Json::array();
  for (const learn::Uplift::Top& one : uplift.top)
    top.push_back(Json::array({one.share, interval_json(one.uplift)}));
  for (const learn::Uplift::Point& point : uplift.curve)
    curve.push_back(Json::array({point.share, point.gained}));
  return {{"profit_per_customer", interval_json(uplift.profit_per_customer)},
          {"area", maybe_interval_json(uplift.area)},
          {"coefficient", maybe_interval_json(uplift.coefficient)},
          {"top", top},
          {"curve", curve}};
}
learn::Uplift uplift_from(const Json& json) {
  learn::Uplift uplift{.profit_per_customer = interval_from(json.at("profit_per_customer")),
                       .area = maybe_interval_from(json.at("area")),
                       .coefficient = maybe_interval_from(json.at("coefficient"))};
  for (const Json& one : json.at("top"))
    uplift.top.push_back({one.at(0), interval_from(one.at(1))});
  for (const Json& point : json.at("curve")) uplift.curve.push_back({point.at(0), point.at(1)});
  return uplift;
}

Model model_from(const Json& json) {
  Model model;
  model.row_share = json.at("row_share");
  model.failure = json.at("failure");
  if (!model.failure.empty()) return model;
  model.threshold = json.at("threshold");
  model.validation = confusion_from(json.at("validation"));
  model.test = confusion_from(json.at("test"));
  model.validation_rap_by_row = figure_from(json.value("validation_rap_by_row", Json(nullptr)));
  model.test_rap_by_row = figure_from(json.value("test_rap_by_row", Json(nullptr)));
  model.auc = figure_from(json.at("auc"));
  model.average_precision = figure_from(json.at("average_precision"));
  model.brier = figure_from(json.at("brier"));
  model.log_loss = figure_from(json.at("log_loss"));
  model.calibration_error = figure_from(json.at("calibration_error"));
  model.seconds = json.at("seconds");
  model.nanoseconds_a_row = json.at("nanoseconds_a_row");
  model.bytes = json.at("bytes");
  // Files of before there were rounds have neither.
  model.seconds_of_rounds = json.value("seconds_of_rounds", 0.0);
  for (const Json& round : json.value("rounds", Json::array()))
    model.rounds.push_back(round_from(round));
  if (json.contains("uplift")) model.uplift = uplift_from(json.at("uplift"));
  for (const Json& one : json.at("importance"))
    model.importance.push_back({one.at(0).get<std::string>(), one.at(1).get<double>()});
  model.notes = json.at("notes").get<std::vector<std::string>>();
  return model;
}

}  // namespace

Decisions pack(const std::vector<std::uint8_t>& offers) {
  Decisions decisions((offers.size() + 63) / 64, 0);
  for (std::size_t row = 0; row < offers.size(); ++row)
    decisions[row / 64] |= static_cast<std::uint64_t>(offers[row] != 0) << (row % 64);
  return decisions;
}

std::vector<std::uint8_t> unpack(const Decisions& decisions, std::size_t rows) {
  std::vector<std::uint8_t> offers(rows);
  for (std::size_t row = 0; row < rows; ++row)
    offers[row] = static_cast<std::uint8_t>(decisions[row / 64] >> (row % 64) & 1);
  return offers;
}

std::string write_figures(const Model& model) {
  Json importance = Json::array();
  for (const learn::Importance& one : model.importance)
    importance.push_back({one.column, one.share});
  Json rounds = Json::array();
  for (const RoundFigures& round : model.rounds) rounds.push_back(round_json(round));
  Json json = {{"row_share", model.row_share},
               {"failure", model.failure},
               {"threshold", model.threshold},
               {"validation", confusion_json(model.validation)},
               {"test", confusion_json(model.test)},
               {"validation_rap_by_row", figure_json(model.validation_rap_by_row)},
               {"test_rap_by_row", figure_json(model.test_rap_by_row)},
               {"auc", figure_json(model.auc)},
               {"average_precision", figure_json(model.average_precision)},
               {"brier", figure_json(model.brier)},
               {"log_loss", figure_json(model.log_loss)},
               {"calibration_error", figure_json(model.calibration_error)},
               {"seconds", model.seconds},
               {"seconds_of_rounds", model.seconds_of_rounds},
               {"rounds", rounds},
               {"nanoseconds_a_row", model.nanoseconds_a_row},
               {"bytes", model.bytes},
               {"importance", importance},
               {"notes", model.notes}};
  if (model.uplift) json["uplift"] = uplift_json(*model.uplift);
  return json.dump();
}

base::Result<Model> read_figures(const std::string& text, Recipe recipe, Decisions decisions) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    Model model = model_from(json);
    model.recipe = std::move(recipe);
    model.decisions = std::move(decisions);
    return model;
  } catch (const Json::exception& error) {
    return base::input_error("the study's figures of '" + recipe.name +
                             "' cannot be read: " + error.what());
  }
}

}  // namespace study
