// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kafka::detail {
namespace {

constexpr int kCouldNotStart = 127;  // As shells do.

// Between fork and exec only calls that are safe in a signal handler: other threads of the parent
// may have held any lock.
[[noreturn]] void become(char* const* words, const char* folder, const char* output, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(kCouldNotStart);  // It died before it could be watched.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT}) signal(number, SIG_DFL);

  const int input = open("/dev/null", O_RDONLY);
  const int log = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
  if (input < 0 || log < 0 || chdir(folder) != 0) _exit(kCouldNotStart);
  dup2(input, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  close_range(3, ~0U, 0);
  execv(words[0], words);
  constexpr char kText[] = "the program could not be started\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kText, sizeof kText - 1);
  _exit(kCouldNotStart);
}

}  // namespace

base::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(Command command) {
  std::unique_ptr<ChildProcess> child(new ChildProcess());
  const std::string program = command.words.at(0);
  child->keeper_ =
      std::thread([self = child.get(), command = std::move(command)] { self->keep(command); });
  std::unique_lock lock(child->mutex_);
  child->changed_.wait(lock, [&] { return child->started_; });
  if (child->pid_ < 0)
    return base::system_error("cannot start " + program + ": no process to be had");
  return child;
}

ChildProcess::~ChildProcess() {
  stop(std::chrono::milliseconds(0));
  if (keeper_.joinable()) keeper_.join();
}

void ChildProcess::keep(const Command& command) {
  std::vector<char*> words;
  for (const std::string& word : command.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) become(words.data(), command.folder.c_str(), command.output.c_str(), parent);
  {
    const std::lock_guard lock(mutex_);
    pid_ = pid;
    started_ = true;
    if (pid < 0) status_ = kCouldNotStart << 8;
  }
  changed_.notify_all();
  if (pid < 0) return;

  // Without reaping, so that the pid cannot be another's while stop() is about to signal it.
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  const std::lock_guard lock(mutex_);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  changed_.notify_all();
}

std::optional<std::string> ChildProcess::ended() const {
  const std::lock_guard lock(mutex_);
  if (!status_) return std::nullopt;
  if (WIFSIGNALED(*status_)) return "signal " + std::to_string(WTERMSIG(*status_));
  return "exit code " + std::to_string(WEXITSTATUS(*status_));
}

bool ChildProcess::succeeded() const {
  const std::lock_guard lock(mutex_);
  return status_ && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0;
}

bool ChildProcess::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return status_.has_value(); });
}

bool ChildProcess::stop(std::chrono::milliseconds patience) {
  const auto tell = [&](int signal_number) {
    const std::lock_guard lock(mutex_);
    if (!status_ && pid_ > 0) kill(pid_, signal_number);
  };
  if (patience.count() > 0) {
    tell(SIGTERM);
    if (wait(patience)) return true;
  }
  const bool was_running = running();
  tell(SIGKILL);
  wait(std::chrono::seconds(10));
  return !was_running;
}

}  // namespace kafka::detail
