// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/plain_trees.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pmml/detail/names.h"
#include "pmml/read/element.h"

namespace pmml::detail {
namespace {

constexpr std::string_view kEmptyNode = "<Node/>";

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Goes through one tree. Every function is false where something is not plain.
class Scanner {
 public:
  Scanner(std::string_view text, PlainTree& plain)
      : text_(text), at_(plain.begin), plain_(plain), tree_(plain.tree) {}

  bool scan() {
    do {
      skip_blanks();
      if (!(starts("</") ? end_node() : element())) return false;
    } while (!open_.empty());
    plain_.end = at_;
    return true;
  }

 private:
  struct Open {
    std::uint32_t node;
    bool has_predicate = false;
  };

  // Lengths that the compiler knows: most of the time of loading a large file is spent here.
  template <std::size_t N>
  [[nodiscard]] bool starts(const char (&with)[N]) const {
    return text_.size() - at_ >= N - 1 && std::memcmp(text_.data() + at_, with, N - 1) == 0;
  }
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    // Deep nodes are indented by many tabs or spaces.
    while (starts("\t\t\t\t\t\t\t\t") || starts("        ")) at_ += 8;
    while (is_blank(here())) ++at_;
  }
  template <std::size_t N>
  bool take(const char (&text)[N]) {
    if (!starts(text)) return false;
    at_ += N - 1;
    return true;
  }

  bool end_node() {
    if (!take("</Node>") || !open_.back().has_predicate) return false;
    tree_.nodes[open_.back().node].after = static_cast<std::uint32_t>(tree_.nodes.size());
    open_.pop_back();
    return true;
  }

  bool element() {
    ++plain_.elements;
    if (take("<Node")) return begin_node();
    if (open_.empty()) return false;
    plain_.depth = std::max(plain_.depth, open_.size() + 1);
    if (take("<ScoreDistribution")) return share();
    Open& open = open_.back();
    if (open.has_predicate) return false;
    open.has_predicate = true;
    NodePredicate& predicate = tree_.nodes[open.node].predicate;
    if (take("<SimplePredicate")) return comparison(predicate);
    if (take("<True/>")) return true;
    predicate.kind = NodePredicate::Kind::kFalse;
    return take("<False/>");
  }

  // Attributes up to `end`; `take_one` says whether it knows an attribute and its value is right.
  template <std::size_t N, class TakeOne>
  bool attributes(const char (&end)[N], TakeOne take_one) {
    while (true) {
      const std::size_t before = at_;
      skip_blanks();
      if (take(end)) return true;
      if (at_ == before) return false;
      const std::size_t name = at_;
      while (here() >= 'A' && here() <= 'z') ++at_;
      const std::size_t name_end = at_;
      if (!take("=\"")) return false;
      const std::size_t value = at_;
      // Plain text: nothing that stands for something else, nothing beyond ASCII.
      while (here() >= ' ' && here() != '"' && here() != '&' && here() != '<' && here() != '\x7f')
        ++at_;
      const std::size_t value_end = at_;
      if (!take("\"")) return false;
      if (!take_one(text_.substr(name, name_end - name), text_.substr(value, value_end - value)))
        return false;
    }
  }

  // Of an attribute that stands there once.
  bool take_text(NodeText& text, std::string_view value) {
    if (text.given()) return false;
    text = tree_.add_text(value);
    return true;
  }
  static bool take_number(std::optional<double>& number, std::string_view value) {
    if (number) return false;
    number = parse_pmml_number(value);
    return number && !std::isnan(*number);
  }

  bool begin_node() {
    if (!open_.empty() && !open_.back().has_predicate) return false;
    open_.push_back({static_cast<std::uint32_t>(tree_.nodes.size())});
    plain_.depth = std::max(plain_.depth, open_.size());
    TreeNode& node = tree_.nodes.emplace_back();
    node.first_share = static_cast<std::uint32_t>(tree_.distributions.size());
    std::optional<double> count;
    const bool plain = attributes(">", [&](std::string_view name, std::string_view value) {
      if (name == "score") return take_text(node.score, value);
      if (name == "id") return take_text(node.id, value);
      if (name == "defaultChild") return take_text(node.default_child, value);
      return name == "recordCount" && take_number(count, value);
    });
    if (count) node.record_count = *count;
    return plain;
  }

