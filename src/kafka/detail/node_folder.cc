// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/node_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

#include "base/file.h"
#include "base/number.h"

namespace kafka::detail {
namespace {

constexpr const char* kNote = "kafka.pid";
constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::chrono::milliseconds kStep{20};

// When the process began, in clock ticks since boot: together with the pid it names a process for
// good. Field 22 of /proc/<pid>/stat, counted after the program's name in parentheses (proc(5)).
std::optional<std::int64_t> began(pid_t pid) {
  const auto stat = base::read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return std::nullopt;
  const auto name_end = stat->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat->substr(name_end + 1));
  std::string field;
  std::string state;
  for (int number = 3; number <= 22 && fields >> field; ++number) {
    if (number == 3) state = field;
  }
  if (state == "Z" || state == "X")
    return std::nullopt;  // Dead; only its parent has not looked yet.
  return base::parse_int(field);
}

}  // namespace

base::Result<std::unique_ptr<NodeFolder>> NodeFolder::take(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  const std::string absolute = std::filesystem::absolute(path, error).string();
  if (error || !std::filesystem::is_directory(absolute, error)) {
    return base::input_error("cannot make a folder of '" + path + "': " + error.message());
  }
  const std::string lock_path = absolute + "/lock";
  const int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return base::input_error("cannot write in folder '" + absolute + "'");
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return base::input_error(
        "folder '" + absolute +
        "' is in use by another run of this program: stop that, or name another folder");
  }
  return std::unique_ptr<NodeFolder>(new NodeFolder(absolute, lock));
}

NodeFolder::~NodeFolder() { close(lock_); }

base::Result<void> NodeFolder::stop_left_over() {
  const auto note = base::read_file(file(kNote));
  if (!note) return {};
  std::istringstream words(*note);
  std::int64_t pid_number = 0;
  std::int64_t start = 0;
  words >> pid_number >> start;
  const auto pid = static_cast<pid_t>(pid_number);
  const auto is_there = [&] { return pid > 1 && began(pid) == start; };
  if (words && is_there()) {
    spdlog::warn("kafka: an earlier run left a node over (process {}): stopping it", pid);
    kill(pid, SIGTERM);
    for (auto waited = kStep; is_there() && waited < kPatience; waited += kStep)
      std::this_thread::sleep_for(kStep);
    if (is_there()) kill(pid, SIGKILL);
    for (auto waited = kStep; is_there() && waited < kPatience; waited += kStep)
      std::this_thread::sleep_for(kStep);
    if (is_there()) {
      return base::system_error("a node that an earlier run left over (process " +
                                std::to_string(pid) + ") does not end: stop it by hand");
    }
  }
  forget_node();
  return {};
}

base::Result<void> NodeFolder::note_node(pid_t pid) {
  const auto start = began(pid);
  if (!start) return {};  // Ended already; whoever waits for it will see that.
  return base::write_file(file(kNote), std::to_string(pid) + " " + std::to_string(*start) + "\n");
}

void NodeFolder::forget_node() { unlink(file(kNote).c_str()); }

}  // namespace kafka::detail
