// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace base {
namespace {

Error failed(const std::string& what, const std::string& path) {
  const int code = errno;
  return {
      code == ENOENT || code == EACCES || code == EISDIR ? ErrorKind::kInput : ErrorKind::kSystem,
      what + " '" + path + "': " + std::strerror(code)};
}

Result<std::string> read_all(int fd, const std::string& path) {
  std::string content;
  struct stat status {};
  if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return failed("cannot read", path);
  }
  if (status.st_size > 0) content.reserve(static_cast<std::size_t>(status.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got > 0) {
      content.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0) {
      return content;
    } else if (errno != EINTR) {
      return failed("cannot read", path);
    }
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input");
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("cannot open", path);
  auto content = read_all(fd, path);
  close(fd);
  return content;
}

Result<void> write_file(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".part" + std::to_string(getpid());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return failed("cannot write", path);
  while (!content.empty()) {
    const ssize_t put = write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const Error error = failed("cannot write", path);
      close(fd);
      unlink(temporary.c_str());
      return error;
    }
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  if (fsync(fd) != 0 || close(fd) != 0 || rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = failed("cannot write", path);
    unlink(temporary.c_str());
    return error;
  }
  return {};
}

}  // namespace base
