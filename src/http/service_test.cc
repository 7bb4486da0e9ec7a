// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "http/detail/embedded.h"
#include "http/detail/service_fixture_test.h"

namespace http {
namespace {

using Json = nlohmann::json;
using ServiceTest = ServiceFixture;

// Two tests share what may go wrong, 90 % each; the guardrail's asks for more customers.
TEST_F(ServiceTest, plans_for_guardrails_and_refuses_what_is_none) {
  const auto solved =
      json(post("/v1/designs:solve", R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":15,)"
                                     R"("guardrails":[{"metric":"buyers","worst":0.02}]})"));
  EXPECT_GT(solved["design"]["customers"], 7866);
  EXPECT_EQ(solved["design"]["guardrails"][0]["metric"], "buyers");
  EXPECT_GE(solved["guardrail_power"][0], 0.9);
  const auto codes = [&](const std::string& guardrail) {
    const std::string answer =
        post("/v1/designs:solve", R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":15,)"
                                  R"("guardrails":[)" +
                                      guardrail + "]}");
    std::string found;
    if (status_of(answer) != 422) return found;
    const auto problem = json(answer);
    for (const auto& reason : problem["reasons"]) {
      found += reason["code"].get<std::string>() + " " + reason["field"].get<std::string>() + "; ";
    }
    return found;
  };
  EXPECT_EQ(codes(R"({"metric":"buyers"})"), "missing guardrails[0].worst; ");
  EXPECT_EQ(codes(R"({"worst":0.02})"), "missing guardrails[0].metric; ");
  EXPECT_EQ(codes(R"({"metric":"fun","worst":0.02})"), "unknown_metric guardrails[0].metric; ");
  EXPECT_EQ(codes(R"({"metric":"buyers","worst":0.02,"more":1})"),
            "unknown_field guardrails[0].more; ");
}

TEST_F(ServiceTest, solves_any_one_of_the_four_numbers) {
  const Json customers =
      json(post("/v1/designs:solve", R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":15})"));
  EXPECT_EQ(customers["solved"], "customers");
  EXPECT_EQ(customers["design"]["customers"], 5679);
  EXPECT_EQ(customers["customers"]["total"], 11358);
  EXPECT_NEAR(customers["achieved_power"].get<double>(), 0.8000284916208621, 1e-9);
  EXPECT_EQ(customers["will_say"].size(), 5U);
  EXPECT_GT(customers["curve"].size(), 10U);
  const Json power = json(
      post("/v1/designs:solve", R"({"alpha":0.05,"effect":0.7,"customers":5000,"deviation":15})"));
  EXPECT_NEAR(power["design"]["power"].get<double>(), 0.7543749363075462, 1e-9);
  const Json effect = json(post(
      "/v1/designs:solve",
      R"({"solve_for":"effect","effect":9,"alpha":0.05,"power":0.8,"customers":5000,"deviation":15})"));
  EXPECT_NEAR(effect["design"]["effect"].get<double>(), 0.7459929280154621, 1e-9);
  const Json alpha = json(
      post("/v1/designs:solve", R"({"power":0.8,"effect":0.7,"customers":5000,"deviation":15})"));
  EXPECT_NEAR(alpha["design"]["alpha"].get<double>(), 0.0679, 1e-4);
}

TEST_F(ServiceTest, refuses_four_numbers_that_contradict_each_other_and_offers_repairs) {
  const std::string answer =
      post("/v1/designs:solve",
           R"({"alpha":0.05,"power":0.8,"effect":0.7,"customers":5000,"deviation":15})");
  EXPECT_EQ(status_of(answer), 422);
  EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
  const Json problem = json(answer);
  EXPECT_EQ(problem["type"], "/problems/incoherent-design");
  ASSERT_EQ(problem["reasons"].size(), 1U);
  EXPECT_EQ(problem["reasons"][0]["code"], "underpowered");
  ASSERT_EQ(problem["reasons"][0]["repair"].size(), 4U);
  // Each repair alone makes the design coherent.
  for (const Json& repair : problem["reasons"][0]["repair"]) {
    Json mended = {
        {"alpha", 0.05}, {"power", 0.8}, {"effect", 0.7}, {"customers", 5000}, {"deviation", 15}};
    mended[repair["field"].get<std::string>()] = repair["value"];
    EXPECT_EQ(status_of(post("/v1/designs:solve", mended.dump())), 200) << repair;
  }
}

TEST_F(ServiceTest, refuses_a_field_that_is_given_twice) {
  const std::string answer = post(
      "/v1/designs:solve", R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":15,"alpha":0.5})");
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_NE(json(answer)["detail"].get<std::string>().find("\"alpha\" twice"), std::string::npos);
}

TEST_F(ServiceTest, names_every_field_that_is_wrong) {
  const std::string answer =
      post("/v1/designs:solve", R"({"alpha":"five","efect":0.7,"customers":1.5,"sides":3})");
  EXPECT_EQ(status_of(answer), 422);
  std::map<std::string, std::string> codes;
  const Json problem = json(answer);
  for (const Json& reason : problem["reasons"]) codes[reason["field"]] = reason["code"];
  EXPECT_EQ(codes["alpha"], "not_a_number");
  EXPECT_EQ(codes["efect"], "unknown_field");
  EXPECT_EQ(codes["customers"], "not_an_integer");
  EXPECT_EQ(codes["effect"], "missing");
  EXPECT_EQ(codes["deviation"], "missing");
  EXPECT_EQ(codes["sides"], "sides_out_of_range");
}

TEST_F(ServiceTest, refuses_bodies_that_are_not_json) {
  const std::string deep = "{\"a\":" + std::string(2000, '[') + std::string(2000, ']') + "}";
  for (const std::string& body :
       {std::string("{"), std::string("[1]"), std::string("nonsense"), deep,
        std::string("{\"a\":1e999}"), std::string("{\"a\":\"\xff\xfe\"}"),
        std::string("{\"a\":1}x"), std::string("\"text\""), std::string("{\"a\":NaN}"),
        std::string(3000, '[')}) {
    const std::string answer = post("/v1/designs:solve", body);
    EXPECT_EQ(status_of(answer), 400) << body.substr(0, 40) << answer;
    EXPECT_TRUE(json(answer).is_object()) << body.substr(0, 40);
  }
}

TEST_F(ServiceTest, refuses_numbers_beyond_sense_without_hanging) {
  for (
      const char* body :
      {R"({"alpha":-1,"power":0.8,"effect":0.7,"deviation":15})",
       R"({"alpha":0.05,"power":0.8,"effect":0,"deviation":15})",
       R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":-3})",
       R"({"alpha":0.05,"power":0.8,"effect":1e-300,"deviation":1e300})",
       R"({"alpha":1e-300,"power":0.999999999999,"effect":0.7,"deviation":15,"customers":1})",
       R"({"alpha":0.05,"power":0.8,"effect":0.7,"deviation":15,"customers":9223372036854775807})"}) {
    const std::string answer = post("/v1/designs:solve", body);
    EXPECT_EQ(status_of(answer), 422) << body << answer;
    EXPECT_FALSE(json(answer)["reasons"].empty()) << body;
  }
}

TEST_F(ServiceTest, drafts_validates_and_starts_once) {
  Json weak = plan();
  weak["design"]["customers"] = 10;
  const std::string created = post("/v1/experiments", weak.dump());
  EXPECT_EQ(status_of(created), 201);
  EXPECT_NE(created.find("Location: /v1/experiments/1"), std::string::npos);
  EXPECT_EQ(json(created)["state"], "draft");
  for (const char* wish : {"/v1/experiments/1:validate", "/v1/experiments/1:start"}) {
    const std::string refused = post(wish);
    EXPECT_EQ(status_of(refused), 422) << wish;
    EXPECT_EQ(json(refused)["reasons"][0]["repair"].size(), 4U) << wish;
  }
  EXPECT_EQ(status_of(get("/v1/experiments/1/results")), 409);
  EXPECT_EQ(status_of(send("PUT", "/v1/experiments/1", plan().dump())), 200);
  EXPECT_EQ(json(post("/v1/experiments/1:validate"))["may_start"], true);
  const Json started = json(post("/v1/experiments/1:start"));
  const std::string token = started["tokens"]["candidate"];
  EXPECT_TRUE(token.starts_with("xab_live_"));
  EXPECT_EQ(Json::parse(started["example"]["value"].get<std::string>())["token"], token);
  EXPECT_EQ(status_of(post("/v1/experiments/1:start")), 409);
  EXPECT_EQ(status_of(send("PUT", "/v1/experiments/1", plan().dump())), 409);
  for (const char* where : {"/v1/experiments", "/v1/experiments/1", "/v1/experiments/1/results"}) {
    EXPECT_EQ(get(where).find(token), std::string::npos) << where;
  }
  post("/v1/experiments", plan().dump());
  const std::string crowded = post("/v1/experiments/2:start");
  EXPECT_EQ(status_of(crowded), 409);
  EXPECT_NE(crowded.find("0.0 % are free: experiment 1 holds 100.0 %"), std::string::npos)
      << crowded;
  EXPECT_EQ(json(get("/v1/experiments"))["experiments"].size(), 2U);
  EXPECT_EQ(status_of(post("/v1/experiments/1:conclude")), 409);
  EXPECT_EQ(status_of(post("/v1/experiments/1:abort", "{}")), 422);
  EXPECT_EQ(json(post("/v1/experiments/1:abort", R"({"reason":"wrong model"})"))["state"],
            "aborted");
}

TEST_F(ServiceTest, refuses_plans_with_faults) {
  EXPECT_EQ(status_of(post("/v1/experiments", "{}")), 422);
  Json misspelt = plan();
  misspelt["design"]["aplha"] = 0.1;
  const std::string answer = post("/v1/experiments", misspelt.dump());
  EXPECT_EQ(status_of(answer), 422);
  EXPECT_EQ(json(answer)["reasons"][0]["field"], "design.aplha");
  Json unnamed = plan();
  unnamed["environment"] = "NO!";
  EXPECT_EQ(status_of(post("/v1/experiments", unnamed.dump())), 400);
  for (const char* target : {"/v1/experiments/9", "/v1/experiments/x", "/v1/experiments/9/results",
                             "/v1/experiments/99999999999999999999"}) {
    EXPECT_EQ(status_of(get(target)), 404) << target;
  }
}

TEST_F(ServiceTest, carries_a_session_from_its_opening_to_its_money) {
  const Json tokens = start();
  const std::string opened = post("/v1/sessions", R"({"uuid":404180,"session":17})");
  EXPECT_EQ(status_of(opened), 201);
  EXPECT_EQ(json(opened)["outcome"], "sampled");
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":404180,"session":17})")), 200);
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":404181,"session":17})")), 409);

  EXPECT_EQ(status_of(get("/v1/sessions/17/decision?wait_ms=0")), 202);
  EXPECT_EQ(status_of(post("/v1/sessions/17/revenue", R"({"uuid":404180,"revenue":23.45})")), 409);
  std::string waited;
  std::thread waiting([&] { waited = get("/v1/sessions/17/decision"); });
  decide(404180, true, tokens);
  waiting.join();
  EXPECT_EQ(status_of(waited), 200);
  EXPECT_EQ(json(waited)["value"], 1);
  EXPECT_EQ(json(waited)["reason"], "decision");

  EXPECT_EQ(status_of(post("/v1/sessions/17/revenue", R"({"uuid":404180,"revenue":23.456})")), 422);
  EXPECT_EQ(status_of(post("/v1/sessions/17/revenue", R"({"uuid":404180,"revenue":-1})")), 422);
  EXPECT_EQ(status_of(post("/v1/sessions/17/revenue", R"({"uuid":404180,"revenue":999999})")), 422);
  EXPECT_EQ(status_of(post("/v1/sessions/17/revenue",
                           R"({"uuid":404180,"revenue":"23.45","accepted":1})")),
            201);
  EXPECT_EQ(
      status_of(post("/v1/sessions/17/revenue", R"({"uuid":404180,"revenue":23.45,"accepted":1})")),
      200);
  EXPECT_EQ(status_of(post("/v1/sessions/18/revenue", R"({"uuid":1,"revenue":1})")), 404);
  EXPECT_EQ(status_of(get("/v1/sessions/18/decision")), 404);
  EXPECT_EQ(status_of(get("/v1/sessions/x/decision")), 404);
  EXPECT_EQ(status_of(get("/v1/sessions/17/decision?wait_ms=soon")), 400);

  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["collected"]["closed"], 1);
  EXPECT_EQ(results["verdict"]["kind"], "collecting");
  EXPECT_TRUE(results["verdict"]["figures"].is_null());
}

