// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server of a test's own: in a temporary folder, on a socket there, with a password,
// gone with the object. Needs the server's programs (Debian: postgresql) but no running service.
#pragma once
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sql {

class PostgresServer {
 public:
  static constexpr const char* kPassword = "pass-of-the-test";

  // Where initdb and postgres are; empty where they are not.
  static std::string programs() {
    std::string newest;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      const std::string bin = entry.path().string() + "/bin";
      if (std::filesystem::exists(bin + "/initdb") && bin > newest) newest = bin;
    }
    return newest;
  }

  // Null where it does not start; why stands in its log on stderr.
  static std::unique_ptr<PostgresServer> start() {
    std::unique_ptr<PostgresServer> server(new PostgresServer);
    return server->make() && server->restart() ? std::move(server) : nullptr;
  }

  ~PostgresServer() {
    kill();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string url(const std::string& password = kPassword,
                                const std::string& database = "postgres") const {
    return "postgresql://tester:" + password + "@/" + database + "?host=" + folder_;
  }
  [[nodiscard]] const std::string& folder() const { return folder_; }

  // As an administrator: the first value of the last statement, or the error.
  std::string ask(const std::string& sql) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(url().c_str()),
                                                               &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), sql.c_str()),
                                                               &PQclear);
    if (PQntuples(result.get()) > 0) return PQgetvalue(result.get(), 0, 0);
    return PQerrorMessage(session.get());
  }

  // Signal 9 to the server and every process of it.
  void kill() {
    if (process_ <= 0) return;
    std::vector<pid_t> sessions;
    const std::string task = std::to_string(process_);
    ::kill(process_, SIGSTOP);  // Starts no more of them.
    std::ifstream children("/proc/" + task + "/task/" + task + "/children");
    for (pid_t child = 0; children >> child;) sessions.push_back(child);
    for (const pid_t session : sessions) ::kill(session, SIGKILL);
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  // After kill(); returns when it answers. It ends with the calling thread.
  bool restart() {
    for (int attempt = 0; attempt < 1500; ++attempt) {
      // It refuses to start for as long as the processes of its former life still end.
      if (process_ <= 0 || ::waitpid(process_, nullptr, WNOHANG) != 0) process_ = serve();
      if (PQping(url().c_str()) == PQPING_OK) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

 private:
  PostgresServer() = default;

  bool make() {
    std::string pattern = std::filesystem::temp_directory_path() / "provecho_pg_XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return false;
    folder_ = pattern;
    std::ofstream(folder_ + "/password") << kPassword << "\n";
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    const pid_t made = run({programs() + "/initdb", "-D", folder_ + "/data", "-U", "tester",
                            "--auth", "scram-sha-256", "--pwfile", folder_ + "/password", "-E",
                            "UTF8", "--locale", "C", "--no-sync", "--wal-segsize", "1"});
    int status = 0;
    return ::waitpid(made, &status, 0) == made && status == 0;
  }

  // Without fsync: its processes die here, never the machine, and what they wrote stays written.
  pid_t serve() const {
    return run({programs() + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c",
                "listen_addresses=", "-c", "fsync=off"});
  }

  // Runs a program as somebody who is not root (the server refuses to be), until this thread ends.
  pid_t run(const std::vector<std::string>& command) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const passwd* somebody = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    if (somebody != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(somebody->pw_gid) != 0 ||
                                ::setuid(somebody->pw_uid) != 0)) {
      ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (::freopen((folder_ + "/log").c_str(), "a", stdout) == nullptr) ::_exit(126);
    ::dup2(::fileno(stdout), STDERR_FILENO);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  std::string folder_;
  pid_t process_ = 0;
};

}  // namespace sql
