// SPDX-License-Identifier: Apache-2.0
// The life of an experiment by HTTP: its steps, its log, its tokens, its tags.
#include <gtest/gtest.h>

#include <map>

#include "http/detail/service_fixture_test.h"

namespace http {
namespace {

using Json = nlohmann::json;
using LifeTest = ServiceFixture;

TEST_F(LifeTest, validates_pauses_resumes_and_ramps) {
  Json partly = plan();
  partly["sampling_share"] = 0.25;
  post("/v1/experiments", partly.dump());
  EXPECT_EQ(status_of(post("/v1/experiments/1:validate")), 200);
  EXPECT_EQ(json(get("/v1/experiments/1"))["state"], "validated");
  const std::string early = post("/v1/experiments/1:pause");
  EXPECT_EQ(status_of(early), 409);
  EXPECT_EQ(json(early)["reasons"][0]["code"], "wrong_state");
  EXPECT_EQ(json(early)["reasons"][0]["have"], "validated");
  EXPECT_EQ(status_of(post("/v1/experiments/1:ramp", R"({"sampling_share":0.5})")), 409);
  const std::string stray = post("/v1/experiments/1:start", R"({"sampling_share":0.5})");
  EXPECT_EQ(status_of(stray), 422);
  EXPECT_EQ(json(stray)["reasons"][0]["code"], "unknown_field");
  EXPECT_EQ(status_of(post("/v1/experiments/1:start")), 200);
  EXPECT_EQ(status_of(post("/v1/experiments/1:resume")), 409);
  EXPECT_EQ(json(post("/v1/experiments/1:pause"))["state"], "paused");
  EXPECT_EQ(status_of(post("/v1/experiments/1:pause")), 409);
  EXPECT_EQ(json(post("/v1/sessions", R"({"uuid":404180,"session":17})"))["outcome"],
            "not_running");
  EXPECT_EQ(json(post("/v1/experiments/1:resume"))["state"], "running");
  EXPECT_EQ(json(post("/v1/experiments/1:ramp", R"({"sampling_share":0.5})"))["sampling_share"],
            0.5);
  for (const char* share : {"0.5", "0.1", "1.5", "-1"}) {
    const std::string refused =
        post("/v1/experiments/1:ramp", std::string(R"({"sampling_share":)") + share + "}");
    EXPECT_EQ(status_of(refused), 422) << share;
    const Json reason = json(refused)["reasons"][0];
    EXPECT_EQ(reason["code"], "share_out_of_range") << share;
    EXPECT_EQ(reason["repair"][0]["value"], 1.0) << share;
  }
  EXPECT_EQ(status_of(post("/v1/experiments/1:ramp", "{}")), 422);
}

TEST_F(LifeTest, runs_two_experiments_beside_each_other) {
  Json half = plan();
  half["sampling_share"] = 0.5;
  for (const char* id : {"1", "2"}) {
    post("/v1/experiments", half.dump());
    EXPECT_EQ(status_of(post(std::string("/v1/experiments/") + id + ":start")), 200);
  }
  for (int n = 1; n <= 50; ++n) {
    const std::string id = std::to_string(n);
    EXPECT_EQ(
        json(post("/v1/sessions", R"({"uuid":)" + id + R"(,"session":)" + id + "}"))["outcome"],
        "sampled");
  }
  desk_->tick().value();
  int customers = 0;
  for (const char* id : {"1", "2"}) {
    const Json results = json(get(std::string("/v1/experiments/") + id + "/results"));
    int enrolled = 0;
    for (const Json& arm : results["arms"]) enrolled += arm["enrolled"].get<int>();
    EXPECT_GT(enrolled, 10);
    EXPECT_NE(get("/metrics")
                  .find(std::string("provecho_trial_sessions_open{experiment=\"") + id + "\"} " +
                        std::to_string(enrolled) + "\n"),
              std::string::npos);
    customers += enrolled;
  }
  EXPECT_EQ(customers, 50);
  const std::string refused = post("/v1/experiments/1:ramp", R"({"sampling_share":0.75})");
  EXPECT_EQ(status_of(refused), 409);
  EXPECT_NE(refused.find("experiment 2 holds 50.0 %"), std::string::npos) << refused;
}

TEST_F(LifeTest, runs_several_candidates_in_one_experiment) {
  Json three = plan();
  three["further_candidates"] = Json::array({{{"id", "history-v4"}}, {{"id", "tree"}}});
  three["design"]["customers"] = 30;  // Enough for one.
  const std::string created = post("/v1/experiments", three.dump());
  EXPECT_EQ(status_of(created), 201) << created;
  EXPECT_EQ(json(created)["design"]["candidates"], 3);
  EXPECT_EQ(json(created)["customers"]["total"], 120);
  const Json four = {{"alpha", 0.05},   {"power", 0.8},    {"effect", 10},
                     {"deviation", 15}, {"candidates", 3}, {"solve_for", "customers"}};
  EXPECT_EQ(json(post("/v1/designs:solve", four.dump()))["customers"]["total"], 160);
  const std::string refused = post("/v1/experiments/1:start");
  EXPECT_EQ(status_of(refused), 422);  // Three comparisons take more than one.
  const Json reasons = json(refused)["reasons"];
  for (const Json& repair : reasons[0]["repair"]) {
    if (repair["field"] == "customers") three["design"]["customers"] = repair["value"];
  }
  EXPECT_EQ(status_of(send("PUT", "/v1/experiments/1", three.dump())), 200);
  const std::string answer = post("/v1/experiments/1:start");
  ASSERT_EQ(status_of(answer), 200) << answer;
  const Json tokens = json(answer)["tokens"];
  EXPECT_EQ(tokens.size(), 4U);
  const std::string issued = post("/v1/experiments/1/tokens", R"({"system":"candidate_3"})");
  EXPECT_EQ(status_of(issued), 201) << issued;
  EXPECT_EQ(status_of(post("/v1/experiments/1/tokens", R"({"system":"candidate_4"})")), 422);
  post("/v1/sessions", R"({"uuid":1,"session":1,"before":"19.99","segment":"app"})");
  const auto decide_as = [&](const char* system) {
    const auto token = tokens[system].get<std::string>();
    return *desk_->record_decision(
        system == std::string("base") ? event::System::kBase : event::System::kCandidate,
        {event::CustomerId(1), true, token});
  };
  for (const char* system : {"base", "candidate", "candidate_2", "candidate_3"})
    EXPECT_EQ(decide_as(system), trial::DecisionOutcome::kRecorded) << system;
  const Json session = json(get("/v1/experiments/1/sessions"))["sessions"][0];
  EXPECT_EQ(session["candidate_3"]["value"], 1);
  EXPECT_EQ(session["before"], "19.99");
  EXPECT_EQ(session["segment"], "app");
  desk_->tick().value();
  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["arms"].size(), 4U);
  EXPECT_EQ(results["candidates"][2]["id"], "tree");
  EXPECT_EQ(results["systems"]["candidate_2"]["decisions"], 1);
  EXPECT_TRUE(results["winner"].is_null());
  std::map<std::string, std::string> whose;  // Of each check: the system it is about.
  for (const Json& check : results["checks"]) {
    whose[check["code"]] = check["system"].is_null() ? "all" : check["system"].get<std::string>();
    EXPECT_EQ(check["title"].get<std::string>().find("tree"), std::string::npos) << check;
  }
  EXPECT_EQ(whose["sample_ratio"], "all");
  EXPECT_EQ(whose["bootstrap"], "candidate");
  EXPECT_EQ(whose["bootstrap_3"], "candidate_3");
  EXPECT_EQ(whose["candidate_silent_2"], "candidate_2");
  const std::string report = get("/v1/experiments/1/report.html");
  for (const char* part : {"<h2>history-v4</h2>", "<h3>history-v4</h3>", "<h3>tree</h3>"})
    EXPECT_NE(report.find(part), std::string::npos) << part;
}

TEST_F(LifeTest, forecasts_an_experiment_of_several_candidates_after_a_dry_run) {
  Json two = plan();
  two["further_candidates"] = Json::array({{{"id", "tree"}}});
  two["design"]["dry_run"] = true;
  EXPECT_EQ(status_of(post("/v1/experiments", two.dump())), 201);
  const Json solved = json(post("/v1/designs:solve", two["design"].dump()));
  EXPECT_TRUE(solved["coherent"]) << solved;
  live_to_the_end(json(post("/v1/experiments/1:start"))["tokens"]);
  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["verdict"]["kind"], "dry_run_complete");
  const Json& forecast = results["forecast"];
  ASSERT_EQ(forecast["candidates"].size(), 2U) << results;
  EXPECT_EQ(forecast["candidates"][1]["system"], "candidate_2");
  EXPECT_EQ(forecast["candidates"][1]["id"], "tree");
  EXPECT_EQ(forecast["candidates"][1]["share"], 0);
  EXPECT_EQ(forecast["everybody"]["customers"], 3 * forecast["everybody"]["base"].get<int>());
  EXPECT_TRUE(forecast["disagreement"].is_null());
  EXPECT_EQ(forecast["suggested"]["candidates"], 2);
  Json next = two;
  next["design"] = forecast["suggested"];
  EXPECT_EQ(status_of(post("/v1/experiments", next.dump())), 201);
}

