// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <atomic>
#include <utility>

#include "http/detail/idempotency.h"
#include "http/detail/routes.h"

namespace http {
namespace {

constexpr std::size_t kMaxTasks = 256;  // That wait for the worker.
constexpr double kBurst = 5;

bool is_this_machine(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

base::Error refuse_strangers(const std::string& address) {
  return base::input_error(
      "serving on " + address +
      " would let everybody there do everything, for there are no users yet: make the first by "
      "`provecho user add NAME --role owner`, or serve on 127.0.0.1, or insist with --open");
}

class RunningService final : public Service {
 public:
  RunningService(const ServiceOptions& options, trial::Desk& desk,
                 std::function<PlatformStatus()> status)
      : options_(options),
        worker_(kMaxTasks),
        feed_(desk, options.event_interval, options.heartbeat),
        watch_(desk, options.max_waiting),
        gate_(desk, {.rate = {.rate = options.requests_per_second,
                              .burst = kBurst * options.requests_per_second},
                     .secure_cookie = !options.server.tls_certificate.empty(),
                     .own_machine = !options.open}),
        keys_(
            IdempotencyOptions{}, [] { return base::SystemClock().now(); },
            [this](std::function<void()> task) { return worker_.post(std::move(task)); },
            [&desk](auto rows, auto forgotten) {
              return desk.ask([&](trial::Registry& registry, base::Timestamp) {
                return registry.store().callers().write_receipts(rows, forgotten);
              });
            }),
        webhooks_(desk, {.post = {.private_targets = options.private_webhooks}}),
        ground_{
            desk, worker_, feed_, watch_, gate_, webhooks_, options_, std::move(status), [this] {
              return counts();
            }} {}

  ~RunningService() override { RunningService::stop(); }

  base::Result<void> listen() {
    TRY(gate_.load_logins());
    TRY(gate_.load());
    if (!gate_.login_needed() && !options_.open && !is_this_machine(options_.server.address))
      return refuse_strangers(options_.server.address);
    Router router = make_router();
    router.guard([this](Request& request, Access access) { return gate_.admit(request, access); });
    TRY(load_receipts());
    // What a shop repeats changes nothing by itself, and what everybody may ask changes nothing at
    // all: their keys are not worth a commit.
    router.wrap_posts([this](Handler handler, Access access) {
      return access == Access::kChange || access == Access::kOwn
                 ? keys_.once_for_good(std::move(handler))
                 : keys_.once(std::move(handler));
    });
    auto server = Server::start(options_.server, std::move(router));
    if (!server) return std::move(server).error();
    server_ = *std::move(server);
    serving_ = server_.get();
    return {};
  }

  [[nodiscard]] Router make_router() const {
    Router router;
    add_page_routes(router, ground_);
    add_platform_routes(router, ground_);
    add_design_routes(router, ground_);
    add_experiment_routes(router, ground_);
    add_life_routes(router, ground_);
    add_token_routes(router, ground_);
    add_export_routes(router, ground_);
    add_user_routes(router, ground_);
    add_webhook_routes(router, ground_);
    add_session_routes(router, ground_);
    return router;
  }

  [[nodiscard]] std::uint16_t port() const override { return server_->port(); }
  [[nodiscard]] std::string address() const override { return server_->address(); }
  // A request may ask before start() has handed the server over.
  [[nodiscard]] ServerCounts counts() const override {
    const Server* serving = serving_;
    return serving == nullptr ? ServerCounts{} : serving->counts();
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> routes() const override {
    return make_router().routes();
  }

  // What waits is answered first, then no request comes any more, then nothing is left to do.
  void stop() override {
    watch_.stop();
    if (server_) server_->stop();
    feed_.stop();
    worker_.stop();
    webhooks_.stop();
  }

 private:
  base::Result<void> load_receipts() {
    TRY_ASSIGN(const std::vector<trial::ReceiptRow> rows,
               ground_.desk.ask([](trial::Registry& registry, base::Timestamp) {
                 return registry.store().callers().receipts();
               }));
    keys_.load(rows);
    return {};
  }

  const ServiceOptions options_;
  Worker worker_;
  EventFeed feed_;
  DecisionWatch watch_;
  Gatekeeper gate_;
  IdempotencyKeys keys_;
  WebhookWorker webhooks_;
  Ground ground_;
  std::unique_ptr<Server> server_;
  std::atomic<const Server*> serving_ = nullptr;
};

}  // namespace

base::Result<std::unique_ptr<Service>> Service::start(const ServiceOptions& options,
                                                      trial::Desk& desk,
                                                      std::function<PlatformStatus()> status) {
  auto service = std::make_unique<RunningService>(options, desk, std::move(status));
  TRY(service->listen());
  return base::Result<std::unique_ptr<Service>>(std::move(service));
}

}  // namespace http
