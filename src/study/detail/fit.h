// SPDX-License-Identifier: Apache-2.0
// A recipe on the training rows of a ground, without calibration or threshold.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/training_set.h"
#include "study/ground.h"
#include "study/recipe.h"

namespace study::detail {

// What a recipe learns from: rows (with SMOTE, of some share) and attributes (the first so many of
// the elimination), which the first recipe that needs them makes for all. Its time is no model's.
struct Material {
  Ground::TrainingRows training;
  std::vector<std::string> attributes;
};
base::Result<Material> material_of(const Ground& ground, const Recipe& recipe, double row_share);

// With one thread. Errors of the learner are errors here. Thread-safe.
base::Result<learn::Trained> fit(const Ground& ground, const Recipe& recipe,
                                 const Material& material);

}  // namespace study::detail
