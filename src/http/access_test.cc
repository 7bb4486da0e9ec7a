// SPDX-License-Identifier: Apache-2.0
// Who may do what: users, roles, logins, rates, and the platform without users.
#include <gtest/gtest.h>

#include "http/detail/service_fixture_test.h"
#include "trial/users.h"

namespace http {
namespace {

using Json = nlohmann::json;

class AccessTest : public ServiceFixture {
 protected:
  // The first one made makes the platform ask everybody.
  std::string add(const std::string& name, trial::Role role) {
    const auto user = desk_->ask([&](trial::Registry& registry, base::Timestamp now) {
      return trial::add_user(registry.store(), name, role, {"shell", now});
    });
    EXPECT_TRUE(user) << user.error().message;
    return user->token;
  }
  static std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }
  int status(const std::string& method, const std::string& target, const std::string& token,
             const std::string& body = "") {
    return status_of(send(method, target, body, token.empty() ? "" : bearer(token)));
  }
};

TEST_F(AccessTest, asks_everybody_once_there_is_a_user) {
  const std::string ann = add("ann", trial::Role::kOwner);
  serve(options());
  for (const char* target :
       {"/v1/experiments", "/v1/platform", "/v1/users", "/metrics", "/study", "/v1/experiments/1",
        "/v1/experiments/1/events", "/v1/sessions/1/decision"}) {
    const std::string refused = get(target);
    EXPECT_EQ(status_of(refused), 401) << target;
    EXPECT_EQ(field_of(refused, "WWW-Authenticate"), "Bearer realm=\"provecho\"") << target;
    EXPECT_NE(status("GET", target, ann), 401) << target;
  }
  for (const char* target : {"/healthz", "/", "/app.js", "/v1/me"})
    EXPECT_EQ(status_of(get(target)), 200) << target;
  EXPECT_EQ(status("POST", "/v1/experiments", "", plan().dump()), 401);
  std::string mistyped = ann;
  mistyped[20] = mistyped[20] == 'a' ? 'b' : 'a';
  const std::string refused = send("GET", "/v1/experiments", "", bearer(mistyped));
  EXPECT_EQ(status_of(refused), 401);
  EXPECT_NE(field_of(refused, "WWW-Authenticate").find("invalid_token"), std::string::npos);
  // Another token of the same shape.
  EXPECT_EQ(status("GET", "/v1/experiments", trial::issue_token("user")->text), 401);
  EXPECT_EQ(status("GET", "/v1/experiments", ann), 200);
}

TEST_F(AccessTest, refuses_the_id_of_a_user_with_another_secret) {
  add("ann", trial::Role::kOwner);
  const auto token = trial::issue_token("user");
  const trial::UserRow bob{.id = token->id,
                           .name = "bob",
                           .role = trial::Role::kOwner,
                           .digest = trial::digest_secret("another"),
                           .created_at = clock_.now(),
                           .created_by = "ann",
                           .revoked_at = {},
                           .revoked_by = ""};
  ASSERT_TRUE(store_->write_user(bob));
  serve(options());
  EXPECT_EQ(status("GET", "/v1/experiments", token->text), 401);
  EXPECT_EQ(status_of(post("/v1/login", Json{{"token", token->text}}.dump())), 401);
  // A system's token is none of a user's, whatever its digest.
  const auto systems = trial::issue_token("live");
  trial::UserRow system = bob;
  system.id = systems->id;
  system.name = "system";
  system.digest = trial::digest_secret(trial::parse_token(systems->text)->secret);
  ASSERT_TRUE(store_->write_user(system));
  serve(options());
  EXPECT_EQ(status("GET", "/v1/experiments", systems->text), 401);
}

TEST_F(AccessTest, gives_each_role_its_own) {
  const std::string owner = add("ann", trial::Role::kOwner);
  const std::string analyst = add("bob", trial::Role::kAnalyst);
  const std::string viewer = add("cid", trial::Role::kViewer);
  const std::string shop = add("dot", trial::Role::kShop);
  serve(options());
  const std::string made = plan().dump();
  EXPECT_EQ(status("POST", "/v1/experiments", viewer, made), 403);
  EXPECT_EQ(status("POST", "/v1/experiments", shop, made), 403);
  EXPECT_EQ(status("POST", "/v1/experiments", analyst, made), 201);
  EXPECT_EQ(status("PUT", "/v1/experiments/1", analyst, made), 200);
  EXPECT_EQ(status("POST", "/v1/experiments/1:validate", viewer), 403);
  EXPECT_EQ(status("POST", "/v1/experiments/1:validate", analyst), 200);
  for (const char* step : {"start", "pause", "resume", "ramp", "abort", "conclude"}) {
    EXPECT_EQ(status("POST", std::string("/v1/experiments/1:") + step, analyst), 403) << step;
  }
  EXPECT_EQ(status("POST", "/v1/experiments/1:start", owner), 200);
  for (const char* target : {"/v1/experiments/1/tokens", "/v1/users"}) {
    EXPECT_EQ(status("GET", target, analyst), 403) << target;
    EXPECT_EQ(status("GET", target, owner), 200) << target;
  }
  EXPECT_EQ(status("POST", "/v1/experiments/1/tokens", analyst, R"({"system":"base"})"), 403);
  for (const char* target : {"/v1/experiments/1/results", "/v1/experiments/1/export.csv",
                             "/v1/experiments/1/audit", "/metrics", "/study"}) {
    EXPECT_EQ(status("GET", target, viewer), 200) << target;
    EXPECT_EQ(status("GET", target, shop), 403) << target;
  }
  const char* session = R"({"uuid":404180,"session":17})";
  EXPECT_EQ(status("POST", "/v1/sessions", viewer, session), 403);
  EXPECT_EQ(status("POST", "/v1/sessions", shop, session), 201);
  EXPECT_EQ(status("GET", "/v1/sessions/17/decision?wait_ms=0", shop), 202);
  const std::string refused = send("POST", "/v1/experiments/1:pause", "", bearer(viewer));
  EXPECT_EQ(json(refused)["reasons"][0]["need"], "owner");
  EXPECT_EQ(json(refused)["reasons"][0]["have"], "viewer");
  EXPECT_EQ(status("POST", "/v1/experiments/1:pause", owner), 200);
  const Json audit = json(send("GET", "/v1/experiments/1/audit", "", bearer(viewer)))["audit"];
  EXPECT_EQ(audit[0]["who"], "bob");
  EXPECT_EQ(audit.back()["who"], "ann");
}

TEST_F(AccessTest, logs_a_browser_in_by_cookie) {
  const std::string viewer_token = [&] {
    add("ann", trial::Role::kOwner);
    return add("cid", trial::Role::kViewer);
  }();
  serve(options());
  EXPECT_EQ(json(get("/v1/me")), Json::parse(R"({"login_required":true,"user":null})"));
  EXPECT_EQ(status_of(post("/v1/login", R"({"token":"xab_user_nonsense"})")), 401);
  EXPECT_EQ(status_of(post("/v1/login", "{}")), 422);
  const std::string in = post("/v1/login", Json{{"token", viewer_token}}.dump());
  EXPECT_EQ(status_of(in), 204);
  const std::string set = field_of(in, "Set-Cookie");
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"})
    EXPECT_NE(set.find(part), std::string::npos) << set;
  EXPECT_EQ(set.find("Secure"), std::string::npos) << "not under TLS";
  EXPECT_EQ(set.find(viewer_token), std::string::npos);
  const std::string cookie = "Cookie: other=1; " + set.substr(0, set.find(';')) + "; more=2\r\n";
  EXPECT_EQ(json(send("GET", "/v1/me", "", cookie))["user"]["name"], "cid");
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", cookie)), 200);
  EXPECT_EQ(status_of(send("POST", "/v1/experiments", plan().dump(), cookie)), 403);
  // What EventSource does.
  WireClient events(service_->port());
  events.send("GET /v1/experiments/77/events HTTP/1.1\r\nHost: localhost\r\n" + cookie + "\r\n");
  EXPECT_TRUE(events.read_until("{\"experiment\":null}"));
  const std::string out = send("POST", "/v1/logout", "", cookie);
  EXPECT_EQ(status_of(out), 204);
  EXPECT_NE(field_of(out, "Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", cookie)), 401);
}

