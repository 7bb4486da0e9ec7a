// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/forest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace pmml::detail {
namespace {

constexpr std::uint32_t kNoAnswer = kAnswerBit;  // The answer number 0.
constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

// Are the two predicates opposites wherever the field is present?
bool are_opposites(const Predicate& a, const Predicate& b) {
  if (const auto* x = std::get_if<SimplePredicate>(&a.is)) {
    const auto* y = std::get_if<SimplePredicate>(&b.is);
    if (y == nullptr || x->field != y->field || x->value != y->value) return false;
    using enum Comparison;
    static constexpr std::pair<Comparison, Comparison> kOpposites[] = {
        {kEqual, kNotEqual}, {kLessThan, kGreaterOrEqual}, {kLessOrEqual, kGreaterThan}};
    return std::ranges::any_of(kOpposites, [&](const auto& pair) {
      return (x->comparison == pair.first && y->comparison == pair.second) ||
             (x->comparison == pair.second && y->comparison == pair.first);
    });
  }
  const auto* x = std::get_if<SimpleSetPredicate>(&a.is);
  const auto* y = std::get_if<SimpleSetPredicate>(&b.is);
  return x != nullptr && y != nullptr && x->field == y->field && x->is_in != y->is_in &&
         x->values == y->values;
}

}  // namespace

// Turns predicates into tests of one tree. Every function answers with where to go first.
class ForestBuilder::Branches {
 public:
  Branches(const NameScope& scope, CodingBuilder& coding, std::vector<Draft>& drafts,
           std::size_t most)
      : scope_(scope), coding_(coding), drafts_(drafts), most_(most) {}

  [[nodiscard]] bool failed() const { return failed_; }

