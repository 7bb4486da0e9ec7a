// SPDX-License-Identifier: Apache-2.0
#include "cli/model_reload.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

#include "pmml/score/live.h"

namespace cli {

std::function<std::uint64_t()> count_hangups() {
  static std::atomic<std::uint64_t> count = 0;
  static std::once_flag once;
  std::call_once(once, [] {
    static sigset_t hangup;
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &hangup, nullptr);
    // The thread that waits leaves every other signal to those who wait for it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([] {
      for (int signal = 0;; ++count) sigwait(&hangup, &signal);
    }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  });
  return [] { return count.load(); };
}

ModelReload::ModelReload(std::string path, std::string serving, Reload when,
                         std::function<std::uint64_t()> hangups,
                         std::function<base::Result<std::string>()> exchange)
    : path_(std::move(path)),
      serving_(std::move(serving)),
      when_(when),
      hangups_(std::move(hangups)),
      exchange_(std::move(exchange)) {
  loop_ = std::make_unique<LoopThread>([this](const std::stop_token& stop) { return watch(stop); });
}

base::Result<void> ModelReload::watch(const std::stop_token& stop) const {
  constexpr auto kLook = std::chrono::seconds(1);
  constexpr auto kNap = std::chrono::milliseconds(50);
  pmml::FileWatch file(path_);
  std::uint64_t known_hangups = hangups_();
  auto looked = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(kNap);
    const std::uint64_t hangups = hangups_();
    const bool asked = hangups != std::exchange(known_hangups, hangups);
    bool changed = false;
    if (const auto now = std::chrono::steady_clock::now(); now - looked >= kLook) {
      looked = now;
      changed = file.changed();
    }
    if (!asked && !changed) continue;
    if (when_ == Reload::kNever || (when_ == Reload::kSignal && !asked)) {
      std::fprintf(stderr, "%s: %s; %s goes on by the model it started with%s\n", path_.c_str(),
                   changed ? "the file has changed" : "SIGHUP came", serving_.c_str(),
                   when_ == Reload::kSignal ? " (SIGHUP takes the new one)" : "");
      continue;
    }
    file.accept();
    const base::Result<std::string> exchanged = exchange_();
    if (exchanged) {
      std::fprintf(stderr, "%s: %s goes on by %s\n", path_.c_str(), serving_.c_str(),
                   exchanged->c_str());
    } else {
      std::fprintf(stderr, "%s: not taken, %s goes on by the model it has: %s\n", path_.c_str(),
                   serving_.c_str(), exchanged.error().message.c_str());
    }
  }
  return {};
}

}  // namespace cli
