// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/key_value.h"

#include <algorithm>

namespace trial::detail {

void KeyValueWriter::line(std::string_view key, std::string_view value) {
  text.append(key).append(" = ").append(value).append("\n");
}

void KeyValueWriter::field(std::string_view key, const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n')
      escaped += "\\n";
    else if (c == '\\')
      escaped += "\\\\";
    else
      escaped += c;
  }
  line(key, escaped);
}

KeyValueReader::KeyValueReader(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find(" = ");
    if (equals != std::string_view::npos)
      lines_.emplace(line.substr(0, equals), line.substr(equals + 3));
  }
}

std::optional<std::string_view> KeyValueReader::take(std::string_view key) {
  const auto found = lines_.find(key);
  if (found == lines_.end()) return std::nullopt;
  return found->second;
}

void KeyValueReader::fail(std::string_view key, std::string_view need) {
  if (error_.empty()) error_.append("'").append(key).append("' is missing or not ").append(need);
}

void KeyValueReader::field(std::string_view key, std::string& value) {
  const auto text = take(key);
  if (!text) return fail(key, "a text");
  value.clear();
  for (std::size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c != '\\' || i + 1 == text->size())
      value += c;
    else
      value += (*text)[++i] == 'n' ? '\n' : (*text)[i];
  }
}

void KeyValueReader::field(std::string_view key, double& value) {
  const auto text = take(key);
  if (text == "inf")
    value = std::numeric_limits<double>::infinity();
  else if (text == "-inf")
    value = -std::numeric_limits<double>::infinity();
  else if (text == "nan" || text == "-nan")
    value = std::numeric_limits<double>::quiet_NaN();
  else if (const auto number = text ? base::parse_double(*text) : std::nullopt)
    value = *number;
  else
    fail(key, "a number");
}

void KeyValueReader::field(std::string_view key, std::int64_t& value) {
  const auto text = take(key);
  if (const auto number = text ? base::parse_int(*text) : std::nullopt)
    value = *number;
  else
    fail(key, "a whole number");
}

void KeyValueReader::field(std::string_view key, bool& value) {
  const auto text = take(key);
  if (text == "0" || text == "1")
    value = text == "1";
  else
    fail(key, "0 or 1");
}

base::Result<void> KeyValueReader::result() const {
  if (!error_.empty()) return base::input_error(error_);
  return {};
}

}  // namespace trial::detail