TEST_F(AccessTest, knows_a_login_after_a_restart_and_no_logout_comes_back) {
  const std::string ann = add("ann", trial::Role::kOwner);
  const std::string bob = add("bob", trial::Role::kViewer);
  serve(options());
  const auto log_in = [&](const std::string& token) {
    const std::string set =
        field_of(post("/v1/login", Json{{"token", token}}.dump()), "Set-Cookie");
    return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  };
  const std::string stays = log_in(ann);
  const std::string leaves = log_in(ann);
  const std::string revoked = log_in(bob);
  EXPECT_EQ(status_of(send("POST", "/v1/logout", "", leaves)), 204);
  EXPECT_EQ(status("POST", "/v1/users/bob:revoke", ann), 200);
  serve(options());
  EXPECT_EQ(json(send("GET", "/v1/me", "", stays))["user"]["name"], "ann");
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", leaves)), 401);
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", revoked)), 401);
  const auto logins = store_->callers().logins();
  ASSERT_TRUE(logins);
  for (const trial::LoginRow& row : *logins)
    EXPECT_EQ(stays.find(row.digest), std::string::npos) << "the store holds no cookie";
}

TEST_F(AccessTest, makes_and_revokes_users_at_once) {
  EXPECT_EQ(status_of(post("/v1/users", R"({"name":"bob","role":"viewer"})")), 409)
      << "the first is an owner";
  const Json made = json(post("/v1/users", R"({"name":"ann","role":"owner"})"));
  const std::string owner = made["token"];
  EXPECT_TRUE(owner.starts_with("xab_user_"));
  EXPECT_EQ(status_of(get("/v1/users")), 401) << "from now on everybody is asked";
  const Json bob =
      json(send("POST", "/v1/users", R"({"name":"bob","role":"viewer"})", bearer(owner)));
  EXPECT_EQ(bob["user"]["created_by"], "ann");
  const std::string token = bob["token"];
  const std::string in = post("/v1/login", Json{{"token", token}}.dump());
  const std::string cookie =
      "Cookie: " + field_of(in, "Set-Cookie").substr(0, field_of(in, "Set-Cookie").find(';')) +
      "\r\n";
  EXPECT_EQ(status("GET", "/v1/experiments", token), 200);
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", cookie)), 200);
  const std::string listed = send("GET", "/v1/users", "", bearer(owner));
  EXPECT_EQ(json(listed)["users"].size(), 2U);
  EXPECT_EQ(listed.find(std::string(trial::parse_token(token)->secret)), std::string::npos);
  EXPECT_EQ(status("POST", "/v1/users/bob:revoke", owner), 200);
  EXPECT_EQ(status("GET", "/v1/experiments", token), 401);
  EXPECT_EQ(status_of(send("GET", "/v1/experiments", "", cookie)), 401);
  EXPECT_EQ(status("POST", "/v1/users/bob:revoke", owner), 409);
  EXPECT_EQ(status("POST", "/v1/users/nobody:revoke", owner), 404);
  EXPECT_EQ(status("POST", "/v1/users/ann:revoke", owner), 409) << "the last owner";
  const std::string wrong =
      send("POST", "/v1/users", R"({"name":"a b","role":"king"})", bearer(owner));
  EXPECT_EQ(status_of(wrong), 422);
  EXPECT_EQ(json(wrong)["reasons"].size(), 2U);
}

