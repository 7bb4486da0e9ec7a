// SPDX-License-Identifier: Apache-2.0
// What a Kafka node is told: its settings, its log's form, its Java command. Pure text.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "kafka/apache_kafka.h"

namespace kafka::detail {

// server.properties of one KRaft node, broker and controller in one, with two listeners on
// loopback. Topics lie in the folder "topics" below the one it runs in.
base::Result<std::string> server_properties(const ApacheKafkaOptions& options);

// What the log shows: warnings, and the line that says that the node takes clients.
std::string log_settings();

// The version that a folder of jars holds ("4.1.1"), from their names. Error: no Kafka in it, or
// half of it.
base::Result<std::string> version_of(const std::string& jars);

// An executable Java. Error: none, and what to do.
base::Result<std::string> find_java();

// `java … <main class> …`, to be run in the node's folder.
std::vector<std::string> java_command(const std::string& java, const std::string& jars, int heap_mb,
                                      std::vector<std::string> main_and_arguments);

// 128 random bits as Kafka writes them (22 characters of URL-safe base64).
std::string random_cluster_id();

}  // namespace kafka::detail
