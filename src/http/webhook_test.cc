// SPDX-License-Identifier: Apache-2.0
// Webhooks from the audit log to somebody else's server, and their routes.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <tuple>
#include <utility>

#include "http/detail/certificate_test.h"
#include "http/detail/service_fixture_test.h"
#include "http/detail/webhook_signature.h"
#include "http/detail/webhook_worker.h"

namespace http {
namespace {

using Json = nlohmann::json;
using std::chrono::hours;
using std::chrono::milliseconds;

// A socket of this machine that listens.
std::pair<int, std::uint16_t> listening() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::listen(listener, 16);
  socklen_t size = sizeof at;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
  return {listener, ntohs(at.sin_port)};
}

// Takes connections in and never says a word.
class SilentReceiver {
 public:
  SilentReceiver() { std::tie(listener_, port_) = listening(); }
  ~SilentReceiver() { ::close(listener_); }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook";
  }
  // Connections since it was last asked.
  int connections() {
    pollfd wait{.fd = listener_, .events = POLLIN, .revents = 0};
    int count = 0;
    for (; ::poll(&wait, 1, 0) > 0; ++count) ::close(::accept(listener_, nullptr, nullptr));
    return count;
  }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
};

// Somebody's server: keeps every request, answers what it is told to.
class Receiver {
 public:
  Receiver() {
    std::tie(listener_, port_) = listening();
    thread_ = std::thread([this] { run(); });
  }
  ~Receiver() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook?x=1";
  }
  void answer(int status) { status_ = status; }
  // The request of that number, once it has come; "" where it does not in a hundred seconds.
  std::string request(std::size_t number) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::seconds(100), [&] { return requests_.size() > number; });
    return requests_.size() > number ? requests_[number] : "";
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }

 private:
  void run() {
    for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      std::string request;
      char bytes[4096];
      while (!whole(request)) {
        const ssize_t got = ::recv(client, bytes, sizeof bytes, 0);
        if (got <= 0) break;
        request.append(bytes, static_cast<std::size_t>(got));
      }
      const std::string answer =
          "HTTP/1.1 " + std::to_string(status_) + " So\r\nContent-Length: 0\r\n\r\n";
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(client);
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      came_.notify_all();
    }
  }
  static bool whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    const std::size_t field = request.find("Content-Length: ");
    return end != std::string::npos &&
           request.size() >= end + 4 + std::stoul(request.substr(field + 16));
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> status_ = 204;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

class WebhookTest : public ServiceFixture {
 protected:
  // The service has a worker of its own, which would take the work away.
  void SetUp() override {
    ServiceFixture::SetUp();
    service_.reset();
  }
  void begin() {
    trial::Plan plan;
    plan.name = "Autumn";
    plan.base.id = "base";
    plan.candidate.id = "candidate";
    plan.design.design.effect_per_customer = 10;
    plan.design.design.deviation = 15;
    plan.design.customers = 40;
    ASSERT_TRUE(desk_->create(plan, "ann"));
    const auto started = desk_->start(trial::ExperimentId(1), "ann");
    ASSERT_TRUE(started) << started.error().message;
  }
  void pause() {
    ASSERT_TRUE(desk_->ask([](trial::Registry& registry, base::Timestamp now) {
      return registry.pause(trial::ExperimentId(1), {"ann", now});
    }));
  }
  std::int64_t add(const std::string& url, std::vector<std::string> events = {}) {
    return *desk_->ask([&](trial::Registry& registry, base::Timestamp now) {
      return registry.store().webhooks().add({.id = 0,
                                              .url = url,
                                              .events = events,
                                              .secret = "secret",
                                              .older_secret = "",
                                              .created_at = now,
                                              .created_by = "ann"});
    });
  }
  static WebhookOptions quick() {
    return {.post = {.private_targets = true}, .look_every = milliseconds(5)};
  }
  std::vector<trial::DeliveryRow> waiting(std::int64_t id) {
    return *desk_->ask([&](trial::Registry& registry, base::Timestamp) {
      return registry.store().webhooks().deliveries(id);
    });
  }
  // Until it says so, at most a hundred seconds.
  static bool comes_true(const std::function<bool()>& it) {
    for (int i = 0; i < 20000 && !it(); ++i) std::this_thread::sleep_for(milliseconds(5));
    return it();
  }
};

