// SPDX-License-Identifier: Apache-2.0
#include "cli/figures.h"

#include <nlohmann/json.hpp>

#include "base/number.h"
#include "cli/terminal.h"

namespace cli {
namespace {

nlohmann::json number(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

}  // namespace

std::string format_figure(const std::optional<double>& value, int decimals) {
  return value ? base::format_fixed(*value, decimals) : "–";
}

std::string format_percent(const std::optional<double>& share, int decimals) {
  return share ? base::format_fixed(*share * 100, decimals) + " %" : "–";
}

std::string format_evaluations(std::span<const learn::Evaluation> evaluations,
                               const std::optional<profit::Economics>& economics) {
  std::vector<std::string> header = {"model"};
  if (economics) header.insert(header.end(), {"RAP", "ROI", "$/customer", "$/offer"});
  header.insert(header.end(),
                {"offers", "precision", "recall", "accuracy", "F", "AUC", "calibration"});
  std::vector<std::vector<std::string>> rows;
  for (const learn::Evaluation& e : evaluations) {
    std::vector<std::string>& row = rows.emplace_back();
    row.push_back(e.name);
    if (economics) {
      row.insert(row.end(),
                 {format_percent(e.rap), format_percent(e.roi),
                  format_figure(e.profit_per_customer, 4), format_figure(e.profit_per_offer, 4)});
    }
    const metric::Confusion& c = e.confusion;
    row.insert(row.end(),
               {base::format_count(c.offered()), format_figure(metric::precision(c), 4),
                format_figure(metric::recall(c), 4), format_figure(metric::accuracy(c), 4),
                format_figure(metric::f_score(c), 4), format_figure(e.auc, 4),
                format_figure(e.calibration_error, 4)});
  }
  return format_table(header, rows);
}

nlohmann::json evaluation_json(const learn::Evaluation& e) {
  const metric::Confusion& c = e.confusion;
  return {{"model", e.name},
          {"threshold", number(e.threshold)},
          {"confusion", {{"tp", c.tp}, {"fp", c.fp}, {"tn", c.tn}, {"fn", c.fn}}},
          {"accuracy", number(metric::accuracy(c))},
          {"precision", number(metric::precision(c))},
          {"recall", number(metric::recall(c))},
          {"false_alarm", number(metric::false_alarm(c))},
          {"specificity", number(metric::specificity(c))},
          {"f_score", number(metric::f_score(c))},
          {"auc", number(e.auc)},
          {"brier", number(e.brier)},
          {"log_loss", number(e.log_loss)},
          {"calibration_error", number(e.calibration_error)},
          {"rap", number(e.rap)},
          {"roi", number(e.roi)},
          {"profit_per_customer", number(e.profit_per_customer)},
          {"profit_per_offer", number(e.profit_per_offer)}};
}

}  // namespace cli
