// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/compile/chapters.h"

namespace pmml {
namespace {

bool is_chain(const MiningModel& mining) {
  return mining.method == MultipleModelMethod::kModelChain ||
         mining.method == MultipleModelMethod::kMultiModelChain;
}

bool selects(const MiningModel& mining) {
  return mining.method == MultipleModelMethod::kSelectFirst ||
         mining.method == MultipleModelMethod::kSelectAll;
}

base::Result<void> check_method(const MiningModel& mining, const Model& model,
                                const FieldChecks& checks) {
  using enum MultipleModelMethod;
  const bool votes = mining.method == kMajorityVote || mining.method == kWeightedMajorityVote;
  if (votes && model.function == MiningFunction::kRegression)
    return checks.refuse("is a regression, which cannot be decided by votes");
  if (model.function == MiningFunction::kMixed && !is_chain(mining) && !selects(mining)) {
    return checks.refuse(
        "is a MiningModel with functionName=\"mixed\", which must be a chain or select a segment; "
        "state the function of what its segments are combined into");
  }
  if (model.function == MiningFunction::kClustering && !is_chain(mining) && !selects(mining) &&
      !votes)
    return checks.refuse("has clusters, which can be combined by votes only");
  if (model.function == MiningFunction::kClassification &&
      (mining.method == kSum || mining.method == kWeightedSum)) {
    return checks.refuse("is a classification, which cannot be combined by sum or weightedSum");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const MiningModel& mining, const Model& model,
                              const FieldChecks& checks) {
  if (mining.segments.empty()) return checks.refuse("has a Segmentation without a Segment");
  TRY(check_method(mining, model, checks));
  const bool combines = !is_chain(mining) && !selects(mining);
  for (const Segment& segment : mining.segments) {
    TRY(checks.predicate(segment.predicate, "a Segment"));
    if (combines && segment.model.function != model.function) {
      return checks.refuse(
          "has a Segment whose functionName differs from that of the MiningModel that combines it");
    }
    if (!segment.variable_weight.empty())
      TRY(checks.field(segment.variable_weight, "a VariableWeight"));
    if (!(std::isfinite(segment.weight) && segment.weight >= 0))
      return checks.refuse("has a Segment whose weight is not 0 or more");
    TRY(checks.model(segment.model));
    // What one segment puts out is a field of those after it.
    for (const OutputField& field : segment.model.output) checks.define(field.name);
    for (const MiningField& field : segment.model.mining_schema) {
      if (is_chain(mining) && field.usage == Usage::kTarget) checks.define(field.name);
    }
  }
  return {};
}

void mention(const MiningModel& mining, Mentions& mentions) {
  for (const Segment& segment : mining.segments) {
    mentions.predicate(segment.predicate);
    mentions.model(segment.model);
  }
}

void list_categories(const MiningModel& mining, const Model&, const CategoryList& category) {
  if (!is_chain(mining)) {
    for (const Segment& segment : mining.segments) list_categories(segment.model, category);
    return;
  }
  // Of a chain the last link answers; one with a condition may leave the answer to the link before.
  for (auto segment = mining.segments.rbegin(); segment != mining.segments.rend(); ++segment) {
    list_categories(segment->model, category);
    if (std::holds_alternative<True>(segment->predicate.is)) return;
  }
}

}  // namespace pmml
