// SPDX-License-Identifier: Apache-2.0
// Intervals where models are evaluated in repeated rounds. The rounds share rows, so the variance
// of their mean is more than s²/J. By the corrected resampled t-test (Nadeau & Bengio, Machine
// Learning 52, 2003; for repeated folds Bouckaert & Frank, PAKDD 2004):
//   Var = (1/J + n_test/n_train)·s², Student's t with J − 1 degrees of freedom
// over J rounds, where s² is the variance of their figures and n_train counts all rows that a
// round's model was made of, those that chose its threshold too.
#pragma once
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/interval.h"
#include "study/analysis.h"

namespace study::detail {

struct Resampled {
  double standard_error = 0;
  double t = 0;           // mean / standard error.
  double p = 1;           // That the mean is 0, two-sided.
  double half_width = 0;  // Of the interval.
};

// Of two values or more; test_to_train above 0.
Resampled corrected_resampled(std::span<const double> values, double test_to_train,
                              double confidence);

// Puts the intervals over rounds in place of those over rows; of money of the rows' own also the
// mean of the rounds in place of the first repeat's figure. The order becomes that of RAP.
void spread_over_rounds(const Ground& ground, Analysis& analysis);

// The same of the differences to the leader that have been compared.
void compare_over_rounds(const Ground& ground, Analysis& analysis);

}  // namespace study::detail
