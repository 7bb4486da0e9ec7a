// SPDX-License-Identifier: Apache-2.0
// The room's voice: what the client library says, and what we say of it, in the program's log. The
// same kind of trouble is said at most once in ten seconds, however often it comes.
#pragma once
#include <string>

extern "C" {
typedef struct rd_kafka_s rd_kafka_t;
}

namespace kafka::detail {

// The client library's log callback.
void log_client(const rd_kafka_t* client, int level, const char* facility, const char* text);

// A warning, unless one of the same `kind` was given less than ten seconds ago. Thread-safe.
void warn_now_and_then(const std::string& kind, const std::string& text);

}  // namespace kafka::detail
