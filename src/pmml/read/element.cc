// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/element.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/number.h"
#include "pmml/detail/array_text.h"

namespace pmml::detail {

void Source::refuse(pugi::xml_node at, std::string what) {
  if (error_) return;
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at.offset_debug(), 0));
  const std::string_view before = text_.substr(0, trees_.place_in_text(offset));
  error_ = base::input_error("line " + std::to_string(1 + std::ranges::count(before, '\n')) +
                             ": <" + at.name() + ">: " + std::move(what));
}

PlainTree* Source::plain_tree(pugi::xml_node node) {
  // An element's place is that of its name.
  return trees_.empty() || node.offset_debug() < 1
             ? nullptr
             : trees_.at(static_cast<std::size_t>(node.offset_debug() - 1));
}

std::string_view Element::name() const {
  std::string_view name = node_.name();
  if (name.starts_with(source_->prefix)) name.remove_prefix(source_->prefix.size());
  return name;
}

void Element::refuse_unless_foreign(pugi::xml_attribute attribute) const {
  const std::string_view name = attribute.name();
  if (name.starts_with("xmlns") || name.find(':') != std::string_view::npos) return;
  refuse("attribute " + std::string(name) + "=\"" + attribute.value() +
         "\" is unknown to this scorer and might change the score; remove it if it does not");
}

void Element::only(std::span<const std::string_view> attributes) const {
  for (pugi::xml_attribute attribute = node_.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    if (std::ranges::find(attributes, std::string_view(attribute.name())) == attributes.end())
      refuse_unless_foreign(attribute);
  }
}

std::size_t Element::text_length() const {
  const pugi::xml_node after = node_.next_sibling();
  const std::ptrdiff_t from = node_.offset_debug();
  const std::ptrdiff_t to =
      after ? after.offset_debug() : static_cast<std::ptrdiff_t>(source_->size());
  return from < 0 || to < from ? 0 : static_cast<std::size_t>(to - from);
}

std::optional<std::string> Element::find(const char* attribute) const {
  const pugi::xml_attribute found = node_.attribute(attribute);
  return found ? std::optional<std::string>(found.value()) : std::nullopt;
}

std::string Element::required(const char* attribute) const {
  const auto value = find(attribute);
  if (!value) refuse("attribute " + std::string(attribute) + " is required");
  return value.value_or("");
}

std::optional<double> Element::find_number(const char* attribute) const {
  const auto value = find(attribute);
  if (!value) return std::nullopt;
  const auto number = parse_pmml_number(*value);
  if (!number || std::isnan(*number)) {
    refuse("attribute " + std::string(attribute) + " is '" + *value + "': expected a number");
    return std::nullopt;
  }
  return number;
}

double Element::number(const char* attribute, double otherwise) const {
  return find_number(attribute).value_or(otherwise);
}

double Element::required_number(const char* attribute) const {
  if (!node_.attribute(attribute)) refuse("attribute " + std::string(attribute) + " is required");
  return number(attribute, 0);
}

bool Element::boolean(const char* attribute, bool otherwise) const {
  const auto value = find(attribute);
  if (!value) return otherwise;
  if (*value == "true" || *value == "1") return true;
  if (*value != "false" && *value != "0") {
    refuse("attribute " + std::string(attribute) + " is '" + *value + "': expected true or false");
  }
  return false;
}

bool Element::means_something(pugi::xml_node child) const {
  if (child.type() != pugi::node_element) return false;
  const std::string_view name = child.name();
  if (!name.starts_with(source_->prefix)) return false;
  const std::string_view local = name.substr(source_->prefix.size());
  return local != "Extension" && local.find(':') == std::string_view::npos;
}

std::vector<Element> Element::children() const {
  std::vector<Element> result;
  each_child([&](const Element& child) { result.push_back(child); });
  return result;
}

void Element::refuse_here() const {
  refuse("not supported inside <" + std::string(node_.parent().name()) +
         ">; export the model without it, or with an equivalent that this scorer knows");
}

std::string Element::content() const {
  std::string result;
  for (const pugi::xml_node child : node_.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      result += child.value();
  }
  return result;
}

std::optional<double> parse_pmml_number(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t' ||
                           text.front() == '\r')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t' ||
                           text.back() == '\r')) {
    text.remove_suffix(1);
  }
  if (const auto number = base::parse_double(text)) return number;
  if (text == "NaN" || text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "INF" || text == "Infinity" || text == "inf")
    return std::numeric_limits<double>::infinity();
  if (text == "-INF" || text == "-Infinity" || text == "-inf")
    return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

std::vector<std::string> read_array(const Element& array) {
  array.only({"n", "type"});
  auto values = split_array(array.content());
  if (!values) array.refuse("a quoted value has no closing quote");
  return std::move(values).value_or(std::vector<std::string>{});
}

Interval read_interval(const Element& element) {
  element.only({"closure", "leftMargin", "rightMargin"});
  Interval interval;
  interval.closure = element.choice("closure", kClosures, Closure::kClosedClosed);
  interval.left = element.find_number("leftMargin");
  interval.right = element.find_number("rightMargin");
  return interval;
}

}  // namespace pmml::detail
