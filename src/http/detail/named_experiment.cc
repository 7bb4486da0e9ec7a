// SPDX-License-Identifier: Apache-2.0
#include "http/detail/named_experiment.h"

#include "base/number.h"
#include "http/detail/entity_tag.h"
#include "http/detail/json_words.h"

namespace http {
namespace {

Response refuse_changed(const trial::ExperimentRow& row, const std::string& tag,
                        const std::string& wanted) {
  Response response = problem_response(
      Problem{.status = 412,
              .code = "changed-meanwhile",
              .title = "The experiment has changed meanwhile",
              .detail = "experiment " + std::to_string(row.id.value()) +
                        " is no longer what If-Match names: look at it again, then repeat the "
                        "request with its ETag",
              .reasons = {{.code = "changed_meanwhile",
                           .field = "If-Match",
                           .detail = "the experiment's ETag is " + tag,
                           .have = wanted,
                           .need = tag}}});
  response.headers.emplace_back("ETag", tag);
  return response;
}

}  // namespace

Handler for_experiment(const Ground& ground, WithExperiment work) {
  return on_worker(ground.worker,
                   [&desk = ground.desk, work = std::move(work)](const Request& request) {
                     const std::string& text = request.parameters.at("id");
                     const auto number = base::parse_int(text);
                     if (!number) return refuse_unknown_experiment(text);
                     const auto row = desk.experiment(trial::ExperimentId(*number));
                     if (!row) return problem_response(row.error());
                     if (!*row) return refuse_unknown_experiment(text);
                     if (!request.if_match.empty()) {
                       const std::string tag = entity_tag(dump(experiment_json(**row)));
                       if (!names_tag(request.if_match, tag))
                         return refuse_changed(**row, tag, request.if_match);
                     }
                     return work(desk, **row, request);
                   });
}

Response experiment_response(const trial::ExperimentRow& row, int status) {
  Response response = json_response(experiment_json(row), status);
  response.headers.emplace_back("ETag", entity_tag(response.body));
  return response;
}

Response saved_experiment(trial::Desk& desk, trial::ExperimentId id, int status) {
  const auto row = desk.experiment(id);
  if (!row) return problem_response(row.error());
  if (!*row) return refuse_unknown_experiment(std::to_string(id.value()));
  Response response = experiment_response(**row, status);
  response.headers.emplace_back("Location", "/v1/experiments/" + std::to_string(id.value()));
  return response;
}

Response refuse_unknown_experiment(const std::string& id) {
  return problem_response(
      Problem{.status = 404,
              .code = "unknown-experiment",
              .title = "There is no such experiment",
              .detail = "no experiment '" + id + "'; GET /v1/experiments lists them"});
}

Response refuse_state(const trial::ExperimentRow& row, const std::string& wish) {
  const std::string state(trial::name(row.state));
  return problem_response(Problem{
      .status = 409,
      .code = "wrong-state",
      .title = "The experiment's state does not allow this",
      .detail = "experiment " + std::to_string(row.id.value()) + " is " + state + "; " + wish,
      .reasons = {{.code = "wrong_state", .field = "state", .detail = wish, .have = state}}});
}

Response refuse_conflict(const base::Error& error) {
  if (error.kind == base::ErrorKind::kSystem) return problem_response(error);
  return problem_response(
      Problem{.status = 409,
              .code = "conflict",
              .title = "This cannot be done now",
              .detail = error.message,
              .reasons = {{.code = "conflict", .field = "", .detail = error.message}}});
}

}  // namespace http
