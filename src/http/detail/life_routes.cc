// SPDX-License-Identifier: Apache-2.0
// The life of an experiment: validated, started, paused, resumed, ramped, aborted, concluded.
#include "base/number.h"
#include "http/detail/json_words.h"
#include "http/detail/named_experiment.h"

namespace http {
namespace {

bool not_started(const trial::ExperimentRow& row) {
  return row.state == trial::State::kDraft || row.state == trial::State::kValidated;
}

// Of a step that takes no fields: those that it got.
std::optional<Response> refuse_any_field(const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  auto faults = Body(*std::move(parsed)).faults();
  return faults.empty() ? std::nullopt : std::optional(refuse_fields(std::move(faults)));
}

Response validate_plan(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (auto refusal = refuse_any_field(request)) return *std::move(refusal);
  const trial::StartCheck check = desk.check_start(row.plan);
  if (!check.may_start()) return refuse_design(row.plan.design, check.coherence, check.problems);
  if (row.state == trial::State::kDraft) {
    const auto validated = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
      return registry.validate(row.id, {who(request), now});
    });
    if (!validated) return refuse_conflict(validated.error());
  }
  Json json = {{"may_start", not_started(row)}};
  json.update(outlook_json(row.plan.design, check.coherence));
  return json_response(json);
}

Response start(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (auto refusal = refuse_any_field(request)) return *std::move(refusal);
  if (!not_started(row))
    return refuse_state(row, "only a draft can be started, and its token is shown once");
  const trial::StartCheck check = desk.check_start(row.plan);
  if (!check.may_start()) return refuse_design(row.plan.design, check.coherence, check.problems);
  const auto tokens = desk.start(row.id, who(request));
  if (!tokens) return refuse_conflict(tokens.error());
  const auto started = desk.experiment(row.id);
  if (!started) return problem_response(started.error());
  Json shown = {{"base", tokens->base}, {"candidate", tokens->candidate}};
  for (std::size_t k = 0; k < tokens->further_candidates.size(); ++k)
    shown[event::name(event::candidate(1 + k))] = tokens->further_candidates[k];
  return shown_once(
      json_response({{"experiment", experiment_json(started->value_or(row))},
                     {"tokens", std::move(shown)},
                     {"example", example_json(event::System::kCandidate, tokens->candidate)}}));
}

// A change of state that needs nothing but the experiment.
using Step = base::Result<void> (trial::Registry::*)(trial::ExperimentId, const trial::Caller&);

Response take_step(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request,
                   Step step) {
  if (auto refusal = refuse_any_field(request)) return *std::move(refusal);
  const auto done = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return (registry.*step)(row.id, {who(request), now});
  });
  if (!done) return refuse_conflict(done.error());
  return saved_experiment(desk, row.id);
}

Response pause(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (row.state != trial::State::kRunning)
    return refuse_state(row, "only a running one can be paused");
  return take_step(desk, row, request, &trial::Registry::pause);
}

Response resume(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (row.state != trial::State::kPaused) return refuse_state(row, "only a paused one can go on");
  return take_step(desk, row, request, &trial::Registry::resume);
}

Response conclude(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (!trial::may_become(row.state, trial::State::kConcluded))
    return refuse_state(row, "only a complete one, with its verdict, can be concluded");
  return take_step(desk, row, request, &trial::Registry::conclude);
}

// A share that may only rise: whoever is sampled stays so.
void check_share(const trial::ExperimentRow& row, double share, Body& body) {
  if (!body.has("sampling_share") || (share > row.sampling_share && share <= 1)) return;
  body.fault(
      "share_out_of_range", "sampling_share",
      "the share is " + base::format_double(row.sampling_share) + " and may only rise, up to 1",
      "above " + base::format_double(row.sampling_share) + ", at most 1");
}

Response ramp(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("sampling_share");
  const auto share = body.number("sampling_share");
  if (share) check_share(row, *share, body);
  auto faults = body.faults();
  for (Reason& fault : faults) {
    if (fault.code == "share_out_of_range" && row.sampling_share < 1)
      fault.repair.push_back({.field = "sampling_share", .value = 1, .label = "sample everybody"});
  }
  if (!faults.empty()) return refuse_fields(std::move(faults));
  if (!trial::alive(row.state)) return refuse_state(row, "only a running one samples customers");
  const auto done = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return registry.ramp(row.id, *share, {who(request), now});
  });
  if (!done) return refuse_conflict(done.error());
  return saved_experiment(desk, row.id);
}

Response abort_experiment(trial::Desk& desk, const trial::ExperimentRow& row,
                          const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("reason");
  const std::string reason = body.text("reason");
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  if (!trial::may_become(row.state, trial::State::kAborted))
    return refuse_state(row, "it has ended already");
  if (const auto ended = desk.abort(row.id, reason, who(request)); !ended)
    return refuse_conflict(ended.error());
  return saved_experiment(desk, row.id);
}

}  // namespace

void add_life_routes(Router& router, const Ground& ground) {
  const std::string experiment = "/v1/experiments/{id}";
  router.post(experiment + ":validate", for_experiment(ground, validate_plan), Access::kChange);
  router.post(experiment + ":start", for_experiment(ground, start));
  router.post(experiment + ":pause", for_experiment(ground, pause));
  router.post(experiment + ":resume", for_experiment(ground, resume));
  router.post(experiment + ":ramp", for_experiment(ground, ramp));
  router.post(experiment + ":abort", for_experiment(ground, abort_experiment));
  router.post(experiment + ":conclude", for_experiment(ground, conclude));
}

}  // namespace http
