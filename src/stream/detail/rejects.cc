// SPDX-License-Identifier: Apache-2.0
#include "stream/detail/rejects.h"

#include <vector>

namespace stream::detail {
namespace {
constexpr std::size_t kWholeBytes = 500'000;  // Well below what brokers take by default (1 MB).
constexpr std::size_t kBeginning = 65'536;
}  // namespace

base::Result<void> set_aside(kafka::Producer& producer, const std::string& topic,
                             const kafka::Record& record, const char* reason) {
  if (topic.empty()) return {};
  const std::string partition = std::to_string(record.partition);
  const std::string offset = std::to_string(record.offset);
  const std::string length = std::to_string(record.value.size());
  std::vector<kafka::Header> headers = {
      {"topic", record.topic}, {"partition", partition}, {"offset", offset}, {"reason", reason}};
  std::string_view value = record.value;
  if (value.size() > kWholeBytes) {
    value = value.substr(0, kBeginning);
    headers.push_back({"truncated", length});
  }
  const std::string_view key = record.key.size() > kBeginning ? std::string_view() : record.key;
  return producer.send(
      topic, key, value, headers,
      record.timestamp.micros() > 0 ? std::optional(record.timestamp) : std::nullopt);
}

}  // namespace stream::detail
