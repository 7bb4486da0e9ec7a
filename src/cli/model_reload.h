// SPDX-License-Identifier: Apache-2.0
// A model file watched while its model serves: when it is read again, and what people are told.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/loop_thread.h"

namespace cli {

enum class Reload {
  kSignal,  // At SIGHUP; a changed file is only reported.
  kChange,  // At SIGHUP, and when the file has changed.
  kNever,   // A changed file is only reported; so is SIGHUP.
};

// How often SIGHUP has come. From the first call on it no longer ends the process; that call comes
// before any thread is started, that of stop_on_signal() too.
std::function<std::uint64_t()> count_hangups();

// Looks once a second, on a thread of its own, until it ends.
class ModelReload {
 public:
  // `exchange` makes the file's model serve and says which version now does; its error says why the
  // old one goes on. Called from the watching thread only; not needed for kNever. `serving` names
  // the system in what is printed on standard error.
  ModelReload(std::string path, std::string serving, Reload when,
              std::function<std::uint64_t()> hangups,
              std::function<base::Result<std::string>()> exchange = {});

 private:
  base::Result<void> watch(const std::stop_token& stop) const;

  std::string path_;
  std::string serving_;
  Reload when_;
  std::function<std::uint64_t()> hangups_;
  std::function<base::Result<std::string>()> exchange_;
  std::unique_ptr<LoopThread> loop_;
};

}  // namespace cli
