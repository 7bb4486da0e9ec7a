// SPDX-License-Identifier: Apache-2.0
#include "study/store.h"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <random>
#include <utility>

namespace study {
namespace {

constexpr int kBusyTimeoutMs = 30'000;
constexpr std::int64_t kSilenceSeconds = 30;

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS study (fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS model (
  name TEXT NOT NULL,
  row_share REAL NOT NULL,
  generation TEXT NOT NULL,
  recipe TEXT NOT NULL,
  worker TEXT,                      -- who works on it; NULL: it has ended
  figures TEXT,                     -- JSON; NULL: it has not ended
  auc REAL,                         -- for people with a SQL prompt
  decisions BLOB,
  PRIMARY KEY (name, row_share)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS worker (name TEXT PRIMARY KEY, heard INTEGER NOT NULL) WITHOUT ROWID;
)";
constexpr std::int64_t kApplicationId = 0x50'56'53'54;  // "PVST"

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string worker_name() {
  // Not an outcome of the study: two workers only must not share it.
  return std::to_string(getpid()) + "-" + std::to_string(std::random_device{}());
}

Decisions decisions_of(std::span<const std::uint8_t> blob) {
  Decisions decisions(blob.size() / 8);
  if (!decisions.empty()) std::memcpy(decisions.data(), blob.data(), decisions.size() * 8);
  return decisions;
}

std::span<const std::uint8_t> bytes_of(const Decisions& decisions) {
  return {reinterpret_cast<const std::uint8_t*>(decisions.data()), decisions.size() * 8};
}

base::Result<Model> read_model(const sql::Statement& row) {
  TRY_ASSIGN(Recipe recipe, read_recipe(row.text(0), "the study's file"));
  return read_figures(std::string(row.text(1)), std::move(recipe), decisions_of(row.blob(2)));
}

}  // namespace

Store::Store(Store&& other) noexcept
    : database_(std::move(other.database_)), worker_(std::move(other.worker_)) {}

base::Result<Store> Store::open(const std::string& path, const std::string& fingerprint) {
  TRY_ASSIGN(sql::Database database, sql::Database::open(path, kBusyTimeoutMs));
  // No write-ahead log: two processes that switch to it at one time do not wait for each other.
  TRY(database.execute("PRAGMA synchronous = NORMAL"));
  // All in one transaction: another process may be making the same file.
  TRY_ASSIGN(sql::Transaction transaction, sql::Transaction::begin(database));
  TRY_ASSIGN(const std::int64_t id, database.integer("PRAGMA application_id"));
  TRY_ASSIGN(const std::int64_t tables, database.integer("SELECT count(*) FROM sqlite_master"));
  if (tables > 0 && id != kApplicationId) {
    return base::input_error("'" + path + "' is no study's file: another program made it");
  }
  TRY(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  TRY(database.execute(kSchema));
  TRY_ASSIGN(const std::int64_t known, database.integer("SELECT count(*) FROM study"));
  if (known == 0) {
    TRY_ASSIGN(sql::Statement insert, database.prepare("INSERT INTO study VALUES (?)"));
    TRY(insert.bind(0, fingerprint).run());
  } else {
    TRY_ASSIGN(const std::string other, database.text("SELECT fingerprint FROM study"));
    if (other != fingerprint) {
      return base::input_error("'" + path +
                               "' holds a study of something else: give another folder, or remove "
                               "this one. It was made with\n  " +
                               other + "\nand this is\n  " + fingerprint);
    }
  }
  TRY(transaction.commit());
  Store store(std::move(database), worker_name());
  TRY(store.heartbeat());
  return store;
}

base::Result<void> Store::heartbeat() {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(sql::Statement put, database_.prepare("INSERT OR REPLACE INTO worker VALUES (?, ?)"));
  return put.bind(0, std::string_view(worker_)).bind(1, now()).run();
}

base::Result<std::optional<Model>> Store::find(const Recipe& recipe, double row_share) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(sql::Statement select,
             database_.prepare("SELECT recipe, figures, decisions FROM model WHERE name = ? AND "
                               "row_share = ? AND figures IS NOT NULL"));
  TRY_ASSIGN(const bool there,
             select.bind(0, std::string_view(recipe.name)).bind(1, row_share).step());
  if (!there) return std::optional<Model>();
  const std::string wanted = write_recipe(recipe);
  if (select.text(0) != wanted) {
    return base::input_error("the study's file holds another recipe named '" + recipe.name +
                             "': give another folder, or another name.\n  there: " +
                             std::string(select.text(0)) + "\n  here:  " + wanted);
  }
  TRY_ASSIGN(Model model, read_model(select));
  return std::optional<Model>(std::move(model));
}

base::Result<std::vector<Model>> Store::all() {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(sql::Statement select,
             database_.prepare("SELECT recipe, figures, decisions FROM model "
                               "WHERE figures IS NOT NULL ORDER BY name, "
                               "row_share"));
  std::vector<Model> models;
  for (;;) {
    TRY_ASSIGN(const bool there, select.step());
    if (!there) return models;
    TRY_ASSIGN(Model model, read_model(select));
    models.push_back(std::move(model));
  }
}

base::Result<bool> Store::claim(const Recipe& recipe, double row_share) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(sql::Transaction transaction, sql::Transaction::begin(database_));
  TRY_ASSIGN(sql::Statement select,
             database_.prepare("SELECT m.figures IS NOT NULL, m.worker, coalesce(w.heard, 0) FROM "
                               "model m LEFT JOIN worker w ON w.name = m.worker WHERE m.name = ? "
                               "AND m.row_share = ?"));
  TRY_ASSIGN(const bool there,
             select.bind(0, std::string_view(recipe.name)).bind(1, row_share).step());
  if (there) {
    if (select.integer(0) != 0) return false;
    if (select.text(1) != worker_ && now() - select.integer(2) < kSilenceSeconds) return false;
  }
  select.reset();
  const std::string json = write_recipe(recipe);
  TRY_ASSIGN(sql::Statement put,
             database_.prepare("INSERT OR REPLACE INTO model (name, row_share, generation, recipe, "
                               "worker) VALUES (?, ?, ?, ?, ?)"));
  TRY(put.bind(0, std::string_view(recipe.name))
          .bind(1, row_share)
          .bind(2, std::string_view(recipe.generation))
          .bind(3, std::string_view(json))
          .bind(4, std::string_view(worker_))
          .run());
  TRY(transaction.commit());
  return true;
}

base::Result<void> Store::put(const Model& model) {
  const std::string figures = write_figures(model), json = write_recipe(model.recipe);
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(sql::Statement put,
             database_.prepare(
                 "INSERT OR REPLACE INTO model (name, row_share, generation, recipe, figures, "
                 "auc, decisions) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  put.bind(0, std::string_view(model.recipe.name))
      .bind(1, model.row_share)
      .bind(2, std::string_view(model.recipe.generation))
      .bind(3, std::string_view(json))
      .bind(4, std::string_view(figures));
  if (model.auc) {
    put.bind(5, *model.auc);
  } else {
    put.bind_null(5);
  }
  return put.bind(6, bytes_of(model.decisions)).run();
}

base::Result<void> Store::release(const Recipe& recipe, double row_share) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(
      sql::Statement drop,
      database_.prepare("DELETE FROM model WHERE name = ? AND row_share = ? AND worker = ?"));
  return drop.bind(0, std::string_view(recipe.name))
      .bind(1, row_share)
      .bind(2, std::string_view(worker_))
      .run();
}

}  // namespace study
