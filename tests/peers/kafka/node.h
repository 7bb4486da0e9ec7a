// SPDX-License-Identifier: Apache-2.0
// An Apache Kafka for one test, in a folder of its own and on ports that are free.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "kafka/apache_kafka.h"

namespace kafka_peer {

inline std::string jars() {
  const char* const named = std::getenv("PROVECHO_KAFKA_JARS");
  return named != nullptr ? named : std::string(PROVECHO_SOURCE_DIR) + "/.provecho/kafka";
}

class NodeTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("java -version > /dev/null 2>&1") != 0) GTEST_SKIP() << "Java is not installed";
    if (!std::filesystem::exists(jars() + "/.complete")) {
      GTEST_SKIP() << "no Apache Kafka in " << jars() << ": run tools/kafka/install " << jars();
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "kafka-peer-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] kafka::ApacheKafkaOptions options() const {
    return {.jars = jars(),
            .data = folder_ + "/data",
            .port = 0,
            .second_port = 0,
            .controller_port = 0};
  }
  [[nodiscard]] std::unique_ptr<kafka::ApacheKafka> start() const { return start(options()); }
  [[nodiscard]] static std::unique_ptr<kafka::ApacheKafka> start(
      kafka::ApacheKafkaOptions options) {
    auto node = kafka::ApacheKafka::start(std::move(options));
    EXPECT_TRUE(node) << node.error().message;
    return node ? std::move(node).value() : nullptr;
  }

  std::string folder_;
};

}  // namespace kafka_peer