  Ref on(const Predicate& predicate, Ref yes, Ref no, Ref unknown) {
    if (failed_ || std::holds_alternative<True>(predicate.is)) return yes;
    if (std::holds_alternative<False>(predicate.is)) return no;
    if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is))
      return on_simple(*simple, yes, no, unknown);
    if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is))
      return on_set(*set, yes, no, unknown);
    return on_compound(std::get<CompoundPredicate>(predicate.is), yes, no, unknown);
  }

 private:
  Ref fail() {
    failed_ = true;
    return kNoAnswer;
  }

  Ref push(const Draft& draft) {
    if (drafts_.size() >= most_) return fail();
    drafts_.push_back(draft);
    return static_cast<Ref>(drafts_.size() - 1);
  }

  Ref is_missing(std::uint32_t slot, bool index, std::uint32_t categories, Ref yes, Ref no) {
    if (yes == no) return yes;
    Draft draft{.slot = slot, .kind = Draft::Kind::kIsMissing, .yes = yes, .no = no};
    if (index) {
      // In the column of the empty set that a missing value passes.
      draft.kind = Draft::Kind::kSet;
      draft.missing = OnMissing::kYes;
      draft.set = coding_.add_set(slot, draft.missing, CategorySet(categories + std::size_t{1}));
    } else {
      coding_.add({.slot = slot, .is_missing = true});
    }
    return push(draft);
  }

  // Completes a draft with its ways out; a way of its own for missing values becomes a test before
  // it.
  Ref test(Draft draft, const CategorySet* set, Ref yes, Ref no, Ref unknown) {
    const auto categories = set == nullptr ? 0 : static_cast<std::uint32_t>(set->size() - 1);
    if (yes == no) return is_missing(draft.slot, set != nullptr, categories, unknown, no);
    draft.yes = yes;
    draft.no = no;
    const bool before = unknown != yes && unknown != no && unknown != kNoAnswer;
    draft.missing = unknown == yes            ? OnMissing::kYes
                    : before || unknown == no ? OnMissing::kNo
                                              : OnMissing::kNoAnswer;
    if (set != nullptr) {
      draft.kind = Draft::Kind::kSet;
      draft.set = coding_.add_set(draft.slot, draft.missing, *set);
    } else {
      coding_.add({draft.slot, draft.missing, draft.bound});
    }
    const Ref present = push(draft);
    return before ? is_missing(draft.slot, set != nullptr, categories, unknown, present) : present;
  }

  Ref less(std::uint32_t slot, double bound, Ref yes, Ref no, Ref unknown) {
    if (std::isnan(bound)) return fail();
    // Both zeros are one number.
    return test({.slot = slot, .bound = bound + 0.0}, nullptr, yes, no, unknown);
  }
  Ref less_or_equal(std::uint32_t slot, double bound, Ref yes, Ref no, Ref unknown) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (bound == kInfinity) return is_missing(slot, false, 0, unknown, yes);
    return less(slot, std::nextafter(bound, kInfinity), yes, no, unknown);
  }
  Ref equal(std::uint32_t slot, double value, Ref yes, Ref no, Ref unknown) {
    return less(slot, value, no, less_or_equal(slot, value, yes, no, unknown), unknown);
  }

  Ref on_simple(const SimplePredicate& predicate, Ref yes, Ref no, Ref unknown) {
    const SlotInfo* info = scope_.find(predicate.field);
    if (info == nullptr) return fail();
    const bool index = is_index(*info);
    const auto categories = index ? static_cast<std::uint32_t>(info->input->categories.size()) : 0;
    using enum Comparison;
    if (predicate.comparison == kIsMissing || predicate.comparison == kIsNotMissing) {
      if (predicate.comparison == kIsNotMissing) std::swap(yes, no);
      return is_missing(info->slot, index, categories, yes, no);
    }
    const auto value = operand(predicate.value, *info);
    if (!value) return fail();
    const bool ordered = predicate.comparison != kEqual && predicate.comparison != kNotEqual;
    // Texts and ordinal fields are ordered by what their field declares: for the interpreter.
    if (ordered && (index || (info->input != nullptr && info->input->op_type == OpType::kOrdinal)))
      return fail();
    if (predicate.comparison == kNotEqual || predicate.comparison == kGreaterThan ||
        predicate.comparison == kGreaterOrEqual)
      std::swap(yes, no);
    if (index) {
      CategorySet set(categories + std::size_t{1});
      if (*value >= 0 && *value < categories) set[static_cast<std::size_t>(*value)] = true;
      return test({.slot = info->slot}, &set, yes, no, unknown);
    }
    switch (predicate.comparison) {
      case kLessThan:
      case kGreaterOrEqual:
        return less(info->slot, *value, yes, no, unknown);
      case kLessOrEqual:
      case kGreaterThan:
        return less_or_equal(info->slot, *value, yes, no, unknown);
      default:
        return equal(info->slot, *value, yes, no, unknown);
    }
  }

  Ref on_set(const SimpleSetPredicate& predicate, Ref yes, Ref no, Ref unknown) {
    const SlotInfo* info = scope_.find(predicate.field);
    if (info == nullptr) return fail();
    if (!predicate.is_in) std::swap(yes, no);
    if (is_index(*info)) {
      CategorySet set(info->input->categories.size() + 1);
      for (const std::string& text : predicate.values) {
        const auto value = operand(text, *info);
        if (value && *value >= 0 && *value < static_cast<double>(set.size() - 1))
          set[static_cast<std::size_t>(*value)] = true;
      }
      return test({.slot = info->slot}, &set, yes, no, unknown);
    }
    std::vector<double> values;
    for (const std::string& text : predicate.values) {
      if (const auto value = operand(text, *info)) values.push_back(*value);
    }
    std::ranges::sort(values, std::greater<>());
    Ref next = no;
    for (const double value : values) {
      // A missing value has left the chain at its first test.
      next = less(info->slot, value, no, less_or_equal(info->slot, value, yes, next, unknown),
                  unknown);
    }
    return values.empty() ? is_missing(info->slot, false, 0, unknown, no) : next;
  }

  Ref on_compound(const CompoundPredicate& predicate, Ref yes, Ref no, Ref unknown) {
    const auto& children = predicate.children;
    using enum BooleanOperator;
    // Where to go before child i: with nothing unknown so far, and with something unknown (for
    // xor: with an even and an odd number true).
    Ref first = no;
    Ref second = unknown;
    if (predicate.boolean_operator == kAnd) first = yes;
    if (predicate.boolean_operator == kXor) second = yes;
    if (predicate.boolean_operator == kSurrogate) first = unknown;
    for (std::size_t i = children.size(); i-- > 0 && !failed_;) {
      const Ref after = first;
      const Ref after_other = second;
      switch (predicate.boolean_operator) {
        case kAnd:
          first = on(children[i], after, no, after_other);
          if (i > 0)
            second = after == after_other ? first : on(children[i], after_other, no, after_other);
          break;
        case kOr:
          first = on(children[i], yes, after, after_other);
          if (i > 0)
            second = after == after_other ? first : on(children[i], yes, after_other, after_other);
          break;
        case kXor:
          first = on(children[i], after_other, after, unknown);
          if (i > 0) second = on(children[i], after, after_other, unknown);
          break;
        case kSurrogate:
          first = on(children[i], yes, no, after);
          break;
      }
    }
    return first;
  }

  const NameScope& scope_;
  CodingBuilder& coding_;
  std::vector<Draft>& drafts_;
  std::size_t most_;
  bool failed_ = false;
};

