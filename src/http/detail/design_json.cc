// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/number.h"
#include "http/detail/json_words.h"

namespace http {
namespace {

constexpr int kCurvePoints = 48;
constexpr int kSparseCurvePoints = 12;
// Where the exact power of one point takes the longest, fewer points are drawn.
constexpr std::int64_t kManyCustomers = 10'000'000;

Json remarks_json(const std::vector<experiment::Reason>& remarks) {
  Json json = Json::array();
  for (const experiment::Reason& remark : remarks)
    json.push_back({{"code", remark.code}, {"detail", remark.message}});
  return json;
}

// [[effect, power], …] from the margin to beyond twice the distance to the effect; of those
// compared, at one look.
Json power_curve(const experiment::Design& design, const experiment::Customers& customers,
                 double share) {
  Json curve = Json::array();
  const double reach = 2.2 * (design.effect_per_customer - design.margin);
  const int points = customers.total() > kManyCustomers ? kSparseCurvePoints : kCurvePoints;
  experiment::Design at = design;
  for (int i = 0; i <= points; ++i) {
    at.effect_per_customer = design.margin + reach * i / points;
    curve.push_back({at.effect_per_customer * share, experiment::exact_power(at, customers)});
  }
  return curve;
}

}  // namespace

namespace {

std::vector<experiment::Guardrail> read_guardrails(Body& body) {
  std::vector<experiment::Guardrail> guardrails;
  for (Body& one : body.objects("guardrails")) {
    one.required("metric");
    one.required("worst");
    const std::string metric = one.text("metric");
    const auto known = experiment::secondary_metric(metric);
    if (!known && one.has("metric")) {
      std::string names;
      for (const auto each : experiment::kSecondaryMetrics)
        names += (names.empty() ? "" : ", ") + std::string(experiment::name(each));
      one.fault("unknown_metric", "metric", "'" + metric + "' is no metric of a guardrail", names);
    }
    guardrails.push_back({.metric = known.value_or(experiment::SecondaryMetric::kBuyers),
                          .worst = one.number("worst", 0),
                          .deviation = one.number("deviation")});
    body.absorb(one);
  }
  return guardrails;
}

Json guardrails_json(const std::vector<experiment::Guardrail>& guardrails) {
  Json json = Json::array();
  for (const experiment::Guardrail& guardrail : guardrails) {
    json.push_back({{"metric", experiment::name(guardrail.metric)}, {"worst", guardrail.worst}});
    if (guardrail.deviation) json.back()["deviation"] = *guardrail.deviation;
  }
  return json;
}

}  // namespace

experiment::PlannedDesign read_design(Body& body) {
  experiment::PlannedDesign plan;
  experiment::Design& design = plan.design;
  design.alpha = body.number("alpha", design.alpha);
  design.power = body.number("power", design.power);
  design.effect_per_customer = body.number("effect", design.effect_per_customer);
  design.margin = body.number("margin", design.margin);
  design.deviation = body.number("deviation", design.deviation);
  design.candidate_deviation = body.number("candidate_deviation");
  design.ratio = body.number("ratio", design.ratio);
  const std::int64_t sides = body.integer("sides").value_or(1);
  if (sides != 1 && sides != 2)
    body.fault("sides_out_of_range", "sides", "'sides' must be 1 or 2", "1 or 2");
  design.sides = sides == 2 ? experiment::Sides::kTwo : experiment::Sides::kOne;
  plan.customers = body.integer("customers").value_or(0);
  plan.skew = body.number("skew");
  plan.customers_per_day = body.number("customers_per_day");
  plan.longest_days = body.number("longest_days");
  constexpr std::int64_t kAbsurd = 1'000'000'000;  // Refused too, as what was asked for.
  plan.looks = static_cast<int>(
      std::clamp<std::int64_t>(body.integer("looks").value_or(1), -kAbsurd, kAbsurd));
  plan.harm_alpha = body.number("harm_alpha", plan.harm_alpha);
  plan.dry_run = body.flag("dry_run", plan.dry_run);
  plan.candidates = static_cast<int>(
      std::clamp<std::int64_t>(body.integer("candidates").value_or(1), -kAbsurd, kAbsurd));
  plan.covariate = body.flag("covariate", plan.covariate);
  plan.correlation = body.number("correlation", plan.correlation);
  plan.guardrails = read_guardrails(body);
  if (body.has("disagreement")) {
    Body disagreement = body.object("disagreement");
    plan.disagreement = {.share = disagreement.number("share", 0),
                         .deviation = disagreement.number("deviation", 0),
                         .candidate_deviation = disagreement.number("candidate_deviation")};
    body.absorb(disagreement);
  }
  return plan;
}

Json design_json(const experiment::PlannedDesign& plan) {
  const experiment::Design& design = plan.design;
  Json json = {{"alpha", design.alpha},
               {"power", design.power},
               {"effect", design.effect_per_customer},
               {"customers", plan.customers},
               {"margin", design.margin},
               {"deviation", design.deviation},
               {"ratio", design.ratio},
               {"sides", static_cast<int>(design.sides)}};
  if (design.candidate_deviation) json["candidate_deviation"] = *design.candidate_deviation;
  if (plan.skew) json["skew"] = *plan.skew;
  if (plan.customers_per_day) json["customers_per_day"] = *plan.customers_per_day;
  if (plan.longest_days) json["longest_days"] = *plan.longest_days;
  json["looks"] = plan.looks;
  json["harm_alpha"] = plan.harm_alpha;
  json["dry_run"] = plan.dry_run;
  json["candidates"] = plan.candidates;
  json["covariate"] = plan.covariate;
  if (plan.covariate) json["correlation"] = plan.correlation;
  json["guardrails"] = guardrails_json(plan.guardrails);
  if (plan.disagreement) {
    json["disagreement"] = {{"share", plan.disagreement->share},
                            {"deviation", plan.disagreement->deviation}};
    if (plan.disagreement->candidate_deviation)
      json["disagreement"]["candidate_deviation"] = *plan.disagreement->candidate_deviation;
  }
  return json;
}

Json chances_json(const experiment::OutcomeChances& chances) {
  return {{"true_effect", chances.true_effect},
          {"better", chances.better},
          {"effect_reached", chances.effect_reached},
          {"proven", chances.proven},
          {"effect_excluded", chances.effect_excluded},
          {"worse", chances.worse},
          {"not_better_by_effect", chances.not_better_by_effect},
          {"inconclusive", chances.inconclusive}};
}

Json outlook_json(const experiment::PlannedDesign& plan, const experiment::Coherence& coherence) {
  Json json = {{"coherent", coherence.accepted()},
               {"design", design_json(plan)},
               {"sentence", coherence.sentence}};
  json["remarks"] = remarks_json(coherence.remarks);
  if (coherence.achieved_power) json["achieved_power"] = *coherence.achieved_power;
  if (!coherence.guardrail_power.empty()) json["guardrail_power"] = coherence.guardrail_power;
  if (coherence.smallest_effect) json["smallest_effect"] = *coherence.smallest_effect;
  if (coherence.customers_needed) json["customers_needed"] = *coherence.customers_needed;
  if (coherence.days) json["days"] = *coherence.days;
  if (plan.dry_run) {
    json["customers"] = {{"base", plan.customers}, {"candidate", 0}, {"total", plan.customers}};
    return json;
  }
  const bool computable = experiment::invalid_numbers(plan.design).empty() &&
                          experiment::invalid_extras(plan).empty() &&
                          plan.customers >= experiment::kFewestCustomers &&
                          plan.customers <= experiment::kMostCustomers;
  if (!computable) return json;
  const experiment::Customers customers = experiment::arms(plan.customers, plan.design.ratio);
  json["customers"] = {{"base", customers.base},
                       {"candidate", customers.candidate},
                       {"total", experiment::customers_in_all(plan)}};
  json["will_say"] = Json::array();
  const experiment::Design compared = experiment::compared_design(plan);
  const experiment::Customers among = experiment::compared_customers(plan);
  const double share = plan.disagreement ? plan.disagreement->share : 1;
  if (plan.disagreement)
    json["disagreeing"] = {{"base", among.base}, {"candidate", among.candidate}};
  for (const auto& chances : experiment::operating_characteristics(plan)) {
    json["will_say"].push_back(chances_json(chances));
  }
  json["curve"] = power_curve(compared, among, share);
  return json;
}

std::vector<Reason> reasons_of(const experiment::Coherence& coherence) {
  std::vector<Reason> reasons;
  bool repaired = false;  // Once: the repairs are of all.
  for (const experiment::Reason& reason : coherence.reasons) {
    Reason& added = reasons.emplace_back(Reason{.code = reason.code,
                                                .field = reason.field,
                                                .detail = reason.message,
                                                .have = base::format_double(reason.have),
                                                .need = base::format_double(reason.need)});
    const bool repairable = reason.code == "underpowered" || reason.code == "too_few_disagreeing" ||
                            reason.code == "guardrail_underpowered";
    if (!repairable || repaired) continue;
    repaired = true;
    for (const experiment::Repair& repair : coherence.repairs) {
      added.repair.push_back({.field = repair.field, .value = repair.value, .label = repair.text});
    }
  }
  return reasons;
}

Response refuse_design(const experiment::PlannedDesign& plan,
                       const experiment::Coherence& coherence,
                       const std::vector<std::string>& problems) {
  std::vector<Reason> reasons = reasons_of(coherence);
  std::string detail;
  for (const std::string& problem : problems) {
    reasons.push_back({.code = "plan", .field = "", .detail = problem});
    detail += (detail.empty() ? "" : "; ") + problem;
  }
  if (!coherence.accepted()) detail = coherence.sentence + (detail.empty() ? "" : "; " + detail);
  return problem_response(
      Problem{.status = coherence.accepted() ? 409 : 422,
              .code = coherence.accepted() ? "plan-refused" : "incoherent-design",
              .title = coherence.accepted() ? "The plan cannot start as it is"
                                            : "These numbers cannot all be true",
              .detail = std::move(detail),
              .reasons = std::move(reasons),
              .members = dump(outlook_json(plan, coherence))});
}

}  // namespace http
