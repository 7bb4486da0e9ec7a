// SPDX-License-Identifier: Apache-2.0
// For tests: a document from its text, and what the interpreter makes of one row given by names.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

#include "pmml/interpret/interpreter.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"

namespace pmml {

// Reads a document that must be right, and must read back as itself; throws where it is refused.
inline Document read_right(const std::string& xml) {
  auto document = read(xml);
  if (!document) throw std::runtime_error(document.error().message);
  const auto again = read(write(*document));
  EXPECT_TRUE(again) << (again ? "" : again.error().message) << write(*document);
  EXPECT_TRUE(again && *again == *document) << write(*document);
  return *std::move(document);
}

inline std::string refusal_of(const std::string& xml) {
  const auto document = read(xml);
  return document ? "" : document.error().message;
}

// A field that is not named is missing.
inline Interpretation interpret_row(const Document& document,
                                    const std::map<std::string, std::string>& cells) {
  const Interpreter interpreter(document);
  std::vector<RawInput> row(interpreter.fields().size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto cell = cells.find(interpreter.fields()[i]->name);
    if (cell == cells.end()) continue;
    row[i].missing = false;
    row[i].text = cell->second;
  }
  return interpreter.interpret(row);
}

}  // namespace pmml