TEST_F(ServiceTest, decides_at_once_for_customers_outside) {
  start();
  EXPECT_EQ(status_of(post("/v1/experiments/1:abort", R"({"reason":"enough"})")), 200);
  const Json answer = json(post("/v1/sessions", R"({"uuid":1,"session":1})"));
  ASSERT_TRUE(answer["decision"].is_object()) << answer;
  EXPECT_EQ(answer["outcome"], "not_running");
  EXPECT_EQ(answer["decision"]["value"], 0);
  EXPECT_EQ(answer["decision"]["reason"], "unsampled");
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":1})")), 422);
}

TEST_F(ServiceTest, reaches_a_verdict_and_concludes) {
  live_to_the_end(start());
  const Json results = json(get("/v1/experiments/1/results"));
  ASSERT_FALSE(results["checks"].empty());
  for (const Json& check : results["checks"]) {
    const std::string lamp = check["lamp"];
    EXPECT_TRUE(lamp == "dark" || lamp == "good" || lamp == "watch" || lamp == "alarm") << check;
    EXPECT_TRUE(lamp == "dark" || !check["message"].get<std::string>().empty()) << check;
    EXPECT_TRUE(check["system"].is_null()) << check;
  }
  EXPECT_EQ(results["etag"], field_of(get("/v1/experiments/1"), "ETag"));
  for (const Json& point : results["series"]) EXPECT_EQ(point.size(), 5U) << point;
  const Json& distribution = results["distribution"];
  for (const char* arm : {"base", "candidate"}) {
    std::int64_t customers = distribution["arms"][arm]["zeros"];
    const Json& counts = distribution["arms"][arm]["counts"];
    EXPECT_EQ(counts.size() + 1, distribution["edges"].size());
    for (const Json& count : counts) customers += count.get<std::int64_t>();
    // Base's customers spend 10 to 16 $, the candidate's 40 to 46 $.
    const std::set<double> wanted =
        arm == std::string("base") ? std::set<double>{10, 16} : std::set<double>{40};
    std::set<double> used;  // The lower edges of bins with somebody in them.
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0) used.insert(distribution["edges"][i].get<double>());
    EXPECT_EQ(used, wanted) << arm;
    EXPECT_EQ(customers, results["arms"][arm]["closed"]);
  }
  EXPECT_EQ(distribution["edges"].front(), 0.01);
  EXPECT_EQ(distribution["edges"].back(), results["experiment"]["revenue_cap"]);
  EXPECT_TRUE(results["looks"].is_array());
  EXPECT_TRUE(results["forecast"].is_null()) << "no dry run";
  EXPECT_TRUE(results["verdict"].contains("kinds"));
  EXPECT_EQ(results["experiment"]["state"], "complete");
  EXPECT_EQ(results["verdict"]["kind"], "better_by_effect");
  EXPECT_TRUE(results["verdict"]["figures"]["estimate"].get<double>() > 25);
  EXPECT_NE(results["verdict"]["sentence"].get<std::string>().find("$"), std::string::npos);
  EXPECT_EQ(json(post("/v1/experiments/1:conclude"))["state"], "concluded");
}

