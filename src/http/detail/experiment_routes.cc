// SPDX-License-Identifier: Apache-2.0
// /v1/experiments: draft, change, validate, start, watch, end.
#include "base/number.h"
#include "http/detail/json_words.h"
#include "http/detail/routes.h"

namespace http {
namespace {

Response refuse_unknown(const std::string& id) {
  return problem_response(
      Problem{.status = 404,
              .code = "unknown-experiment",
              .title = "There is no such experiment",
              .detail = "no experiment '" + id + "'; GET /v1/experiments lists them"});
}

Response refuse_state(const trial::ExperimentRow& row, const std::string& wish) {
  return problem_response(Problem{.status = 409,
                                  .code = "wrong-state",
                                  .title = "The experiment's state does not allow this",
                                  .detail = "experiment " + std::to_string(row.id.value()) +
                                            " is " + std::string(trial::name(row.state)) + "; " +
                                            wish});
}

// The desk refused something that was valid in form: the state of things forbids it.
Response refuse_conflict(const base::Error& error) {
  if (error.kind == base::ErrorKind::kSystem) return problem_response(error);
  return problem_response(Problem{.status = 409,
                                  .code = "conflict",
                                  .title = "This cannot be done now",
                                  .detail = error.message});
}

// Finds the experiment the path names and hands it on.
using WithExperiment =
    std::function<Response(trial::Desk&, const trial::ExperimentRow&, const Request&)>;

Handler for_experiment(const Ground& ground, WithExperiment work) {
  return on_worker(ground.worker,
                   [&desk = ground.desk, work = std::move(work)](const Request& request) {
                     const std::string& text = request.parameters.at("id");
                     const auto number = base::parse_int(text);
                     if (!number) return refuse_unknown(text);
                     const auto row = desk.experiment(trial::ExperimentId(*number));
                     if (!row) return problem_response(row.error());
                     if (!*row) return refuse_unknown(text);
                     return work(desk, **row, request);
                   });
}

Response list(trial::Desk& desk) {
  const auto rows = desk.experiments();
  if (!rows) return problem_response(rows.error());
  Json json = {{"experiments", Json::array()}};
  for (const trial::ExperimentRow& row : *rows) json["experiments"].push_back(experiment_json(row));
  return json_response(json);
}

// A draft may be incoherent, but not malformed.
base::Result<trial::Plan> read_request(const Request& request, std::vector<Reason>& faults) {
  TRY_ASSIGN(auto json, parse_body(request.body));
  Body body(std::move(json));
  trial::Plan plan = read_plan(body);
  faults = body.faults();
  return plan;
}

Response saved(trial::Desk& desk, trial::ExperimentId id, int status) {
  const auto row = desk.experiment(id);
  if (!row) return problem_response(row.error());
  if (!*row) return refuse_unknown(std::to_string(id.value()));
  Response response = json_response(experiment_json(**row), status);
  response.headers.emplace_back("Location", "/v1/experiments/" + std::to_string(id.value()));
  return response;
}

Response create(trial::Desk& desk, const Request& request) {
  std::vector<Reason> faults;
  const auto plan = read_request(request, faults);
  if (!plan) return problem_response(plan.error());
  if (!faults.empty()) return refuse_fields(std::move(faults));
  const auto id = desk.create(*plan, who(request));
  if (!id) return problem_response(id.error());
  return saved(desk, *id, 201);
}

bool not_started(const trial::ExperimentRow& row) {
  return row.state == trial::State::kDraft || row.state == trial::State::kValidated;
}

// A change of state that needs nothing but the experiment.
using Step = base::Result<void> (trial::Registry::*)(trial::ExperimentId, const trial::Caller&);

Response take_step(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request,
                   trial::State to, Step step) {
  if (!trial::may_become(row.state, to))
    return refuse_state(row, "it cannot become " + std::string(trial::name(to)));
  const auto done = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return (registry.*step)(row.id, {who(request), now});
  });
  if (!done) return refuse_conflict(done.error());
  return saved(desk, row.id, 200);
}

Response pause(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  return take_step(desk, row, request, trial::State::kPaused, &trial::Registry::pause);
}

Response resume(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (row.state != trial::State::kPaused) return refuse_state(row, "only a paused one can go on");
  return take_step(desk, row, request, trial::State::kRunning, &trial::Registry::resume);
}

Response ramp(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("sampling_share");
  const double share = body.number("sampling_share", 0);
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  if (!trial::alive(row.state)) return refuse_state(row, "only a running one samples customers");
  const auto done = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return registry.ramp(row.id, share, {who(request), now});
  });
  if (!done) return problem_response(done.error());
  return saved(desk, row.id, 200);
}

