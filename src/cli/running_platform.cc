// SPDX-License-Identifier: Apache-2.0
#include "cli/running_platform.h"

#include <array>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/loop_thread.h"
#include "cli/running_system.h"
#include "event/topic.h"
#include "http/service.h"
#include "platform/platform.h"
#include "stream/enrich.h"
#include "trial/postgres_store.h"
#include "trial/sqlite_store.h"

namespace cli {
namespace {

base::Result<void> make_topics(kafka::Transport& transport) {
  std::vector<kafka::TopicSpec> topics;
  for (const char* name :
       {event::topic::kSession, event::topic::kSampled, event::topic::kDemographic,
        event::topic::kHistoric, event::topic::kBasePrediction, event::topic::kStudentPrediction,
        event::topic::kDecision, event::topic::kRevenue, event::topic::kRejected}) {
    topics.push_back({.name = name, .properties = {}});
  }
  return transport.ensure_topics(topics);
}

class House final : public RunningPlatform {
 public:
  explicit House(const RunningPlatformOptions& options) : options_(options) {}
  ~House() override { static_cast<void>(stop()); }

  base::Result<void> open() {
    std::error_code error;
    std::filesystem::create_directories(options_.folder, error);
    if (error)
      return base::input_error("cannot make the folder '" + options_.folder +
                               "': " + error.message());
    TRY_ASSIGN(store_, options_.store.empty()
                           ? trial::open_sqlite({.path = options_.folder + "/provecho.db"})
                           : trial::open_postgres({.url = options_.store}));
    TRY_ASSIGN(transport_, open_transport(options_.transport, options_.folder));
    TRY(make_topics(*transport_));
    platform::Options loop;
    loop.started = [this](trial::ExperimentId id, const trial::StartedTokens& tokens) {
      base::Result<void> handed = note_base();
      if (handed) handed = hand_to_base(id, tokens.base);
      if (handed) return;
      const std::lock_guard lock(base_mutex_);
      base_failure_ = std::move(handed);
    };
    TRY_ASSIGN(platform_, platform::Platform::start(*transport_, *store_, clock_, std::move(loop)));
    if (options_.customers != nullptr) start_enrichment();
    TRY(resume_base());
    http::ServiceOptions service;
    service.server.address = options_.host;
    service.server.port = options_.port;
    service.server.tls_certificate = options_.tls_certificate;
    service.server.tls_key = options_.tls_key;
    service.open = options_.open;
    service.open_metrics = options_.open_metrics;
    service.private_webhooks = options_.private_webhooks;
    service.requests_per_second = options_.requests_per_second;
    service.study = options_.study;
    return start_page(std::move(service));
  }

  trial::Desk& desk() override { return platform_->desk(); }
  kafka::Transport& transport() override { return *transport_; }
  const base::Clock& clock() override { return clock_; }
  std::string page() const override { return service_->address(); }
  std::string store() const override { return store_->name(); }

  base::Result<void> health() const override {
    TRY(platform_->health());
    TRY(transport_->health());
    for (const auto& pipeline : enrichment_) {
      if (pipeline != nullptr) TRY(pipeline->loop->health());
    }
    const std::lock_guard lock(base_mutex_);
    TRY(base_failure_);
    return base_ == nullptr ? base::Result<void>{} : base_->health();
  }

  base::Result<void> stop() override {
    if (service_ != nullptr) service_->stop();
    base::Result<void> first;
    const auto keep = [&first](base::Result<void> result) {
      if (first && !result) first = std::move(result);
    };
    for (auto& pipeline : enrichment_) {
      if (pipeline != nullptr) keep(pipeline->loop->stop());
    }
    {
      const std::lock_guard lock(base_mutex_);
      if (base_ != nullptr) keep(base_->stop());
    }
    if (platform_ != nullptr) keep(platform_->stop());
    return first;
  }

 private:
  struct Enrichment {
    stream::EnrichOptions options;
    stream::Meter meter;
    std::unique_ptr<LoopThread> loop;
  };

  base::Result<void> start_page(http::ServiceOptions service) {
    const auto status = [this] { return this->status(); };
    auto started = http::Service::start(service, platform_->desk(), status);
    if (!started && options_.any_port_if_taken) {
      service.server.port = 0;
      started = http::Service::start(service, platform_->desk(), status);
    }
    TRY_ASSIGN(service_, std::move(started));
    return {};
  }

  // Two pipelines that know nothing of each other, as the exercise has them.
  void start_enrichment() {
    for (const stream::Pipeline pipeline :
         {stream::Pipeline::kDemographic, stream::Pipeline::kHistoric}) {
      auto enrichment = std::make_unique<Enrichment>();
      Enrichment& e = *enrichment;
      e.options.pipeline = pipeline;
      e.options.membership = kafka::Membership::kAlone;
      e.loop = std::make_unique<LoopThread>([this, &e](std::stop_token stop) {
        return stream::run_enrich(*transport_, *options_.customers, e.options, e.meter,
                                  std::move(stop));
      });
      enrichment_[static_cast<std::size_t>(pipeline)] = std::move(enrichment);
    }
  }

  [[nodiscard]] std::string base_note() const { return options_.folder + "/base_model.sha256"; }

