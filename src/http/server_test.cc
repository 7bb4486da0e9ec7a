// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "http/detail/wire_client_test.h"

namespace http {
namespace {

using namespace std::chrono_literals;

class ServerTest : public testing::Test {
 protected:
  void serve(ServerOptions options = {}) {
    Router router;
    router.get("/echo", [](const Request& request, const Reply& reply) {
      const auto found = request.query.find("x");
      reply({.content_type = "text/plain",
             .body = found == request.query.end() ? "no x" : found->second});
    });
    router.post("/echo", [](const Request& request, const Reply& reply) {
      reply({.content_type = "text/plain", .body = request.body});
    });
    router.get("/throws",
               [](const Request&, const Reply&) { throw std::runtime_error("no more"); });
    router.get("/forgets", [](const Request&, const Reply&) {});
    router.get("/later", [this](const Request&, const Reply& reply) {
      const std::lock_guard lock(mutex_);
      held_ = reply;
    });
    router.get("/twice", [](const Request&, const Reply& reply) {
      reply({.body = "first"});
      reply({.body = "second"});
    });
    router.events(
        "/events",
        [this](const Request&, std::shared_ptr<Listener> listener) -> std::optional<Response> {
          const std::lock_guard lock(mutex_);
          listeners_.push_back(std::move(listener));
          return std::nullopt;
        });
    auto server = Server::start(options, std::move(router));
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }

  std::string ask(std::string_view bytes) {
    WireClient client(server_->port());
    return client.ask(bytes);
  }

  // Waits for what another thread does; a named condition, never a fixed time.
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 2000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  std::shared_ptr<Listener> listener() {
    std::shared_ptr<Listener> found;
    eventually([&] {
      const std::lock_guard lock(mutex_);
      if (!listeners_.empty()) found = listeners_.back();
      return found != nullptr;
    });
    return found;
  }

  std::mutex mutex_;
  std::optional<Reply> held_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::unique_ptr<Server> server_;
};

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

std::string post(std::string_view body,
                 std::string_view more = "Content-Type: application/json\r\n") {
  return "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more) + "\r\n" + std::string(body);
}

TEST_F(ServerTest, answers_with_security_headers) {
  serve();
  const std::string answer = ask(get("/echo?x=hello"));
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer), "hello");
  for (const char* header :
       {"Content-Security-Policy: default-src 'self'", "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY", "Cache-Control: no-store", "Referrer-Policy: no-referrer"}) {
    EXPECT_NE(answer.find(header), std::string::npos) << header;
  }
}

TEST_F(ServerTest, keeps_the_connection_and_takes_pipelined_requests) {
  serve();
  WireClient client(server_->port());
  EXPECT_EQ(body_of(client.ask(get("/echo?x=1"))), "1");
  client.send(get("/echo?x=2") + post("{\"three\":3}") + get("/echo?x=4"));
  EXPECT_EQ(body_of(client.read_answer()), "2");
  EXPECT_EQ(body_of(client.read_answer()), "{\"three\":3}");
  EXPECT_EQ(body_of(client.read_answer()), "4");
  EXPECT_EQ(body_of(client.ask(get("/echo?x=5", "Connection: close\r\n"))), "5");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, answers_head_without_a_body_but_with_its_length) {
  serve();
  WireClient client(server_->port());
  client.send("HEAD /echo?x=hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.read_answer(true);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Content-Length: 5"), std::string::npos);
  EXPECT_EQ(body_of(client.ask(get("/echo?x=next"))), "next");
}