TEST_F(LifeTest, ends_several_candidates_at_a_look) {
  Json two = plan();
  two["further_candidates"] = Json::array({{{"id", "tree"}}});
  two["design"]["looks"] = 2;
  two["design"]["customers"] = 60;
  EXPECT_EQ(status_of(post("/v1/experiments", two.dump())), 201);
  const std::string started = post("/v1/experiments/1:start");
  ASSERT_EQ(status_of(started), 200) << started;
  live_to_the_end(json(started)["tokens"], {{event::candidate(1), 30}});
  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["winner"], "candidate_2");
  EXPECT_EQ(results["verdict"]["look"]["number"], 1);
  EXPECT_EQ(results["verdict"]["look"]["information"], 0.5);
  EXPECT_EQ(results["candidates"][0]["verdict"]["look"], results["verdict"]["look"]);
}

TEST_F(LifeTest, stops_several_candidates_for_the_harm_of_one) {
  Json three = plan();
  three["further_candidates"] = Json::array({{{"id", "history-v4"}}, {{"id", "tree"}}});
  three["design"]["customers"] = 400;
  three["design"]["harm_alpha"] = 0.01;
  EXPECT_EQ(status_of(post("/v1/experiments", three.dump())), 201);
  const std::string started = post("/v1/experiments/1:start");
  ASSERT_EQ(status_of(started), 200) << started;
  EXPECT_TRUE(json(get("/v1/experiments/1"))["harmed_by"].is_null());
  live_to_the_end(json(started)["tokens"], {{event::candidate(1), -9}, {event::candidate(2), 1}});
  const Json results = json(get("/v1/experiments/1/results"));
  EXPECT_EQ(results["experiment"]["state"], "complete");
  EXPECT_EQ(results["experiment"]["harmed_by"], "candidate_2");
  EXPECT_LT(results["collected"]["closed"], 400);
  EXPECT_TRUE(results["winner"].is_null());
  EXPECT_EQ(results["leading"], "candidate_2");
  EXPECT_EQ(results["verdict"]["kind"], "worse");
  EXPECT_TRUE(results["verdict"]["harmed"]);
  EXPECT_EQ(results["candidates"][2]["verdict"]["kind"], "inconclusive");
  const std::string sentence = results["verdict"]["sentence"];
  EXPECT_EQ(sentence.find("TAKE NONE: history-v4: WORSE (stopped for harm): −9"), 0U) << sentence;
}

