// SPDX-License-Identifier: Apache-2.0
// One function per chapter; evaluate() is the whole of a model: body, Targets, Output.
#pragma once
#include <string>

#include "pmml/interpret/outcome.h"
#include "pmml/interpret/scope.h"

namespace pmml {

Outcome evaluate(const Model& model, Scope& scope);

Outcome evaluate_regression(const RegressionModel& regression, const Model& model, Scope& scope);
Outcome evaluate_tree(const TreeModel& tree, const Model& model, Scope& scope);
Outcome evaluate_mining(const MiningModel& mining, const Model& model, Scope& scope);
void apply_targets(const Model& model, Outcome& outcome, Scope& scope);
void evaluate_output(const Model& model, Outcome& outcome, Scope& scope);

// The model's target field: its MiningField of usage target, or empty.
const std::string& target_of(const Model& model);
// The Target element for it; null where there is none.
const Target* target_element(const Model& model);
// The prediction as a value of the target's type.
Value predicted_value(const Outcome& outcome, const std::string& target, const Names& names);

}  // namespace pmml
