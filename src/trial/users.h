// SPDX-License-Identifier: Apache-2.0
// Adding and revoking users. Once a store has had a user, its platform asks everybody for a token;
// so the first user is an owner, and the last good owner cannot be revoked.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "trial/store.h"
#include "trial/trial.h"

namespace trial {

struct IssuedUser {
  UserRow row;
  std::string token;  // Shown once, never stored.
};

// 1 to 64 letters, digits or any of . _ @ + -
bool is_user_name(std::string_view text);

// Refused: a name that is none, is the platform's own, or is taken by somebody who is good.
base::Result<IssuedUser> add_user(Store& store, const std::string& name, Role role,
                                  const Caller& caller);

// By name: the token is refused from now on. The row stays; the name is free again.
base::Result<UserRow> revoke_user(Store& store, const std::string& name, const Caller& caller);

}  // namespace trial
