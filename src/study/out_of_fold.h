// SPDX-License-Identifier: Apache-2.0
// What a model's rounds said of the rows that they had not seen, as a CSV beside the model's file:
// row (from 1, among the offers), round (from 1), accepted, probability, offer. The rows are those
// of Ground::test() of a ground with rounds, in that order.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "study/ground.h"
#include "study/model.h"
#include "study/train.h"

namespace study {

// The file of a kept model in the study's folder.
std::string out_of_fold_path(const std::string& folder, const Model& model);

std::string write_out_of_fold(const Ground& ground, const MadeModel& made);

// The probabilities. Refuses a file that is not there, and one whose rows or offers are not those
// that the model was ranked by.
base::Result<std::vector<double>> read_out_of_fold(const std::string& path, const Ground& ground,
                                                   const Model& model);

}  // namespace study
