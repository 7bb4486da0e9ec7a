// SPDX-License-Identifier: Apache-2.0
// A study as a file (SQLite): what has been trained, what is being trained and by whom. A study
// that was stopped goes on from it; several processes may work on one file.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/sqlite.h"
#include "study/model.h"

namespace study {

// One store per process; its functions may be called from several threads.
class Store {
 public:
  // Opens or makes the file. The fingerprint stands for the data, the split and the money: a file
  // of another fingerprint is refused, and the error says what differs by its words (key=value
  // lines).
  static base::Result<Store> open(const std::string& path, const std::string& fingerprint);
  Store(Store&& other) noexcept;

  // What has ended of this recipe and share of rows. Refuses where the file holds another recipe of
  // that name (a search of another seed, an edited list).
  base::Result<std::optional<Model>> find(const Recipe& recipe, double row_share);
  base::Result<std::vector<Model>> all();
  // Is the work under this name this process's to do? Not if it has ended or another process that
  // still lives has taken it (one that has not been heard of for half a minute is dead).
  base::Result<bool> claim(const Recipe& recipe, double row_share);
  // Says that this process lives; called every few seconds.
  base::Result<void> heartbeat();
  base::Result<void> put(const Model& model);
  // Gives claimed work back.
  base::Result<void> release(const Recipe& recipe, double row_share);

 private:
  Store(sql::Database database, std::string worker)
      : database_(std::move(database)), worker_(std::move(worker)) {}

  std::mutex mutex_;
  sql::Database database_;
  std::string worker_;
};

}  // namespace study
