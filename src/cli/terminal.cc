// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

#include "base/check.h"

namespace cli {
namespace {

// Columns a terminal gives to a text: its code points (our tables hold no wide characters).
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void append_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                std::string* out) {
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string cell = i < cells.size() ? cells[i] : "";
    const std::string padding(widths[i] - width_of(cell), ' ');
    *out += i == 0 ? cell + padding : "  " + padding + cell;
  }
  out->erase(out->find_last_not_of(' ') + 1);
  *out += '\n';
}

}  // namespace

std::string format_table(const std::vector<std::string>& header,
                         const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : header) widths.push_back(width_of(cell));
  for (const auto& row : rows) {
    CHECK(row.size() <= widths.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  append_row(header, widths, &out);
  std::size_t total = 0;
  for (const std::size_t width : widths) total += width + 2;
  out += std::string(total - 2, '-') + '\n';
  for (const auto& row : rows) append_row(row, widths, &out);
  return out;
}

base::Progress progress_line(std::string label, std::function<std::string()> note) {
  if (isatty(STDERR_FILENO) == 0) return {};
  using Clock = std::chrono::steady_clock;
  struct State {
    Clock::time_point start = Clock::now();
    Clock::time_point drawn{};
  };
  auto state =
      std::make_shared<State>();  // Shared by the copies that std::function makes of itself.
  return [state, label = std::move(label), note = std::move(note)](std::int64_t done,
                                                                   std::int64_t total) {
    const auto now = Clock::now();
    const bool last = total > 0 && done >= total;
    if (!last && now - state->drawn < std::chrono::milliseconds(100)) return;
    state->drawn = now;
    if (total <= 0) {
      const std::string text = note ? note() : std::to_string(done);
      std::fprintf(stderr, "\r%s  %s\x1b[K", label.c_str(), text.c_str());
      return;
    }
    constexpr std::int64_t kWidth = 30;
    const std::int64_t filled = done * kWidth / total;
    const double seconds = std::chrono::duration<double>(now - state->start).count();
    const double left =
        done > 0 ? seconds * static_cast<double>(total - done) / static_cast<double>(done) : 0;
    std::fprintf(stderr, "\r%s  [%s%s] %3lld %%  %02d:%02d left%s\x1b[K%s", label.c_str(),
                 std::string(static_cast<std::size_t>(filled), '#').c_str(),
                 std::string(static_cast<std::size_t>(kWidth - filled), ' ').c_str(),
                 static_cast<long long>(done * 100 / total), static_cast<int>(left) / 60,
                 static_cast<int>(left) % 60, note ? ("  " + note()).c_str() : "",
                 last ? "\n" : "");
  };
}

std::stop_token stop_on_signal() {
  static std::stop_source source;
  static std::once_flag once;
  // The signals are blocked in every thread started after this call, and taken by one thread that
  // waits for them.
  std::call_once(once, [] {
    static sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([] {
      for (int seen = 0;; ++seen) {
        int signal = 0;
        sigwait(&signals, &signal);
        if (seen > 0) _exit(128 + signal);
        source.request_stop();
      }
    }).detach();
  });
  return source.get_token();
}

}  // namespace cli
