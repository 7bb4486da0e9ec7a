// SPDX-License-Identifier: Apache-2.0
// What went wrong, in words a person can act on, and whose fault it was.
#pragma once
#include <string>

namespace base {

enum class ErrorKind {
  kInput,   // The caller's file, flag, message or request is wrong: exit code 2.
  kSystem,  // The machine, the network or a peer failed: exit code 1.
};

// The message says what is wrong, where, and what would be right; values seen at run time are
// quoted.
struct Error {
  ErrorKind kind = ErrorKind::kInput;
  std::string message;
};

inline Error input_error(std::string message) { return {ErrorKind::kInput, std::move(message)}; }
inline Error system_error(std::string message) { return {ErrorKind::kSystem, std::move(message)}; }

}  // namespace base