  bool comparison(NodePredicate& predicate) {
    predicate.kind = NodePredicate::Kind::kSimple;
    std::optional<std::string_view> field;
    std::optional<Comparison> comparison;
    const bool plain = attributes("/>", [&](std::string_view name, std::string_view value) {
      if (name == "value") return take_text(predicate.value, value);
      if (name == "field") return !std::exchange(field, value);
      return name == "operator" && !std::exchange(comparison, find_name(kComparisons, value)) &&
             comparison;
    });
    if (!plain || !field || !comparison || is_unary(*comparison) == predicate.value.given())
      return false;
    const auto [known, fresh] = fields_.emplace(*field, tree_.fields.size());
    if (fresh) tree_.fields.emplace_back(*field);
    predicate.index = known->second;
    predicate.comparison = *comparison;
    return true;
  }

  // Those of a node stand together, before its nodes.
  bool share() {
    if (!open_.back().has_predicate || open_.back().node + 1 != tree_.nodes.size()) return false;
    ScoreDistribution share;
    std::optional<std::string_view> category;
    std::optional<double> count;
    const bool plain = attributes("/>", [&](std::string_view name, std::string_view value) {
      if (name == "value") return !std::exchange(category, value);
      if (name == "recordCount") return take_number(count, value);
      if (name == "probability") return take_number(share.probability, value);
      return name == "confidence" && take_number(share.confidence, value);
    });
    if (!plain || !category) return false;
    share.value = *category;
    share.record_count = count.value_or(0);
    tree_.distributions.push_back(std::move(share));
    ++tree_.nodes.back().shares;
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  PlainTree& plain_;
  TreeModel& tree_;
  std::vector<Open> open_;
  std::unordered_map<std::string_view, std::uint32_t> fields_;
};

// Might the text be in an encoding in which its bytes are no letters, or hold comments or CDATA, in
// which a tree would be none?
bool is_guarded(std::string_view text) {
  for (const char c : text.substr(0, 4)) {
    if (c == '\0' || c == '\xfe' || c == '\xff') return true;
  }
  for (std::size_t at = text.find('!'); at != std::string_view::npos; at = text.find('!', at + 1)) {
    if (at > 0 && text[at - 1] == '<') return true;
  }
  return text.size() >= NodeText::kNone;
}

}  // namespace

PlainTrees::PlainTrees(std::string_view text) : text_(text) {
  if (is_guarded(text)) return;
  std::size_t cut = 0;
  std::size_t from = 0;
  while (true) {
    const std::size_t model = text.find("<TreeModel", from);
    if (model == std::string_view::npos) return;
    PlainTree plain{.begin = text.find("<Node", model)};
    if (plain.begin == std::string_view::npos) return;
    from = plain.begin + 1;
    // A processing instruction might hold the one and not the other.
    if (text.substr(model, plain.begin - model).find("?>") != std::string_view::npos) continue;
    if (!Scanner(text, plain).scan()) continue;
    from = plain.end;
    places_.push_back(plain.begin - cut);
    cut += plain.end - plain.begin - kEmptyNode.size();
    trees_.push_back(std::move(plain));
  }
}

std::string PlainTrees::rest() const {
  std::string rest;
  std::size_t from = 0;
  for (const PlainTree& plain : trees_) {
    rest += text_.substr(from, plain.begin - from);
    rest += kEmptyNode;
    from = plain.end;
  }
  rest += text_.substr(from);
  return rest;
}

PlainTree* PlainTrees::at(std::size_t offset) {
  const auto place = std::ranges::lower_bound(places_, offset);
  if (place == places_.end() || *place != offset) return nullptr;
  return &trees_[static_cast<std::size_t>(place - places_.begin())];
}

std::size_t PlainTrees::place_in_text(std::size_t offset) const {
  const auto before = std::ranges::upper_bound(places_, offset) - places_.begin();
  if (before == 0) return offset;
  const auto last = static_cast<std::size_t>(before - 1);
  if (offset == places_[last]) return trees_[last].begin;
  return trees_[last].end +
         (offset - places_[last] - std::min(offset - places_[last], kEmptyNode.size()));
}

}  // namespace pmml::detail
