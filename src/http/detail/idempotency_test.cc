// SPDX-License-Identifier: Apache-2.0
#include "http/detail/idempotency.h"

#include <gtest/gtest.h>

#include <vector>

namespace http {
namespace {

constexpr const char* kNoKey = "no key";

class Idempotency : public ::testing::Test {
 protected:
  IdempotencyKeys keys(std::size_t max_bytes = 1 << 20) {
    return IdempotencyKeys({.max_bytes = max_bytes}, [this] { return now_; });
  }
  static Request request(const std::string& key, const std::string& body,
                         const std::string& user = "ann") {
    Request request{.method = "POST", .path = "/v1/x", .body = body};
    if (key != kNoKey) request.idempotency_key = key;
    request.user = user;
    return request;
  }
  // The answer's status, body and whether it is a replay: "201 1", "201 1 again".
  std::string ask(const Handler& handler, const Request& request) {
    std::string said = "nothing";
    handler(request, Reply([&](const Response& response) {
              said = std::to_string(response.status) + " " + response.body.substr(0, 4);
              for (const auto& [name, value] : response.headers) {
                if (name == "Idempotency-Replayed" && value == "true") said += " again";
              }
            }));
    return said;
  }
  // Counts how often it is asked.
  Handler counting(int status = 201) {
    return [this, status](const Request&, const Reply& reply) {
      reply({.status = status, .body = std::to_string(++asked_)});
    };
  }

  IdempotencyKeys::Clock::time_point now_{};
  int asked_ = 0;
};

TEST_F(Idempotency, does_a_thing_once_for_each_key_and_user) {
  const Handler handler = keys().once(counting());
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1");
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1 again");
  EXPECT_EQ(ask(handler, request("b", "x")), "201 2");
  EXPECT_EQ(ask(handler, request("a", "x", "bob")), "201 3");
  EXPECT_EQ(ask(handler, request(kNoKey, "x")), "201 4");
  EXPECT_EQ(ask(handler, request(kNoKey, "x")), "201 5");
}

TEST_F(Idempotency, refuses_a_key_for_another_request) {
  const Handler handler = keys().once(counting());
  ask(handler, request("a", "x"));
  EXPECT_EQ(ask(handler, request("a", "y")).substr(0, 3), "422");
  Request elsewhere = request("a", "x");
  elsewhere.path = "/v1/y";
  EXPECT_EQ(ask(handler, elsewhere).substr(0, 3), "422");
  EXPECT_EQ(ask(handler, request(std::string(256, 'k'), "x")).substr(0, 3), "400");
  EXPECT_EQ(ask(handler, request("", "x")).substr(0, 3), "400");
  EXPECT_EQ(asked_, 1);
}

TEST_F(Idempotency, refuses_while_the_first_is_under_way) {
  std::vector<Reply> held;
  const Handler handler =
      keys().once([&](const Request&, const Reply& reply) { held.push_back(reply); });
  EXPECT_EQ(ask(handler, request("a", "x")), "nothing");
  EXPECT_EQ(ask(handler, request("a", "x")).substr(0, 3), "409");
}

TEST_F(Idempotency, keeps_refusals_but_no_failures) {
  const Handler refusing = keys().once(counting(422));
  ask(refusing, request("a", "x"));
  EXPECT_EQ(ask(refusing, request("a", "x")), "422 1 again");
  const Handler failing = keys().once(counting(503));
  ask(failing, request("a", "x"));
  EXPECT_EQ(ask(failing, request("a", "x")), "503 3");
  // A reply that nobody answers is a failure too.
  const Handler dropping = keys().once([](const Request&, const Reply&) {});
  EXPECT_EQ(ask(dropping, request("a", "x")).substr(0, 3), "500");
  EXPECT_EQ(ask(dropping, request("a", "x")).substr(0, 3), "500");
}

TEST_F(Idempotency, forgets_after_a_day) {
  const Handler handler = keys().once(counting());
  ask(handler, request("a", "x"));
  now_ += std::chrono::hours(24) - std::chrono::seconds(1);
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1 again");
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(ask(handler, request("a", "x")), "201 2");
}

TEST_F(Idempotency, is_bounded_and_forgets_the_oldest) {
  const Handler handler = keys(1000).once(counting());
  for (const char* key : {"a", "b", "c", "d"}) ask(handler, request(key, "x"));
  EXPECT_EQ(ask(handler, request("d", "x")), "201 4 again");
  EXPECT_EQ(ask(handler, request("a", "x")), "201 5");
}

}  // namespace
}  // namespace http
