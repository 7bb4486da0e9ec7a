// SPDX-License-Identifier: Apache-2.0
// Holds the compiled form of a document against its interpreter.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "pmml/score/scorer.h"

namespace pmml {

// Scores a row with both and says where they differ by a single bit; nothing where they agree.
std::optional<std::string> difference(const Scorer& compiled, Workspace& compiled_workspace,
                                      const Scorer& interpreted, Workspace& interpreted_workspace,
                                      std::span<const double> row);

}  // namespace pmml
