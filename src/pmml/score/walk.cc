// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/walk.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace pmml::detail {
namespace {

// What memory.coded holds for a coder: nothing yet, codes, or codes of a missing value that may end
// a walk.
enum : std::uint8_t { kUncoded, kCoded, kEnds };

// True where some test of the forest may meet a missing value that ends the walk.
bool code(const Units& units, const Forest& forest, const double* slots, Compiled::Memory& memory) {
  const Coding& coding = units.forests.coding;
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

// Trees are walked side by side, so that one's memory is waited for while another is compared. The
// most for which what is worked on stays near the registers, where each number of lanes is a
// function of its own.
constexpr std::size_t kMostLanes = 13;

// Calls group(first, std::integral_constant<std::size_t, lanes>) for the trees from `first` on, 2
// or more of them, spread evenly: an idle lane would cost as much as a busy one.
template <class Group>
void spread(std::size_t trees, Group group) {
  const std::size_t groups = (trees + kMostLanes - 1) / kMostLanes;
  for (std::size_t g = 0, first = 0; g < groups; ++g) {
    const std::size_t lanes = trees / groups + (g < trees % groups ? 1 : 0);
    [&]<std::size_t... kBelow>(std::index_sequence<kBelow...>) {
      static_cast<void>(
          ((lanes == kBelow + 2 &&
            (group(first, std::integral_constant<std::size_t, kBelow + 2>{}), true)) ||
           ...));
    }
    (std::make_index_sequence<kMostLanes - 1>{});
    first += lanes;
  }
}

template <class Node>
struct Walker {
  using Ref = typename Node::Reference;
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

  // Without a branch but the loop's. An answer stays where it is until all have one.
  template <std::size_t kLanes>
  [[gnu::noinline]] static void group(const Node* nodes, const DecisionTree* trees,
                                      const std::uint8_t* codes, std::uint32_t* answers) {
    const Node* base[kLanes];
    std::uint32_t at[kLanes];
    std::uint32_t depth = 0;
    for (std::size_t j = 0; j < kLanes; ++j) {
      const DecisionTree& tree = trees[j];
      base[j] = nodes + tree.first_node;
      at[j] = root_of(tree);
      depth = std::max(depth, tree.depth);
    }
    for (std::uint32_t step = 0; step < depth; ++step) {
      std::uint32_t all = kBit;
#pragma GCC unroll 13
      for (std::size_t j = 0; j < kLanes; ++j) {
        const std::uint32_t walking = (at[j] >> kShift) - 1;  // All bits, or none at an answer.
        const Node& node = base[j][at[j] & walking];
        const std::uint32_t next = node.ways[codes[node.column] >= node.bound];
        at[j] = (next & walking) | (at[j] & ~walking);
        all &= at[j];
      }
      if (all != 0) break;
    }
    for (std::size_t j = 0; j < kLanes; ++j)
      answers[j] = answer_of(trees[j], static_cast<Ref>(at[j]));
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
      at = node.ways[code >= node.bound];
    }
    return answer_of(tree, at);
  }

  template <class Sink>
  static void all(const Forest& forest, const Node* nodes, const std::uint8_t* codes, bool ends,
                  std::uint32_t*, Sink sink) {
    const std::size_t n = forest.trees.size();
    const DecisionTree* trees = forest.trees.data();
    if (ends) {
      for (std::size_t t = 0; t < n; ++t) sink(t, one<true>(nodes, trees[t], codes));
      return;
    }
    if (n == 1) {
      sink(0, one<false>(nodes, trees[0], codes));
      return;
    }
    spread(n, [&](std::size_t first, auto lanes) {
      std::uint32_t answers[lanes];
      group<lanes>(nodes, trees + first, codes, answers);
      for (std::size_t j = 0; j < lanes; ++j) sink(first + j, answers[j]);
    });
  }
};

template <>
struct Walker<QuickNode> {
  // So many walks go on side by side, a step each and then the next: none waits for another's
  // memory. Most walks are much shorter than the longest, so that those that have come to an answer
  // are left behind now and then; in a forest of low trees that is not worth the while.
  static constexpr std::size_t kMostWalks = 128;
  static constexpr std::size_t kUnrolled = 8;
  static constexpr std::uint32_t kStride = 4;
  static constexpr std::uint32_t kLow = 8;

  struct Walks {
    std::uint32_t at[kMostWalks];
    std::uint32_t tree[kMostWalks];
  };

