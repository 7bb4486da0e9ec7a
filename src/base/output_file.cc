// SPDX-License-Identifier: Apache-2.0
#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace base {
namespace {

Error cannot_write(const std::string& path) {
  const int code = errno;
  return {code == ENOENT || code == EACCES || code == EISDIR || code == ENOTDIR
              ? ErrorKind::kInput
              : ErrorKind::kSystem,
          "cannot write '" + path + "': " + std::strerror(code)};
}

}  // namespace

OutputFile::OutputFile(int fd, std::string path, std::string temporary)
    : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})) {}

OutputFile::~OutputFile() {
  if (fd_ > STDERR_FILENO) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<OutputFile> OutputFile::open(const std::string& path) {
  if (path == "-") return OutputFile(STDOUT_FILENO, "standard output", "");
  struct stat status {};
  const bool special = stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  const std::string temporary = special ? "" : path + ".part" + std::to_string(getpid());
  const int flags = O_WRONLY | O_CLOEXEC | (special ? 0 : O_CREAT | O_TRUNC);
  const int fd = ::open((special ? path : temporary).c_str(), flags, 0644);
  if (fd < 0) return cannot_write(path);
  return OutputFile(fd, path, temporary);
}

Result<void> OutputFile::write(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t put = ::write(fd_, piece.data(), piece.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return cannot_write(path_);
    piece.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> OutputFile::finish() {
  if (temporary_.empty()) return {};
  const bool whole = fsync(fd_) == 0 && close(std::exchange(fd_, -1)) == 0 &&
                     std::rename(temporary_.c_str(), path_.c_str()) == 0;
  if (!whole) return cannot_write(path_);
  temporary_.clear();
  return {};
}

}  // namespace base
