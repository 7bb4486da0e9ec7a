// SPDX-License-Identifier: Apache-2.0
// A document as flat arrays over numbered slots: no names, no texts, no allocation while it scores.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pmml/compile/points.h"
#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace pmml {

namespace detail {
class Block;
}

class Compiled {
 public:
  // What the scorer has already decided about the document's inputs and results.
  struct Frame {
    const Document& document;
    std::span<const MiningField* const> fields;  // Of each input.
    std::span<const InputField> inputs;
    std::span<const DataField> data_fields;
    std::span<const std::string> target_categories;
    std::span<const OutputInfo> outputs;
  };

  // Room for one row; made by prepare().
  struct Memory {
    std::vector<double> slots;
    std::vector<double> scratch;
    std::vector<float> floats;  // Where single-precision categories are worked on.
    std::vector<std::size_t> order;
    std::vector<std::uint8_t> codes;          // Of the row, by column; what tests of trees look at.
    std::vector<std::uint8_t> coded;          // Which slots have been coded, by coder.
    std::shared_ptr<detail::Block> block;     // Made when the first block is scored.
    std::vector<std::uint32_t> answers;       // Of the trees of a forest, and one more.
    std::vector<std::uint32_t> wanted_slots;  // Of a block.
    std::vector<double> components;           // Of the row, where it is compared with points;
    std::vector<double> figures;              // what each point gives,
    std::vector<detail::Difference> differences;  // and in which features they differ.
    std::vector<detail::NearRecord> nearest;
  };

  // Null for a document that only the interpreter scores: one with a construct that has no compiled
  // form. `why_not` says which, for people.
  static std::unique_ptr<const Compiled> make(const Frame& frame, std::string& why_not);
  virtual ~Compiled() = default;

  virtual void prepare(Memory& memory) const = 0;
  // Fills the prediction; probabilities and outputs point to arrays of the right size already.
  virtual void score(std::span<const double> row, Memory& memory, Prediction& prediction,
                     std::span<double> probabilities, std::span<double> outputs) const = 0;

  // Can kBlockRows rows be scored together?
  [[nodiscard]] virtual bool takes_blocks() const = 0;
  // columns[i] are the block's cells of input i. Writes figure w of the block's rows to out[w], and
  // gives back the rows (as bits) for which it has not: they are for score().
  virtual std::uint64_t score_block(std::span<const double* const> columns,
                                    std::span<const Wanted> wanted, Memory& memory,
                                    std::span<double* const> out) const = 0;
};

}  // namespace pmml
