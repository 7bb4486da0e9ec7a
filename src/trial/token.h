// SPDX-License-Identifier: Apache-2.0
// Tokens: xab_<env>_<id>_<secret><crc>, as secret scanners know them. <id> is public and finds the
// row, <secret> is 256 random bits in base62, <crc> is the CRC-32 of everything before it in base62
// and refuses typing errors offline. Only the secret's SHA-256 is kept; a high-entropy secret needs
// no slow derivation.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trial {

using Digest = std::array<std::uint8_t, 32>;

inline constexpr int kTokenIdLength = 10;      // base62
inline constexpr int kTokenSecretLength = 43;  // 256 bits in base62
inline constexpr int kTokenCrcLength = 6;      // 32 bits in base62

struct IssuedToken {
  std::string text;  // Shown once, never stored.
  std::string id;
  Digest digest;  // SHA-256 of the secret's text.
};

struct ParsedToken {
  std::string_view environment;
  std::string_view id;
  std::string_view secret;
};

// A new token from the system's cryptographic generator; fails only when that does. The environment
// ("live", "test") is 1 to 16 lower-case letters or digits.
base::Result<IssuedToken> issue_token(std::string_view environment);

// The parts, which borrow from the text; nothing when the shape or the checksum is wrong.
std::optional<ParsedToken> parse_token(std::string_view text);

Digest digest_secret(std::string_view secret);

// Takes the same time wherever the digests differ.
bool same_digest(const Digest& a, const Digest& b);

// SHA-256 in lower-case hexadecimal: plan hashes, model digests.
std::string sha256_hex(std::string_view bytes);

}  // namespace trial
