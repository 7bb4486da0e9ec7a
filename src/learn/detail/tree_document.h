// SPDX-License-Identifier: Apache-2.0
// Trees and ensembles of them as a PMML document: a TreeModel, a MiningModel that averages trees,
// or a chain of a sum of trees and a logit.
#pragma once
#include <string>
#include <vector>

#include "learn/detail/binned.h"
#include "learn/detail/tree.h"
#include "learn/training_set.h"

namespace learn::detail {

// `algorithm` as in frame(). The document's inputs are the columns that trees look at; texts that
// training has not seen count as missing.
Trained to_trained(const Ensemble& ensemble, const BinnedSet& set, const std::string& algorithm,
                   const std::string& name, std::vector<std::string> notes);

}  // namespace learn::detail
