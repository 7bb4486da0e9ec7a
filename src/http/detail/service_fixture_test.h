// SPDX-License-Identifier: Apache-2.0
// The whole service over a store in memory and a clock moved by hand, for tests.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "http/detail/wire_client_test.h"
#include "http/service.h"
#include "trial/desk.h"
#include "trial/sqlite_store.h"

namespace http {

class ServiceFixture : public testing::Test {
 protected:
  void SetUp() override {
    auto store = trial::open_sqlite({.path = ":memory:"});
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    auto desk = trial::open_locked_desk(*store_, clock_);
    ASSERT_TRUE(desk) << desk.error().message;
    desk_ = *std::move(desk);
    serve(options());
  }

  static ServiceOptions options() {
    return {.event_interval = std::chrono::milliseconds(10),
            .study = "<!doctype html><title>A study</title>"};
  }

  // Serves the desk anew.
  void serve(const ServiceOptions& options) {
    service_.reset();
    auto service = Service::start(options, *desk_, [this] {
      return PlatformStatus{.transport = "in-process broker: for trying out",
                            .durable_transport = false,
                            .addresses = {},
                            .calibration = calibration_,
                            .trouble = trouble_,
                            .counters = {{"records_total", 42}}};
    });
    ASSERT_TRUE(service) << service.error().message;
    service_ = *std::move(service);
  }

  std::string get(const std::string& target) {
    return WireClient(service_->port())
        .ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  // `fields`: further header lines, each with its end.
  std::string send(const std::string& method, const std::string& target, const std::string& body,
                   const std::string& fields = "") {
    return WireClient(service_->port())
        .ask(method + " " + target +
             " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
             "application/json\r\n" +
             fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  static std::string field_of(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t first = at + name.size() + 4;
    return answer.substr(first, answer.find("\r\n", first) - first);
  }
  std::string post(const std::string& target, const std::string& body = "") {
    return send("POST", target, body);
  }

  static nlohmann::json json(const std::string& answer) {
    return nlohmann::json::parse(body_of(answer), nullptr, false);
  }

  static nlohmann::json plan() {
    return {
        {"name", "Autumn"},
        {"design",
         {{"alpha", 0.05}, {"power", 0.8}, {"effect", 10}, {"customers", 40}, {"deviation", 15}}},
        {"decision_deadline_ms", 500}};
  }

  // A running experiment; returns its tokens.
  nlohmann::json start() {
    EXPECT_EQ(status_of(post("/v1/experiments", plan().dump())), 201);
    const std::string answer = post("/v1/experiments/1:start");
    EXPECT_EQ(status_of(answer), 200) << answer;
    return json(answer)["tokens"];
  }

  void decide(std::int64_t customer, bool show, const nlohmann::json& tokens) {
    for (const auto& [system, token] : tokens.items()) {
      const auto topic = system == "base" ? event::System::kBase : event::System::kCandidate;
      EXPECT_TRUE(desk_->record_decision(
          topic, {event::CustomerId(customer), show, token.get<std::string>()}));
    }
  }

  // Customers come until the verdict: each spends what `gains` says of his arm more than 10 $.
  void live_to_the_end(const nlohmann::json& tokens, const std::map<event::System, int>& gains = {
                                                         {event::System::kCandidate, 30}}) {
    std::int64_t customer = 0;
    while (json(get("/v1/experiments/1/results"))["verdict"]["final"] == false && customer < 2000) {
      for (int i = 0; i < 20; ++i) {
        ++customer;
        const std::string id = std::to_string(customer);
        post("/v1/sessions", R"({"uuid":)" + id + R"(,"session":)" + id + "}");
        const auto row = desk_->session(event::SessionId(customer));
        if (!row || !*row) continue;
        decide(customer, true, tokens);
        const auto gain = gains.find((*row)->arm);
        const std::string revenue =
            std::to_string(10 + (gain == gains.end() ? 0 : gain->second) + customer % 7);
        EXPECT_EQ(status_of(post("/v1/sessions/" + id + "/revenue",
                                 R"({"uuid":)" + id + R"(,"revenue":)" + revenue + "}")),
                  201);
      }
    }
  }

  base::ManualClock clock_{base::Timestamp(1'790'000'000'000'000)};
  std::unique_ptr<trial::Store> store_;
  std::unique_ptr<trial::LockedDesk> desk_;
  std::string calibration_;
  std::string trouble_;
  std::unique_ptr<Service> service_;
};

}  // namespace http
