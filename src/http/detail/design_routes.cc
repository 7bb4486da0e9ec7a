// SPDX-License-Identifier: Apache-2.0
// POST /v1/designs:solve: of alpha, power, effect and customers any three give the fourth; all four
// are checked.
#include <array>
#include <string>

#include "base/number.h"
#include "http/detail/json_words.h"
#include "http/detail/routes.h"

namespace http {
namespace {

constexpr std::array<const char*, 4> kFour = {"alpha", "power", "effect", "customers"};

// Which of the four is asked for: the one named, or else the only one that is missing; empty: check
// all four.
std::string unknown_of(Body& body) {
  const std::string named = body.text("solve_for");
  std::vector<std::string> missing;
  bool known = false;
  for (const char* number : kFour) {
    if (named == number) known = true;
    if (named != number && !body.has(number)) missing.emplace_back(number);
  }
  if (!named.empty() && !known) {
    body.fault("unknown_number", "solve_for",
               "'" + named + "' is none of alpha, power, effect, customers",
               "alpha, power, effect or customers");
  }
  if (named.empty() && missing.size() == 1) return missing.front();
  for (const std::string& number : missing) {
    body.fault("missing", number,
               "'" + number + "' is missing: three of the four numbers give the fourth");
  }
  return known ? named : std::string();
}

base::Result<void> solve(const std::string& unknown, experiment::PlannedDesign& plan) {
  const auto extras = experiment::invalid_extras(plan);
  if (!extras.empty()) return base::input_error(extras.front().message);
  if (unknown == "customers") {
    TRY_ASSIGN(plan.customers, experiment::customers_needed(plan));
  } else if (unknown == "power") {
    TRY_ASSIGN(plan.design.power, experiment::power_found(plan));
  } else if (unknown == "effect") {
    TRY_ASSIGN(plan.design.effect_per_customer, experiment::effect_found(plan));
  } else if (unknown == "alpha") {
    TRY_ASSIGN(plan.design.alpha, experiment::alpha_needed(plan));
  }
  return {};
}

// What the numbers that were given are guilty of themselves, else the solver's own words.
Response refuse_unsolvable(const experiment::PlannedDesign& plan, const std::string& unknown,
                           const base::Error& error) {
  std::vector<Reason> reasons;
  for (const experiment::Reason& reason : experiment::invalid_numbers(plan.design, unknown)) {
    if (reason.field == unknown) continue;
    reasons.push_back({.code = reason.code,
                       .field = reason.field,
                       .detail = reason.message,
                       .have = base::format_double(reason.have),
                       .need = base::format_double(reason.need)});
  }
  if (reasons.empty()) {
    reasons.push_back({.code = "unsolvable", .field = unknown, .detail = error.message});
  }
  std::string detail;
  for (const Reason& reason : reasons) detail += (detail.empty() ? "" : "; ") + reason.detail;
  return problem_response(Problem{.status = 422,
                                  .code = "incoherent-design",
                                  .title = "These numbers cannot all be true",
                                  .detail = std::move(detail),
                                  .reasons = std::move(reasons)});
}

Response solve_design(const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  const std::string unknown = unknown_of(body);
  body.required("deviation");
  experiment::PlannedDesign plan = read_design(body);
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));

  if (auto solved = solve(unknown, plan); !solved)
    return refuse_unsolvable(plan, unknown, solved.error());
  const experiment::Coherence coherence = experiment::check(plan);
  if (!coherence.accepted()) return refuse_design(plan, coherence);
  Json json = {{"solved", unknown.empty() ? Json() : Json(unknown)}};
  json.update(outlook_json(plan, coherence));
  return json_response(json);
}

}  // namespace

void add_design_routes(Router& router, const Ground& ground) {
  router.post("/v1/designs:solve", on_worker(ground.worker, solve_design), Access::kRead);
}

}  // namespace http
