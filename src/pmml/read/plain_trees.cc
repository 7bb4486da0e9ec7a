// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/plain_trees.h"

#include <algorithm>
#include <array>
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

// Of each character, whether it is plain in the value of an attribute: it stands for itself and is
// ASCII.
constexpr auto kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = ' '; c < 0x7f; ++c) plain[c] = c != '"' && c != '&' && c != '<';
  return plain;
}();

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
  static bool is(std::string_view text, const char (&name)[N]) {
    return text.size() == N - 1 && std::memcmp(text.data(), name, N - 1) == 0;
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
      while (kIsPlain[static_cast<unsigned char>(here())]) ++at_;
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
      if (is(name, "score")) return take_text(node.score, value);
      if (is(name, "id")) return take_text(node.id, value);
      if (is(name, "defaultChild")) return take_text(node.default_child, value);
      return is(name, "recordCount") && take_number(count, value);
    });
    if (count) node.record_count = *count;
    return plain;
  }

  bool comparison(NodePredicate& predicate) {
    predicate.kind = NodePredicate::Kind::kSimple;
    std::optional<std::string_view> field;
    std::optional<Comparison> comparison;
    const bool plain = attributes("/>", [&](std::string_view name, std::string_view value) {
      if (is(name, "value")) return take_text(predicate.value, value);
      if (is(name, "field")) return !std::exchange(field, value);
      return is(name, "operator") && !std::exchange(comparison, find_name(kComparisons, value)) &&
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
      if (is(name, "value")) return !std::exchange(category, value);
      if (is(name, "recordCount")) return take_number(count, value);
      if (is(name, "probability")) return take_number(share.probability, value);
      return is(name, "confidence") && take_number(share.confidence, value);
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

// Does the text hold "<!"? Exclamation marks are rare in large files.
bool has_declarations(std::string_view text) {
  for (std::size_t at = text.find('!'); at != std::string_view::npos; at = text.find('!', at + 1)) {
    if (at > 0 && text[at - 1] == '<') return true;
  }
  return false;
}

// Might the text be in an encoding in which its bytes are no letters?
bool is_encoded(std::string_view text) {
  return std::ranges::any_of(text.substr(0, 4),
                             [](char c) { return c == '\0' || c == '\xfe' || c == '\xff'; });
}

}  // namespace

PlainTrees::PlainTrees(std::string_view text) : text_(text), may_declare_(has_declarations(text)) {
  // In a comment or CDATA, a tree would be none.
  if (may_declare_ || is_encoded(text) || text.size() >= NodeText::kNone) return;
  std::size_t cut = 0;
  std::size_t from = 0;
  // The trees of a forest are about equally large: each is given room for as many nodes as the one
  // before it has, as long as all of that is not more than the text.
  std::size_t spare = text.size() / sizeof(TreeNode);
  while (true) {
    const std::size_t model = text.find("<TreeModel", from);
    if (model == std::string_view::npos) return;
    PlainTree plain{.begin = text.find("<Node", model)};
    if (plain.begin == std::string_view::npos) return;
    from = plain.begin + 1;
    // A processing instruction might hold the one and not the other.
    if (text.substr(model, plain.begin - model).find("?>") != std::string_view::npos) continue;
    if (!trees_.empty()) {
      const std::size_t expected = std::min(spare, trees_.back().tree.nodes.size() * 9 / 8);
      plain.tree.nodes.reserve(expected);
      spare -= expected;
    }
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
