// SPDX-License-Identifier: Apache-2.0
// Models that compare a row with stored points, over one row. Every sum is done in the
// interpreter's order.
#pragma once
#include "pmml/compile/units.h"

namespace pmml::detail {

// Room for one row of each such model.
void prepare_points(const Units& units, Compiled::Memory& memory);

Answer run_vector_machine(const VectorMachineUnit& machine, const double* slots,
                          Compiled::Memory& memory);

Answer run_neighbors(const NeighborsUnit& neighbors, const ModelUnit& model, const double* slots,
                     Compiled::Memory& memory, double* probabilities);

}  // namespace pmml::detail
