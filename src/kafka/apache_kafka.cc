// SPDX-License-Identifier: Apache-2.0
#include "kafka/apache_kafka.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/file.h"
#include "kafka/detail/admin.h"
#include "kafka/detail/child_process.h"
#include "kafka/detail/client_settings.h"
#include "kafka/detail/loopback_port.h"
#include "kafka/detail/node_files.h"
#include "kafka/detail/node_folder.h"

namespace kafka {
namespace {

constexpr const char* kSettings = "server.properties";
constexpr const char* kLogSettings = "log4j2.xml";
constexpr const char* kLog = "kafka.log";
constexpr const char* kFormatLog = "format.log";
constexpr const char* kStarted = "Kafka Server started";
constexpr int kFormatHeapMb = 64;
constexpr std::chrono::milliseconds kStep{10};
constexpr std::chrono::milliseconds kPatience{20'000};  // Of stop.
constexpr std::chrono::milliseconds kAdministration{20'000};

base::Result<void> validate(const ApacheKafkaOptions& options) {
  if (options.jars.empty()) return base::input_error("the folder of Kafka's jars is not named");
  if (options.data.empty()) return base::input_error("the folder for Kafka's data is not named");
  if (options.heap_mb < 48 || options.heap_mb > 1'000'000) {
    return base::input_error("Kafka needs a heap of 48 MB or more, not " +
                             std::to_string(options.heap_mb));
  }
  if (options.default_partitions < 1 || options.default_partitions > 10'000) {
    return base::input_error("a topic has 1 to 10,000 partitions, not " +
                             std::to_string(options.default_partitions));
  }
  return {};
}

// A node whose parent was killed takes a second or two to let go of its ports, even where its
// folder is gone.
constexpr std::chrono::milliseconds kPortPatience{5'000};

base::Result<std::uint16_t> free_port_soon(std::uint16_t port) {
  for (std::chrono::milliseconds waited{0};; waited += kStep) {
    auto free = detail::free_port(port);
    if (free || waited >= kPortPatience) return free;
    std::this_thread::sleep_for(kStep);
  }
}

// Those that are named first: a free one must be another.
base::Result<void> choose_ports(ApacheKafkaOptions& options) {
  const std::array<std::uint16_t*, 3> ports = {&options.port, &options.second_port,
                                               &options.controller_port};
  std::vector<std::uint16_t> taken;
  const auto is_taken = [&](std::uint16_t port) {
    return std::ranges::find(taken, port) != taken.end();
  };
  for (const std::uint16_t* const port : ports) {
    if (*port == 0) continue;
    if (is_taken(*port)) {
      return base::input_error("Kafka's three ports must differ: " + std::to_string(options.port) +
                               ", " + std::to_string(options.second_port) + ", " +
                               std::to_string(options.controller_port));
    }
    TRY(free_port_soon(*port));
    taken.push_back(*port);
  }
  for (std::uint16_t* const port : ports) {
    if (*port != 0) continue;
    do {  // What was drawn before may be drawn again: nobody holds it yet.
      TRY_ASSIGN(*port, detail::free_port(0));
    } while (is_taken(*port));
    taken.push_back(*port);
  }
  return {};
}

// The end of a log, for an error message.
std::string tail(const std::string& path) {
  constexpr std::size_t kMost = 1500;
  const auto content = base::read_file(path);
  if (!content || content->empty()) return "(its log '" + path + "' is empty)";
  const std::size_t begin =
      content->size() > kMost ? content->find('\n', content->size() - kMost) + 1 : 0;
  return "its log '" + path + "' ends:\n" + content->substr(begin);
}

}  // namespace

struct ApacheKafka::State {
  ApacheKafkaOptions options;
  std::string java;
  std::string version;
  std::unique_ptr<detail::NodeFolder> folder;
  std::unique_ptr<detail::ChildProcess> node;
  detail::ClientSettings settings;
  std::unique_ptr<detail::Admin> admin;
  bool stopped = false;

  [[nodiscard]] std::string addresses() const {
    return "127.0.0.1:" + std::to_string(options.port) +
           ",127.0.0.1:" + std::to_string(options.second_port);
  }

  base::Result<void> write_settings() const {
    TRY_ASSIGN(const std::string text, detail::server_properties(options));
    TRY(base::write_file(folder->file(kSettings), text));
    return base::write_file(folder->file(kLogSettings), detail::log_settings());
  }

  // Once in the life of a folder: gives it its cluster id.
  base::Result<void> format() const {
    std::error_code ignored;
    if (std::filesystem::exists(folder->file("topics/meta.properties"), ignored)) return {};
    TRY_ASSIGN(
        const auto formatter,
        detail::ChildProcess::start({.words = detail::java_command(
                                         java, options.jars, kFormatHeapMb,
                                         {"kafka.tools.StorageTool", "format", "--ignore-formatted",
                                          "-t", detail::random_cluster_id(), "-c", kSettings}),
                                     .folder = folder->path(),
                                     .output = folder->file(kFormatLog)}));
    if (!formatter->wait(options.start_timeout) || !formatter->succeeded()) {
      return base::system_error("Apache Kafka could not prepare its folder (" +
                                formatter->ended().value_or("no end in time") + "); " +
                                tail(folder->file(kFormatLog)));
    }
    return {};
  }

  base::Result<void> launch() {
    std::error_code ignored;
    std::filesystem::rename(folder->file(kLog), folder->file("kafka.log.1"), ignored);
    TRY_ASSIGN(node, detail::ChildProcess::start(
                         {.words = detail::java_command(java, options.jars, options.heap_mb,
                                                        {"kafka.Kafka", kSettings}),
                          .folder = folder->path(),
                          .output = folder->file(kLog)}));
    TRY(folder->note_node(node->pid()));
    for (auto waited = kStep;; waited += kStep) {
      const auto log = base::read_file(folder->file(kLog));
      if (log && log->find(kStarted) != std::string::npos) return {};
      if (const auto end = node->ended()) {
        return base::system_error("Apache Kafka ended while starting (" + *end + "); " +
                                  tail(folder->file(kLog)));
      }
      if (waited > options.start_timeout) {
        return base::system_error("Apache Kafka did not start within " +
                                  std::to_string(options.start_timeout.count()) + " ms; " +
                                  tail(folder->file(kLog)));
      }
      std::this_thread::sleep_for(kStep);
    }
  }
};

ApacheKafka::ApacheKafka(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<ApacheKafka>> ApacheKafka::start(ApacheKafkaOptions options) {
  TRY(validate(options));
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  TRY_ASSIGN(state->java, detail::find_java());
  TRY_ASSIGN(state->version, detail::version_of(state->options.jars));
  TRY_ASSIGN(state->folder, detail::NodeFolder::take(state->options.data));
  TRY(state->folder->stop_left_over());
  TRY(choose_ports(state->options));
  TRY(state->write_settings());
  TRY(state->format());
  TRY(state->launch());
  state->settings.bootstrap = state->addresses();
  TRY_ASSIGN(state->admin, detail::Admin::open(state->settings));
  TRY(state->admin->ping(state->options.start_timeout));
  spdlog::info("kafka: Apache Kafka {} takes clients at {} (process {})", state->version,
               state->addresses(), state->node->pid());
  return std::unique_ptr<ApacheKafka>(new ApacheKafka(std::move(state)));
}

ApacheKafka::~ApacheKafka() {
  const auto stopped = stop();
  if (!stopped) spdlog::warn("kafka: {}", stopped.error().message);
}

base::Result<void> ApacheKafka::stop() {
  if (state_->stopped) return {};
  state_->stopped = true;
  state_->admin.reset();
  const auto ended_before = state_->node->ended();
  const bool in_time = state_->node->stop(kPatience);
  state_->folder->forget_node();
  if (ended_before)
    return base::system_error("Apache Kafka had ended before it was stopped (" + *ended_before +
                              ")");
  if (!in_time) return base::system_error("Apache Kafka did not shut down in time and was killed");
  return {};
}

base::Result<std::unique_ptr<Consumer>> ApacheKafka::make_consumer(ConsumerOptions options) {
  return Consumer::open(state_->settings, std::move(options));
}

base::Result<std::unique_ptr<Producer>> ApacheKafka::make_producer(ProducerOptions options) {
  return Producer::open(state_->settings, std::move(options));
}

base::Result<void> ApacheKafka::ensure_topics(std::span<const TopicSpec> topics) {
  TRY(health());
  return state_->admin->create(topics, kAdministration);
}

std::string ApacheKafka::describe() const {
  return "Apache Kafka " + state_->version + " (child process) at " + state_->addresses();
}

std::string ApacheKafka::bootstrap() const { return state_->addresses(); }

Limits ApacheKafka::limits() const { return {}; }

base::Result<void> ApacheKafka::health() const {
  if (state_->stopped) return base::system_error("Apache Kafka has been stopped");
  const auto end = state_->node->ended();
  if (!end) return {};
  return base::system_error("Apache Kafka has ended (" + *end + "); " +
                            tail(state_->folder->file(kLog)));
}

}  // namespace kafka
