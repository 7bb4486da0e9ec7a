// SPDX-License-Identifier: Apache-2.0
// /v1/me, /v1/login, /v1/logout and /v1/users: who may use the platform.
#include <algorithm>

#include "http/detail/json_words.h"
#include "http/detail/routes.h"
#include "trial/users.h"

namespace http {
namespace {

Json user_json(const trial::UserRow& user) {
  return {{"name", user.name},
          {"role", trial::name(user.role)},
          {"token_id", user.id},
          {"created_at", utc(user.created_at)},
          {"created_by", user.created_by},
          {"revoked_at", utc(user.revoked_at)},
          {"revoked_by", user.revoked_by}};
}

Response me(const Gatekeeper& gate, const Request& request) {
  Json json = {{"login_required", gate.login_needed()}, {"user", nullptr}};
  if (!request.user.empty()) json["user"] = {{"name", request.user}, {"role", request.role}};
  return json_response(json);
}

Response log_in(Gatekeeper& gate, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("token");
  const std::string token = body.text("token");
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  const auto cookie = gate.log_in(token);
  if (!cookie) {
    Response response = problem_response(Problem{
        .status = 401,
        .code = "login-needed",
        .title = "The token is not a user's",
        .detail = "it is mistyped, revoked, or a system's token; a user's begins with "
                  "xab_user_, and an owner gives it out",
        .reasons = {
            {.code = "unknown_token", .field = "token", .detail = "no good user has this token"}}});
    response.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="provecho")");
    return response;
  }
  return {.status = 204, .content_type = "", .headers = {{"Set-Cookie", *cookie}}};
}

Response list_users(trial::Desk& desk) {
  const auto users =
      desk.ask([](trial::Registry& registry, base::Timestamp) { return registry.store().users(); });
  if (!users) return problem_response(users.error());
  Json json = {{"users", Json::array()}};
  for (const trial::UserRow& user : *users) json["users"].push_back(user_json(user));
  return json_response(json);
}

Response refuse_user(const base::Error& error, const std::string& field) {
  if (error.kind == base::ErrorKind::kSystem) return problem_response(error);
  return problem_response(
      Problem{.status = 409,
              .code = "conflict",
              .title = "This cannot be done now",
              .detail = error.message,
              .reasons = {{.code = "conflict", .field = field, .detail = error.message}}});
}

Response add_user(const Ground& ground, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  body.required("name");
  body.required("role");
  const std::string name = body.text("name");
  const auto role = trial::role_of(body.text("role"));
  if (body.has("role") && !role) {
    body.fault("unknown_role", "role", "there is no such role", "owner, analyst, viewer or shop");
  }
  if (body.has("name") && !trial::is_user_name(name)) {
    body.fault("not_a_name", "name", "a name is 1 to 64 letters, digits or any of . _ @ + -");
  }
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  const auto added = ground.desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return trial::add_user(registry.store(), name, *role, {who(request), now});
  });
  if (!added) return refuse_user(added.error(), "name");
  if (const auto loaded = ground.gate.load(); !loaded) return problem_response(loaded.error());
  return shown_once(json_response({{"user", user_json(added->row)}, {"token", added->token}}, 201));
}

Response revoke_user(const Ground& ground, const Request& request) {
  const std::string& name = request.parameters.at("name");
  const auto users = ground.desk.ask(
      [](trial::Registry& registry, base::Timestamp) { return registry.store().users(); });
  if (!users) return problem_response(users.error());
  if (std::ranges::none_of(*users, [&](const auto& user) { return user.name == name; })) {
    return problem_response(
        Problem{.status = 404,
                .code = "unknown-user",
                .title = "There is no such user",
                .detail = "nobody is called '" + name + "'; GET /v1/users lists all"});
  }
  const auto revoked = ground.desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return trial::revoke_user(registry.store(), name, {who(request), now});
  });
  if (!revoked) return refuse_user(revoked.error(), "");
  if (const auto loaded = ground.gate.load(); !loaded) return problem_response(loaded.error());
  return json_response(user_json(*revoked));
}

}  // namespace

void add_user_routes(Router& router, const Ground& ground) {
  Gatekeeper& gate = ground.gate;
  router.get(
      "/v1/me", [&gate](const Request& request, const Reply& reply) { reply(me(gate, request)); },
      Access::kEverybody);
  router.post(
      "/v1/login",
      on_worker(ground.worker, [&gate](const Request& request) { return log_in(gate, request); }),
      Access::kEverybody);
  router.post("/v1/logout",
              on_worker(ground.worker,
                        [&gate](const Request& request) -> Response {
                          return {.status = 204,
                                  .content_type = "",
                                  .headers = {{"Set-Cookie", gate.log_out(request)}}};
                        }),
              Access::kEverybody);
  router.get(
      "/v1/users",
      on_worker(ground.worker, [&desk = ground.desk](const Request&) { return list_users(desk); }),
      Access::kOwn);
  router.post("/v1/users",
              on_worker(ground.worker,
                        [&ground](const Request& request) { return add_user(ground, request); }),
              Access::kOwn);
  router.post("/v1/users/{name}:revoke",
              on_worker(ground.worker,
                        [&ground](const Request& request) { return revoke_user(ground, request); }),
              Access::kOwn);
}

}  // namespace http
