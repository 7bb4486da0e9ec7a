// SPDX-License-Identifier: Apache-2.0
// The regular expressions that a document states, compiled once; those that only a row knows are
// compiled when it comes.
#pragma once
#include <optional>
#include <string>
#include <unordered_map>

#include "pmml/document/document.h"
#include "pmml/interpret/format.h"
#include "pmml/interpret/regex.h"

namespace pmml {

// Is a constant argument of the function a pattern or a format that cannot be used? Refuses it in
// words that name it.
base::Result<void> check_patterns(const Apply& apply);

// Immutable; safe to share between threads.
class Patterns {
 public:
  // Keeps the pattern of an Apply, not of its arguments, that check_patterns() has let pass.
  void add(const Expression& expression);

  // Does the pattern match any part of the text? Nothing for a pattern that cannot be used.
  [[nodiscard]] std::optional<bool> find(const std::string& pattern, const std::string& text) const;
  [[nodiscard]] std::optional<std::string> replace(const std::string& pattern,
                                                   const std::string& text,
                                                   const std::string& replacement) const;

 private:
  std::unordered_map<std::string, Regex> compiled_;
};

}  // namespace pmml