std::uint32_t ForestBuilder::new_forest(std::uint32_t categories, bool classifies) {
  DraftForest& forest = forests_.emplace_back();
  forest.categories = categories;
  forest.classifies = classifies;
  forest.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
  forest.winners.push_back(kNowhere);
  forest.distributions.assign(categories, 0.0);
  return static_cast<std::uint32_t>(forests_.size() - 1);
}

ForestBuilder::Ref ForestBuilder::answer(DraftForest& forest, const NodeAnswer& answer) {
  if (!answer.answers) return kNoAnswer;
  const std::size_t n = forest.categories;
  CHECK(answer.distribution.size() == n);
  std::uint64_t hash = std::bit_cast<std::uint64_t>(answer.number) ^ answer.category;
  for (const double p : answer.distribution)
    hash = (hash ^ std::bit_cast<std::uint64_t>(p)) * 0x9e37'79b9'7f4a'7c15;
  hash ^= hash >> 32;
  const auto same_bits = [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  };
  const auto [from, to] = forest.known.equal_range(hash);
  for (auto known = from; known != to; ++known) {
    const std::uint32_t i = known->second;
    if (same_bits(forest.numbers[i], answer.number) && forest.winners[i] == answer.category &&
        std::ranges::equal(answer.distribution, std::span(forest.distributions).subspan(i * n, n),
                           same_bits))
      return kAnswerBit | i;
  }
  const auto fresh = static_cast<std::uint32_t>(forest.numbers.size());
  forest.numbers.push_back(answer.number);
  forest.winners.push_back(answer.category);
  forest.distributions.insert(forest.distributions.end(), answer.distribution.begin(),
                              answer.distribution.end());
  forest.known.emplace(hash, fresh);
  return kAnswerBit | fresh;
}

bool ForestBuilder::add_tree(std::uint32_t forest_number, const TreeModel& tree,
                             const NameScope& scope, const std::vector<NodeAnswer>& answers) {
  DraftForest& forest = forests_[forest_number];
  DraftTree& draft = forest.trees.emplace_back();
  Branches branches(scope, coding_, draft.drafts, 16 * tree.nodes.size() + 4096);
  // Where a row goes that has reached node i. Children stand after their parents.
  std::vector<Ref> entries(tree.nodes.size());
  for (std::size_t i = tree.nodes.size(); i-- > 0 && !branches.failed();) {
    const TreeNode& node = tree.nodes[i];
    const Ref own = answer(forest, answers[i]);
    if (node.children.empty()) {
      entries[i] = own;
      continue;
    }
    std::size_t preset = kNoNode;
    for (const std::size_t child : node.children) {
      if (node.default_child && tree.nodes[child].id == node.default_child && preset == kNoNode)
        preset = child;
    }
    const Ref otherwise =
        tree.no_true_child_strategy == NoTrueChildStrategy::kReturnLastPrediction ? own : kNoAnswer;
    Ref next = otherwise;
    for (std::size_t c = node.children.size(); c-- > 0;) {
      const std::size_t child = node.children[c];
      Ref unknown = next;
      if (tree.missing_value_strategy == MissingValueStrategy::kNullPrediction) unknown = kNoAnswer;
      if (tree.missing_value_strategy == MissingValueStrategy::kLastPrediction) unknown = own;
      if (tree.missing_value_strategy == MissingValueStrategy::kDefaultChild)
        unknown = preset == kNoNode ? kNoAnswer : entries[preset];
      Ref no = next;
      if (c + 2 == node.children.size() &&
          are_opposites(tree.nodes[child].predicate, tree.nodes[node.children[c + 1]].predicate)) {
        // The last child is the other half of this one: no second test, and where both are unknown
        // the strategy `none` finds no true child.
        no = entries[node.children[c + 1]];
        if (tree.missing_value_strategy == MissingValueStrategy::kNone) unknown = otherwise;
      }
      next = branches.on(tree.nodes[child].predicate, entries[child], no, unknown);
    }
    entries[i] = next;
  }
  if (branches.failed()) return false;
  draft.root = branches.on(tree.nodes[0].predicate, entries[0], kNoAnswer, kNoAnswer);
  draft.drafts.shrink_to_fit();
  return !branches.failed();
}

