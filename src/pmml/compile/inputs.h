// SPDX-License-Identifier: Apache-2.0
// What a document says about its inputs and results, before any row.
#pragma once
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace pmml {

// What a document says of its inputs all over.
struct Mentioned {
  // The values that the fields are compared with whose DataField declares none, in order of
  // appearance.
  std::unordered_map<std::string, std::vector<std::string>> values;
  std::unordered_set<std::string> texts;  // The fields whose text some expression reads.
  // Of these, those that every row must spell out: the model itself reads them, or looks back.
  std::unordered_set<std::string> texts_at_once;
  // The rows' fields in which a text that they do not declare may stand in for a missing or invalid
  // value, and is asked for: it has no code.
  std::set<std::string> strays;
};
Mentioned gather_mentions(const Document& document);

bool declares_values(const DataField& field);
InputField describe_input(const DataField& data, const MiningField& mining,
                          const Mentioned& mentioned);

// The function of a model's answer: of a mixed chain, that of its last link.
MiningFunction answer_function(const Model& model);

// The target of the document: of the outermost model, or of the last link of its chain.
std::string target_field(const Document& document);
// Categories in order of appearance in the model, then those that only the target's DataField
// declares.
std::vector<std::string> categories_of_target(const Document& document);
// The final outputs; for a chain that predicts several targets also these.
std::vector<OutputInfo> describe_outputs(const Document& document);

}  // namespace pmml
