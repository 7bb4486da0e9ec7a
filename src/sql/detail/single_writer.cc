// SPDX-License-Identifier: Apache-2.0
#include "sql/detail/single_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sql::detail {

base::Result<SingleWriter> SingleWriter::take(const std::string& path) {
  const std::string lock = path + "-writer";
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return base::input_error("cannot open the store '" + path + "': " + std::strerror(errno) +
                             "; its folder must exist and be writable");
  }
  SingleWriter writer(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::input_error(
        "the store '" + path +
        "' is being written by another process: stop that one, or name another file");
  }
  return writer;
}

SingleWriter::~SingleWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sql::detail
