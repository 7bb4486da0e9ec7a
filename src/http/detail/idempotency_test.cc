// SPDX-License-Identifier: Apache-2.0
#include "http/detail/idempotency.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace http {
namespace {

constexpr const char* kNoKey = "no key";

class Idempotency : public ::testing::Test {
 protected:
  IdempotencyKeys keys(std::size_t max_bytes = 1 << 20) {
    return {{.max_bytes = max_bytes},
            [this] { return now_; },
            [](const std::function<void()>& task) {
              task();
              return true;
            },
            [this](std::span<const trial::ReceiptRow> rows,
                   std::span<const std::string> forgotten) -> base::Result<void> {
              if (full_) return base::system_error("the disk is full");
              for (const std::string& key : forgotten) stored_.erase(key);
              for (const trial::ReceiptRow& row : rows) stored_[row.key] = row;
              return {};
            }};
  }
  // As after a restart.
  IdempotencyKeys again() {
    IdempotencyKeys fresh = keys();
    std::vector<trial::ReceiptRow> rows;
    for (const auto& [key, row] : stored_) rows.push_back(row);
    fresh.load(rows);
    return fresh;
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
    const auto told = std::make_shared<std::string>("nothing");  // A reply may outlive this.
    handler(request, Reply([told](const Response& response) {
              std::string& said = *told;
              said = std::to_string(response.status) + " " + response.body.substr(0, 4);
              for (const auto& [name, value] : response.headers) {
                if (name == "Idempotency-Replayed" && value == "true") said += " again";
              }
            }));
    return *told;
  }
  // Counts how often it is asked.
  Handler counting(int status = 201) {
    return [this, status](const Request&, const Reply& reply) {
      reply({.status = status, .body = std::to_string(++asked_)});
    };
  }

  base::Timestamp now_{1'790'000'000'000'000};
  int asked_ = 0;
  bool full_ = false;
  std::map<std::string, trial::ReceiptRow> stored_;
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

TEST_F(Idempotency, knows_its_keys_after_a_restart) {
  ask(keys().once_for_good(counting()), request("a", "x"));
  const Handler handler = again().once_for_good(counting());
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1 again");
  EXPECT_EQ(ask(handler, request("a", "y")).substr(0, 3), "422");
  EXPECT_EQ(ask(handler, request("b", "x")), "201 2");
}

TEST_F(Idempotency, keeps_the_headers_of_an_answer_over_a_restart) {
  const Handler made = keys().once_for_good([](const Request&, const Reply& reply) {
    reply({.status = 201, .content_type = "text/x", .headers = {{"Location", "/v1/x/1"}}});
  });
  ask(made, request("a", "x"));
  again().once_for_good(counting())(request("a", "x"), Reply([](const Response& response) {
                                      EXPECT_EQ(response.content_type, "text/x");
                                      ASSERT_EQ(response.headers.size(), 2U);
                                      EXPECT_EQ(response.headers[0].second, "/v1/x/1");
                                    }));
  EXPECT_EQ(asked_, 0);
}

TEST_F(Idempotency, writes_no_secret_down_and_does_not_do_the_thing_twice) {
  const Handler secret = keys().once_for_good([](const Request&, const Reply& reply) {
    reply(shown_once({.status = 201, .body = "xab_live_secret"}));
  });
  EXPECT_EQ(ask(secret, request("a", "x")), "201 xab_");
  EXPECT_EQ(ask(secret, request("a", "x")), "201 xab_ again");
  ASSERT_EQ(stored_.size(), 1U);
  EXPECT_EQ(stored_.begin()->second.answer, "");
  EXPECT_EQ(ask(again().once_for_good(counting()), request("a", "x")).substr(0, 3), "409");
  EXPECT_EQ(asked_, 0);
}

TEST_F(Idempotency, does_nothing_twice_that_was_under_way_when_the_platform_was_killed) {
  std::vector<Reply> held;
  const Handler handler =
      keys().once_for_good([&](const Request&, const Reply& reply) { held.push_back(reply); });
  ask(handler, request("a", "x"));
  EXPECT_EQ(ask(again().once_for_good(counting()), request("a", "x")).substr(0, 3), "409");
  EXPECT_EQ(asked_, 0);
}

TEST_F(Idempotency, does_nothing_that_it_could_not_write_down) {
  const Handler handler = keys().once_for_good(counting());
  full_ = true;
  EXPECT_EQ(ask(handler, request("a", "x")).substr(0, 3), "503");
  EXPECT_EQ(asked_, 0);
  full_ = false;
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1");
}

TEST_F(Idempotency, forgets_failures_in_the_store_too) {
  ask(keys().once_for_good(counting(503)), request("a", "x"));
  EXPECT_TRUE(stored_.empty());
  EXPECT_EQ(ask(again().once_for_good(counting()), request("a", "x")), "201 2");
}

TEST_F(Idempotency, forgets_after_a_day_in_the_store_too) {
  ask(keys().once_for_good(counting()), request("a", "x"));
  now_ = now_ + std::chrono::hours(24);
  EXPECT_EQ(ask(again().once_for_good(counting()), request("b", "x")), "201 2");
  EXPECT_EQ(stored_.size(), 1U);
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
  now_ = now_ + (std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_EQ(ask(handler, request("a", "x")), "201 1 again");
  now_ = now_ + std::chrono::seconds(1);
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
