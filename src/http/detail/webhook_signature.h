// SPDX-License-Identifier: Apache-2.0
// Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 of "id.timestamp.body", in base64.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trial/webhooks.h"

namespace http {

std::string base64(std::string_view bytes);

// 32 random bytes; fails only where the system's generator does.
base::Result<std::string> make_webhook_secret();
// As its receiver keeps it: "whsec_…".
std::string webhook_secret_text(std::string_view secret);

// The header webhook-signature: one "v1,…" for each secret that is good, a space between.
std::string webhook_signature(const trial::WebhookRow& webhook, std::string_view id,
                              std::int64_t seconds, std::string_view body);

}  // namespace http