Response audit(trial::Desk& desk, const trial::ExperimentRow& row, const Request&) {
  const auto rows =
      desk.ask([&](trial::Registry& registry, base::Timestamp) { return registry.audit(row.id); });
  if (!rows) return problem_response(rows.error());
  Json json = {{"audit", Json::array()}};
  for (const trial::AuditRow& each : *rows) {
    json["audit"].push_back({{"number", each.number},
                             {"at", utc(each.at)},
                             {"who", each.who},
                             {"action", each.action},
                             {"detail", each.detail}});
  }
  return json_response(json);
}

Response change(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  std::vector<Reason> faults;
  const auto plan = read_request(request, faults);
  if (!plan) return problem_response(plan.error());
  if (!faults.empty()) return refuse_fields(std::move(faults));
  if (!not_started(row)) return refuse_state(row, "only a draft may be changed");
  if (const auto changed = desk.change(row.id, *plan, who(request)); !changed)
    return problem_response(changed.error());
  return saved(desk, row.id, 200);
}

Response validate_plan(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
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

// What a system publishes, ready to be copied.
Json example_json(const std::string& token) {
  return {{"topic", "topic_student_prediction"},
          {"key", "404180"},
          {"value", dump({{"uuid", 404180}, {"value", 1}, {"token", token}})}};
}

Response start(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (!not_started(row))
    return refuse_state(row, "only a draft can be started, and its token is shown once");
  const trial::StartCheck check = desk.check_start(row.plan);
  if (!check.may_start()) return refuse_design(row.plan.design, check.coherence, check.problems);
  const auto tokens = desk.start(row.id, who(request));
  if (!tokens) return refuse_conflict(tokens.error());
  const auto started = desk.experiment(row.id);
  if (!started) return problem_response(started.error());
  return json_response({{"experiment", experiment_json(started->value_or(row))},
                        {"tokens", {{"base", tokens->base}, {"candidate", tokens->candidate}}},
                        {"example", example_json(tokens->candidate)}});
}

Response abort_experiment(trial::Desk& desk, const trial::ExperimentRow& row,
                          const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("reason");
  std::string reason = body.text("reason");
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  if (!trial::may_become(row.state, trial::State::kAborted))
    return refuse_state(row, "it has ended already");
  if (const auto ended = desk.abort(row.id, reason, who(request)); !ended)
    return refuse_conflict(ended.error());
  return saved(desk, row.id, 200);
}

Response conclude(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  if (!trial::may_become(row.state, trial::State::kConcluded)) {
    return refuse_state(row, "only a complete one, with its verdict, can be concluded");
  }
  if (const auto ended = desk.conclude(row.id, who(request)); !ended)
    return refuse_conflict(ended.error());
  return saved(desk, row.id, 200);
}

Response results(trial::Desk& desk, const trial::ExperimentRow& row, const Request&) {
  if (row.started_at == base::Timestamp())
    return refuse_state(row, "it has no results, for it never started");
  const auto progress = desk.progress(row.id);
  if (!progress) return problem_response(progress.error());
  return json_response(progress_json(**progress));
}

}  // namespace

void add_experiment_routes(Router& router, const Ground& ground) {
  trial::Desk& desk = ground.desk;
  router.get("/v1/experiments",
             on_worker(ground.worker, [&desk](const Request&) { return list(desk); }));
  router.post("/v1/experiments", on_worker(ground.worker, [&desk](const Request& request) {
                return create(desk, request);
              }));
  router.get(
      "/v1/experiments/{id}",
      for_experiment(ground, [](trial::Desk&, const trial::ExperimentRow& row, const Request&) {
        return json_response(experiment_json(row));
      }));
  router.put("/v1/experiments/{id}", for_experiment(ground, change));
  router.post("/v1/experiments/{id}:validate", for_experiment(ground, validate_plan));
  router.post("/v1/experiments/{id}:start", for_experiment(ground, start));
  router.post("/v1/experiments/{id}:abort", for_experiment(ground, abort_experiment));
  router.post("/v1/experiments/{id}:conclude", for_experiment(ground, conclude));
  router.post("/v1/experiments/{id}:pause", for_experiment(ground, pause));
  router.post("/v1/experiments/{id}:resume", for_experiment(ground, resume));
  router.post("/v1/experiments/{id}:ramp", for_experiment(ground, ramp));
  router.get("/v1/experiments/{id}/audit", for_experiment(ground, audit));
  router.get("/v1/experiments/{id}/results", for_experiment(ground, results));
  router.events("/v1/experiments/{id}/events",
                [&ground](const Request& request,
                          std::shared_ptr<Listener> listener) -> std::optional<Response> {
                  const std::string& text = request.parameters.at("id");
                  const auto number = base::parse_int(text);
                  if (!number || *number < 1) return refuse_unknown(text);
                  ground.feed.add(trial::ExperimentId(*number), std::move(listener));
                  return std::nullopt;
                });
}

}  // namespace http
