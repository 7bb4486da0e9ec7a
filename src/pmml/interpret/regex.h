// SPDX-License-Identifier: Apache-2.0
// Regular expressions of documents, matched in time linear in the text, whatever the pattern. The
// standard says PCRE; what no linear-time matcher can do (look-around, back-references, possessive
// and atomic groups) is refused by name. `$` outside (?m) is the very end of the text.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace pmml {

// The longest text that a function of a document may make.
inline constexpr std::size_t kLongestText = 1 << 20;

// Safe to share between threads.
class Regex {
 public:
  // (?u), as Python and Java write it, makes \w, \d and \s those of Unicode.
  static base::Result<Regex> compile(std::string_view pattern, bool ignore_case = false);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  [[nodiscard]] bool found_in(std::string_view text) const;
  [[nodiscard]] bool matches_nothing() const { return found_in(""); }  // The empty text.

  // Every match, from left to right, replaced: $1 … are groups, $0 is the match, a backslash takes
  // the next character as it is. Refuses a replacement that names a group the pattern does not
  // have, and a result longer than kLongestText.
  [[nodiscard]] base::Result<std::string> replace_all(std::string_view text,
                                                      std::string_view replacement) const;
  [[nodiscard]] base::Result<void> check_replacement(std::string_view replacement) const;

  // The matches that are not empty, from left to right without overlap; they borrow from the text.
  [[nodiscard]] std::vector<std::string_view> all_in(std::string_view text) const;

 private:
  explicit Regex(std::unique_ptr<const re2::RE2> program);
  std::unique_ptr<const re2::RE2> program_;
};

}  // namespace pmml