// Nodes in the order in which walks meet them, the way of `yes` first; drafts nobody reaches are
// left out.
template <class Node>
void ForestBuilder::emit(const DraftForest& draft, Forest& forest, bool per_tree) const {
  using NodeRef = decltype(Node::yes);
  constexpr auto kBit = static_cast<NodeRef>(NodeRef{1} << (8 * sizeof(NodeRef) - 1));
  auto& nodes = forest.nodes.emplace<std::vector<Node>>();
  std::size_t reachable = 0;
  for (const DecisionTree& tree : forest.trees) reachable += tree.nodes;
  nodes.reserve(reachable);
  constexpr std::uint32_t kUnseen = 0xffff'ffff;
  std::vector<std::uint32_t> order;   // Drafts, as they are emitted.
  std::vector<std::uint32_t> number;  // Of each draft.
  std::vector<Ref> waiting;
  std::vector<double> numbers;
  std::vector<std::uint32_t> winners;
  std::vector<double> distributions;
  const std::size_t n = draft.categories;
  for (std::size_t t = 0; t < draft.trees.size(); ++t) {
    const DraftTree& source = draft.trees[t];
    DecisionTree& tree = forest.trees[t];
    tree.first_node = static_cast<std::uint32_t>(nodes.size());
    tree.first_answer = static_cast<std::uint32_t>(per_tree ? numbers.size() : 0);
    order.clear();
    number.assign(source.drafts.size(), kUnseen);
    std::unordered_map<std::uint32_t, std::uint32_t> local;  // Answers of the forest in this tree.
    const auto take_answer = [&](std::uint32_t answer) -> std::uint32_t {
      if (!per_tree) return answer;
      const auto [found, fresh] = local.emplace(answer, static_cast<std::uint32_t>(local.size()));
      if (fresh) {
        numbers.push_back(draft.numbers[answer]);
        winners.push_back(draft.winners[answer]);
        const double* from = draft.distributions.data() + answer * n;
        distributions.insert(distributions.end(), from, from + n);
      }
      return found->second;
    };
    static_cast<void>(take_answer(0));
    waiting.assign(1, source.root);
    while (!waiting.empty()) {
      const Ref at = waiting.back();
      waiting.pop_back();
      if ((at & kAnswerBit) != 0 || number[at] != kUnseen) continue;
      number[at] = static_cast<std::uint32_t>(order.size());
      order.push_back(at);
      waiting.push_back(source.drafts[at].no);
      waiting.push_back(source.drafts[at].yes);
    }
    const auto reference = [&](Ref ref) {
      if ((ref & kAnswerBit) != 0)
        return static_cast<NodeRef>(kBit | static_cast<NodeRef>(take_answer(ref & ~kAnswerBit)));
      return static_cast<NodeRef>(number[ref]);
    };
    for (const std::uint32_t d : order) {
      const Draft& source_node = source.drafts[d];
      const CodingBuilder::Place place =
          source_node.kind == Draft::Kind::kSet
              ? coding_.place_set(source_node.set)
              : coding_.place({source_node.slot, source_node.missing, source_node.bound,
                               source_node.kind == Draft::Kind::kIsMissing});
      Node node;
      node.column = static_cast<decltype(Node::column)>(place.column);
      node.bound = place.bound;
      node.yes = reference(source_node.yes);
      node.no = reference(source_node.no);
      nodes.push_back(node);
    }
    tree.root =
        (source.root & kAnswerBit) != 0 ? kAnswerBit | take_answer(source.root & ~kAnswerBit) : 0;
  }
  if (per_tree) {
    forest.numbers = std::move(numbers);
    forest.winners = std::move(winners);
    forest.distributions = std::move(distributions);
  }
}

