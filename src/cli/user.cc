// SPDX-License-Identifier: Apache-2.0
// Who may use the platform by HTTP, with a token each; for the time when it does not run.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "cli/subcommand.h"
#include "trial/postgres_store.h"
#include "trial/sqlite_store.h"
#include "trial/users.h"

namespace cli {
namespace {

struct UserOptions {
  std::string folder = ".provecho/serve";
  std::string store;
  std::string name;
  std::string role;
};

base::Result<std::unique_ptr<trial::Store>> open_store(const UserOptions& options) {
  if (!options.store.empty()) return trial::open_postgres({.url = options.store, .wait_ms = 2000});
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error)
    return base::input_error("cannot make the folder '" + options.folder + "': " + error.message());
  auto store =
      trial::open_sqlite({.path = options.folder + "/provecho.db", .busy_timeout_ms = 500});
  if (store) return store;
  return base::Error{store.error().kind,
                     store.error().message +
                         "\nWhile the platform runs, an owner manages users by POST /v1/users."};
}

trial::Caller shell() { return {.who = "shell", .at = base::SystemClock().now()}; }

base::Result<void> add(const UserOptions& options) {
  const auto role = trial::role_of(options.role);
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options));
  TRY_ASSIGN(const trial::IssuedUser user, trial::add_user(*store, options.name, *role, shell()));
  std::printf("%s is %s now. The token, shown this once:\n%s\n", user.row.name.c_str(),
              options.role.c_str(), user.token.c_str());
  return {};
}

base::Result<void> list(const UserOptions& options) {
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options));
  TRY_ASSIGN(const std::vector<trial::UserRow> users, store->users());
  if (users.empty()) {
    std::printf("No users: whoever reaches the platform may do everything.\n");
    return {};
  }
  std::printf("%-20s %-8s %-10s %s\n", "name", "role", "token", "state");
  for (const trial::UserRow& user : users) {
    std::printf("%-20s %-8s %-10s %s\n", user.name.c_str(),
                std::string(trial::name(user.role)).c_str(), user.id.c_str(),
                trial::good(user) ? "good" : ("revoked by " + user.revoked_by).c_str());
  }
  return {};
}

base::Result<void> revoke(const UserOptions& options) {
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options));
  TRY_ASSIGN(const trial::UserRow user, trial::revoke_user(*store, options.name, shell()));
  std::printf("%s's token %s is revoked.\n", user.name.c_str(), user.id.c_str());
  return {};
}

void add_store_options(CLI::App& command, UserOptions& options) {
  command.add_option("--folder", options.folder, "Where the store is kept")->capture_default_str();
  command.add_option("--store", options.store, "The store on a PostgreSQL server instead")
      ->type_name("postgresql://USER@HOST/DATABASE");
}

}  // namespace

Run setup_user(CLI::App& command) {
  auto options = std::make_shared<UserOptions>();
  auto chosen = std::make_shared<Run>();
  UserOptions& o = *options;
  command.require_subcommand(1);
  command.footer(
      "Roles: viewer reads; analyst makes, changes and validates experiments; owner starts, "
      "pauses, "
      "ramps and ends\n"
      "them and manages tokens and users; shop opens sessions and reports revenue. The first user "
      "is an owner; from\n"
      "then on everybody needs a token.");
  CLI::App* adding = command.add_subcommand("add", "a new user; shows the token once");
  adding->add_option("name", o.name, "Stands in the audit log")->required();
  adding->add_option("--role", o.role, "owner, analyst, viewer or shop")
      ->required()
      ->check(CLI::IsMember({"owner", "analyst", "viewer", "shop"}));
  CLI::App* listing = command.add_subcommand("list", "all users, never their tokens");
  CLI::App* revoking = command.add_subcommand("revoke", "takes a user's token back");
  revoking->add_option("name", o.name, "Whose")->required();
  for (CLI::App* each : {adding, listing, revoking}) add_store_options(*each, o);
  adding->callback([options, chosen] { *chosen = [options] { return add(*options); }; });
  listing->callback([options, chosen] { *chosen = [options] { return list(*options); }; });
  revoking->callback([options, chosen] { *chosen = [options] { return revoke(*options); }; });
  return [chosen] { return (*chosen)(); };
}

}  // namespace cli
