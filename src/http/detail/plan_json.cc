// SPDX-License-Identifier: Apache-2.0
#include "http/detail/json_words.h"

namespace http {
namespace {

trial::SystemId read_system(Body& plan, const std::string& name, const std::string& fallback) {
  Body body = plan.object(name);
  trial::SystemId system{.id = body.text("id", fallback),
                         .model_digest = body.text("model_digest")};
  plan.absorb(body);
  return system;
}

Json system_json(const trial::SystemId& system) {
  return {{"id", system.id}, {"model_digest", system.model_digest}};
}

}  // namespace

trial::Plan read_plan(Body& body) {
  trial::Plan plan;
  body.required("name");
  plan.name = body.text("name");
  plan.hypothesis = body.text("hypothesis");
  plan.base = read_system(body, "base", "base");
  plan.candidate = read_system(body, "candidate", "candidate");
  for (Body& one : body.objects("further_candidates")) {
    plan.further_candidates.push_back(
        {.id = one.text("id", event::name(event::candidate(1 + plan.further_candidates.size()))),
         .model_digest = one.text("model_digest")});
    body.absorb(one);
  }
  body.required("design");
  Body design = body.object("design");
  plan.design = read_design(design);
  // The systems named say how many; a design that says another number is refused.
  if (!design.has("candidates"))
    plan.design.candidates = static_cast<int>(trial::candidates_of(plan));
  body.absorb(design);
  plan.sampling_share = body.number("sampling_share", plan.sampling_share);
  plan.decision_deadline_ms =
      body.integer("decision_deadline_ms").value_or(plan.decision_deadline_ms);
  plan.fallback_show = body.flag("fallback_show", plan.fallback_show);
  plan.session_timeout_ms = body.integer("session_timeout_ms").value_or(plan.session_timeout_ms);
  if (const auto cap = body.number("revenue_cap")) {
    const auto cents = base::cents_from_dollars(*cap);
    if (cents) {
      plan.revenue_cap = *cents;
    } else {
      body.fault("revenue_cap_out_of_range", "revenue_cap", cents.error().message);
    }
  }
  if (const auto cap = body.number("cap")) {
    const auto cents = base::cents_from_dollars(*cap);
    if (cents) {
      plan.cap = *cents;
    } else {
      body.fault("cap_out_of_range", "cap", cents.error().message);
    }
  }
  plan.salt = body.text("salt");
  plan.environment = body.text("environment", plan.environment);
  return plan;
}

Json audit_json(const trial::AuditRow& row) {
  return {{"number", row.number},
          {"at", utc(row.at)},
          {"who", row.who},
          {"action", row.action},
          {"detail", row.detail}};
}

Json experiment_json(const trial::ExperimentRow& row) {
  const trial::Plan& plan = row.plan;
  const experiment::Customers customers =
      plan.design.dry_run ? experiment::Customers{plan.design.customers, 0}
                          : experiment::arms(plan.design.customers, plan.design.design.ratio);
  Json further = Json::array();
  for (const trial::SystemId& system : plan.further_candidates)
    further.push_back(system_json(system));
  return {{"id", row.id.value()},
          {"name", plan.name},
          {"hypothesis", plan.hypothesis},
          {"state", trial::name(row.state)},
          {"reason", row.reason},
          {"base", system_json(plan.base)},
          {"candidate", system_json(plan.candidate)},
          {"further_candidates", std::move(further)},
          {"design", design_json(plan.design)},
          {"customers",
           {{"base", customers.base},
            {"candidate", customers.candidate},
            {"total", customers.base + plan.design.candidates * customers.candidate}}},
          {"sampling_share", row.sampling_share},
          {"decision_deadline_ms", plan.decision_deadline_ms},
          {"fallback_show", plan.fallback_show},
          {"session_timeout_ms", plan.session_timeout_ms},
          {"revenue_cap", plan.revenue_cap.dollars()},
          {"cap", plan.cap ? Json(plan.cap->dollars()) : Json()},
          {"environment", plan.environment},
          {"salt", plan.salt},
          // Of a draft: what it would be if it started as it is.
          {"plan_hash", row.plan_hash.empty() ? trial::plan_hash(plan) : row.plan_hash},
          {"created_at", utc(row.created_at)},
          {"started_at", utc(row.started_at)},
          {"validated_at", utc(row.validated_at)},
          {"paused_at", utc(row.paused_at)},
          {"harmed_at", utc(row.harmed_at)},
          {"harmed_by", row.harmed_at == base::Timestamp(0)
                            ? Json()
                            : Json(event::name(event::candidate(row.harmed_candidate)))},
          {"ended_at", utc(row.ended_at)}};
}

}  // namespace http