TEST_F(AccessTest, without_users_serves_its_own_machine_only) {
  ServiceOptions far = options();
  far.server.address = "0.0.0.0";
  const auto status = [] { return PlatformStatus{}; };
  const auto refused = Service::start(far, *desk_, status);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("provecho user add"), std::string::npos);
  far.open = true;
  EXPECT_TRUE(Service::start(far, *desk_, status));
  far.open = false;
  add("ann", trial::Role::kOwner);
  EXPECT_TRUE(Service::start(far, *desk_, status));
}

// DNS rebinding: a web site whose name leads to 127.0.0.1 has its own Host and Origin.
TEST_F(AccessTest, without_users_refuses_names_of_web_sites) {
  const auto ask = [&](const std::string& host) {
    return status_of(WireClient(service_->port())
                         .ask("GET /v1/experiments HTTP/1.1\r\nHost: " + host +
                              "\r\nConnection: close\r\n\r\n"));
  };
  for (const char* host : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""})
    EXPECT_EQ(ask(host), 403) << host;
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:8080", "localhost:1", "provecho.localhost", "[::1]:80", "[::1]"})
    EXPECT_EQ(ask(host), 200) << host;
}

TEST_F(AccessTest, can_open_the_metrics_alone) {
  add("ann", trial::Role::kOwner);
  ServiceOptions open = options();
  open.open_metrics = true;
  serve(open);
  EXPECT_EQ(status_of(get("/metrics")), 200);
  EXPECT_EQ(status_of(get("/v1/platform")), 401);
}

TEST_F(AccessTest, slows_down_who_asks_too_fast) {
  ServiceOptions slow = options();
  slow.requests_per_second = 0.01;  // A burst of 0.05: nobody may ask even once.
  serve(slow);
  const std::string refused = get("/v1/platform");
  EXPECT_EQ(status_of(refused), 429);
  EXPECT_EQ(field_of(refused, "Retry-After"), "95");
  EXPECT_EQ(json(refused)["type"], "/problems/too-many-requests");
}

}  // namespace
}  // namespace http
