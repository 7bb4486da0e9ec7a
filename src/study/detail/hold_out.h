// SPDX-License-Identifier: Apache-2.0
// A recipe on a ground whose rows are held out once: fitted on the training rows, its threshold
// chosen on the validation rows, measured on the test rows. And the steps of that, for those who
// take them in another order.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/calibration.h"
#include "study/ground.h"
#include "study/detail/uplift_sample.h"
#include "study/model.h"
#include "study/train.h"

namespace study::detail {

struct Tested {
  MadeModel made;
  std::vector<double> probabilities;  // Of the test rows.
  std::vector<double> uncalibrated;   // The same before calibration; empty where there is none.
  std::vector<double> of_controls;    // Of the controls, where there are any.
};

base::Result<Tested> hold_out(const Ground& ground, const Recipe& recipe, double row_share,
                              ThresholdRule rule);

// Adds the ground's test rows and controls to a sample, as the model judges them; nothing without
// controls.
base::Result<void> add_to_sample(const Ground& ground, const Tested& tested, UpliftSample& sample);

// 1 for each key above the threshold.
std::vector<std::uint8_t> offers_above(const std::vector<double>& keys, double threshold);

// Of rows whose table is not read.
base::Result<double> choose_threshold(ThresholdRule rule, const std::vector<double>& probabilities,
                                      const Rows& rows, const profit::Economics& economics);

// "platt" or "isotonic".
base::Result<learn::Calibration> calibration_of(const std::string& method,
                                                const std::vector<double>& probabilities,
                                                const std::vector<std::uint8_t>& labels);

// Gives the document its `offer`, and the model the document's size.
void add_offer(const Ground& ground, MadeModel& made);

// RAP by the rows' own amounts; nothing where they have none.
base::Result<std::optional<double>> rap_by_row(const Rows& rows,
                                               const std::vector<std::uint8_t>& offers);

}  // namespace study::detail
