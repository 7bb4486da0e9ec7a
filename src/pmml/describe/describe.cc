// SPDX-License-Identifier: Apache-2.0
#include "pmml/describe/describe.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>

#include "base/number.h"
#include "pmml/read/read.h"

namespace pmml {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& each : node.children()) {
    if (local_name(each) == name) return each;
  }
  return {};
}

std::string attribute(const pugi::xml_node& node, const char* name, const char* otherwise = "") {
  return node.attribute(name).as_string(otherwise);
}

std::optional<double> number(const pugi::xml_node& node, const char* name) {
  return base::parse_double(node.attribute(name).as_string());
}

bool is_model(std::string_view name) {
  constexpr std::string_view kOthers[] = {"NeuralNetwork", "Scorecard"};
  return (name.ends_with("Model") && name != "Model") ||
         std::ranges::find(kOthers, name) != std::end(kOthers);
}

// What a person counts, and the elements that are counted as it.
constexpr std::pair<std::string_view, std::string_view> kParts[] = {
    {"TreeModel", "trees"},
    {"Node", "nodes"},
    {"RegressionTable", "regression tables"},
    {"NumericPredictor", "terms"},
    {"CategoricalPredictor", "terms"},
    {"PredictorTerm", "terms"},
    {"PCell", "terms"},
    {"NeuralLayer", "layers"},
    {"Neuron", "neurons"},
    {"Con", "connections"},
    {"SupportVectorMachine", "machines"},
    {"SupportVector", "support vectors"},
    {"Characteristic", "characteristics"},
    {"Attribute", "attributes"},
    {"BayesInput", "inputs with counts"},
    {"Cluster", "clusters"},
    {"SimpleRule", "rules"},
    {"AssociationRule", "rules"},
    {"Itemset", "item sets"},
    {"DerivedField", "derived fields"},
    {"DefineFunction", "functions"},
};

void count(const pugi::xml_node& root, const pugi::xml_node& model, Description& description) {
  std::map<std::string_view, std::size_t> parts;
  std::map<std::string, std::size_t> models;
  pugi::xml_node node = root;
  const auto step = [&] {
    if (const pugi::xml_node first = node.first_child()) return node = first, true;
    while (node != root && !node.next_sibling()) node = node.parent();
    if (node == root) return false;
    return node = node.next_sibling(), true;
  };
  do {
    if (node.type() != pugi::node_element) continue;
    ++description.elements;
    const std::string_view name = local_name(node);
    if (node != model && is_model(name)) ++models[std::string(name)];
    const auto part =
        std::ranges::find(kParts, name, &std::pair<std::string_view, std::string_view>::first);
    if (part != std::end(kParts)) ++parts[part->second];
  } while (step());
  description.models.assign(models.begin(), models.end());
  for (const auto& [element, word] : kParts) {
    const auto found = parts.find(word);
    if (found == parts.end()) continue;
    description.parts.emplace_back(word, found->second);
    parts.erase(found);
  }
}

std::string range(const pugi::xml_node& interval) {
  const std::string closure = attribute(interval, "closure");
  const std::string left = attribute(interval, "leftMargin");
  const std::string right = attribute(interval, "rightMargin");
  const bool left_closed = closure.starts_with("closed") && !left.empty();
  const bool right_closed = closure.ends_with("Closed") && !right.empty();
  return (left_closed ? "[" : "(") + (left.empty() ? "−∞" : left) + ", " +
         (right.empty() ? "∞" : right) + (right_closed ? "]" : ")");
}

void describe_data(const pugi::xml_node& data, FieldDescription& field) {
  field.data_type = attribute(data, "dataType");
  field.op_type = attribute(data, "optype");
  for (const pugi::xml_node& each : data.children()) {
    if (local_name(each) == "Interval") field.ranges.push_back(range(each));
    if (local_name(each) != "Value") continue;
    const std::string property = attribute(each, "property", "valid");
    if (property == "valid") field.values.push_back(attribute(each, "value"));
    if (property == "missing") {
      field.treatments.push_back("'" + attribute(each, "value") + "' is missing");
    }
  }
}