TEST_F(LifeTest, refuses_candidates_that_do_not_add_up) {
  Json odd = plan();
  odd["further_candidates"] = "history-v4";
  EXPECT_EQ(json(post("/v1/experiments", odd.dump()))["reasons"][0]["code"], "not_a_list");
  odd["further_candidates"] = Json::array({{{"idd", "x"}}});
  EXPECT_NE(post("/v1/experiments", odd.dump()).find("'further_candidates[0].idd' is not a field"),
            std::string::npos);
  odd["further_candidates"] = Json::array({{{"id", "candidate"}}});
  EXPECT_EQ(status_of(post("/v1/experiments", odd.dump())), 400);
  odd["further_candidates"] = Json::array({{{"id", "tree"}}});
  odd["design"]["candidates"] = 4;
  EXPECT_NE(post("/v1/experiments", odd.dump()).find("for 4 candidates and 2 are named"),
            std::string::npos);
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":1,"session":1,"before":-1})")), 422);
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":1,"session":1,"segment":""})")), 422);
  EXPECT_EQ(status_of(post("/v1/sessions", R"({"uuid":1,"session":1,"segment":7})")), 422);
}

TEST_F(LifeTest, logs_who_did_what) {
  start();
  post("/v1/experiments/1:pause");
  post("/v1/experiments/1:abort", R"({"reason":"enough"})");
  const Json audit = json(get("/v1/experiments/1/audit"))["audit"];
  std::vector<std::string> actions;
  for (const Json& row : audit) {
    actions.push_back(row["action"]);
    EXPECT_EQ(row["who"], "page");
    EXPECT_EQ(row["number"], actions.size());
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"created", "started", "paused", "aborted"}));
  EXPECT_EQ(audit[3]["detail"], "enough");
}

