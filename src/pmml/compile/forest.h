// SPDX-License-Identifier: Apache-2.0
// Trees as binary decisions over codes. A PMML node with children of any number and predicates of
// any shape becomes a chain of tests with two ways out each; what a missing value does is in the
// codes.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "pmml/compile/coding.h"
#include "pmml/compile/names.h"
#include "pmml/compile/row_sets.h"
#include "pmml/document/tree.h"

namespace pmml::detail {

// A test that passes where codes[column] < bound, and where either outcome leads: to a node of the
// same tree, or, with the highest bit set, to an answer.
template <class Column, class Bound, class Ref>
struct DecisionNode {
  using Reference = Ref;
  Column column;
  Bound bound;
  Ref ways[2];  // [0] where it passes, [1] where it does not.
};
using SmallNode = DecisionNode<std::uint8_t, std::uint8_t, std::uint16_t>;
using MediumNode = DecisionNode<std::uint16_t, std::uint16_t, std::uint16_t>;
using LargeNode = DecisionNode<std::uint16_t, std::uint16_t, std::uint32_t>;
static_assert(sizeof(SmallNode) == 6 && sizeof(MediumNode) == 8 && sizeof(LargeNode) == 12);

// A small forest need not be compact. The two ways out of a test stand side by side, a copy where
// several tests lead to one place, so that a step is one addition: the code carries from the lowest
// byte into the position where it is not below the bound. An answer leads to itself: a walk needs
// no look at where it is. The first node is the answer number 0, of no tree.
class QuickNode {
 public:
  static constexpr std::uint32_t kMostNumbers = 0x8000;

  // A test, and the position of its way for codes below the bound (1 to 255); the other is next.
  static QuickNode test(std::uint16_t column, std::uint8_t bound, std::uint32_t ways) {
    return QuickNode(std::uint64_t{column} << 48 | std::uint64_t{kMostNumbers} << 32 | ways << 8 |
                     (0x100U - bound));
  }
  static QuickNode answer(std::uint16_t number, std::uint32_t own_position) {
    return QuickNode(std::uint64_t{number} << 32 | own_position << 8);
  }
  [[nodiscard]] std::size_t column() const { return bits_ >> 48; }
  [[nodiscard]] std::uint32_t step(std::uint8_t code) const {
    return (static_cast<std::uint32_t>(bits_) + code) >> 8;
  }
  // Of an answer; kMostNumbers of a test.
  [[nodiscard]] std::uint32_t number() const { return static_cast<std::uint16_t>(bits_ >> 32); }

 private:
  explicit QuickNode(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_;
};
inline constexpr std::size_t kMostQuickNodes = 0x10000;

struct DecisionTree {
  std::uint32_t first_node = 0;
  std::uint32_t nodes = 0;
  std::uint32_t root = 0;          // A reference as in nodes, its answer bit the 32nd; of a quick
                                   // forest a position.
  std::uint32_t depth = 0;         // Of the longest walk, in tests.
  std::uint32_t first_answer = 0;  // What its answer numbers count from.
};

inline constexpr std::uint32_t kNowhere = 0xffff'ffff;
inline constexpr std::uint32_t kAnswerBit = 0x8000'0000;

struct Forest {
  std::vector<DecisionTree> trees;
  std::uint32_t depth = 0;  // Of its deepest tree.
  std::variant<std::vector<QuickNode>, std::vector<SmallNode>, std::vector<MediumNode>,
               std::vector<LargeNode>>
      nodes;
  // The answer number 0 of every tree is no answer. Regression: numbers (NaN for none).
  std::vector<double> numbers;
  // Classification: a category (kNowhere for none) and `categories` probabilities for each answer;
  // none where only votes are counted.
  std::vector<std::uint32_t> winners;
  std::vector<double> distributions;
  std::uint32_t categories = 0;
  // The coders of the slots that its tests look at.
  std::vector<std::uint32_t> number_coders;
  std::vector<std::uint32_t> set_coders;
  bool may_end = false;  // Some test ends the walk where its value is missing.
  RowSets row_sets;      // Empty for a forest of large trees.
};

// The forests of a document, which share their codes.
struct Forests {
  Coding coding;
  std::vector<NumberMask> masks;  // Those of a coder stand together.
  std::vector<Forest> forests;
};

// An answer of a tree's node.
struct NodeAnswer {
  bool answers = false;
  double number = 0;
  std::uint32_t category = 0;
  std::vector<double> distribution = {};
};

// Makes the forests of one document: first all of them are drafted, then the columns are laid out,
// then each is finished.
class ForestBuilder {
 public:
  // `answers` has one entry per node of the tree. False: a predicate that only the interpreter
  // knows, or a tree that would grow beyond reason.
  bool add_tree(std::uint32_t forest, const TreeModel& tree, const NameScope& scope,
                const std::vector<NodeAnswer>& answers);
  std::uint32_t new_forest(std::uint32_t categories, bool classifies);

  // All of them, once; nothing where their tables would grow beyond reason.
  std::optional<Forests> finish();

 private:
  using Ref = std::uint32_t;  // A draft of the tree, or kAnswerBit and an answer of the forest.
  struct Draft {
    std::uint32_t slot = 0;
    OnMissing missing = OnMissing::kNo;
    enum class Kind : std::uint8_t { kNumber, kSet, kIsMissing } kind = Kind::kNumber;
    std::uint32_t bound = 0;  // As CodingBuilder numbers it.
    std::uint32_t set = 0;
    Ref yes = 0;
    Ref no = 0;
  };
  struct DraftTree {
    std::vector<Draft> drafts;
    Ref root = 0;
  };
  struct DraftForest {
    std::uint32_t categories = 0;
    bool classifies = false;
    std::vector<DraftTree> trees;
    std::vector<double> numbers;
    std::vector<std::uint32_t> winners;
    std::vector<double> distributions;
    NumberedByHash known;  // Answers.
  };
  class Branches;
  struct Order;

  [[nodiscard]] Forest finish(DraftForest& draft);
  static void sort_masks(Forests& forests);
  static Ref answer(DraftForest& forest, const NodeAnswer& answer);
  [[nodiscard]] CodingBuilder::Place place(const Draft& draft) const;
  void emit_quick(const DraftForest& draft, Forest& forest) const;
  void emit_row_sets(const DraftForest& draft, Forest& forest);
  std::uint16_t mask_of(const Draft& draft);
  template <class Node>
  void emit(const DraftForest& draft, Forest& forest, bool per_tree) const;

  CodingBuilder coding_;
  std::vector<DraftForest> forests_;
  std::vector<NumberMask> masks_;
  std::map<std::uint32_t, std::uint16_t> mask_numbers_;
};

}  // namespace pmml::detail
