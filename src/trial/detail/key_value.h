// SPDX-License-Identifier: Apache-2.0
// "key = value" lines, in a fixed order: what is hashed, and what is kept for ever. A record lists
// its fields once, in a function template that takes an archive; KeyValueWriter and KeyValueReader
// are the two archives. Numbers are in their shortest exact form, so what is read back is equal to
// the bit.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/number.h"
#include "base/result.h"

namespace trial::detail {

class KeyValueWriter {
 public:
  void field(std::string_view key,
             const std::string& value);  // A line break is written as \n, a backslash as two.
  void field(std::string_view key, double value) { line(key, base::format_double(value)); }
  void field(std::string_view key, std::int64_t value) { line(key, std::to_string(value)); }
  void field(std::string_view key, bool value) { line(key, value ? "1" : "0"); }
  template <class T>
  void field(std::string_view key, const std::optional<T>& value) {
    if (value)
      field(key, *value);
    else
      line(key, "none");
  }
  std::string text;

 private:
  void line(std::string_view key, std::string_view value);
};

class KeyValueReader {
 public:
  explicit KeyValueReader(std::string_view text);
  void field(std::string_view key, std::string& value);
  void field(std::string_view key, double& value);
  void field(std::string_view key, std::int64_t& value);
  void field(std::string_view key, bool& value);
  template <class T>
  void field(std::string_view key, std::optional<T>& value) {
    value.reset();
    if (take(key) == "none") return;
    field(key, value.emplace());
  }
  // The first field that was missing or wrong.
  [[nodiscard]] base::Result<void> result() const;

 private:
  std::optional<std::string_view> take(std::string_view key);
  void fail(std::string_view key, std::string_view need);
  std::map<std::string_view, std::string_view> lines_;
  std::string error_;
};

}  // namespace trial::detail
