// SPDX-License-Identifier: Apache-2.0
// A recipe on the training rows of a ground, without calibration or threshold.
#pragma once
#include "base/result.h"
#include "learn/training_set.h"
#include "study/ground.h"
#include "study/recipe.h"

namespace study::detail {

// With one thread. Errors of the learner are errors here. Thread-safe.
base::Result<learn::Trained> fit(const Ground& ground, const Recipe& recipe, double row_share);

}  // namespace study::detail
