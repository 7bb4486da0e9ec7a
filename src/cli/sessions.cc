// SPDX-License-Identifier: Apache-2.0
#include "cli/sessions.h"

#include <cmath>
#include <optional>

#include "base/number.h"
#include "data/csv.h"

namespace cli {
namespace {

class Columns {
 public:
  static base::Result<Columns> of(const data::Table& table) {
    Columns columns;
    for (const auto& [name, place] :
         {std::pair("customer", &columns.customer), std::pair("arm", &columns.arm),
          std::pair("base_value", &columns.base), std::pair("candidate_value", &columns.candidate),
          std::pair("shown", &columns.shown), std::pair("accepted", &columns.accepted),
          std::pair("revenue", &columns.revenue)}) {
      TRY_ASSIGN(const std::size_t at, table.index_of(name));
      *place = &table.columns()[at];
    }
    columns.counted = table.find("counted");
    columns.closing = table.find("closing");
    return columns;
  }

  const data::Column *customer{}, *arm{}, *base{}, *candidate{}, *shown{}, *accepted{}, *revenue{};
  const data::Column *counted{}, *closing{};  // May be null.
};

base::Error wrong(const data::Column& column, std::size_t row, const char* need) {
  return base::input_error("column '" + column.name() + "' holds '" + column.text(row) +
                           "' in row " + std::to_string(row + 1) + ": expected " + need);
}

base::Result<bool> flag(const data::Column& column, std::size_t row) {
  const std::string text = column.text(row);
  if (text == "0" || text == "1") return text == "1";
  return wrong(column, row, "0 or 1");
}

base::Result<RecordedSession> read_row(const Columns& columns, std::size_t row) {
  RecordedSession session;
  const auto customer = base::parse_int(columns.customer->text(row));
  if (!customer) return wrong(*columns.customer, row, "a whole number");
  session.customer = *customer;
  const std::string arm = columns.arm->text(row);
  if (arm != "base" && arm != "candidate")
    return wrong(*columns.arm, row,
                 "base or candidate (of several: provecho export --candidate N)");
  session.arm = arm == "base" ? experiment::Arm::kBase : experiment::Arm::kCandidate;
  TRY_ASSIGN(session.base_offers, flag(*columns.base, row));
  TRY_ASSIGN(session.candidate_offers, flag(*columns.candidate, row));
  TRY_ASSIGN(session.shown, flag(*columns.shown, row));
  TRY_ASSIGN(session.accepted, flag(*columns.accepted, row));
  const auto revenue = base::parse_cents(columns.revenue->text(row));
  if (!revenue) return wrong(*columns.revenue, row, "an amount");
  session.revenue = *revenue;
  return session;
}

}  // namespace

base::Result<RecordedSessions> read_sessions(const std::string& path) {
  TRY_ASSIGN(const data::Table table, data::read_csv(path));
  TRY_ASSIGN(const Columns columns, Columns::of(table));
  RecordedSessions sessions;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (columns.closing != nullptr && columns.closing->text(row) == "open") {
      ++sessions.open;
    } else if (columns.counted != nullptr && columns.counted->text(row) == "0") {
      ++sessions.uncounted;
    } else {
      TRY_ASSIGN(const RecordedSession session, read_row(columns, row));
      sessions.rows.push_back(session);
    }
  }
  return sessions;
}

}  // namespace cli
