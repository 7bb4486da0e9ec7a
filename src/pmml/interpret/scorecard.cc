// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>

#include "pmml/interpret/expression.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

// The first attribute whose predicate is true; unknown is not true.
const ScorecardAttribute* true_attribute(const Characteristic& characteristic, Scope& scope) {
  for (const ScorecardAttribute& attribute : characteristic.attributes) {
    if (evaluate(attribute.predicate, scope) == true) return &attribute;
  }
  return nullptr;
}

// Nothing where the expression has no number for the row.
std::optional<double> points_of(const ScorecardAttribute& attribute, Scope& scope) {
  if (!attribute.complex_score) return attribute.partial_score;
  const auto number = cast(evaluate(*attribute.complex_score, scope), DataType::kDouble);
  if (!number) scope.fail("a ComplexPartialScore is not a number");
  if (!number || number->missing) return std::nullopt;
  return number->number;
}

struct Loss {
  std::string reason_code;
  double points;
};

// By reason code, in the order of the document; losses of one code are added up.
class Losses {
 public:
  void add(const std::string& reason_code, double points) {
    const auto [place, is_new] = places_.emplace(reason_code, losses_.size());
    if (is_new) losses_.push_back({reason_code, 0});
    losses_[place->second].points += points;
  }
  std::vector<Loss> take() { return std::move(losses_); }

 private:
  std::vector<Loss> losses_;
  std::unordered_map<std::string, std::size_t> places_;
};

// The greatest loss first; of equal ones the first in the document. Gains are no reasons.
std::vector<std::string> rank(std::vector<Loss> losses) {
  std::erase_if(losses, [](const Loss& loss) { return loss.points < 0; });
  std::ranges::stable_sort(losses, std::greater{}, &Loss::points);
  std::vector<std::string> codes;
  for (Loss& loss : losses) codes.push_back(std::move(loss.reason_code));
  return codes;
}

template <class Real>
Outcome evaluate_with(const Scorecard& scorecard, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const bool reasons = ranks_reason_codes(scorecard);
  Losses losses;
  Real score = static_cast<Real>(scorecard.initial_score);
  for (const Characteristic& characteristic : scorecard.characteristics) {
    const ScorecardAttribute* attribute = true_attribute(characteristic, scope);
    if (attribute == nullptr) {
      // «Scorecard»: the card as a whole has no valid result then.
      outcome.warning =
          "no Attribute of the Characteristic '" + characteristic.name.value_or("") + "' is true";
      return outcome;
    }
    const auto points = points_of(*attribute, scope);
    if (!points) return outcome;
    score += static_cast<Real>(*points);
    if (!reasons) continue;
    const double baseline =
        characteristic.baseline_score.value_or(scorecard.baseline_score.value_or(0));
    const double below = baseline - *points;
    losses.add(
        attribute->reason_code ? *attribute->reason_code : characteristic.reason_code.value(),
        scorecard.reason_code_algorithm == ReasonCodeAlgorithm::kPointsBelow ? below : -below);
  }
  outcome.number = static_cast<double>(score);
  outcome.missing = std::isnan(outcome.number);
  outcome.reason_codes = rank(losses.take());
  return outcome;
}

}  // namespace

Outcome evaluate_body(const Scorecard& scorecard, const Model& model, Scope& scope) {
  return model.math == MathContext::kFloat ? evaluate_with<float>(scorecard, model, scope)
                                           : evaluate_with<double>(scorecard, model, scope);
}

}  // namespace pmml
