// SPDX-License-Identifier: Apache-2.0
// /v1/experiments: made, listed, changed, watched.
#include "base/number.h"
#include "http/detail/entity_tag.h"
#include "http/detail/json_words.h"
#include "http/detail/named_experiment.h"
#include "http/detail/page.h"

namespace http {
namespace {

// One page of rows that are few enough to be read all at once.
template <class Row, class Key, class Show>
Response page_of(const std::string& name, const std::vector<Row>& rows, const Request& request,
                 Key key, Show show) {
  const auto wish = read_page(request);
  if (!wish) return problem_response(wish.error());
  Json json = {{name, Json::array()}, {"next", nullptr}};
  std::int64_t last = 0;
  for (const Row& row : rows) {
    if (wish->after && key(row) <= *wish->after) continue;
    if (std::ssize(json[name]) == wish->limit) {
      json["next"] = cursor_after(last);
      break;
    }
    json[name].push_back(show(row));
    last = key(row);
  }
  return json_response(json);
}

Response list(trial::Desk& desk, const Request& request) {
  const auto rows = desk.experiments();
  if (!rows) return problem_response(rows.error());
  return page_of(
      "experiments", *rows, request, [](const auto& row) { return row.id.value(); },
      experiment_json);
}

// A draft may be incoherent, but not malformed.
base::Result<trial::Plan> read_request(const Request& request, std::vector<Reason>& faults) {
  TRY_ASSIGN(auto json, parse_body(request.body));
  Body body(std::move(json));
  trial::Plan plan = read_plan(body);
  faults = body.faults();
  return plan;
}

Response create(trial::Desk& desk, const Request& request) {
  std::vector<Reason> faults;
  const auto plan = read_request(request, faults);
  if (!plan) return problem_response(plan.error());
  if (!faults.empty()) return refuse_fields(std::move(faults));
  const auto id = desk.create(*plan, who(request));
  if (!id) return problem_response(id.error());
  return saved_experiment(desk, *id, 201);
}

Response audit(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  const auto rows =
      desk.ask([&](trial::Registry& registry, base::Timestamp) { return registry.audit(row.id); });
  if (!rows) return problem_response(rows.error());
  return page_of(
      "audit", *rows, request, [](const auto& each) { return each.number; }, audit_json);
}

Response change(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  std::vector<Reason> faults;
  const auto plan = read_request(request, faults);
  if (!plan) return problem_response(plan.error());
  if (!faults.empty()) return refuse_fields(std::move(faults));
  if (row.state != trial::State::kDraft && row.state != trial::State::kValidated)
    return refuse_state(row, "only a draft may be changed");
  if (const auto changed = desk.change(row.id, *plan, who(request)); !changed)
    return problem_response(changed.error());
  return saved_experiment(desk, row.id);
}

Response show(trial::Desk&, const trial::ExperimentRow& row, const Request& request) {
  Response response = experiment_response(row);
  const std::string tag = entity_tag(response.body);
  if (names_tag(request.if_none_match, tag, true))
    return {.status = 304, .content_type = "", .headers = {{"ETag", tag}}};
  return response;
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
  router.get("/v1/experiments", on_worker(ground.worker, [&desk](const Request& request) {
               return list(desk, request);
             }));
  router.post(
      "/v1/experiments",
      on_worker(ground.worker, [&desk](const Request& request) { return create(desk, request); }),
      Access::kChange);
  router.get("/v1/experiments/{id}", for_experiment(ground, show));
  router.put("/v1/experiments/{id}", for_experiment(ground, change), Access::kChange);
  router.get("/v1/experiments/{id}/audit", for_experiment(ground, audit));
  router.get("/v1/experiments/{id}/results", for_experiment(ground, results));
  router.events("/v1/experiments/{id}/events",
                [&ground](const Request& request,
                          std::shared_ptr<Listener> listener) -> std::optional<Response> {
                  const std::string& text = request.parameters.at("id");
                  const auto number = base::parse_int(text);
                  if (!number || *number < 1) return refuse_unknown_experiment(text);
                  ground.feed.add(trial::ExperimentId(*number), std::move(listener));
                  return std::nullopt;
                });
}

}  // namespace http
