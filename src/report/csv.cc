// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <functional>

#include "base/number.h"
#include "metric/confusion.h"
#include "report/detail/view.h"
#include "report/tables.h"

namespace report {
namespace {

using study::Ranked;

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string cell(std::optional<double> value) {
  return value && std::isfinite(*value) ? base::format_double(*value) : std::string();
}

// "balance=smote c=0.5", in the order of their names.
std::string settings(const study::Recipe& recipe) {
  std::string out;
  for (const auto& [name, value] : recipe.settings) {
    if (!out.empty()) out += ' ';
    out += name + '=';
    if (const auto* text = std::get_if<std::string>(&value)) {
      out += *text;
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      out += std::to_string(*whole);
    } else {
      out += base::format_double(std::get<double>(value));
    }
  }
  return out;
}

struct Column {
  const char* name;
  std::function<std::string(const Ranked&)> of;
};

void add_interval(std::vector<Column>& columns, const char* const (&names)[4],
                  const std::function<std::optional<metric::Interval>(const Ranked&)>& of) {
  using Member = double metric::Interval::*;
  constexpr Member kMembers[] = {&metric::Interval::estimate, &metric::Interval::standard_error,
                                 &metric::Interval::low, &metric::Interval::high};
  for (std::size_t i = 0; i < 4; ++i) {
    const Member member = kMembers[i];
    columns.push_back({names[i], [of, member](const Ranked& r) {
                         const auto interval = of(r);
                         return interval ? cell((*interval).*member) : std::string();
                       }});
  }
}

void add_money(std::vector<Column>& columns) {
  add_interval(columns, {"rap", "rap_standard_error", "rap_low", "rap_high"},
               [](const Ranked& r) { return std::optional(r.money.rap); });
  add_interval(columns, {"profit", "profit_standard_error", "profit_low", "profit_high"},
               [](const Ranked& r) { return std::optional(r.money.profit); });
  add_interval(columns,
               {"profit_per_customer", "profit_per_customer_standard_error",
                "profit_per_customer_low", "profit_per_customer_high"},
               [](const Ranked& r) { return std::optional(r.money.profit_per_customer); });
  add_interval(columns, {"roi", "roi_standard_error", "roi_low", "roi_high"},
               [](const Ranked& r) { return r.money.roi; });
  add_interval(
      columns,
      {"behind_leader_rap", "behind_leader_rap_standard_error", "behind_leader_rap_low",
       "behind_leader_rap_high"},
      [](const Ranked& r) { return r.behind ? std::optional(r.behind->rap) : std::nullopt; });
  columns.push_back({"behind_leader_p_holm", [](const Ranked& r) { return cell(r.p_holm); }});
  columns.push_back(
      {"wins_q_from", [](const Ranked& r) { return r.wins ? cell(r.wins->from) : std::string(); }});
  columns.push_back(
      {"wins_q_to", [](const Ranked& r) { return r.wins ? cell(r.wins->to) : std::string(); }});
}

void add_uplift(std::vector<Column>& columns) {
  add_interval(columns,
               {"incremental_profit_per_customer", "incremental_profit_per_customer_standard_error",
                "incremental_profit_per_customer_low", "incremental_profit_per_customer_high"},
               [](const Ranked& r) {
                 return r.model.uplift ? std::optional(r.model.uplift->profit_per_customer)
                                       : std::nullopt;
               });
  add_interval(
      columns, {"qini", "qini_standard_error", "qini_low", "qini_high"},
      [](const Ranked& r) { return r.model.uplift ? r.model.uplift->coefficient : std::nullopt; });
}

void add_counts(std::vector<Column>& columns) {
  using Member = std::int64_t metric::Confusion::*;
  const std::pair<const char*, Member> members[] = {{"tp", &metric::Confusion::tp},
                                                    {"fp", &metric::Confusion::fp},
                                                    {"tn", &metric::Confusion::tn},
                                                    {"fn", &metric::Confusion::fn}};
  for (const auto& [name, member] : members)
    columns.push_back({name, [member = member](const Ranked& r) {
                         return std::to_string(r.model.test.*member);
                       }});
}

void add_quality(std::vector<Column>& columns) {
  const auto rate = [&](const char* name, std::optional<double> (*of)(const metric::Confusion&)) {
    columns.push_back({name, [of](const Ranked& r) { return cell(of(r.model.test)); }});
  };
  rate("accuracy", metric::accuracy);
  rate("precision", metric::precision);
  rate("recall", metric::recall);
  rate("false_alarm", metric::false_alarm);
  rate("specificity", metric::specificity);
  columns.push_back(
      {"f_score", [](const Ranked& r) { return cell(metric::f_score(r.model.test)); }});
  columns.push_back({"auc", [](const Ranked& r) { return cell(r.model.auc); }});
  columns.push_back(
      {"average_precision", [](const Ranked& r) { return cell(r.model.average_precision); }});
  columns.push_back({"brier", [](const Ranked& r) { return cell(r.model.brier); }});
  columns.push_back({"log_loss", [](const Ranked& r) { return cell(r.model.log_loss); }});
  columns.push_back(
      {"calibration_error", [](const Ranked& r) { return cell(r.model.calibration_error); }});
  columns.push_back({"threshold", [](const Ranked& r) { return cell(r.model.threshold); }});
}

std::vector<Column> columns() {
  std::vector<Column> out = {
      {"generation", [](const Ranked& r) { return r.model.recipe.generation; }},
      {"learner", [](const Ranked& r) { return detail::learner_of(r.model.recipe); }},
      {"row_share", [](const Ranked& r) { return cell(r.model.row_share); }},
  };
  add_money(out);
  add_counts(out);
  add_quality(out);
  add_uplift(out);
  out.push_back({"seconds", [](const Ranked& r) { return cell(r.model.seconds); }});
  out.push_back(
      {"nanoseconds_a_row", [](const Ranked& r) { return cell(r.model.nanoseconds_a_row); }});
  out.push_back({"bytes", [](const Ranked& r) { return std::to_string(r.model.bytes); }});
  out.push_back({"settings", [](const Ranked& r) { return settings(r.model.recipe); }});
  return out;
}

}  // namespace

std::string csv(const study::Analysis& analysis) {
  const std::vector<Column> all = columns();
  std::string out = "rank,name";
  for (const Column& column : all) out += std::string(",") + column.name;
  out += ",failure\r\n";
  std::size_t rank = 0;
  for (const Ranked& one : analysis.ranking) {
    out += std::to_string(++rank) + "," + quoted(one.model.recipe.name);
    for (const Column& column : all) out += "," + quoted(column.of(one));
    out += ",\r\n";
  }
  for (const auto& [name, reason] : analysis.failed)
    out += "," + quoted(name) + std::string(all.size(), ',') + "," + quoted(reason) + "\r\n";
  for (const auto& [name, reason] : analysis.excluded)
    out += "," + quoted(name) + std::string(all.size(), ',') + "," + quoted(reason) + "\r\n";
  return out;
}

}  // namespace report
