// SPDX-License-Identifier: Apache-2.0
// The flat forms of models that compare a row with stored points.
#pragma once
#include <optional>

#include "pmml/compile/names.h"
#include "pmml/compile/units.h"
#include "pmml/interpret/neighbor_table.h"

namespace pmml::detail {

// Nothing for what only the interpreter scores: classifications, and mapped missing components.
std::optional<VectorMachineUnit> vector_machine_unit(const SupportVectorMachineModel& machine,
                                                     const Model& model, const NameScope& scope);

// Nothing for what only the interpreter scores: other measures than the euclidean ones, medians,
// single precision, several targets or none. The categories are those of the table's target.
std::optional<NeighborsUnit> neighbors_unit(const NearestNeighborModel& neighbors,
                                            const NeighborTable& table, const Model& model,
                                            const NameScope& scope);

}  // namespace pmml::detail
