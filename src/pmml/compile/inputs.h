// SPDX-License-Identifier: Apache-2.0
// What a document says about its inputs and results, before any row.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace pmml {

bool declares_values(const DataField& field);
InputField describe_input(const DataField& data, const MiningField& mining,
                          const Document& document);
bool is_read_by_expressions(const Document& document, std::string_view field);

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
