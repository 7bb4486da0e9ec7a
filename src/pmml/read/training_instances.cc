// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/training_instances.h"

#include <algorithm>
#include <unordered_map>

namespace pmml::detail {
namespace {

// Cells are elements of any name, often of a namespace of their own, whose prefix is no part of it.
std::string_view local(std::string_view name) { return name.substr(name.find(':') + 1); }

// Columns of the table by their local name.
using Columns = std::unordered_map<std::string, std::size_t>;

Columns read_fields(const Element& element, const std::vector<std::string>& targets,
                    TrainingInstances& instances) {
  Columns columns;
  element.only({});
  for (const Element& child : element.children()) {
    if (!child.is("InstanceField")) {
      child.refuse_here();
      continue;
    }
    child.only({"field", "column", "isTarget"});
    const std::string field = child.required("field");
    if (child.find("isTarget") &&
        child.boolean("isTarget", false) != (std::ranges::find(targets, field) != targets.end())) {
      child.refuse("isTarget contradicts the MiningSchema");
    }
    const std::string column = child.find("column").value_or(field);
    if (!columns.emplace(local(column), instances.fields.size()).second)
      child.refuse("a second field of the column '" + column + "'");
    instances.fields.push_back(field);
  }
  if (columns.empty()) element.refuse("one or more InstanceField are needed");
  return columns;
}

void read_table(const Element& element, const Columns& columns, TrainingInstances& instances) {
  for (const Element& row : element.children()) {
    if (!row.is("row")) {
      row.refuse_here();
      continue;
    }
    auto& record = instances.records.emplace_back(instances.fields.size());
    for (const pugi::xml_node cell : row.node().children()) {
      if (cell.type() != pugi::node_element) continue;
      const auto column = columns.find(std::string(local(cell.name())));
      if (column == columns.end()) continue;
      std::string text = Element(cell, row.source()).content();
      if (!text.empty()) record[column->second] = std::move(text);
    }
  }
}

}  // namespace

TrainingInstances read_training_instances(const Element& element,
                                          const std::vector<std::string>& targets) {
  // The counts only repeat what stands there.
  element.only({"isTransformed", "recordCount", "fieldCount"});
  TrainingInstances instances;
  instances.is_transformed = element.boolean("isTransformed", false);
  Columns columns;
  for (const Element& child : element.children()) {
    if (child.is("InstanceFields") && instances.fields.empty()) {
      columns = read_fields(child, targets, instances);
    } else if (child.is("InlineTable") && !columns.empty()) {
      child.only({});
      read_table(child, columns, instances);
    } else if (child.is("TableLocator")) {
      child.refuse("the training data must stand in the document, in an InlineTable");
    } else {
      child.refuse_here();
    }
  }
  if (instances.records.empty()) element.refuse("InstanceFields, then an InlineTable, are needed");
  return instances;
}

}  // namespace pmml::detail
