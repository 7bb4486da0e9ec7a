// SPDX-License-Identifier: Apache-2.0
#include "cli/open_file.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cli {

base::Result<void> open_file(const std::string& path) {
  std::string program = "xdg-open", file = path;
  char* const arguments[] = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  int status = 1;
  if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0 &&
      waitpid(child, &status, 0) == child && status == 0)
    return {};
  return base::system_error("no program opened '" + path + "': open it in a browser");
}

}  // namespace cli
