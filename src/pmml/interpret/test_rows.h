// SPDX-License-Identifier: Apache-2.0
// Documents and rows of interpreter tests as texts.
#pragma once
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "pmml/interpret/interpreter.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"

namespace pmml {

// A document around the given DataFields and model.
inline std::string test_document(const std::string& fields, const std::string& model) {
  return "<PMML version=\"4.4\" xmlns=\"http://www.dmg.org/PMML-4_4\">\n<Header/>\n"
         "<DataDictionary>\n" +
         fields + "\n</DataDictionary>\n" + model + "\n</PMML>";
}

// Reads it, writes it, and reads that again: all three must agree.
inline Document read_back(const std::string& xml) {
  const auto document = read(xml);
  EXPECT_TRUE(document) << document.error().message;
  if (!document) return {};
  const auto again = read(write(*document));
  EXPECT_TRUE(again) << again.error().message << "\n" << write(*document);
  if (again) {
    EXPECT_TRUE(*again == *document) << write(*document);
  }
  return *document;
}

// One text per row field of the document; an empty one is missing.
inline Interpretation interpret(const Document& document,
                                std::initializer_list<std::string_view> cells) {
  const Interpreter interpreter(document);
  std::vector<RawInput> row;
  for (const std::string_view cell : cells) row.push_back({.missing = cell.empty(), .text = cell});
  return interpreter.interpret(row);
}

inline std::string reading_error(const std::string& xml) {
  const auto document = read(xml);
  return document ? "" : document.error().message;
}

#define EXPECT_REFUSAL(xml, part) \
  EXPECT_NE(reading_error(xml).find(part), std::string::npos) << "message: " << reading_error(xml)

}  // namespace pmml
