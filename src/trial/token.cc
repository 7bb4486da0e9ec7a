// SPDX-License-Identifier: Apache-2.0
#include "trial/token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <span>

namespace trial {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kPrefix = "xab_";

// CRC-32 of ISO-HDLC (as in zlib and PNG): reflected, polynomial 0x04c11db7.
constexpr std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : text) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}
static_assert(crc32("123456789") == 0xcbf43926U);

std::string base62(std::uint32_t value, int width) {
  std::string text(static_cast<std::size_t>(width), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    *digit = kDigits[value % 62];
    value /= 62;
  }
  return text;
}

// The bytes as one big-endian number, in base 62, filled up to the width with zeros.
std::string base62(std::span<std::uint8_t> bytes, int width) {
  std::string text(static_cast<std::size_t>(width), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    unsigned remainder = 0;
    for (std::uint8_t& byte : bytes) {
      const unsigned part = remainder * 256 + byte;
      byte = static_cast<std::uint8_t>(part / 62);
      remainder = part % 62;
    }
    *digit = kDigits[remainder];
  }
  return text;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return kDigits.find(c) != std::string_view::npos; });
}

bool is_environment(std::string_view text) {
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

}  // namespace

base::Result<IssuedToken> issue_token(std::string_view environment) {
  if (!is_environment(environment)) {
    return base::input_error(
        "a token's environment is 1 to 16 lower-case letters or digits, not '" +
        std::string(environment) + "'");
  }
  std::array<std::uint8_t, 8> id_bytes;
  std::array<std::uint8_t, 32> secret_bytes;
  if (RAND_bytes(id_bytes.data(), static_cast<int>(id_bytes.size())) != 1 ||
      RAND_bytes(secret_bytes.data(), static_cast<int>(secret_bytes.size())) != 1) {
    return base::system_error("the system's random generator failed: no token can be issued");
  }
  IssuedToken token;
  token.id = base62(id_bytes, kTokenIdLength);
  std::string secret = base62(secret_bytes, kTokenSecretLength);
  token.digest = digest_secret(secret);
  token.text.append(kPrefix)
      .append(environment)
      .append("_")
      .append(token.id)
      .append("_")
      .append(secret);
  token.text += base62(crc32(token.text), kTokenCrcLength);
  OPENSSL_cleanse(secret.data(), secret.size());
  OPENSSL_cleanse(secret_bytes.data(), secret_bytes.size());
  return token;
}

std::optional<ParsedToken> parse_token(std::string_view text) {
  constexpr std::size_t kTail = kTokenIdLength + 1 + kTokenSecretLength + kTokenCrcLength;
  if (text.size() < kPrefix.size() + 1 + 1 + kTail || !text.starts_with(kPrefix))
    return std::nullopt;
  const std::string_view tail = text.substr(text.size() - kTail);
  ParsedToken token;
  token.environment = text.substr(kPrefix.size(), text.size() - kPrefix.size() - kTail - 1);
  token.id = tail.substr(0, kTokenIdLength);
  token.secret = tail.substr(kTokenIdLength + 1, kTokenSecretLength);
  if (text[text.size() - kTail - 1] != '_' || tail[kTokenIdLength] != '_') return std::nullopt;
  if (!is_environment(token.environment) || !all_digits(token.id) || !all_digits(token.secret))
    return std::nullopt;
  const std::string_view body = text.substr(0, text.size() - kTokenCrcLength);
  if (text.substr(body.size()) != base62(crc32(body), kTokenCrcLength)) return std::nullopt;
  return token;
}

Digest digest_secret(std::string_view secret) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return digest;
}

bool same_digest(const Digest& a, const Digest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest_secret(bytes)) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

}  // namespace trial
