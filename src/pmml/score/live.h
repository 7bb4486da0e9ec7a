// SPDX-License-Identifier: Apache-2.0
// A model that is exchanged while threads score with it.
//
//   TRY_ASSIGN(const auto live, pmml::LiveModel::open("model.pmml"));
//   // On each scoring thread:                       // On one other thread, once a second:
//   pmml::LiveReader reader(*live);                  const auto swap = live->reload_if_changed();
//   while (serving) {                                if (!swap) log(swap.error().message);
//     const pmml::Scorer& scorer = reader.refresh();
//     … encode the row, scorer.score(row, reader.workspace()) …
//   }
//
// A file is loaded, checked, held against its verification records and warmed on the thread that
// asks for it; only then do the readers see it. A file that fails in any of this changes nothing.
// A model is freed when no reader stands on it any more.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "pmml/score/scorer.h"

namespace pmml {

// A value that one thread replaces while others read it. Shared, because the readers alone know
// when a value replaced is done with.
template <class T>
class Live {
 public:
  explicit Live(std::shared_ptr<const T> first) : value_(std::move(first)) {}
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // From any thread. The number of the value: 1 for the first, 2 for its successor.
  std::uint64_t publish(std::shared_ptr<const T> next) {
    const std::lock_guard lock(mutex_);
    value_.swap(next);
    return number_.fetch_add(1, std::memory_order_release) + 1;
  }
  [[nodiscard]] std::uint64_t number() const { return number_.load(std::memory_order_acquire); }
  [[nodiscard]] std::shared_ptr<const T> value() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  // One per thread. The live value outlives it.
  class Reader {
   public:
    explicit Reader(const Live& live) : live_(&live) { refresh(); }

    // Goes on to the current value; whether it is another. One atomic load where it is not, a
    // mutex held for the copy of a pointer where it is.
    bool refresh() {
      if (!outdated()) return false;
      const std::lock_guard lock(live_->mutex_);
      value_ = live_->value_;
      number_ = live_->number_.load(std::memory_order_relaxed);
      return true;
    }
    [[nodiscard]] bool outdated() const { return live_->number() != number_; }
    // As of the last refresh(); the reader keeps it alive until the next that returns true.
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    [[nodiscard]] std::uint64_t number() const { return number_; }

   private:
    const Live* live_;
    std::shared_ptr<const T> value_;
    std::uint64_t number_ = 0;
  };

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<std::uint64_t> number_ = 1;
};

// Whether a file is another than before, by what its folder says of it. Not thread-safe.
class FileWatch {
 public:
  explicit FileWatch(std::string path);

  // True once for each change, when two looks in a row find the same: a file that is still being
  // written is left alone. A file that is gone has not changed.
  bool changed();
  // What there is now counts as known.
  void accept();

 private:
  struct Signature {
    std::int64_t device = 0, inode = 0, size = 0, modified_s = 0, modified_ns = 0;
    bool operator==(const Signature&) const = default;
  };
  [[nodiscard]] std::optional<Signature> look() const;

  std::string path_;
  std::optional<Signature> known_;
  std::optional<Signature> seen_;
};

// Scores made-up rows, so that the memory of the model is mapped and in reach before it serves.
void warm(const Scorer& scorer);

// The text of a model made ready to serve: read, checked, compiled, its verification records
// reproduced, warmed.
base::Result<Scorer> make_ready(std::string_view xml);

class LiveModel {
 public:
  // May refuse a successor that is sound but not fit to take over (other inputs, other outputs).
  using Accept = std::function<base::Result<void>(const Scorer& successor, const Scorer& serving)>;

  static base::Result<std::unique_ptr<LiveModel>> open(std::string path, Accept accept = {});

  // Exchanges the model for what the file holds now; its number. An error says why the old model
  // serves on. One thread at a time.
  base::Result<std::uint64_t> reload();
  // The same where the file has changed (FileWatch); nothing where it has not.
  base::Result<std::optional<std::uint64_t>> reload_if_changed();

  // Thread-safe.
  [[nodiscard]] const Live<Scorer>& live() const { return live_; }

 private:
  LiveModel(std::string path, Accept accept, FileWatch watch, Scorer first);

  std::string path_;
  Accept accept_;
  FileWatch watch_;
  Live<Scorer> live_;
};

// Refuses a successor whose rows or results are laid out otherwise: inputs, their categories and
// outputs by name, in order. An Accept for callers that keep encoded rows.
base::Result<void> same_layout(const Scorer& successor, const Scorer& serving);

// A thread's place at a live model.
class LiveReader {
 public:
  explicit LiveReader(const LiveModel& model);

  // The model that serves now. Stays as it is until the next call; rows are encoded and scored by
  // one and the same.
  const Scorer& refresh();
  [[nodiscard]] Workspace& workspace() { return workspace_; }
  [[nodiscard]] std::uint64_t number() const { return reader_.number(); }

 private:
  Live<Scorer>::Reader reader_;
  Workspace workspace_;
};

}  // namespace pmml
