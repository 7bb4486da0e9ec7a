// SPDX-License-Identifier: Apache-2.0
#include "http/detail/webhook_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

namespace http {
namespace {

std::string sign(std::string_view secret, std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned size = digest.size();
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return "v1," + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL writes a closing zero.
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

base::Result<std::string> make_webhook_secret() {
  std::string secret(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()),
                 static_cast<int>(secret.size())) != 1)
    return base::system_error("the system's random generator failed: no secret can be made");
  return secret;
}

std::string webhook_secret_text(std::string_view secret) { return "whsec_" + base64(secret); }

std::string webhook_signature(const trial::WebhookRow& webhook, std::string_view id,
                              std::int64_t seconds, std::string_view body) {
  const std::string text =
      std::string(id) + '.' + std::to_string(seconds) + '.' + std::string(body);
  std::string signatures = sign(webhook.secret, text);
  if (!webhook.older_secret.empty()) signatures += ' ' + sign(webhook.older_secret, text);
  return signatures;
}

}  // namespace http
