// SPDX-License-Identifier: Apache-2.0
// The nodes of trees, read from the text at once. Most of a large file are nodes that hold one
// comparison, shares and nodes, spelled as every exporter spells them; to make an element of each
// would take most of the time of loading. A tree that holds anything else, or anything wrong, is
// left to the reader of elements, which knows all there is and says what is wrong.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pmml/document/document.h"

namespace pmml::detail {

struct PlainTree {
  std::size_t begin = 0;     // In the text: where its root begins,
  std::size_t end = 0;       // and where what follows begins.
  std::size_t elements = 0;  // That the root is made of, itself included.
  std::size_t depth = 0;     // Of elements one in another.
  TreeModel tree = {};       // With what nodes are made of; nothing else of it is set.
};

// The trees of a text that can be taken out, and the text without them.
class PlainTrees {
 public:
  PlainTrees() = default;
  // `text` stays where it is.
  explicit PlainTrees(std::string_view text);

  [[nodiscard]] bool empty() const { return trees_.empty(); }
  // Does the text hold "<!", which begins comments, CDATA and declarations?
  [[nodiscard]] bool may_declare() const { return may_declare_; }
  // The text with an empty Node for each tree.
  [[nodiscard]] std::string rest() const;
  // The tree whose empty Node begins there in rest(); null where none does.
  [[nodiscard]] PlainTree* at(std::size_t offset);
  // The place in the text of a place in rest().
  [[nodiscard]] std::size_t place_in_text(std::size_t offset) const;

 private:
  std::string_view text_;
  bool may_declare_ = false;
  std::vector<PlainTree> trees_;
  std::vector<std::size_t> places_;  // Of their empty Nodes in rest().
};

}  // namespace pmml::detail