TEST_F(LifeTest, rotates_tokens_and_never_shows_a_secret_twice) {
  EXPECT_EQ(status_of(post("/v1/experiments", plan().dump())), 201);
  EXPECT_EQ(status_of(post("/v1/experiments/1/tokens", R"({"system":"candidate"})")), 409);
  const std::string old = json(post("/v1/experiments/1:start"))["tokens"]["candidate"];
  const std::string issued = post("/v1/experiments/1/tokens", R"({"system":"candidate"})");
  EXPECT_EQ(status_of(issued), 201);
  const std::string fresh = json(issued)["token"];
  EXPECT_EQ(json(issued)["example"]["topic"], "topic_student_prediction");
  const auto outcome = [&](const std::string& token) {
    return *desk_->record_decision(event::System::kCandidate,
                                   {event::CustomerId(404180), true, token});
  };
  post("/v1/sessions", R"({"uuid":404180,"session":17})");
  const std::string old_id = std::string(trial::parse_token(old)->id);
  const Json revoked = json(post("/v1/experiments/1/tokens/" + old_id + ":revoke"));
  EXPECT_EQ(revoked["id"], old_id);
  EXPECT_NE(revoked["revoked_at"], "");
  EXPECT_EQ(outcome(old), trial::DecisionOutcome::kUnknownToken);
  EXPECT_EQ(outcome(fresh), trial::DecisionOutcome::kRecorded);
  EXPECT_EQ(status_of(post("/v1/experiments/1/tokens/" + old_id + ":revoke")), 409);
  EXPECT_EQ(status_of(post("/v1/experiments/1/tokens/nobody:revoke")), 404);
  const std::string wrong = post("/v1/experiments/1/tokens", R"({"system":"both"})");
  EXPECT_EQ(status_of(wrong), 422);
  EXPECT_EQ(json(wrong)["reasons"][0]["code"], "unknown_system");
  const std::string listed = get("/v1/experiments/1/tokens");
  EXPECT_EQ(json(listed)["tokens"].size(), 3U);
  for (const std::string& token : {old, fresh})
    EXPECT_EQ(listed.find(std::string(trial::parse_token(token)->secret)), std::string::npos);
}

TEST_F(LifeTest, honours_the_tags_of_experiments) {
  const std::string created = post("/v1/experiments", plan().dump());
  const std::string tag = field_of(created, "ETag");
  EXPECT_EQ(field_of(get("/v1/experiments/1"), "ETag"), tag);
  const auto with = [](const std::string& name, const std::string& value) {
    return name + ": " + value + "\r\n";
  };
  EXPECT_EQ(status_of(send("GET", "/v1/experiments/1", "", with("If-None-Match", "W/" + tag))),
            304);
  Json renamed = plan();
  renamed["name"] = "Winter";
  const std::string changed =
      send("PUT", "/v1/experiments/1", renamed.dump(), with("If-Match", tag));
  EXPECT_EQ(status_of(changed), 200);
  const std::string fresh = field_of(changed, "ETag");
  EXPECT_NE(fresh, tag);
  for (const auto& [method, target] :
       {std::pair("PUT", "/v1/experiments/1"), std::pair("POST", "/v1/experiments/1:start")}) {
    const std::string body = std::string(method) == "PUT" ? renamed.dump() : "";
    const std::string late = send(method, target, body, with("If-Match", tag));
    EXPECT_EQ(status_of(late), 412) << target;
    EXPECT_EQ(field_of(late, "ETag"), fresh) << target;
    EXPECT_EQ(json(late)["reasons"][0]["need"], fresh) << target;
  }
  EXPECT_EQ(json(get("/v1/experiments/1"))["state"], "draft");
  EXPECT_EQ(status_of(send("POST", "/v1/experiments/1:start", "", with("If-Match", fresh))), 200);
}

}  // namespace
}  // namespace http
