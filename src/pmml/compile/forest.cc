// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/forest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <unordered_map>

#include "base/check.h"

namespace pmml::detail {
namespace {

constexpr std::uint32_t kNoAnswer = kAnswerBit;  // The answer number 0.
constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

// A predicate that asks which category a field has.
struct CategoryTest {
  const SlotInfo* field = nullptr;
  CategorySet passing;
};

void add_category(const std::string_view text, CategoryTest& test) {
  const auto value = operand(text, *test.field);
  if (value && *value >= 0 && *value < static_cast<double>(test.passing.size() - 1))
    test.passing[static_cast<std::size_t>(*value)] = true;
}

// Nothing for other predicates. `fields` are what the fields of the tree mean.
std::optional<CategoryTest> category_test(const TreeModel& tree, const NodePredicate& predicate,
                                          std::span<const SlotInfo* const> fields,
                                          const NameScope& scope) {
  const SimpleSetPredicate* set = nullptr;
  if (predicate.kind == NodePredicate::Kind::kOther)
    set = std::get_if<SimpleSetPredicate>(&tree.predicates[predicate.index].is);
  const bool equal =
      predicate.kind == NodePredicate::Kind::kSimple && predicate.comparison == Comparison::kEqual;
  const bool not_equal = predicate.kind == NodePredicate::Kind::kSimple &&
                         predicate.comparison == Comparison::kNotEqual;
  if (set == nullptr && !equal && !not_equal) return std::nullopt;
  CategoryTest test{set != nullptr ? scope.find(set->field) : fields[predicate.index], {}};
  if (test.field == nullptr || !is_index(*test.field)) return std::nullopt;
  test.passing.resize(test.field->categories->size() + 1);
  if (set == nullptr) {
    add_category(tree.text(predicate.value), test);
  } else {
    for (const std::string& text : set->values) add_category(text, test);
  }
  if (not_equal || (set != nullptr && !set->is_in)) test.passing.flip();
  return test;
}

bool are_opposites(Comparison a, Comparison b) {
  using enum Comparison;
  static constexpr std::pair<Comparison, Comparison> kOpposites[] = {
      {kEqual, kNotEqual}, {kLessThan, kGreaterOrEqual}, {kLessOrEqual, kGreaterThan}};
  return std::ranges::any_of(kOpposites, [&](const auto& pair) {
    return pair == std::pair(a, b) || pair == std::pair(b, a);
  });
}

// Are the predicates of two nodes opposites wherever the field is present?
bool are_opposites(const TreeModel& tree, const NodePredicate& a, const NodePredicate& b,
                   std::span<const SlotInfo* const> fields, const NameScope& scope) {
  if (a.kind == NodePredicate::Kind::kSimple && b.kind == a.kind && a.index == b.index &&
      are_opposites(a.comparison, b.comparison) && tree.text(a.value) == tree.text(b.value))
    return true;
  const auto x = category_test(tree, a, fields, scope);
  if (!x) return false;
  auto y = category_test(tree, b, fields, scope);
  if (!y || x->field->slot != y->field->slot) return false;
  y->passing.flip();
  // A field that has known values alone has no other.
  if (x->field->source != nullptr) y->passing.back() = x->passing.back();
  return x->passing == y->passing;
}

}  // namespace

// Turns predicates into tests of one tree. Every function answers with where to go first.
class ForestBuilder::Branches {
 public:
  Branches(const NameScope& scope, CodingBuilder& coding, std::vector<Draft>& drafts,
           std::size_t most)
      : scope_(scope), coding_(coding), drafts_(drafts), most_(most) {}

  [[nodiscard]] bool failed() const { return failed_; }

