// SPDX-License-Identifier: Apache-2.0
// /v1/experiments/{id}/tokens: who may write decisions. A rotation is: issue, switch, revoke.
#include <algorithm>

#include "event/topic.h"
#include "http/detail/json_words.h"
#include "http/detail/named_experiment.h"

namespace http {
namespace {

// Never a secret: only its digest is kept.
Json token_json(const trial::TokenRow& token) {
  return {{"id", token.id},
          {"system", event::name(token.system)},
          {"issued_at", utc(token.issued_at)},
          {"revoked_at", utc(token.revoked_at)}};
}

Response list_tokens(trial::Desk& desk, const trial::ExperimentRow& row, const Request&) {
  const auto tokens =
      desk.ask([&](trial::Registry& registry, base::Timestamp) { return registry.tokens(row.id); });
  if (!tokens) return problem_response(tokens.error());
  Json json = {{"tokens", Json::array()}};
  for (const trial::TokenRow& token : *tokens) json["tokens"].push_back(token_json(token));
  return json_response(json);
}

event::System read_system(Body& body, const trial::Plan& plan) {
  body.required("system");
  const std::string name = body.text("system");
  std::string names;
  for (std::size_t i = 0; i < trial::systems_of(plan); ++i) {
    const auto system = static_cast<event::System>(i);
    if (name == event::name(system)) return system;
    names += (i == 0 ? "" : " or ") + std::string(event::name(system));
  }
  if (body.has("system"))
    body.fault("unknown_system", "system", "a token is for one of the experiment's systems", names);
  return event::System::kNone;
}

Response issue_token(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  const event::System system = read_system(body, row.plan);
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  if (!trial::alive(row.state)) return refuse_state(row, "only a running one takes decisions");
  const auto token = desk.issue_token(row.id, system, who(request));
  if (!token) return refuse_conflict(token.error());
  return shown_once(json_response({{"id", trial::parse_token(*token)->id},
                                   {"system", event::name(system)},
                                   {"token", *token},
                                   {"example", example_json(system, *token)}},
                                  201));
}

Response refuse_unknown_token(const trial::ExperimentRow& row, const std::string& id) {
  return problem_response(Problem{.status = 404,
                                  .code = "unknown-token",
                                  .title = "There is no such token",
                                  .detail = "experiment " + std::to_string(row.id.value()) +
                                            " has no token '" + id + "'; GET /v1/experiments/" +
                                            std::to_string(row.id.value()) + "/tokens lists them"});
}

Response revoke_token(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  const std::string& id = request.parameters.at("token");
  const auto find = [&]() {
    return desk.ask(
        [&](trial::Registry& registry, base::Timestamp) { return registry.tokens(row.id); });
  };
  const auto before = find();
  if (!before) return problem_response(before.error());
  if (std::ranges::find(*before, id, &trial::TokenRow::id) == before->end())
    return refuse_unknown_token(row, id);
  const auto revoked = desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return registry.revoke_token(row.id, id, {who(request), now});
  });
  if (!revoked) return refuse_conflict(revoked.error());
  const auto after = find();
  if (!after) return problem_response(after.error());
  return json_response(token_json(*std::ranges::find(*after, id, &trial::TokenRow::id)));
}

}  // namespace

Json example_json(event::System system, const std::string& token) {
  return {{"topic", system == event::System::kBase ? event::topic::kBasePrediction
                                                   : event::topic::kStudentPrediction},
          {"key", "404180"},
          {"value", dump({{"uuid", 404180}, {"value", 1}, {"token", token}})}};
}

void add_token_routes(Router& router, const Ground& ground) {
  router.get("/v1/experiments/{id}/tokens", for_experiment(ground, list_tokens), Access::kOwn);
  router.post("/v1/experiments/{id}/tokens", for_experiment(ground, issue_token));
  router.post("/v1/experiments/{id}/tokens/{token}:revoke", for_experiment(ground, revoke_token));
}

}  // namespace http