  // The first n walks, a multiple of kUnrolled, take so many steps. Writes where they are to
  // `answers`, and lets those that go on stand first; gives back how many these are.
  static std::size_t take_steps(const QuickNode* nodes, const std::uint8_t* codes,
                                std::uint32_t steps, std::size_t n, Walks& walks,
                                std::uint32_t* answers) {
    std::uint32_t* at = walks.at;
    for (std::uint32_t step = 0; step < steps; ++step) {
      for (std::size_t first = 0; first < n; first += kUnrolled) {
#pragma GCC unroll 8
        for (std::size_t j = first; j < first + kUnrolled; ++j) {
          const QuickNode node = nodes[at[j]];
          at[j] = node.step(codes[node.column()]);
        }
      }
    }
    std::size_t walking = 0;
#pragma GCC unroll 8
    for (std::size_t j = 0; j < n; ++j) {
      const std::uint32_t number = nodes[at[j]].number();
      const std::uint32_t tree = walks.tree[j];
      answers[tree] = number;
      at[walking] = at[j];
      walks.tree[walking] = tree;
      walking += number / QuickNode::kMostNumbers;
    }
    return walking;
  }

  // The trees from `first` to `end`.
  static void some(const Forest& forest, const QuickNode* nodes, std::size_t first, std::size_t end,
                   const std::uint8_t* codes, std::uint32_t* answers) {
    Walks walks;
    std::size_t n = end - first;
    for (std::size_t j = 0; j < n; ++j) {
      walks.at[j] = forest.trees[first + j].root;
      walks.tree[j] = static_cast<std::uint32_t>(first + j);
    }
    const std::uint32_t steps = forest.depth <= kLow ? forest.depth : kStride;
    while (n > 0) {
      // What fills up the last of them stands at an answer, of a tree that is not there.
      for (; n % kUnrolled != 0; ++n) {
        walks.at[n] = 0;
        walks.tree[n] = static_cast<std::uint32_t>(forest.trees.size());
      }
      n = take_steps(nodes, codes, steps, n, walks, answers);
    }
  }

  template <bool ends>
  static std::uint32_t one(const QuickNode* nodes, const DecisionTree& tree,
                           const std::uint8_t* codes) {
    QuickNode node = nodes[tree.root];
    while (node.number() == QuickNode::kMostNumbers) {
      const std::uint8_t code = codes[node.column()];
      if (ends && code == kNoAnswerCode) return 0;
      node = nodes[node.step(code)];
    }
    return node.number();
  }

  template <class Sink>
  static void all(const Forest& forest, const QuickNode* nodes, const std::uint8_t* codes,
                  bool ends, std::uint32_t* answers, Sink sink) {
    const std::size_t n = forest.trees.size();
    const DecisionTree* trees = forest.trees.data();
    if (ends) {
      for (std::size_t t = 0; t < n; ++t) sink(t, one<true>(nodes, trees[t], codes));
      return;
    }
    if (n == 1) {
      sink(0, one<false>(nodes, trees[0], codes));
      return;
    }
    for (std::size_t first = 0; first < n; first += kMostWalks)
      some(forest, nodes, first, std::min(n, first + kMostWalks), codes, answers);
#pragma GCC unroll 8
    for (std::size_t t = 0; t < n; ++t) sink(t, answers[t]);
  }
};

template <class Sink>
void walk_into(const Units& units, const Forest& forest, const double* slots,
               Compiled::Memory& memory, Sink sink) {
  const bool ends = code(units, forest, slots, memory);
  std::visit(
      [&]<class Node>(const std::vector<Node>& nodes) {
        Walker<Node>::all(forest, nodes.data(), memory.codes.data(), ends, memory.answers.data(),
                          sink);
      },
      forest.nodes);
}

}  // namespace

void walk(const Units& units, const Forest& forest, const double* slots, Compiled::Memory& memory,
          std::uint32_t* answers) {
  walk_into(units, forest, slots, memory,
            [answers](std::size_t tree, std::uint32_t answer) { answers[tree] = answer; });
}

template <class Real>
Real walk_and_sum(const Units& units, const Forest& forest, const double* slots,
                  Compiled::Memory& memory) {
  Real sum = 0;
  const double* numbers = forest.numbers.data();
  walk_into(units, forest, slots, memory, [&sum, numbers](std::size_t, std::uint32_t answer) {
    sum += static_cast<Real>(numbers[answer]);
  });
  return sum;
}

template float walk_and_sum(const Units&, const Forest&, const double*, Compiled::Memory&);
template double walk_and_sum(const Units&, const Forest&, const double*, Compiled::Memory&);

}  // namespace pmml::detail
