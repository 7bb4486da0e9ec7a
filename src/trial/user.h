// SPDX-License-Identifier: Apache-2.0
// People and shops who may use the platform, by bearer token (token.h, environment "user").
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "trial/token.h"

namespace trial {

enum class Role : std::uint8_t {
  kViewer,   // Reads everything.
  kAnalyst,  // And makes, changes and validates experiments.
  kOwner,    // And starts, pauses, ramps, ends them, manages tokens and users.
  kShop,     // Opens sessions, asks for decisions, reports revenue; reads nothing else.
};

inline constexpr std::array<Role, 4> kRoles = {Role::kOwner, Role::kAnalyst, Role::kViewer,
                                               Role::kShop};

std::string_view name(Role role);                    // "owner", "analyst", "viewer", "shop"
std::optional<Role> role_of(std::string_view text);  // Reads it back.

struct UserRow {
  std::string id;    // The token's public part.
  std::string name;  // Stands in the audit log; one good user has it at a time.
  Role role = Role::kViewer;
  Digest digest{};  // Of the token's secret, which is nowhere.
  base::Timestamp created_at;
  std::string created_by;
  base::Timestamp revoked_at;  // 0: good.
  std::string revoked_by;
  friend bool operator==(const UserRow&, const UserRow&) = default;
};

[[nodiscard]] inline bool good(const UserRow& user) {
  return user.revoked_at == base::Timestamp(0);
}

}  // namespace trial
