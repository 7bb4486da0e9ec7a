// SPDX-License-Identifier: Apache-2.0
// A verdict on a terminal: the sentence, the arms, and how far they can be trusted.
#pragma once
#include "trial/progress.h"

namespace cli {

void print_verdict(const trial::Progress& progress);

}  // namespace cli
