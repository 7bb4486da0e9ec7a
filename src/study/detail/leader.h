// SPDX-License-Identifier: Apache-2.0
// A kept model from close by.
#pragma once
#include <vector>

#include "base/result.h"
#include "study/analysis.h"

namespace study::detail {

// Scores the test rows once more from the model's file; where models are evaluated in rounds, reads
// what these said of the rows (study/out_of_fold.h). Refuses a file that cannot be read, and one
// whose offers are not those that were ranked.
base::Result<Leader> look_at(const Ground& ground, const Model& model,
                             const AnalysisOptions& options);

// By permutation on the validation rows, for models of learners that measure none; in rounds those
// of the first, by its model.
base::Result<std::vector<learn::Importance>> importance_of(const Ground& ground, const Model& model,
                                                           const AnalysisOptions& options);

}  // namespace study::detail
