// SPDX-License-Identifier: Apache-2.0
// The platform by HTTP: the API below /v1 (docs/formats/http.md), the page at /, /healthz and
// /metrics.
//
//   TRY_ASSIGN(auto service, http::Service::start({.server = {.port = 8080}}, platform->desk(),
//   status)); std::cout << service->address();   // "http://127.0.0.1:8080" service->stop(); //
//   before the desk goes away
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/server.h"
#include "trial/desk.h"

namespace http {

// What the page and /metrics say about the platform beside its experiments.
struct PlatformStatus {
  std::string transport = {};     // "in-process broker: for trying out", "Apache Kafka 4.1".
  bool durable_transport = true;  // False for the in-process broker: the page says so.
  std::vector<std::string> addresses =
      {};  // Of the brokers, for systems of other people; empty when none can connect.
  std::string calibration =
      {};  // What `provecho aa` has written of these customers (JSON); empty: nothing.
  std::string trouble = {};  // Why the platform no longer works; empty while it does.
  std::vector<std::pair<std::string, double>> counters =
      {};  // For /metrics: ("records_total", 1234).
};

struct ServiceOptions {
  ServerOptions server = {};
  std::chrono::milliseconds event_interval{250};  // Between two events of one experiment at least.
  std::chrono::milliseconds heartbeat{15'000};    // So that proxies keep a silent stream open.
  std::chrono::milliseconds longest_wait{
      30'000};                // For a decision (GET /v1/sessions/{id}/decision).
  std::string study = {};     // A study's report (HTML), served at /study; empty: there is none.
  bool open = false;          // Serves other machines although there are no users.
  bool open_metrics = false;  // /metrics for everybody, for a scraper without a token.
  double requests_per_second =
      1'000;                        // Of one user or address; five times as many at once. 0: any.
  bool private_webhooks = false;    // Webhooks may lead into private networks.
  std::size_t max_waiting = 1'000;  // Requests for a decision that wait at one time; more get 503.
};

// Safe to use from any thread.
class Service {
 public:
  // Refused while the store has never had a user and the address is not this machine's own, unless
  // the options say `open`. Desk and status are used from threads of the service until stop()
  // returns; both must be safe to call from any thread.
  static base::Result<std::unique_ptr<Service>> start(const ServiceOptions& options,
                                                      trial::Desk& desk,
                                                      std::function<PlatformStatus()> status);
  virtual ~Service() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::string address() const = 0;  // "http://127.0.0.1:8080"
  [[nodiscard]] virtual ServerCounts counts() const = 0;
  // {"GET", "/v1/experiments/{id}"}, …: everything that is served, the page's files too.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> routes() const = 0;
  virtual void stop() = 0;  // Twice is once; the destructor does it too.
};

}  // namespace http
