// SPDX-License-Identifier: Apache-2.0
// Setting a record aside: as it came, with where it came from and why as headers.
#pragma once
#include <string>

#include "base/result.h"
#include "kafka/producer.h"
#include "kafka/record.h"

namespace stream::detail {

// Sends the record to `topic` with headers topic, partition, offset, reason (and truncated, its
// length, where it is too long to be sent whole). Nothing for an empty topic.
base::Result<void> set_aside(kafka::Producer& producer, const std::string& topic,
                             const kafka::Record& record, const char* reason);

}  // namespace stream::detail
