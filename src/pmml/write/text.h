// SPDX-License-Identifier: Apache-2.0
// XML text being written: escaped, indented by two blanks a level.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pmml/detail/names.h"

namespace pmml::detail {

class XmlText {
 public:
  void open(std::string_view element);
  void close();
  void attribute(std::string_view name, std::string_view value);
  void number(std::string_view name, double value);
  void content(std::string_view text);  // The element's only content.

  void optional(std::string_view name, const std::optional<std::string>& value) {
    if (value) attribute(name, *value);
  }
  void optional_number(std::string_view name, const std::optional<double>& value) {
    if (value) number(name, *value);
  }
  template <class Enum, std::size_t N>
  void choice(std::string_view name, const Names<Enum, N>& names, Enum value) {
    attribute(name, name_of(names, value));
  }
  template <class Enum, std::size_t N>
  void optional_choice(std::string_view name, const Names<Enum, N>& names,
                       const std::optional<Enum>& value) {
    if (value) choice(name, names, *value);
  }
  std::string take() { return std::move(text_); }

 private:
  void indent();
  std::string text_;
  std::vector<std::string> open_;
  bool tag_is_open_ = false;  // "<name" is written, ">" not yet.
};

// As PMML spells it: NaN, INF and -INF for what is no finite number.
std::string spell(double value);

}  // namespace pmml::detail