  // By which model the experiment that starts now has its base system decide.
  base::Result<void> note_base() const {
    if (options_.base == nullptr || options_.base_digest.empty()) return {};
    return base::write_file(base_note(), options_.base_digest + "\n");
  }

  // The systems of a running experiment stay what they are, whatever happens to their files.
  base::Result<void> require_noted_base() const {
    std::error_code error;
    if (options_.base_digest.empty() || !std::filesystem::exists(base_note(), error)) return {};
    TRY_ASSIGN(std::string noted, base::read_file(base_note()));
    while (!noted.empty() && noted.back() == '\n') noted.pop_back();
    if (noted == options_.base_digest) return {};
    return base::input_error(
        "the running experiment was started with another base model (SHA-256 " + noted +
        ") than this one (" + options_.base_digest +
        "): give the old file, or start without --base and end the experiment first");
  }

  // One base system decides for all experiments that run. It begins anew with each further token,
  // where it left off.
  base::Result<void> hand_to_base(trial::ExperimentId id, const std::string& token) {
    if (options_.base == nullptr) return {};
    TRY_ASSIGN(const std::vector<trial::ExperimentRow> rows, platform_->desk().experiments());
    const std::lock_guard lock(base_mutex_);
    base_tokens_[id] = token;
    stream::DecideOptions decide;
    for (const trial::ExperimentRow& row : rows) {
      const auto known = base_tokens_.find(row.id);
      if (known != base_tokens_.end() && trial::alive(row.state))
        decide.tokens.push_back(known->second);
    }
    decide.output_topic = event::topic::kBasePrediction;
    decide.group = "provecho-base";
    decide.membership = kafka::Membership::kAlone;
    base_.reset();
    TRY_ASSIGN(base_, RunningSystem::start(*transport_, *options_.base, std::move(decide), clock_));
    return {};
  }

  // Tokens are shown once and not kept, so the base system of runs that go on gets new ones.
  base::Result<void> resume_base() {
    if (options_.base == nullptr) return {};
    TRY_ASSIGN(const std::vector<trial::ExperimentRow> rows, platform_->desk().experiments());
    for (const trial::ExperimentRow& row : rows) {
      if (!trial::alive(row.state)) continue;
      TRY(require_noted_base());
      TRY_ASSIGN(const std::string token,
                 platform_->desk().issue_token(row.id, event::System::kBase, "platform"));
      TRY(hand_to_base(row.id, token));
    }
    return {};
  }

  http::PlatformStatus status() const {
    http::PlatformStatus status;
    status.transport = transport_->describe();
    status.durable_transport = !transport_->limits().bytes_per_partition.has_value();
    if (status.durable_transport) status.addresses = {transport_->bootstrap()};
    if (auto calibration = base::read_file(options_.folder + "/calibration.json"))
      status.calibration = *std::move(calibration);
    if (const auto healthy = health(); !healthy) status.trouble = healthy.error().message;
    const platform::Counters c = platform_->counters();
    status.counters = {{"platform_records_total", static_cast<double>(c.records_total)},
                       {"platform_commits_total", static_cast<double>(c.commits_total)},
                       {"platform_sampled_total", static_cast<double>(c.sampled_total)},
                       {"platform_decisions_total", static_cast<double>(c.decisions_total)},
                       {"platform_rejected_total", static_cast<double>(c.rejected_total)},
                       {"platform_without_trial_total", static_cast<double>(c.without_trial_total)},
                       {"platform_missing_total", static_cast<double>(c.missing_total)}};
    constexpr std::array<const char*, 2> kPipelines = {"enrich_demographic", "enrich_historic"};
    for (std::size_t i = 0; i < enrichment_.size(); ++i) {
      if (enrichment_[i] != nullptr)
        add_stream_counters(kPipelines[i], enrichment_[i]->meter.sum(), status);
    }
    const std::lock_guard lock(base_mutex_);
    if (base_ != nullptr) add_stream_counters("base", base_->counters(), status);
    return status;
  }

  static void add_stream_counters(const std::string& name, const stream::Counters& c,
                                  http::PlatformStatus& status) {
    status.counters.emplace_back(name + "_received_total", static_cast<double>(c.received_total));
    status.counters.emplace_back(name + "_sent_total", static_cast<double>(c.sent_total));
    status.counters.emplace_back(name + "_rejected_total", static_cast<double>(c.rejected_total));
    status.counters.emplace_back(name + "_missing_total", static_cast<double>(c.missing_total));
  }

  // In the order in which they are started; destroyed the other way round.
  const RunningPlatformOptions options_;
  const base::SystemClock clock_;
  std::unique_ptr<trial::Store> store_;
  std::unique_ptr<kafka::Transport> transport_;
  mutable std::mutex base_mutex_;
  base::Result<void> base_failure_;
  std::map<trial::ExperimentId, std::string> base_tokens_;
  std::unique_ptr<RunningSystem> base_;
  std::array<std::unique_ptr<Enrichment>, 2> enrichment_;
  std::unique_ptr<platform::Platform> platform_;
  std::unique_ptr<http::Service> service_;
};

}  // namespace

base::Result<std::unique_ptr<RunningPlatform>> RunningPlatform::start(
    const RunningPlatformOptions& options) {
  auto house = std::make_unique<House>(options);
  TRY(house->open());
  return std::unique_ptr<RunningPlatform>(std::move(house));
}

}  // namespace cli
