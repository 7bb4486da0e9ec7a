// SPDX-License-Identifier: Apache-2.0
// The slow and obvious way to score a document: the standard, literally. The compiled programs are
// held against it.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "pmml/document/document.h"
#include "pmml/interpret/outcome.h"
#include "pmml/interpret/scope.h"

namespace pmml {

// The fields a row has a cell for: the active and supplementary fields of the outermost
// MiningSchema, in its order; and a target whose actual value the document asks for: an output of
// feature residual, a Lag or an Aggregate.
std::vector<const MiningField*> row_fields(const Document& document);

struct Interpretation {
  bool invalid = false;
  std::string reason = {};  // Why it is invalid.
  Outcome outcome = {};
};

// Borrows the document, which must outlive it and must have passed check(). Safe to share between
// threads.
class Interpreter {
 public:
  explicit Interpreter(const Document& document);
  Interpreter(Document&&) = delete;
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] std::span<const MiningField* const> fields() const { return fields_; }

  // One raw input per field. Lag and Aggregate look back on the rows that were interpreted with the
  // same history before.
  [[nodiscard]] Interpretation interpret(std::span<const RawInput> row,
                                         History* history = nullptr) const;

 private:
  const Document& document_;
  Names names_;
  std::vector<const MiningField*> fields_;
};

}  // namespace pmml
