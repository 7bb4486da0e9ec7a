// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/admin.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "kafka/detail/configuration.h"
#include "kafka/detail/metadata.h"

namespace kafka::detail {
namespace {

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroy<rd_kafka_NewTopic_destroy>>;
using AdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::vector<std::string> names_of(std::span<const TopicSpec> topics) {
  std::vector<std::string> names;
  for (const TopicSpec& topic : topics) names.push_back(topic.name);
  return names;
}

base::Result<NewTopic> new_topic(const TopicSpec& spec) {
  char reason[256];
  NewTopic topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, spec.replicas, reason,
                                       sizeof reason));
  if (topic == nullptr) return base::input_error("topic '" + spec.name + "': " + reason);
  for (const Property& property : spec.properties) {
    rd_kafka_NewTopic_set_config(topic.get(), property.name.c_str(), property.value.c_str());
  }
  return topic;
}

// The broker's answer for each topic; that it exists already is what we want.
base::Result<void> judge(rd_kafka_event_t* event) {
  if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return base::system_error("cannot create topics: " +
                              std::string(rd_kafka_event_error_string(event)));
  }
  std::size_t count = 0;
  const auto* const results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      continue;
    const char* const text = rd_kafka_topic_result_error_string(results[i]);
    return base::system_error("cannot create topic '" +
                              std::string(rd_kafka_topic_result_name(results[i])) +
                              "': " + (text != nullptr ? text : rd_kafka_err2str(error)));
  }
  return {};
}

}  // namespace

base::Result<void> validate(std::span<const TopicSpec> topics) {
  for (const TopicSpec& topic : topics) {
    const std::string& name = topic.name;
    if (name.empty() || name.size() > 249 || name == "." || name == ".." ||
        !std::all_of(name.begin(), name.end(), is_name_character)) {
      return base::input_error(
          "'" + name.substr(0, 249) +
          "' cannot be a topic: 1 to 249 letters, digits, '.', '_' or '-', neither '.' nor '..'");
    }
    if (topic.partitions < 1 || topic.partitions > 10'000) {
      return base::input_error("topic '" + name + "': " + std::to_string(topic.partitions) +
                               " partitions; 1 to 10,000 are possible");
    }
    if (topic.replicas == 0 || topic.replicas < -1) {
      return base::input_error("topic '" + name + "': " + std::to_string(topic.replicas) +
                               " replicas; at least 1, or -1 for the broker's default");
    }
  }
  return {};
}

base::Result<std::unique_ptr<Admin>> Admin::open(const ClientSettings& settings) {
  auto admin = std::make_unique<Admin>();
  Configuration configuration;
  configuration.set("bootstrap.servers", settings.bootstrap)
      .set("client.id", "provecho-admin")
      .set(settings.properties);
  rd_kafka_conf_set_error_cb(configuration.get(), on_error);
  TRY_ASSIGN(admin->client_, configuration.start(RD_KAFKA_PRODUCER, admin.get()));
  return admin;
}

void Admin::on_error(rd_kafka_t*, int error, const char* reason, void* opaque) {
  auto* const admin = static_cast<Admin*>(opaque);
  const std::lock_guard lock(admin->mutex_);
  // "All brokers are down" says less than the trouble of one of them before it.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !admin->trouble_.empty()) return;
  admin->trouble_ = reason;
}

std::string Admin::trouble() {
  rd_kafka_poll(client_.get(), 0);
  const std::lock_guard lock(mutex_);
  return trouble_;
}

base::Result<void> Admin::ping(std::chrono::milliseconds timeout) {
  auto answer = partition_counts(client_.get(), {}, timeout);
  if (answer) return {};
  const std::string why = trouble();
  return why.empty() ? answer.error() : base::system_error(answer.error().message + ": " + why);
}

base::Result<void> Admin::create(std::span<const TopicSpec> topics,
                                 std::chrono::milliseconds timeout) {
  TRY(validate(topics));
  const auto names = names_of(topics);
  TRY_ASSIGN(const auto counts, partition_counts(client_.get(), names, timeout));

  std::vector<NewTopic> missing;
  std::vector<rd_kafka_NewTopic_t*> request;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (counts[i] > 0) continue;
    TRY_ASSIGN(auto topic, new_topic(topics[i]));
    request.push_back(topic.get());
    missing.push_back(std::move(topic));
  }
  if (request.empty()) return {};

  const AdminOptions options(
      rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  char reason[256];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms(timeout), reason,
                                            sizeof reason);
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms(timeout), reason,
                                              sizeof reason);
  const Queue answers(rd_kafka_queue_new(client_.get()));
  rd_kafka_CreateTopics(client_.get(), request.data(), request.size(), options.get(),
                        answers.get());
  const Event event(
      rd_kafka_queue_poll(answers.get(), timeout_ms(timeout + std::chrono::seconds(1))));
  if (event == nullptr) return base::system_error("cannot create topics: no answer in time");
  TRY(judge(event.get()));
  return wait_for(topics, timeout);
}

base::Result<void> Admin::wait_for(std::span<const TopicSpec> topics,
                                   std::chrono::milliseconds timeout) {
  const auto names = names_of(topics);
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    TRY_ASSIGN(const auto counts, partition_counts(client_.get(), names, timeout));
    const auto unready = std::find(counts.begin(), counts.end(), 0);
    if (unready == counts.end()) return {};
    if (std::chrono::steady_clock::now() >= end) {
      return base::system_error("topic '" +
                                names[static_cast<std::size_t>(unready - counts.begin())] +
                                "' is not ready: no leader for its partitions within " +
                                std::to_string(timeout.count()) + " ms");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace kafka::detail
