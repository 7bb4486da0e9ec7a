// SPDX-License-Identifier: Apache-2.0
// Scorecard (PMML 4.4 «Scorecard»): points for what a row is like, and the codes that say where it
// lost them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/predicate.h"

namespace pmml {

// Of the attributes of one characteristic the first whose predicate is true gives its points.
struct ScorecardAttribute {
  Predicate predicate = {};
  std::optional<double> partial_score = {};
  std::optional<Expression> complex_score = {};  // Takes the place of partial_score.
  std::optional<std::string> reason_code = {};   // Takes the place of the characteristic's.
  bool operator==(const ScorecardAttribute&) const = default;
};

struct Characteristic {
  std::optional<std::string> name = {};
  std::optional<std::string> reason_code = {};
  std::optional<double> baseline_score = {};  // Takes the place of the scorecard's.
  std::vector<ScorecardAttribute> attributes = {};
  bool operator==(const Characteristic&) const = default;
};

// How far from the baseline counts: below it, or (where a high score is the bad one) above it.
enum class ReasonCodeAlgorithm { kPointsBelow, kPointsAbove };

struct Scorecard {
  double initial_score = 0;
  bool use_reason_codes = true;
  ReasonCodeAlgorithm reason_code_algorithm = ReasonCodeAlgorithm::kPointsBelow;
  std::optional<double> baseline_score = {};
  std::vector<Characteristic> characteristics = {};
  bool operator==(const Scorecard&) const = default;
};

// Does the scorecard rank reason codes? It may say that it uses them and name none.
[[nodiscard]] bool ranks_reason_codes(const Scorecard& scorecard);

}  // namespace pmml