FieldDescription describe_field(const pugi::xml_node& mining,
                                const std::map<std::string, pugi::xml_node>& dictionary) {
  FieldDescription field;
  field.name = attribute(mining, "name");
  field.usage = attribute(mining, "usageType", "active");
  if (const auto data = dictionary.find(field.name); data != dictionary.end()) {
    describe_data(data->second, field);
  }
  if (mining.attribute("optype")) field.op_type = attribute(mining, "optype");
  field.importance = number(mining, "importance");
  const std::string replacement = attribute(mining, "missingValueReplacement");
  const std::string missing = attribute(mining, "missingValueTreatment");
  if (mining.attribute("missingValueReplacement")) {
    field.treatments.push_back("missing: " + replacement +
                               (missing.empty() ? "" : " (" + missing + ")"));
  } else if (missing == "returnInvalid") {
    field.treatments.emplace_back("missing: returnInvalid");
  }
  if (const std::string invalid = attribute(mining, "invalidValueTreatment", "returnInvalid");
      invalid != "returnInvalid") {
    const std::string value = attribute(mining, "invalidValueReplacement");
    field.treatments.push_back("invalid: " + invalid + (value.empty() ? "" : " " + value));
  }
  if (const std::string outliers = attribute(mining, "outliers", "asIs"); outliers != "asIs") {
    field.treatments.push_back("outside " + attribute(mining, "lowValue", "−∞") + " to " +
                               attribute(mining, "highValue", "∞") + ": " + outliers);
  }
  return field;
}

void describe_model(const pugi::xml_node& root, const pugi::xml_node& model,
                    Description& description) {
  description.model = local_name(model);
  description.model_name = attribute(model, "modelName");
  description.function = attribute(model, "functionName");
  description.algorithm = attribute(model, "algorithmName");
  description.combination = attribute(child(model, "Segmentation"), "multipleModelMethod");
  std::map<std::string, pugi::xml_node> dictionary;
  for (const pugi::xml_node& each : child(root, "DataDictionary").children()) {
    if (local_name(each) == "DataField") dictionary.emplace(attribute(each, "name"), each);
  }
  for (const pugi::xml_node& each : child(model, "MiningSchema").children()) {
    if (local_name(each) != "MiningField") continue;
    description.fields.push_back(describe_field(each, dictionary));
  }
  for (const pugi::xml_node& each : child(model, "Output").children()) {
    if (local_name(each) != "OutputField") continue;
    description.outputs.push_back({.name = attribute(each, "name"),
                                   .feature = attribute(each, "feature", "predictedValue"),
                                   .value = attribute(each, "value"),
                                   .data_type = attribute(each, "dataType"),
                                   .is_final = attribute(each, "isFinalResult") != "false"});
  }
  if (const pugi::xml_node verification = child(model, "ModelVerification")) {
    const auto rows = child(verification, "InlineTable").children();
    description.verification_records = static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [](const auto& row) { return local_name(row) == "row"; }));
  }
}

void describe_header(const pugi::xml_node& header, Description& description) {
  description.copyright = attribute(header, "copyright");
  description.description = attribute(header, "description");
  const pugi::xml_node application = child(header, "Application");
  description.application = attribute(application, "name");
  if (const std::string version = attribute(application, "version"); !version.empty()) {
    description.application += " " + version;
  }
  description.timestamp = child(header, "Timestamp").child_value();
}

}  // namespace

base::Result<Description> describe(std::string_view xml) {
  if (xml.size() > ReadLimits{}.bytes) {
    return base::input_error("the file has " + std::to_string(xml.size()) + " bytes");
  }
  if (xml.find("<!DOCTYPE") != std::string_view::npos) {
    return base::input_error("the file has a DOCTYPE; remove it");
  }
  xml.remove_prefix(std::min(xml.find_first_not_of(" \t\r\n"), xml.size()));
  pugi::xml_document tree;
  const pugi::xml_parse_result parsed = tree.load_buffer(xml.data(), xml.size());
  if (!parsed) return base::input_error("not XML: " + std::string(parsed.description()));
  const pugi::xml_node root = tree.document_element();
  if (local_name(root) != "PMML") return base::input_error("the outermost element must be <PMML>");
  Description description;
  description.bytes = xml.size();
  description.version = attribute(root, "version");
  describe_header(child(root, "Header"), description);
  pugi::xml_node model;
  for (const pugi::xml_node& each : root.children()) {
    if (!model && is_model(local_name(each))) model = each;
  }
  if (!model) return base::input_error("the file holds no model");
  describe_model(root, model, description);
  count(root, model, description);
  return description;
}

}  // namespace pmml
