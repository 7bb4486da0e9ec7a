// SPDX-License-Identifier: Apache-2.0
// What a PMML file holds, for people: also what has no bearing on scores (importance, who wrote it
// when), and also of a file that the scorer refuses. Everything as the file spells it.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pmml {

struct FieldDescription {
  std::string name;
  std::string usage;      // usageType: "active" unless it says otherwise.
  std::string data_type;  // Empty where the DataDictionary does not know the field.
  std::string op_type;
  std::vector<std::string> ranges;  // "[0, 100)"; their union is valid.
  std::vector<std::string> values;  // The valid ones.
  // What happens to values that are missing, invalid or far out: "missing: 0", "invalid:
  // asMissing".
  std::vector<std::string> treatments;
  std::optional<double> importance;  // MiningField@importance.
};

struct OutputDescription {
  std::string name;
  std::string feature;
  std::string value;  // The category of a probability, the rank, …; empty where there is none.
  std::string data_type;
  bool is_final = true;
};

struct Description {
  std::string version;
  std::string application;  // With its version.
  std::string copyright;
  std::string description;
  std::string timestamp;
  std::string model;  // The outermost model's element: "MiningModel".
  std::string model_name;
  std::string function;
  std::string algorithm;
  std::string combination;               // multipleModelMethod of a MiningModel.
  std::vector<FieldDescription> fields;  // Of the outermost MiningSchema, in its order.
  std::vector<OutputDescription> outputs;
  std::vector<std::pair<std::string, std::size_t>> models;  // Within it: elements and how many.
  std::vector<std::pair<std::string, std::size_t>> parts;   // "trees", "nodes", "terms", …
  std::optional<std::size_t> verification_records;
  std::size_t elements = 0;
  std::size_t bytes = 0;
};

// Refuses what is not XML, has a DOCTYPE, or holds no PMML model. No depth can overflow a stack.
base::Result<Description> describe(std::string_view xml);

}  // namespace pmml