Forest ForestBuilder::finish(std::uint32_t forest_number) {
  DraftForest& draft = forests_[forest_number];
  Forest forest;
  forest.categories = draft.categories;
  std::size_t most_nodes = 0;
  std::vector<std::uint32_t> depth;
  std::vector<std::uint8_t> reached;
  std::map<std::uint32_t, bool> number_slots;
  std::map<std::uint32_t, bool> set_slots;
  for (const DraftTree& source : draft.trees) {
    DecisionTree& tree = forest.trees.emplace_back();
    const std::size_t n = source.drafts.size();
    // A draft stands after those it leads to.
    reached.assign(n, 0);
    depth.assign(n, 0);
    if ((source.root & kAnswerBit) == 0) reached[source.root] = 1;
    for (std::size_t d = n; d-- > 0;) {
      if (reached[d] == 0) continue;
      ++tree.nodes;
      const Draft& node = source.drafts[d];
      forest.may_end = forest.may_end || (node.missing == OnMissing::kNoAnswer &&
                                          node.kind != Draft::Kind::kIsMissing);
      (node.kind == Draft::Kind::kSet ? set_slots : number_slots)[node.slot] = true;
      for (const Ref ref : {node.yes, node.no}) {
        if ((ref & kAnswerBit) == 0) reached[ref] = 1;
      }
    }
    for (std::size_t d = 0; d < n; ++d) {
      std::uint32_t below = 0;
      for (const Ref ref : {source.drafts[d].yes, source.drafts[d].no}) {
        if ((ref & kAnswerBit) == 0) below = std::max(below, depth[ref]);
      }
      depth[d] = below + 1;
    }
    tree.depth = (source.root & kAnswerBit) != 0 ? 0 : depth[source.root];
    most_nodes = std::max<std::size_t>(most_nodes, tree.nodes);
  }
  const Coding& coding = coding_.coding();
  for (std::uint32_t i = 0; i < coding.numbers.size(); ++i) {
    if (number_slots.contains(coding.numbers[i].slot)) forest.number_coders.push_back(i);
  }
  for (std::uint32_t i = 0; i < coding.sets.size(); ++i) {
    if (set_slots.contains(coding.sets[i].slot)) forest.set_coders.push_back(i);
  }
  // Sixteen bits are enough for a reference where the nodes of each tree and the answers of the
  // forest, or else of each tree (which are one more than its nodes at most, and none), are few.
  constexpr std::size_t kFew = 0x7fff;
  const bool few_answers = draft.numbers.size() <= kFew;
  forest.numbers = draft.numbers;
  forest.winners = draft.winners;
  forest.distributions = draft.distributions;
  CHECK(coding.columns <= 0x10000);
  if (most_nodes + 2 > kFew) {
    emit<LargeNode>(draft, forest, false);
  } else if (coding.columns > 256) {
    emit<MediumNode>(draft, forest, !few_answers);
  } else {
    emit<SmallNode>(draft, forest, !few_answers);
  }
  if (draft.classifies) {
    forest.numbers = {};
  } else {
    forest.winners = {};
  }
  forest.numbers.shrink_to_fit();
  forest.winners.shrink_to_fit();
  forest.distributions.shrink_to_fit();
  draft = {};
  return forest;
}

}  // namespace pmml::detail
