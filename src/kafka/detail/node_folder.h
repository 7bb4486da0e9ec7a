// SPDX-License-Identifier: Apache-2.0
// The folder of one Kafka node: held by one run at a time, with a note of the node's process, so
// that one that was left over by a run that was killed can be found.
#pragma once
#include <sys/types.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace kafka::detail {

class NodeFolder {
 public:
  // Creates the folder if absent and takes it. Error: not possible, or held by another run.
  static base::Result<std::unique_ptr<NodeFolder>> take(const std::string& path);
  ~NodeFolder();  // Lets it go.

  // Ends a node that an earlier run left over. Error: it cannot be ended.
  base::Result<void> stop_left_over();

  base::Result<void> note_node(pid_t pid);
  void forget_node();

  // Absolute, as are the following.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  NodeFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;  // A file descriptor: the kernel lets go of the lock when we end, however.
};

}  // namespace kafka::detail
