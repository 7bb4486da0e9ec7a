// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/read.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pmml/compile/check.h"
#include "pmml/read/element.h"
#include "pmml/read/field.h"
#include "pmml/read/model.h"

namespace pmml {
namespace {

using detail::Element;
using detail::PlainTree;
using detail::PlainTrees;
using detail::Source;

constexpr std::array<std::pair<std::string_view, int>, 9> kVersions = {{{"3.0", 30},
                                                                        {"3.1", 31},
                                                                        {"3.2", 32},
                                                                        {"4.0", 40},
                                                                        {"4.1", 41},
                                                                        {"4.2", 42},
                                                                        {"4.2.1", 42},
                                                                        {"4.3", 43},
                                                                        {"4.4", 44}}};

// Counts what the file holds without recursion.
base::Result<void> measure(pugi::xml_node root, Source& source, const ReadLimits& limits) {
  std::size_t depth = 1;
  std::size_t elements = 1;
  const auto too_deep = [&] {
    return base::input_error("elements nest more than " + std::to_string(limits.depth) + " deep");
  };
  const auto too_many = [&] {
    return base::input_error("the file holds more than " + std::to_string(limits.elements) +
                             " elements and texts");
  };
  pugi::xml_node node = root;
  while (true) {
    if (const pugi::xml_node child = node.first_child()) {
      node = child;
      if (++depth > limits.depth) return too_deep();
    } else {
      if (const PlainTree* plain = source.plain_tree(node)) {
        elements += plain->elements - 1;
        if (elements > limits.elements) return too_many();
        if (depth + plain->depth - 1 > limits.depth) return too_deep();
      }
      while (node != root && !node.next_sibling()) {
        node = node.parent();
        --depth;
      }
      if (node == root) return {};
      node = node.next_sibling();
    }
    if (++elements > limits.elements) return too_many();
  }
}

Header read_header(const Element& element) {
  Header header;
  header.copyright = element.text("copyright");
  header.description = element.text("description");
  for (const Element& child : element.children()) {
    if (child.is("Application")) {
      header.application = child.text("name");
      header.application_version = child.text("version");
    } else if (child.is("Timestamp")) {
      header.timestamp = child.content();
    }
  }
  return header;
}

Document read_document(const Element& root) {
  Document document;
  bool has_model = false;
  for (const Element& child : root.children()) {
    if (child.is("Header")) {
      document.header = read_header(child);
    } else if (child.is("DataDictionary")) {
      document.data_dictionary = detail::read_data_dictionary(child);
    } else if (child.is("TransformationDictionary")) {
      detail::read_transformation_dictionary(child, document);
    } else if (detail::is_model(child.name())) {
      if (has_model) child.refuse("the file holds a second model; keep the one to be scored");
      has_model = true;
      document.model = detail::read_model(child);
    } else if (!child.is("MiningBuildTask")) {
      child.refuse_here();
    }
  }
  if (!has_model) root.refuse("the file holds no model");
  return document;
}

base::Result<void> read_root(const Element& root, Source& source) {
  const std::string version = root.required("version");
  const auto known = std::ranges::find(kVersions, version.starts_with("4.4") ? "4.4" : version,
                                       &std::pair<std::string_view, int>::first);
  if (known == kVersions.end()) {
    root.refuse("version is '" + version + "': this scorer reads 3.0 to 4.4");
  } else {
    source.version = known->second;
  }
  if (source.error()) return *source.error();
  return {};
}

}  // namespace

namespace {

// Does the text hold "<!DOCTYPE" or "<!ENTITY"?
bool declares_entities(std::string_view xml) {
  for (std::size_t at = xml.find('!'); at != std::string_view::npos; at = xml.find('!', at + 1)) {
    const std::string_view word = xml.substr(at + 1, 7);
    if (at > 0 && xml[at - 1] == '<' && (word == "DOCTYPE" || word.starts_with("ENTITY")))
      return true;
  }
  return false;
}

// A copy of the text is kept in the tree.
pugi::xml_parse_result parse(pugi::xml_document& tree, std::string_view text) {
  return tree.load_buffer(text.data(), text.size(),
                          pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single);
}

}  // namespace

base::Result<Document> read(std::string_view xml, const ReadLimits& limits) {
  if (xml.size() > limits.bytes) {
    return base::input_error("the file has " + std::to_string(xml.size()) +
                             " bytes; the limit is " + std::to_string(limits.bytes));
  }
  // Blanks before the XML declaration are wrong, harmless and seen.
  const std::size_t start = std::min(xml.find_first_not_of(" \t\r\n"), xml.size());
  const std::string_view text = xml.substr(start);
  pugi::xml_document tree;
  PlainTrees trees(text);
  if (trees.may_declare() && declares_entities(text)) {
    return base::input_error(
        "the file has a DOCTYPE, which PMML has no use for and attackers have; remove it");
  }
  pugi::xml_parse_result parsed = parse(tree, trees.empty() ? text : trees.rest());
  if (!trees.empty() && (!parsed || parsed.encoding != pugi::encoding_utf8)) {
    trees = PlainTrees();
    parsed = parse(tree, text);
  }
  Source source(text, std::move(trees));
  if (!parsed) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    const auto line = 1 + std::ranges::count(text.substr(0, std::min(offset, text.size())), '\n') +
                      std::ranges::count(xml.substr(0, start), '\n');
    return base::input_error("line " + std::to_string(line) + ": not XML: " + parsed.description());
  }
  for (const pugi::xml_node node : tree.children()) {
    if (node.type() == pugi::node_doctype)
      return base::input_error("the file has a DOCTYPE; remove it");
  }
  const pugi::xml_node root = tree.document_element();
  if (!root) return base::input_error("the file holds no element; a <PMML> is needed");
  TRY(measure(root, source, limits));
  const std::string_view name = root.name();
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    source.prefix = std::string(name.substr(0, colon + 1));
  }
  const Element element(root, source);
  if (!element.is("PMML")) {
    element.refuse("the outermost element must be <PMML>");
    return *source.error();
  }
  TRY(read_root(element, source));
  Document document = read_document(element);
  if (source.error()) return *source.error();
  TRY(check(document));
  return document;
}

}  // namespace pmml