TEST_F(ServerTest, says_what_a_path_takes) {
  serve();
  const std::string options = ask("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(options), 204);
  EXPECT_NE(options.find("Allow: GET, HEAD, POST, OPTIONS"), std::string::npos);
  EXPECT_EQ(status_of(ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")), 204);
  const std::string refused = ask("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(refused), 405);
  EXPECT_NE(refused.find("Allow: GET"), std::string::npos);
  EXPECT_EQ(status_of(ask("BREW /echo HTTP/1.1\r\nHost: x\r\n\r\n")), 405);
  EXPECT_EQ(status_of(ask(get("/nowhere"))), 404);
}

TEST_F(ServerTest, refuses_what_is_not_http) {
  serve();
  for (const std::string& bytes :
       {std::string("hello\r\n\r\n"), std::string("GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01", 6) + "\r\n\r\n",
        std::string("GET\0/ HTTP/1.1\r\n\r\n", 18),
        std::string("GET /echo HTTP/1.1\r\nHost x\r\n\r\n"),
        std::string("GET http HTTP/1.1\r\nHost: x\r\n\r\n"),
        std::string("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        std::string(
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n")}) {
    const std::string answer = ask(bytes);
    EXPECT_TRUE(status_of(answer) == 400 || status_of(answer) == 505) << bytes << "\n" << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << bytes;
  }
}

TEST_F(ServerTest, refuses_requests_whose_end_is_ambiguous) {
  serve();
  EXPECT_EQ(status_of(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: "
                          "application/json\r\nContent-Length: 3\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
            400);
  EXPECT_EQ(
      status_of(ask(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")),
      400);
  EXPECT_EQ(status_of(ask("GET /echo HTTP/1.1\r\n\r\n")), 400);
  EXPECT_EQ(status_of(ask("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")), 400);
}

TEST_F(ServerTest, refuses_what_is_too_large) {
  serve({.header_limit = 2048, .body_limit = 1000, .target_limit = 500});
  EXPECT_EQ(status_of(ask(get("/echo", "X-Long: " + std::string(5000, 'a') + "\r\n"))), 431);
  EXPECT_EQ(status_of(ask(get("/echo?x=" + std::string(600, 'a')))), 414);
  EXPECT_EQ(status_of(ask(post(std::string(1001, ' ')))), 413);
  EXPECT_EQ(status_of(ask(post(std::string(1000, ' ')))), 200);
  WireClient client(server_->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) client.send("40\r\n" + std::string(64, 'x') + "\r\n");
  EXPECT_EQ(status_of(client.read_answer()), 413);
}

TEST_F(ServerTest, takes_chunked_bodies) {
  serve();
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  EXPECT_EQ(body_of(ask(head + "2\r\n{\"\r\n5;ext=1\r\na\":1}\r\n0\r\n\r\n")), "{\"a\":1}");
  EXPECT_EQ(status_of(ask(head + "zz\r\n{}\r\n0\r\n\r\n")), 400);
}

TEST_F(ServerTest, takes_json_only) {
  serve();
  EXPECT_EQ(status_of(ask(post("a=1", "Content-Type: application/x-www-form-urlencoded\r\n"))),
            415);
  EXPECT_EQ(status_of(ask(post("{}", ""))), 415);
  EXPECT_EQ(status_of(ask(post("{}", "Content-Type: application/json; charset=utf-8\r\n"))), 200);
  EXPECT_EQ(status_of(ask(post("", ""))), 200);
}

TEST_F(ServerTest, lets_no_other_site_write) {
  serve();
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(status_of(ask(post("{}", json + "Origin: http://evil.example\r\n"))), 403);
  EXPECT_EQ(status_of(ask(post("{}", json + "Origin: null\r\n"))), 403);
  EXPECT_EQ(status_of(ask(post("{}", json + "Origin: http://x\r\n"))), 200);
}

TEST_F(ServerTest, answers_an_expectation) {
  serve();
  WireClient client(server_->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
      "2\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(client.read_until("100 Continue\r\n\r\n"));
  client.send("{}");
  ASSERT_TRUE(client.read_until("HTTP/1.1 200"));
  EXPECT_EQ(status_of(ask(post("{}", "Content-Type: application/json\r\nExpect: miracles\r\n"))),
            417);
}

TEST_F(ServerTest, answers_a_truncated_request_and_closes) {
  serve();
  WireClient half(server_->port());
  half.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
      "100\r\n\r\n{\"a\"");
  half.finish_sending();
  EXPECT_EQ(status_of(half.read_answer()), 400);
  EXPECT_TRUE(half.closed());
  WireClient silent(server_->port());
  silent.finish_sending();
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(eventually([&] { return server_->counts().connections == 0; }));
}

TEST_F(ServerTest, gives_a_drip_feeder_its_time_and_no_more) {
  serve({.request_timeout = 200ms});
  WireClient client(server_->port());
  client.send("GET /echo HTTP/1.1\r\nHost: x\r\n");
  std::atomic<bool> stop = false;
  std::thread drip([&] {
    while (!stop && client.send("X-Y: z\r\n")) std::this_thread::sleep_for(20ms);
  });
  const std::string answer = client.read_answer();
  stop = true;
  drip.join();
  EXPECT_EQ(status_of(answer), 408);
}

TEST_F(ServerTest, closes_idle_connections) {
  serve({.idle_timeout = 50ms});
  WireClient client(server_->port());
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(client.unread(), "");
}

TEST_F(ServerTest, refuses_connections_beyond_its_limit) {
  serve({.max_connections = 2});
  WireClient first(server_->port());
  WireClient second(server_->port());
  EXPECT_EQ(status_of(first.ask(get("/echo"))), 200);
  EXPECT_EQ(status_of(second.ask(get("/echo"))), 200);
  WireClient third(server_->port());
  EXPECT_EQ(status_of(third.read_answer()), 503);
  EXPECT_EQ(server_->counts().connections_refused_total, 1U);
  EXPECT_EQ(status_of(first.ask(get("/echo"))), 200);
}

TEST_F(ServerTest, survives_a_route_that_throws_or_forgets) {
  serve();
  const std::string thrown = ask(get("/throws"));
  EXPECT_EQ(status_of(thrown), 500);
  EXPECT_EQ(thrown.find("no more"), std::string::npos);
  EXPECT_EQ(status_of(ask(get("/forgets"))), 500);
  EXPECT_EQ(body_of(ask(get("/twice"))), "first");
  EXPECT_EQ(server_->counts().server_errors_total, 2U);
}

TEST_F(ServerTest, takes_an_answer_from_another_thread_and_after_the_client_has_gone) {
  serve();
  {
    WireClient client(server_->port());
    client.send(get("/later"));
    ASSERT_TRUE(eventually([&] { return std::lock_guard(mutex_), held_.has_value(); }));
    (*held_)({.body = "\"late\""});
    EXPECT_EQ(body_of(client.read_answer()), "\"late\"");
    held_.reset();
    client.send(get("/later"));
    ASSERT_TRUE(eventually([&] { return std::lock_guard(mutex_), held_.has_value(); }));
  }
  (*held_)({.body = "to nobody"});
  EXPECT_EQ(status_of(ask(get("/echo"))), 200);
  server_->stop();
  (*held_)({.body = "after the end"});
}

TEST_F(ServerTest, finishes_what_is_under_way_when_stopped) {
  serve();
  WireClient client(server_->port());
  WireClient idle(server_->port());
  EXPECT_EQ(status_of(idle.ask(get("/echo"))), 200);
  client.send(get("/later"));
  ASSERT_TRUE(eventually([&] { return std::lock_guard(mutex_), held_.has_value(); }));
  std::thread stopping([&] { server_->stop(); });
  EXPECT_TRUE(idle.closed());
  (*held_)({.body = "\"in time\""});
  EXPECT_EQ(body_of(client.read_answer()), "\"in time\"");
  stopping.join();
  EXPECT_TRUE(client.closed());
  server_->stop();
}

TEST_F(ServerTest, gives_up_on_what_does_not_end_when_stopped) {
  serve({.stop_timeout = 50ms});
  WireClient client(server_->port());
  client.send(get("/later"));
  ASSERT_TRUE(eventually([&] { return std::lock_guard(mutex_), held_.has_value(); }));
  server_->stop();
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, sends_events_to_a_listener_until_it_goes) {
  serve();
  std::shared_ptr<Listener> heard;
  {
    WireClient client(server_->port());
    client.send(get("/events", "Last-Event-ID: 12\r\nAccept: text/event-stream\r\n"));
    ASSERT_TRUE(client.read_until("Content-Type: text/event-stream"));
    heard = listener();
    heard->send(std::make_shared<const std::string>("data: 1\n\n"));
    ASSERT_TRUE(client.read_until("data: 1\n\n"));
    EXPECT_EQ(server_->counts().listeners, 1U);
  }
  EXPECT_TRUE(eventually([&] { return heard->gone(); }));
  EXPECT_TRUE(eventually([&] { return server_->counts().listeners == 0; }));
  heard->send(std::make_shared<const std::string>("data: 2\n\n"));
}

TEST_F(ServerTest, drops_a_listener_that_does_not_read_and_buffers_nothing_for_it) {
  serve({.write_timeout = 100ms});
  WireClient client(server_->port());
  client.shrink_receive_buffer();
  client.send(get("/events"));
  const auto heard = listener();
  const auto large =
      std::make_shared<const std::string>("data: " + std::string(1 << 20, 'x') + "\n\n");
  EXPECT_TRUE(eventually([&] {
    heard->send(large);
    return heard->gone();
  }));
  EXPECT_LT(large.use_count(), 6);
  EXPECT_TRUE(eventually([&] { return server_->counts().listeners_dropped_total == 1; }));
}

TEST_F(ServerTest, closes_listeners_when_stopped) {
  serve();
  WireClient client(server_->port());
  client.send(get("/events"));
  ASSERT_TRUE(client.read_until("\r\n\r\n"));
  ASSERT_NE(listener(), nullptr);
  server_->stop();
  EXPECT_TRUE(client.closed());
  listener()->send(std::make_shared<const std::string>("data: late\n\n"));
}

TEST_F(ServerTest, serves_many_clients_at_once) {
  serve();
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      WireClient client(server_->port());
      for (int i = 0; i < 200; ++i) {
        const std::string x = std::to_string(1000 * t + i);
        if (body_of(client.ask(get("/echo?x=" + x))) == x) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 1600);
}

TEST(Server, says_why_it_cannot_listen) {
  const auto wrong = Server::start({.address = "nowhere"}, {});
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("'nowhere' is not an IP address"), std::string::npos);
  auto first = Server::start({}, {});
  ASSERT_TRUE(first);
  // SO_REUSEADDR lets a second one bind only where nobody listens.
  const auto second = Server::start({.port = (*first)->port()}, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::ErrorKind::kSystem);
  EXPECT_EQ((*first)->address(), "http://127.0.0.1:" + std::to_string((*first)->port()));
}

TEST(Server, refuses_options_that_make_no_sense) {
  EXPECT_FALSE(validate(ServerOptions{.header_limit = 10}));
  EXPECT_FALSE(validate(ServerOptions{.max_connections = 0}));
  EXPECT_FALSE(validate(ServerOptions{.request_timeout = 0ms}));
  EXPECT_TRUE(validate(ServerOptions{}));
}

}  // namespace
}  // namespace http
