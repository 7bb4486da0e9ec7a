// SPDX-License-Identifier: Apache-2.0
// What the readers of all chapters share: an element of the file, its checked attributes, and the
// first complaint.
#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pmml/detail/names.h"
#include "pmml/document/types.h"
#include "pmml/read/plain_trees.h"

namespace pmml::detail {

// The file being read. The first refusal is kept; reading goes on to a harmless end.
class Source {
 public:
  explicit Source(std::string_view text, PlainTrees trees = {})
      : text_(text), trees_(std::move(trees)) {}
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  void refuse(pugi::xml_node at, std::string what);
  // The tree that has been taken out where this Node is; null where the Node stands for itself.
  [[nodiscard]] PlainTree* plain_tree(pugi::xml_node node);
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }
  std::string prefix;  // "p:" where the file writes <p:PMML>.
  int version = 44;    // 30, 31, 32, 40 … 44.

 private:
  std::string_view text_;
  PlainTrees trees_;  // Taken out of the text that is read as elements.
  std::optional<base::Error> error_;
};

class Element {
 public:
  Element(pugi::xml_node node, Source& source) : node_(node), source_(&source) {}

  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] bool is(std::string_view name) const { return this->name() == name; }
  [[nodiscard]] Source& source() const { return *source_; }
  [[nodiscard]] pugi::xml_node node() const { return node_; }
  void refuse(std::string what) const { source_->refuse(node_, std::move(what)); }

  // Every other attribute, save those of other namespaces, is refused by name.
  void only(std::span<const std::string_view> attributes) const;
  void only(std::initializer_list<std::string_view> attributes) const {
    only(std::span(attributes.begin(), attributes.size()));
  }

  // One attribute after the other, save those of other namespaces; the ones that `take` does not
  // know are refused by name.
  template <class Take>
  void each_attribute(Take take) const {
    for (pugi::xml_attribute attribute = node_.first_attribute(); attribute;
         attribute = attribute.next_attribute()) {
      const char* name = attribute.name();
      if (!take(std::string_view(name), attribute.value())) refuse_unless_foreign(attribute);
    }
  }
  // About how many bytes of the file the element takes.
  [[nodiscard]] std::size_t text_length() const;

  [[nodiscard]] std::optional<std::string> find(const char* attribute) const;
  [[nodiscard]] std::string text(const char* attribute) const {
    return find(attribute).value_or("");
  }
  [[nodiscard]] std::string required(const char* attribute) const;
  [[nodiscard]] std::optional<double> find_number(const char* attribute) const;
  [[nodiscard]] double number(const char* attribute, double otherwise) const;
  [[nodiscard]] double required_number(const char* attribute) const;
  [[nodiscard]] bool boolean(const char* attribute, bool otherwise) const;

  template <class Enum, std::size_t N>
  [[nodiscard]] std::optional<Enum> find_choice(const char* attribute,
                                                const Names<Enum, N>& names) const {
    const auto value = find(attribute);
    if (!value) return std::nullopt;
    const auto choice = find_name(names, *value);
    if (!choice) {
      std::string known;
      for (const auto& entry : names)
        known += (known.empty() ? "" : ", ") + std::string(entry.first);
      refuse("attribute " + std::string(attribute) + " is '" + *value + "'; this scorer knows " +
             known);
    }
    return choice;
  }
  template <class Enum, std::size_t N>
  [[nodiscard]] Enum choice(const char* attribute, const Names<Enum, N>& names,
                            Enum otherwise) const {
    return find_choice(attribute, names).value_or(otherwise);
  }

  // The element children that can mean something: no Extension, nothing of other namespaces.
  [[nodiscard]] std::vector<Element> children() const;
  // The same, one after the other.
  template <class Take>
  void each_child(Take take) const {
    for (pugi::xml_node child = node_.first_child(); child; child = child.next_sibling()) {
      if (means_something(child)) take(Element(child, *source_));
    }
  }
  // Refuses this element as a child of its parent.
  void refuse_here() const;
  [[nodiscard]] std::string content() const;  // Text and CDATA, joined.

 private:
  void refuse_unless_foreign(pugi::xml_attribute attribute) const;
  [[nodiscard]] bool means_something(pugi::xml_node child) const;
  pugi::xml_node node_;
  Source* source_;
};

// The number that a text spells, with NaN, INF and Infinity as PMML 4.4 allows.
std::optional<double> parse_pmml_number(std::string_view text);

// The tokens of an Array: separated by blanks, quoted where they hold blanks, \" inside quotes.
std::vector<std::string> read_array(const Element& array);
Interval read_interval(const Element& element);

}  // namespace pmml::detail