TEST_F(ServiceTest, forecasts_after_a_dry_run) {
  Json dry = plan();
  dry["design"]["dry_run"] = true;
  EXPECT_EQ(status_of(post("/v1/experiments", dry.dump())), 201);
  live_to_the_end(json(post("/v1/experiments/1:start"))["tokens"]);
  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["verdict"]["kind"], "dry_run_complete");
  ASSERT_TRUE(results["forecast"].is_object()) << results;
  EXPECT_EQ(results["forecast"]["customers"], 40);
  EXPECT_FALSE(results["forecast"]["sentence"].get<std::string>().empty());
  EXPECT_EQ(results["forecast"]["candidates"][0]["share"], results["forecast"]["share"]);
  // What is suggested can be sent as it is.
  Json next = plan();
  next["design"] = results["forecast"]["suggested"];
  EXPECT_EQ(status_of(post("/v1/experiments", next.dump())), 201);
}

TEST_F(ServiceTest, tells_listeners_the_whole_state_at_once_and_after_each_change) {
  const Json tokens = start();
  WireClient client(service_->port());
  client.send(
      "GET /v1/experiments/1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 99\r\n\r\n");
  ASSERT_TRUE(client.read_until("event: progress\ndata: {"));
  ASSERT_TRUE(client.read_until("\"enrolled\":0"));
  post("/v1/sessions", R"({"uuid":404180,"session":17})");
  desk_->tick().value();
  ASSERT_TRUE(client.read_until("\"enrolled\":1"));
  EXPECT_EQ(status_of(get("/v1/experiments/x/events")), 404);
  WireClient stranger(service_->port());
  stranger.send("GET /v1/experiments/77/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(stranger.read_until("{\"experiment\":null}"));
}

