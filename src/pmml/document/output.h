// SPDX-License-Identifier: Apache-2.0
// Named results of a model (PMML 4.4 «Output»).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/types.h"

namespace pmml {

enum class ResultFeature {
  kPredictedValue,
  kPredictedDisplayValue,
  kProbability,
  kTransformedValue,
  kDecision,
  kEntityId,
  kResidual,
  kStandardError,
  kStandardDeviation,
  kConfidenceIntervalLower,
  kConfidenceIntervalUpper,
  kClusterId,
  kClusterName,
  kAffinity,
  kEntityAffinity,
  kClusterAffinity,
  kReasonCode,
  kWarning,
  kConfidence,
  kRuleValue,
  kReport,  // Of JPMML: how `report_field` came about. This scorer gives no account: missing.
};

// What of a rule a kRuleValue shows. kItem is the one item of its consequent: what some writers ask
// of association rules as feature="predictedValue" with an algorithm.
enum class RuleFeature {
  kAntecedent,
  kConsequent,
  kRule,
  kRuleId,
  kConfidence,
  kSupport,
  kLift,
  kLeverage,
  kAffinity,
  kItem,
};
// Which rules count: those whose antecedent the row has; of them those whose consequent it has not;
// or those whose consequent it has too.
enum class RuleAlgorithm { kRecommendation, kExclusiveRecommendation, kRuleAssociation };
enum class RankBasis { kConfidence, kSupport, kLift, kLeverage, kAffinity };

// One of the values that a kDecision may take, for people.
struct Decision {
  std::string value = {};
  std::optional<std::string> display = {};
  std::optional<std::string> description = {};
  bool operator==(const Decision&) const = default;
};

struct OutputField {
  std::string name = {};
  std::optional<OpType> op_type = {};
  std::optional<DataType> type = {};
  ResultFeature feature = ResultFeature::kPredictedValue;
  // kProbability, kConfidence, kResidual: the category; absent: the predicted one. Affinities: the
  // entity; absent: the one of `rank`. Confidence intervals: the percentage; absent: 95.
  std::optional<std::string> value = {};
  std::optional<std::string> target_field =
      {};  // Which target, where the members of a chain predict several.
  std::optional<std::string> segment_id =
      {};                // The result of a segment of a mining model instead of the model's own.
  bool is_final = true;  // false: other fields may use it, results do not show it.
  int rank = 1;          // Entities, reason codes and rules: 1 is the first.
  // kRuleValue.
  RuleFeature rule_feature = RuleFeature::kConsequent;
  RuleAlgorithm algorithm = RuleAlgorithm::kExclusiveRecommendation;
  RankBasis rank_basis = RankBasis::kConfidence;
  bool ascending = false;  // rankOrder.
  bool multi_valued =
      false;  // The values of the first `rank` as one text "[a, b]"; rank 0: of all.
  std::optional<std::string> report_field = {};  // kReport: another output of the model.
  std::optional<Expression> expression = {};     // kTransformedValue, kDecision.
  std::optional<std::string> business_problem = {};
  std::vector<Decision> decisions = {};
  bool operator==(const OutputField&) const = default;
};

}  // namespace pmml
