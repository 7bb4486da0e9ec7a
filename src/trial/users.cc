// SPDX-License-Identifier: Apache-2.0
#include "trial/users.h"

#include <algorithm>
#include <utility>

namespace trial {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_ours(std::string_view text) { return text == "platform" || text == "page"; }

}  // namespace

bool is_user_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._@+-").find(c) != std::string_view::npos;
  });
}

std::string_view name(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kAnalyst:
      return "analyst";
    case Role::kOwner:
      return "owner";
    case Role::kShop:
      return "shop";
  }
  return "";
}

std::optional<Role> role_of(std::string_view text) {
  const auto found =
      std::ranges::find_if(kRoles, [&](Role role) { return trial::name(role) == text; });
  return found == kRoles.end() ? std::nullopt : std::optional(*found);
}

base::Result<IssuedUser> add_user(Store& store, const std::string& name, Role role,
                                  const Caller& caller) {
  if (!is_user_name(name)) {
    return base::input_error("a user's name is 1 to 64 letters, digits or any of . _ @ + -, not '" +
                             name + "'");
  }
  if (is_ours(name))
    return base::input_error("the audit log calls the platform itself '" + name +
                             "': choose another name");
  TRY_ASSIGN(const std::vector<UserRow> users, store.users());
  if (users.empty() && role != Role::kOwner) {
    return base::input_error(
        "the first user must be an owner: from then on everybody needs a token, and only an owner "
        "gives tokens out");
  }
  if (std::ranges::any_of(users,
                          [&](const UserRow& user) { return good(user) && user.name == name; })) {
    return base::input_error("there is a user '" + name +
                             "' already: revoke that one first, or choose another name");
  }
  TRY_ASSIGN(IssuedToken token, issue_token("user"));
  UserRow row{.id = token.id,
              .name = name,
              .role = role,
              .digest = token.digest,
              .created_at = caller.at,
              .created_by = caller.who,
              .revoked_at = {},
              .revoked_by = ""};
  TRY(store.write_user(row));
  return IssuedUser{std::move(row), std::move(token.text)};
}

base::Result<UserRow> revoke_user(Store& store, const std::string& name, const Caller& caller) {
  TRY_ASSIGN(const std::vector<UserRow> users, store.users());
  const auto found = std::ranges::find_if(
      users, [&](const UserRow& user) { return good(user) && user.name == name; });
  if (found == users.end()) return base::input_error("there is no user '" + name + "' to revoke");
  const auto owners = std::ranges::count_if(
      users, [](const UserRow& user) { return good(user) && user.role == Role::kOwner; });
  if (found->role == Role::kOwner && owners == 1) {
    return base::input_error("'" + name +
                             "' is the last owner: add another owner first, or nobody could give "
                             "tokens out");
  }
  UserRow row = *found;
  row.revoked_at = caller.at;
  row.revoked_by = caller.who;
  TRY(store.write_user(row));
  return row;
}

}  // namespace trial