  // The predicate of a node; `fields` are what the fields of its tree mean.
  Ref on(const TreeModel& tree, std::size_t node, std::span<const SlotInfo* const> fields, Ref yes,
         Ref no, Ref unknown) {
    const NodePredicate& predicate = tree.nodes[node].predicate;
    switch (predicate.kind) {
      case NodePredicate::Kind::kTrue:
        return yes;
      case NodePredicate::Kind::kFalse:
        return no;
      case NodePredicate::Kind::kSimple:
        return on_comparison(fields[predicate.index], predicate.comparison,
                             tree.text(predicate.value), yes, no, unknown);
      case NodePredicate::Kind::kOther:
        break;
    }
    return on(tree.predicates[predicate.index], yes, no, unknown);
  }

  Ref on(const Predicate& predicate, Ref yes, Ref no, Ref unknown) {
    if (failed_ || std::holds_alternative<True>(predicate.is)) return yes;
    if (std::holds_alternative<False>(predicate.is)) return no;
    if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is))
      return on_comparison(scope_.find(simple->field), simple->comparison, simple->value, yes, no,
                           unknown);
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
      coding_.add_is_missing(slot);
    }
    return push(draft);
  }

  // A test of a number (whether it is below `bound`), or of a category (whether it is in `set`). A
  // way of its own for missing values becomes a test before it.
  Ref test(std::uint32_t slot, double bound, const CategorySet* set, Ref yes, Ref no, Ref unknown) {
    const auto categories = set == nullptr ? 0 : static_cast<std::uint32_t>(set->size() - 1);
    if (yes == no) return is_missing(slot, set != nullptr, categories, unknown, no);
    const bool before = unknown != yes && unknown != no && unknown != kNoAnswer;
    Draft draft{.slot = slot, .yes = yes, .no = no};
    draft.missing = unknown == yes            ? OnMissing::kYes
                    : before || unknown == no ? OnMissing::kNo
                                              : OnMissing::kNoAnswer;
    if (set != nullptr) {
      draft.kind = Draft::Kind::kSet;
      draft.set = coding_.add_set(slot, draft.missing, *set);
    } else {
      draft.bound = coding_.add_bound(slot, draft.missing, bound);
    }
    const Ref present = push(draft);
    return before ? is_missing(slot, set != nullptr, categories, unknown, present) : present;
  }

  Ref less(std::uint32_t slot, double bound, Ref yes, Ref no, Ref unknown) {
    if (std::isnan(bound)) return fail();
    // Both zeros are one number.
    return test(slot, bound + 0.0, nullptr, yes, no, unknown);
  }
  Ref less_or_equal(std::uint32_t slot, double bound, Ref yes, Ref no, Ref unknown) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (bound == kInfinity) return is_missing(slot, false, 0, unknown, yes);
    return less(slot, std::nextafter(bound, kInfinity), yes, no, unknown);
  }
  Ref equal(std::uint32_t slot, double value, Ref yes, Ref no, Ref unknown) {
    return less(slot, value, no, less_or_equal(slot, value, yes, no, unknown), unknown);
  }

  Ref on_comparison(const SlotInfo* info, Comparison comparison, std::string_view text, Ref yes,
                    Ref no, Ref unknown) {
    if (info == nullptr) return fail();
    const bool index = is_index(*info);
    const auto categories = index ? static_cast<std::uint32_t>(info->categories->size()) : 0;
    using enum Comparison;
    if (is_unary(comparison)) {
      if (comparison == kIsNotMissing) std::swap(yes, no);
      return is_missing(info->slot, index, categories, yes, no);
    }
    const auto value = operand(text, *info);
    if (!value) return fail();
    const bool ordered = comparison != kEqual && comparison != kNotEqual;
    // Texts and ordinal fields are ordered by what their field declares: for the interpreter.
    if (ordered && (index || info->ordered_by_list)) return fail();
    if (comparison == kNotEqual || comparison == kGreaterThan || comparison == kGreaterOrEqual)
      std::swap(yes, no);
    if (index) {
      CategorySet set(categories + std::size_t{1});
      if (*value >= 0 && *value < categories) set[static_cast<std::size_t>(*value)] = true;
      return test(info->slot, 0, &set, yes, no, unknown);
    }
    switch (comparison) {
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
      CategorySet set(info->categories->size() + 1);
      for (const std::string& text : predicate.values) {
        const auto value = operand(text, *info);
        if (value && *value >= 0 && *value < static_cast<double>(set.size() - 1))
          set[static_cast<std::size_t>(*value)] = true;
      }
      return test(info->slot, 0, &set, yes, no, unknown);
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
  forest.distributions.assign(categories, std::numeric_limits<double>::quiet_NaN());
  return static_cast<std::uint32_t>(forests_.size() - 1);
}

ForestBuilder::Ref ForestBuilder::answer(DraftForest& forest, const NodeAnswer& answer) {
  if (!answer.answers) return kNoAnswer;
  const std::size_t n = forest.categories;
  CHECK(answer.distribution.size() == n);
  std::uint64_t hash = hash_bits(answer.category, answer.number);
  for (const double p : answer.distribution) hash = hash_bits(hash, p);
  const auto fresh = static_cast<std::uint32_t>(forest.numbers.size());
  const std::uint32_t found = forest.known.find_or_add(hash, fresh, [&](std::uint32_t i) {
    return same_bits(forest.numbers[i], answer.number) && forest.winners[i] == answer.category &&
           std::ranges::equal(answer.distribution,
                              std::span(forest.distributions).subspan(i * n, n), same_bits);
  });
  if (found == fresh) {
    forest.numbers.push_back(answer.number);
    forest.winners.push_back(answer.category);
    forest.distributions.insert(forest.distributions.end(), answer.distribution.begin(),
                                answer.distribution.end());
  }
  return kAnswerBit | found;
}

bool ForestBuilder::add_tree(std::uint32_t forest_number, const TreeModel& tree,
                             const NameScope& scope, const std::vector<NodeAnswer>& answers) {
  DraftForest& forest = forests_[forest_number];
  DraftTree& draft = forest.trees.emplace_back();
  Branches branches(scope, coding_, draft.drafts, 16 * tree.nodes.size() + 4096);
  std::vector<const SlotInfo*> fields;
  for (const std::string& field : tree.fields) fields.push_back(scope.find(field));
  const bool last_prediction =
      tree.no_true_child_strategy == NoTrueChildStrategy::kReturnLastPrediction;
  const bool own_matters =
      last_prediction || tree.missing_value_strategy == MissingValueStrategy::kLastPrediction;
  // Where a row goes that has reached node i. Children stand after their parents.
  std::vector<Ref> entries(tree.nodes.size());
  std::vector<std::size_t> children;
  for (std::size_t i = tree.nodes.size(); i-- > 0 && !branches.failed();) {
    children.clear();
    for (const std::size_t child : tree.children(i)) children.push_back(child);
    const Ref own = children.empty() || own_matters ? answer(forest, answers[i]) : kNoAnswer;
    if (children.empty()) {
      entries[i] = own;
      continue;
    }
    Ref missing = kNoAnswer;
    if (tree.missing_value_strategy == MissingValueStrategy::kLastPrediction) missing = own;
    if (tree.missing_value_strategy == MissingValueStrategy::kDefaultChild) {
      if (const auto preset = tree.default_child(i)) missing = entries[*preset];
    }
    const Ref otherwise = last_prediction ? own : kNoAnswer;
    Ref next = otherwise;
    for (std::size_t c = children.size(); c-- > 0;) {
      const std::size_t child = children[c];
      Ref unknown = tree.missing_value_strategy == MissingValueStrategy::kNone ? next : missing;
      Ref no = next;
      if (c + 2 == children.size() &&
          are_opposites(tree, tree.nodes[child].predicate, tree.nodes[children[c + 1]].predicate,
                        fields, scope)) {
        // The last child is the other half of this one: no second test, and where both are unknown
        // the strategy `none` finds no true child.
        no = entries[children[c + 1]];
        if (tree.missing_value_strategy == MissingValueStrategy::kNone) unknown = otherwise;
      }
      next = branches.on(tree, child, fields, entries[child], no, unknown);
    }
    entries[i] = next;
  }
  if (branches.failed()) return false;
  draft.root = branches.on(tree, 0, fields, entries[0], kNoAnswer, kNoAnswer);
  draft.drafts.shrink_to_fit();
  return !branches.failed();
}

// The drafts that walks meet, in their order, the way of `yes` first, and the position of each
// draft in it.
struct ForestBuilder::Order {
  std::vector<std::uint32_t> drafts;
  std::vector<std::uint32_t> positions;

  void of(const DraftTree& tree) {
    constexpr std::uint32_t kUnseen = 0xffff'ffff;
    drafts.clear();
    positions.assign(tree.drafts.size(), kUnseen);
    waiting_.assign(1, tree.root);
    while (!waiting_.empty()) {
      const Ref at = waiting_.back();
      waiting_.pop_back();
      if ((at & kAnswerBit) != 0 || positions[at] != kUnseen) continue;
      positions[at] = static_cast<std::uint32_t>(drafts.size());
      drafts.push_back(at);
      waiting_.push_back(tree.drafts[at].no);
      waiting_.push_back(tree.drafts[at].yes);
    }
  }

 private:
  std::vector<Ref> waiting_;
};

CodingBuilder::Place ForestBuilder::place(const Draft& draft) const {
  switch (draft.kind) {
    case Draft::Kind::kSet:
      return coding_.place_set(draft.set);
    case Draft::Kind::kIsMissing:
      return coding_.place_is_missing(draft.slot);
    case Draft::Kind::kNumber:
      break;
  }
  return coding_.place_bound(draft.slot, draft.missing, draft.bound);
}

void ForestBuilder::emit_quick(const DraftForest& draft, Forest& forest) const {
  auto& nodes = forest.nodes.emplace<std::vector<QuickNode>>();
  nodes.push_back(QuickNode::answer(0, 0));
  Order order;
  for (std::size_t t = 0; t < draft.trees.size(); ++t) {
    const DraftTree& source = draft.trees[t];
    order.of(source);
    const auto root = static_cast<std::uint32_t>(nodes.size());
    const auto add = [&](Ref ref) {
      if ((ref & kAnswerBit) != 0) {
        nodes.push_back(QuickNode::answer(static_cast<std::uint16_t>(ref & ~kAnswerBit),
                                          static_cast<std::uint32_t>(nodes.size())));
        return;
      }
      const CodingBuilder::Place at = place(source.drafts[ref]);
      nodes.push_back(QuickNode::test(static_cast<std::uint16_t>(at.column), at.bound,
                                      root + 1 + 2 * order.positions[ref]));
    };
    add(source.root);
    for (const std::uint32_t d : order.drafts) {
      add(source.drafts[d].yes);
      add(source.drafts[d].no);
    }
    forest.trees[t].first_node = root;
    forest.trees[t].root = root;
  }
}

std::uint16_t ForestBuilder::mask_of(const Draft& draft) {
  const CodingBuilder::Place at = place(draft);
  const Coding& coding = coding_.coding();
  if (draft.kind == Draft::Kind::kSet)
    return static_cast<std::uint16_t>(at.column - coding.first_set_column);
  const auto fresh = static_cast<std::uint16_t>(coding.columns - coding.first_set_column +
                                                static_cast<std::uint32_t>(masks_.size()));
  const auto [found, added] = mask_numbers_.emplace(at.column << 8 | at.bound, fresh);
  if (added) masks_.push_back({static_cast<std::uint16_t>(at.column), at.bound});
  return found->second;
}

// Drafts stand after those they lead to, so that from the last to the first every node comes before
// those it leads to.
void ForestBuilder::emit_row_sets(const DraftForest& draft, Forest& forest) {
  RowSets sets;
  constexpr std::uint32_t kUnseen = 0xffff'ffff;
  std::vector<std::uint32_t> position;
  std::vector<std::uint32_t> order;
  for (const DraftTree& source : draft.trees) {
    RowSetTree tree{.first_node = static_cast<std::uint32_t>(sets.nodes.size()),
                    .first_leaf = static_cast<std::uint32_t>(sets.answers.size())};
    position.assign(source.drafts.size(), kUnseen);
    order.clear();
    if ((source.root & kAnswerBit) == 0) position[source.root] = 0;
    for (std::size_t d = source.drafts.size(); d-- > 0;) {
      if (position[d] == kUnseen) continue;
      position[d] = static_cast<std::uint32_t>(order.size());
      order.push_back(static_cast<std::uint32_t>(d));
      for (const Ref ref : {source.drafts[d].yes, source.drafts[d].no}) {
        if ((ref & kAnswerBit) == 0 && position[ref] == kUnseen) position[ref] = 0;
      }
    }
    tree.nodes = static_cast<std::uint32_t>(order.size());
    std::unordered_map<Ref, std::uint32_t> leaves;
    const auto reach = [&](Ref ref) {
      if ((ref & kAnswerBit) == 0) return static_cast<std::uint16_t>(position[ref]);
      const auto [found, fresh] = leaves.emplace(ref, static_cast<std::uint32_t>(leaves.size()));
      if (fresh) sets.answers.push_back(ref & ~kAnswerBit);
      return static_cast<std::uint16_t>(tree.nodes + found->second);
    };
    if ((source.root & kAnswerBit) != 0) static_cast<void>(reach(source.root));
    for (const std::uint32_t d : order) {
      const Draft& node = source.drafts[d];
      const std::uint16_t yes = reach(node.yes);
      sets.nodes.push_back({mask_of(node), yes, reach(node.no)});
    }
    tree.leaves = static_cast<std::uint32_t>(leaves.size());
    if (tree.nodes + tree.leaves > kMostRowSets ||
        masks_.size() + coding_.coding().columns > 0xffff)
      return;
    sets.trees.push_back(tree);
  }
  if (!draft.classifies) {
    for (const std::uint32_t answer : sets.answers) {
      sets.numbers.push_back(draft.numbers[answer]);
      sets.floats.push_back(static_cast<float>(draft.numbers[answer]));
    }
  }
  forest.row_sets = std::move(sets);
}

template <class Node>
void ForestBuilder::emit(const DraftForest& draft, Forest& forest, bool per_tree) const {
  using NodeRef = typename Node::Reference;
  constexpr auto kBit = static_cast<NodeRef>(NodeRef{1} << (8 * sizeof(NodeRef) - 1));
  auto& nodes = forest.nodes.emplace<std::vector<Node>>();
  std::size_t reachable = 0;
  for (const DecisionTree& tree : forest.trees) reachable += tree.nodes;
  nodes.reserve(reachable);
  Order order;
  std::vector<double> numbers;
  std::vector<std::uint32_t> winners;
  std::vector<double> distributions;
  const std::size_t n = draft.categories;
  // Of each answer of the forest: the last tree (counted from 1) that takes it, and its number
  // there.
  std::vector<std::pair<std::size_t, std::uint32_t>> local(per_tree ? draft.numbers.size() : 0);
  for (std::size_t t = 0; t < draft.trees.size(); ++t) {
    const DraftTree& source = draft.trees[t];
    DecisionTree& tree = forest.trees[t];
    tree.first_node = static_cast<std::uint32_t>(nodes.size());
    tree.first_answer = static_cast<std::uint32_t>(per_tree ? numbers.size() : 0);
    std::uint32_t taken = 0;
    const auto take_answer = [&](std::uint32_t answer) -> std::uint32_t {
      if (!per_tree) return answer;
      auto& [in, at] = local[answer];
      if (in != t + 1) {
        in = t + 1;
        at = taken++;
        numbers.push_back(draft.numbers[answer]);
        winners.push_back(draft.winners[answer]);
        const double* from = draft.distributions.data() + answer * n;
        distributions.insert(distributions.end(), from, from + n);
      }
      return at;
    };
    static_cast<void>(take_answer(0));
    order.of(source);
    const auto reference = [&](Ref ref) {
      if ((ref & kAnswerBit) != 0)
        return static_cast<NodeRef>(kBit | static_cast<NodeRef>(take_answer(ref & ~kAnswerBit)));
      return static_cast<NodeRef>(order.positions[ref]);
    };
    for (const std::uint32_t d : order.drafts) {
      const CodingBuilder::Place at = place(source.drafts[d]);
      Node node;
      node.column = static_cast<decltype(Node::column)>(at.column);
      node.bound = at.bound;
      node.ways[0] = reference(source.drafts[d].yes);
      node.ways[1] = reference(source.drafts[d].no);
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

// Lets the masks of a coder stand together, and the nodes know it.
void ForestBuilder::sort_masks(Forests& forests) {
  std::vector<std::uint32_t> order(forests.masks.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) {
    return std::pair(forests.masks[i].column, forests.masks[i].bound);
  });
  std::vector<NumberMask> sorted;
  std::vector<std::uint32_t> position(order.size());
  for (const std::uint32_t i : order) {
    position[i] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(forests.masks[i]);
  }
  forests.masks = std::move(sorted);
  const std::uint32_t first = forests.coding.columns - forests.coding.first_set_column;
  for (Forest& forest : forests.forests) {
    for (RowSetNode& node : forest.row_sets.nodes) {
      if (node.test >= first)
        node.test = static_cast<std::uint16_t>(first + position[node.test - first]);
    }
  }
  std::uint32_t at = 0;
  for (NumberCoder& coder : forests.coding.numbers) {
    coder.first_mask = at;
    while (at < forests.masks.size() &&
           forests.masks[at].column < coder.first_column + coder.columns)
      ++at;
    coder.masks = at - coder.first_mask;
  }
}

std::optional<Forests> ForestBuilder::finish() {
  if (!coding_.lay_out()) return std::nullopt;
  Forests result;
  for (DraftForest& draft : forests_) result.forests.push_back(finish(draft));
  result.coding = coding_.take();
  result.masks = std::move(masks_);
  sort_masks(result);
  return result;
}

Forest ForestBuilder::finish(DraftForest& draft) {
  Forest forest;
  forest.categories = draft.categories;
  std::size_t most_nodes = 0;
  std::vector<std::uint32_t> depth;
  std::vector<std::uint8_t> reached;
  std::vector<bool> number_slots(coding_.slots());
  std::vector<bool> set_slots(coding_.slots());
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
    forest.depth = std::max(forest.depth, tree.depth);
    most_nodes = std::max<std::size_t>(most_nodes, tree.nodes);
  }
  const Coding& coding = coding_.coding();
  for (std::uint32_t i = 0; i < coding.numbers.size(); ++i) {
    if (number_slots[coding.numbers[i].slot]) forest.number_coders.push_back(i);
  }
  for (std::uint32_t i = 0; i < coding.sets.size(); ++i) {
    if (set_slots[coding.sets[i].slot]) forest.set_coders.push_back(i);
  }
  // Sixteen bits are enough for a reference where the nodes of each tree and the answers of the
  // forest, or else of each tree (which are one more than its nodes at most, and none), are few.
  constexpr std::size_t kFew = 0x7fff;
  const bool few_answers = draft.numbers.size() <= kFew;
  forest.numbers = draft.numbers;
  forest.winners = draft.winners;
  forest.distributions = draft.distributions;
  CHECK(coding.columns <= 0x10000);
  std::size_t all_nodes = 1 + forest.trees.size();
  for (const DecisionTree& tree : forest.trees) all_nodes += 2 * std::size_t{tree.nodes};
  if (all_nodes <= kMostQuickNodes && draft.numbers.size() <= QuickNode::kMostNumbers) {
    emit_quick(draft, forest);
    emit_row_sets(draft, forest);
  } else if (most_nodes + 2 > kFew) {
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