TEST_F(WebhookTest, tells_what_happens_signed_and_in_order) {
  Receiver receiver;
  const std::int64_t id = add(receiver.url());
  WebhookWorker worker(*desk_, quick());
  begin();
  pause();
  const std::string started = receiver.request(0);
  EXPECT_TRUE(started.starts_with("POST /hook?x=1 HTTP/1.1\r\nHost: 127.0.0.1:")) << started;
  const Json body = Json::parse(body_of(started));
  EXPECT_EQ(body["type"], "experiment.started");
  EXPECT_EQ(body["data"]["experiment"]["name"], "Autumn");
  EXPECT_EQ(body["data"]["who"], "ann");
  EXPECT_EQ(body["timestamp"], body["data"]["at"]);
  EXPECT_EQ(field_of(started, "webhook-id"), "msg_" + std::to_string(id) + "_1_2");
  trial::WebhookRow row;
  row.secret = "secret";
  EXPECT_EQ(
      field_of(started, "webhook-signature"),
      webhook_signature(row, field_of(started, "webhook-id"), 1'790'000'000, body_of(started)));
  EXPECT_EQ(field_of(started, "webhook-timestamp"), "1790000000");
  EXPECT_EQ(Json::parse(body_of(receiver.request(1)))["type"], "experiment.paused");
  EXPECT_TRUE(comes_true([&] { return waiting(id).empty(); }));
  EXPECT_EQ(receiver.count(), 2U) << "created is no event";
}

TEST_F(WebhookTest, a_receiver_that_hangs_holds_up_its_own_messages_alone) {
  SilentReceiver silent;
  Receiver receiver;
  const std::int64_t held = add(silent.url());
  add(receiver.url());
  WebhookOptions patient = quick();
  patient.post.timeout = hours(1);
  WebhookWorker worker(*desk_, patient);
  begin();
  EXPECT_EQ(Json::parse(body_of(receiver.request(0)))["type"], "experiment.started");
  pause();
  EXPECT_EQ(Json::parse(body_of(receiver.request(1)))["type"], "experiment.paused");
  worker.stop();  // In the midst of the post that hangs.
  EXPECT_EQ(silent.connections(), 1) << "one message at a time, and that not twice";
  ASSERT_FALSE(waiting(held).empty());
  EXPECT_EQ(waiting(held)[0].attempts, 0) << "a post that is broken off counts for nothing";
}

TEST_F(WebhookTest, more_webhooks_than_threads_take_turns) {
  std::vector<Receiver> receivers(3);
  for (const Receiver& each : receivers) add(each.url());
  WebhookOptions narrow = quick();
  narrow.max_posting = 1;
  WebhookWorker worker(*desk_, narrow);
  begin();
  pause();
  for (Receiver& each : receivers)
    EXPECT_EQ(Json::parse(body_of(each.request(1)))["type"], "experiment.paused");
}

TEST_F(WebhookTest, tells_only_what_is_asked_for) {
  Receiver receiver;
  add(receiver.url(), {"aborted"});
  WebhookWorker worker(*desk_, quick());
  begin();
  ASSERT_TRUE(desk_->abort(trial::ExperimentId(1), "enough", "ann"));
  EXPECT_EQ(Json::parse(body_of(receiver.request(0)))["data"]["detail"], "enough");
  EXPECT_EQ(receiver.count(), 1U);
}

TEST_F(WebhookTest, tries_again_under_the_same_id_and_gives_up_after_a_day) {
  Receiver receiver;
  receiver.answer(500);
  const std::int64_t id = add(receiver.url(), {"started"});
  auto worker = std::make_unique<WebhookWorker>(*desk_, quick());
  begin();
  const std::string first = receiver.request(0);
  ASSERT_TRUE(comes_true([&] { return !waiting(id).empty() && waiting(id)[0].attempts == 1; }));
  EXPECT_EQ(waiting(id)[0].error, "the server answered 500");
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(receiver.count(), 1U) << "not before its time";
  clock_.advance(milliseconds(7'501));  // The first delay at its longest.
  const std::string second = receiver.request(1);
  EXPECT_EQ(field_of(second, "webhook-id"), field_of(first, "webhook-id"));
  EXPECT_NE(field_of(second, "webhook-timestamp"), field_of(first, "webhook-timestamp"));
  EXPECT_EQ(body_of(second), body_of(first));
  ASSERT_TRUE(comes_true([&] { return waiting(id)[0].attempts == 2; }));
  clock_.advance(hours(24));
  ASSERT_TRUE(comes_true([&] { return waiting(id)[0].state == trial::DeliveryState::kDead; }));
  EXPECT_EQ(receiver.count(), 3U);
  worker.reset();
  serve(options());
  const std::string target = "/v1/webhooks/" + std::to_string(id) + "/failures";
  const Json failures = json(get(target))["failures"];
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0]["attempts"], 3);
  EXPECT_EQ(json(post(target + ":retry"))["queued"], 1);
  EXPECT_TRUE(json(get(target))["failures"].empty());
  EXPECT_EQ(waiting(id)[0].state, trial::DeliveryState::kPending);
}

TEST_F(WebhookTest, gives_up_at_once_where_the_receiver_is_gone_for_good) {
  Receiver receiver;
  receiver.answer(410);
  const std::int64_t id = add(receiver.url(), {"started"});
  WebhookWorker worker(*desk_, quick());
  begin();
  EXPECT_TRUE(comes_true(
      [&] { return !waiting(id).empty() && waiting(id)[0].state == trial::DeliveryState::kDead; }));
}

TEST_F(WebhookTest, loses_nothing_over_a_restart) {
  Receiver receiver;
  receiver.answer(503);
  add(receiver.url(), {"started", "paused"});
  {
    WebhookWorker worker(*desk_, quick());
    begin();
    receiver.request(0);
  }
  pause();  // While nobody tells anything.
  const std::size_t before = receiver.count();
  receiver.answer(200);
  clock_.advance(hours(1));
  WebhookWorker worker(*desk_, quick());
  std::vector<std::string> types;
  for (std::size_t i = before; i < before + 2; ++i)
    types.push_back(Json::parse(body_of(receiver.request(i)))["type"]);
  std::ranges::sort(types);
  EXPECT_EQ(types, (std::vector<std::string>{"experiment.paused", "experiment.started"}));
}

TEST_F(WebhookTest, keeps_out_of_private_networks) {
  Receiver receiver;
  const std::int64_t id = add(receiver.url(), {"started"});
  WebhookOptions careful = quick();
  careful.post.private_targets = false;
  WebhookWorker worker(*desk_, careful);
  begin();
  ASSERT_TRUE(comes_true([&] { return !waiting(id).empty() && waiting(id)[0].attempts == 1; }));
  EXPECT_NE(waiting(id)[0].error.find("private network"), std::string::npos);
  EXPECT_EQ(receiver.count(), 0U);
}

TEST(WebhookDelay, doubles_to_an_hour_with_jitter) {
  const WebhookOptions options;
  EXPECT_EQ(retry_delay(options, 1, 0.5).count(), 5'000);
  EXPECT_EQ(retry_delay(options, 1, 0.0).count(), 2'500);
  EXPECT_EQ(retry_delay(options, 4, 0.5).count(), 40'000);
  EXPECT_EQ(retry_delay(options, 1000, 0.5).count(), 3'600'000);
  EXPECT_LT(retry_delay(options, 1000, 0.999).count(), 5'400'000);
}

TEST(WebTarget, reads_addresses) {
  const auto target = parse_web_target("https://shop.example:8443/a/b?c=d#e");
  ASSERT_TRUE(target);
  EXPECT_TRUE(target->tls);
  EXPECT_EQ(target->host, "shop.example");
  EXPECT_EQ(target->port, 8443);
  EXPECT_EQ(target->path, "/a/b?c=d");
  EXPECT_EQ(parse_web_target("http://[::1]:80/")->host, "::1");
  EXPECT_EQ(parse_web_target("http://[::1]")->port, 80);
  EXPECT_EQ(parse_web_target("https://x?q")->path, "/?q");
  for (const char* wrong : {"", "ftp://x", "https://", "https:///x", "https://a b/", "https://x:0/",
                            "https://x:99999/", "https://u:p@x/", "https://x/\r\nHost: y", "x"})
    EXPECT_FALSE(parse_web_target(wrong)) << wrong;
}

TEST(WebTarget, knows_private_addresses) {
  for (const char* own : {"127.0.0.1",       "10.1.2.3",        "172.16.0.1",    "172.31.255.255",
                          "192.168.1.1",     "169.254.169.254", "100.64.0.1",    "0.0.0.0",
                          "224.0.0.1",       "255.255.255.255", "::1",           "::",
                          "fe80::1",         "fc00::1",         "fd12::1",       "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1", "64:ff9b::a00:1",  "2002:7f00:1::", "2001:db8::1",
                          "ff02::1",         "not an address"})
    EXPECT_TRUE(is_private_address(own)) << own;
  for (const char* open : {"8.8.8.8", "172.32.0.1", "172.15.255.255", "192.169.0.1", "1.1.1.1",
                           "2606:4700::1111", "::ffff:8.8.8.8", "2001:4860:4860::8888"})
    EXPECT_FALSE(is_private_address(open)) << open;
}

TEST(WebPost, believes_known_certificates_only) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("webhook_test_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::string key = (folder / "key.pem").string();
  const std::string certificate = (folder / "certificate.pem").string();
  const Key pair = make_key();
  write_key(key, pair.get());
  write_certificate(certificate, pair.get(), -3600, 3600);
  Router router;
  router.post("/hook", [](const Request&, const Reply& reply) {
    reply({.status = 204, .content_type = ""});
  });
  const auto server =
      Server::start({.tls_certificate = certificate, .tls_key = key}, std::move(router));
  ASSERT_TRUE(server) << server.error().message;
  const WebTarget target{
      .tls = true, .host = "localhost", .port = (*server)->port(), .path = "/hook"};
  const WebPostOptions options{.private_targets = true};
  const auto strange = web_post(target, {}, "{}", options, {});
  ASSERT_FALSE(strange);
  EXPECT_NE(strange.error().message.find("self-signed"), std::string::npos)
      << strange.error().message;
  ::setenv("SSL_CERT_FILE", certificate.c_str(), 1);
  const auto known = web_post(target, {}, "{}", options, {});
  EXPECT_TRUE(known && *known == 204) << (known ? "" : known.error().message);
  WebTarget other = target;
  other.host = "127.0.0.1";
  EXPECT_FALSE(web_post(other, {}, "{}", options, {})) << "the certificate is localhost's";
  ::unsetenv("SSL_CERT_FILE");
  std::filesystem::remove_all(folder);
}

// A name server that answers when it is told to.
class SlowNameServer {
 public:
  ~SlowNameServer() { answer(); }
  void answer() {
    const std::lock_guard lock(gate_->mutex);
    gate_->open = true;
    gate_->changed.notify_all();
  }
  [[nodiscard]] NameLookup lookup() const {
    return [gate = gate_](const std::string&, std::uint16_t port) -> SocketAddresses {
      std::unique_lock lock(gate->mutex);
      ++gate->asked;
      gate->changed.notify_all();
      gate->changed.wait(lock, [&] { return gate->open; });
      return system_name_lookup("127.0.0.1", port);
    };
  }
  void wait_for_question() {
    std::unique_lock lock(gate_->mutex);
    gate_->changed.wait(lock, [&] { return gate_->asked > 0; });
  }

 private:
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int asked = 0;
  };
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();  // Outlived by look-ups.
};

const WebTarget kNamed{.tls = false, .host = "shop.example", .port = 80, .path = "/hook"};

TEST(WebPost, waits_for_a_name_no_longer_than_its_time_out) {
  const SlowNameServer server;
  const auto late = web_post(
      kNamed, {}, "{}",
      {.private_targets = true, .timeout = milliseconds(20), .lookup = server.lookup()}, {});
  ASSERT_FALSE(late);  // That it comes at all, while the look-up hangs, is the point.
  EXPECT_EQ(late.error().message, "the address of 'shop.example' was not found in time");
}

TEST(WebPost, stops_in_the_midst_of_a_look_up) {
  SlowNameServer server;
  std::stop_source stop;
  std::thread stopping([&] {
    server.wait_for_question();
    stop.request_stop();
  });
  const auto stopped = web_post(
      kNamed, {}, "{}", {.private_targets = true, .timeout = hours(1), .lookup = server.lookup()},
      stop.get_token());
  stopping.join();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "stopped");
}

TEST(WebPost, looks_at_the_address_that_the_name_leads_to) {
  SlowNameServer server;
  server.answer();
  const auto refused = web_post(kNamed, {}, "{}", {.lookup = server.lookup()}, {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("the address 127.0.0.1 is of a private network"))
      << refused.error().message;
}

constexpr std::string_view kTooMany =
    "32 names are being looked up already: the name server does not answer";

TEST(NameLookup, asks_no_more_where_too_many_hang) {
  SlowNameServer server;
  const auto look = [&](milliseconds patience) {
    return look_up("shop.example", 80, server.lookup(), std::chrono::steady_clock::now() + patience,
                   {});
  };
  std::string last;
  for (int i = 0; i <= kMostNameLookups && last != kTooMany; ++i)
    last = look(milliseconds(1)).error().message;
  EXPECT_EQ(last, kTooMany);
  server.answer();
  // Those that hung come back one by one.
  const auto once_free = [](const auto& ask) {
    SocketAddresses found = ask();
    while (!found && found.error().message == kTooMany) found = ask();
    return found;
  };
  const SocketAddresses found = once_free([&] { return look(hours(1)); });
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->size(), 1U);
  const SocketAddresses unknown = once_free([] {
    return look_up("no such name", 80, system_name_lookup,
                   std::chrono::steady_clock::now() + hours(1), {});
  });
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(unknown.error().message.starts_with("cannot find 'no such name': "))
      << unknown.error().message;
}

TEST_F(WebhookTest, is_made_rotated_and_removed_by_its_routes) {
  serve(options());
  const std::string made =
      post("/v1/webhooks", R"({"url":"https://shop.example/hook","events":["started"]})");
  EXPECT_EQ(status_of(made), 201) << made;
  const std::string secret = json(made)["secret"];
  EXPECT_TRUE(secret.starts_with("whsec_"));
  const std::string rotated = post("/v1/webhooks/1:rotate");
  EXPECT_NE(json(rotated)["secret"], secret);
  EXPECT_EQ(json(rotated)["secrets"], 2);
  const std::string listed = get("/v1/webhooks");
  EXPECT_EQ(json(listed)["webhooks"][0]["url"], "https://shop.example/hook");
  EXPECT_EQ(listed.find("whsec_"), std::string::npos);
  EXPECT_EQ(json(get("/v1/webhooks/1/failures"))["failures"].size(), 0U);
  EXPECT_EQ(status_of(send("DELETE", "/v1/webhooks/1", "")), 204);
  EXPECT_EQ(status_of(send("DELETE", "/v1/webhooks/1", "")), 404);
  EXPECT_EQ(json(get("/v1/webhooks"))["webhooks"].size(), 0U);
  for (const char* wrong :
       {R"({})", R"({"url":"shop"})", R"({"url":"https://127.0.0.1/"})", R"({"url":""})",
        R"({"url":"http://localhost/"})", R"({"url":"https://[::1]/"})",
        R"({"url":"https://x.example/","events":["born"]})",
        R"({"url":"https://x.example/","events":"started"})"}) {
    const std::string refused = post("/v1/webhooks", wrong);
    EXPECT_EQ(status_of(refused), 422) << wrong;
    EXPECT_FALSE(json(refused)["reasons"].empty()) << wrong;
  }
}

}  // namespace
}  // namespace http
