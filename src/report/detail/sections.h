// SPDX-License-Identifier: Apache-2.0
// The parts of the page, each HTML; empty where the analysis holds nothing for it.
#pragma once
#include <string>

#include "report/detail/view.h"

namespace report::detail {

std::string what_to_do(const View& view);  // Advice, key figures, warnings.
std::string ranking(const View& view);
std::string hypotheses(const View& view);
std::string trade_off(const View& view);  // Precision against recall.
std::string contacts(const View& view);   // Profit against share contacted.
std::string orders(const View& view);     // p·i − c against p alone, where rows have amounts.
std::string discrimination(const View& view);  // ROC.
std::string lift(const View& view);            // Acceptances found against share contacted.
std::string uplift(const View& view);  // What offers change, where there is a control group.
std::string calibration(const View& view);
std::string importance(const View& view);
std::string fairness(const View& view);
std::string costs(const View& view);
std::string cards(const View& view);
std::string failures(const View& view);
std::string exclusions(const View& view);
std::string method(const View& view);

// "<p class=…>": how to read what follows.
std::string how_to_read(const std::string& words);

}  // namespace report::detail
