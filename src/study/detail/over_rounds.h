// SPDX-License-Identifier: Apache-2.0
// A recipe evaluated in rounds: tested by models that are then forgotten, and fitted once more on
// all rows for its file.
#pragma once
#include "base/result.h"
#include "study/train.h"

namespace study::detail {

// Counts are summed over the rounds. AUC and average precision are means of the rounds', because
// scores of different models cannot be set in one order; counts are summed, because means of
// precision are biased (both Forman & Scholz, SIGKDD Explorations 12(1), 2010). The file's model is
// fitted on all rows; calibration and threshold come from the rounds' test scores, which are those
// of models that had not seen the rows. With a share of the rows there is no file's model.
base::Result<MadeModel> make_over_rounds(const Ground& ground, const Recipe& recipe,
                                         double row_share, ThresholdRule rule,
                                         const AfterRound& after_round);

// What offers to these rows are worth.
base::Result<RoundFigures> figures_of(const Rows& rows, const std::vector<std::uint8_t>& offers,
                                      const profit::Economics& economics);

}  // namespace study::detail
