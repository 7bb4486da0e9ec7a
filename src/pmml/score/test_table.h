// SPDX-License-Identifier: Apache-2.0
// Tables of test cases.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace pmml {

using Table = std::vector<std::vector<std::string>>;

// A quote is special only where a cell begins.
inline Table parse_table(const std::string& text, char separator) {
  Table table;
  std::vector<std::string> row;
  std::string cell;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && cell.empty()) {
      for (++i; i < text.size(); ++i) {
        if (text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"')) break;
        if (text[i] == '"') ++i;
        cell += text[i];
      }
    } else if (text[i] == separator) {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (text[i] == '\n') {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      row.push_back(std::move(cell));
      cell.clear();
      table.push_back(std::move(row));
      row.clear();
    } else {
      cell += text[i];
    }
  }
  if (!cell.empty() || !row.empty()) {
    row.push_back(std::move(cell));
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace pmml
