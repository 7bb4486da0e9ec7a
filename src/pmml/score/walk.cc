// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/walk.h"

#include <algorithm>

namespace pmml::detail {
namespace {

// What memory.coded holds for a coder: nothing yet, codes, or codes of a missing value that may end
// a walk.
enum : std::uint8_t { kUncoded, kCoded, kEnds };

// True where some test of the forest may meet a missing value that ends the walk.
bool code(const Units& units, const Forest& forest, const double* slots, Compiled::Memory& memory) {
  const Coding& coding = units.coding;
  std::uint8_t* codes = memory.codes.data();
  std::uint8_t* coded = memory.coded.data();
  bool ends = false;
  for (const std::uint32_t i : forest.number_coders) {
    if (coded[i] == kUncoded) {
      const NumberCoder& coder = coding.numbers[i];
      coded[i] = code_number(coding, coder, slots[coder.slot], codes) ? kEnds : kCoded;
    }
    ends = ends || coded[i] == kEnds;
  }
  coded += coding.numbers.size();
  for (const std::uint32_t i : forest.set_coders) {
    if (coded[i] == kUncoded) {
      const SetCoder& coder = coding.sets[i];
      coded[i] = code_set(coding, coder, slots[coder.slot], codes) ? kEnds : kCoded;
    }
    ends = ends || coded[i] == kEnds;
  }
  return ends && forest.may_end;
}

template <class Node>
struct Walker {
  using Ref = decltype(Node::yes);
  static constexpr unsigned kShift = 8 * sizeof(Ref) - 1;
  static constexpr Ref kBit = static_cast<Ref>(Ref{1} << kShift);
  static constexpr Ref kNumber = static_cast<Ref>(kBit - 1);

  static Ref root_of(const DecisionTree& tree) {
    return (tree.root & kAnswerBit) != 0
               ? static_cast<Ref>(kBit | static_cast<Ref>(tree.root & ~kAnswerBit))
               : Ref{0};
  }
  static std::uint32_t answer_of(const DecisionTree& tree, Ref ref) {
    return tree.first_answer + (ref & kNumber);
  }

  // Trees side by side, so that one's memory is waited for while another is compared. An answer
  // stays where it is until all have one.
  static constexpr std::size_t kSideBySide = 8;
  static void group(const Node* nodes, const DecisionTree* trees, const std::uint8_t* codes,
                    std::uint32_t* answers) {
    const Node* base[kSideBySide];
    Ref at[kSideBySide];
    std::uint32_t depth = 0;
    for (std::size_t j = 0; j < kSideBySide; ++j) {
      base[j] = nodes + trees[j].first_node;
      at[j] = root_of(trees[j]);
      depth = std::max(depth, trees[j].depth);
    }
    for (std::uint32_t step = 0; step < depth; ++step) {
      Ref all = kBit;
      for (std::size_t j = 0; j < kSideBySide; ++j) {
        const bool done = (at[j] & kBit) != 0;
        const Node& node = base[j][done ? Ref{0} : at[j]];
        const Ref next = codes[node.column] < node.bound ? node.yes : node.no;
        at[j] = done ? at[j] : next;
        all = static_cast<Ref>(all & at[j]);
      }
      if (all != 0) break;
    }
    for (std::size_t j = 0; j < kSideBySide; ++j) answers[j] = answer_of(trees[j], at[j]);
  }

  // One tree; where `ends`, a code of kNoAnswerCode ends the walk.
  template <bool ends>
  static std::uint32_t one(const Node* nodes, const DecisionTree& tree, const std::uint8_t* codes) {
    const Node* base = nodes + tree.first_node;
    Ref at = root_of(tree);
    while ((at & kBit) == 0) {
      const Node& node = base[at];
      const std::uint8_t code = codes[node.column];
      if (ends && code == kNoAnswerCode) return tree.first_answer;
      at = code < node.bound ? node.yes : node.no;
    }
    return answer_of(tree, at);
  }

  static void all(const Forest& forest, const Node* nodes, const std::uint8_t* codes, bool ends,
                  std::uint32_t* answers) {
    const std::size_t n = forest.trees.size();
    const DecisionTree* trees = forest.trees.data();
    if (ends) {
      for (std::size_t t = 0; t < n; ++t) answers[t] = one<true>(nodes, trees[t], codes);
      return;
    }
    std::size_t t = 0;
    for (; t + kSideBySide <= n; t += kSideBySide) group(nodes, trees + t, codes, answers + t);
    for (; t < n; ++t) answers[t] = one<false>(nodes, trees[t], codes);
  }
};

}  // namespace

void walk(const Units& units, const Forest& forest, const double* slots, Compiled::Memory& memory,
          std::uint32_t* answers) {
  const bool ends = code(units, forest, slots, memory);
  std::visit(
      [&]<class Node>(const std::vector<Node>& nodes) {
        Walker<Node>::all(forest, nodes.data(), memory.codes.data(), ends, answers);
      },
      forest.nodes);
}

}  // namespace pmml::detail