TEST_F(ServiceTest, answers_those_who_wait_when_stopped) {
  start();
  post("/v1/sessions", R"({"uuid":404180,"session":17})");
  std::string waited;
  WireClient client(service_->port());
  client.send("GET /v1/sessions/17/decision HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (service_->counts().connections == 0) std::this_thread::yield();
  service_->stop();
  const int status = status_of(client.read_answer());
  EXPECT_TRUE(status == 202 || status == 503 || status == 0) << status;
  service_->stop();
}

TEST_F(ServiceTest, refuses_a_number_of_looks_as_it_was_asked_for) {
  const std::string answer = post(
      "/v1/designs:solve", R"({"effect":0.7,"deviation":15,"looks":99,"alpha":0.05,"power":0.8})");
  EXPECT_EQ(status_of(answer), 422);
  EXPECT_NE(answer.find("looks must be between 1 and 20, not 99"), std::string::npos) << answer;
}

TEST_F(ServiceTest, shows_health_metrics_and_the_transport) {
  EXPECT_EQ(status_of(get("/healthz")), 200);
  start();
  post("/v1/sessions", R"({"uuid":404180,"session":17})");
  desk_->tick().value();
  const std::string metrics = get("/metrics");
  EXPECT_NE(metrics.find("text/plain; version=0.0.4"), std::string::npos);
  EXPECT_NE(metrics.find("provecho_up 1\n"), std::string::npos);
  EXPECT_NE(metrics.find("provecho_platform_records_total 42\n"), std::string::npos);
  EXPECT_NE(metrics.find("provecho_trial_records_total{experiment=\"1\",topic=\"session\",outcome="
                         "\"sampled\"} 1\n"),
            std::string::npos);
  EXPECT_EQ(json(get("/v1/platform"))["durable_transport"], false);
  EXPECT_TRUE(json(get("/v1/platform"))["calibration"].is_null());
  calibration_ = R"({"format": "provecho-calibration", "passed": true})";
  EXPECT_EQ(json(get("/v1/platform"))["calibration"]["passed"], true);
  calibration_ = "[1, 2";
  EXPECT_TRUE(json(get("/v1/platform"))["calibration"].is_null());
  trouble_ = "the store is full";
  EXPECT_EQ(status_of(get("/healthz")), 503);
  EXPECT_NE(get("/metrics").find("provecho_up 0\n"), std::string::npos);
}

TEST_F(ServiceTest, serves_the_studys_report_under_a_policy_of_its_own) {
  const std::string report = get("/study");
  EXPECT_EQ(status_of(report), 200);
  EXPECT_EQ(body_of(report), "<!doctype html><title>A study</title>");
  EXPECT_NE(report.find("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'"),
            std::string::npos);
  EXPECT_EQ(report.find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(json(get("/v1/platform"))["study"], true);
}

TEST_F(ServiceTest, serves_the_page_with_its_types_and_tags) {
  const std::string page = get("/");
  EXPECT_EQ(status_of(page), 200);
  EXPECT_NE(page.find("Content-Type: text/html; charset=utf-8"), std::string::npos);
  ASSERT_GT(embedded_files().size(), 3U);
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string answer = get(std::string(file.path));
    EXPECT_EQ(status_of(answer), 200) << file.path;
    EXPECT_EQ(body_of(answer), file.content) << file.path;
    const std::string again =
        WireClient(service_->port())
            .ask("GET " + std::string(file.path) +
                 " HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + std::string(file.etag) +
                 "\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(again), 304) << file.path;
  }
}

TEST_F(ServiceTest, makes_one_experiment_for_one_key_also_over_a_restart) {
  const std::string key = "Idempotency-Key: 7f9c\r\n";
  const std::string made = send("POST", "/v1/experiments", plan().dump(), key);
  ASSERT_EQ(status_of(made), 201);
  ASSERT_EQ(status_of(send("POST", "/v1/experiments/1:start", "", "Idempotency-Key: 8a\r\n")), 200);
  serve(options());
  const std::string again = send("POST", "/v1/experiments", plan().dump(), key);
  EXPECT_EQ(status_of(again), 201);
  EXPECT_EQ(body_of(again), body_of(made));
  EXPECT_EQ(field_of(again, "Location"), "/v1/experiments/1");
  EXPECT_EQ(field_of(again, "ETag"), field_of(made, "ETag"));
  EXPECT_EQ(field_of(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(json(get("/v1/experiments"))["experiments"].size(), 1U);
  const std::string started =
      send("POST", "/v1/experiments/1:start", "", "Idempotency-Key: 8a\r\n");
  EXPECT_EQ(status_of(started), 409) << "its tokens are not written down";
  EXPECT_NE(started.find("issue another"), std::string::npos) << started;
}

}  // namespace
}  // namespace http
