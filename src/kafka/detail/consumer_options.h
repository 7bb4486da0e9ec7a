// SPDX-License-Identifier: Apache-2.0
// What a consumer is asked for, checked and turned into the client library's settings. For .cc
// files only.
#pragma once
#include "base/result.h"
#include "kafka/consumer.h"
#include "kafka/detail/client_settings.h"
#include "kafka/detail/configuration.h"

namespace kafka::detail {

base::Result<void> validate(const ConsumerOptions& options);

void configure(Configuration& configuration, const ClientSettings& settings,
               const ConsumerOptions& options);

}  // namespace kafka::detail
