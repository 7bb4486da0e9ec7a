// SPDX-License-Identifier: Apache-2.0
// How the standard spells each closed vocabulary; reading and writing share these tables.
#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "pmml/document/document.h"

namespace pmml::detail {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<std::string_view, Enum>, N>;

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const Names<Enum, N>& names, std::string_view text) {
  for (const auto& [name, value] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [name, candidate] : names) {
    if (candidate == value) return name;
  }
  CHECK(false);
  return {};
}

inline constexpr Names<DataType, 17> kDataTypes = {
    {{"string", DataType::kString},
     {"integer", DataType::kInteger},
     {"float", DataType::kFloat},
     {"double", DataType::kDouble},
     {"boolean", DataType::kBoolean},
     {"date", DataType::kDate},
     {"dateTime", DataType::kDateTime},
     {"time", DataType::kTime},
     {"dateDaysSince[0]", DataType::kDaysSince0},
     {"dateDaysSince[1960]", DataType::kDaysSince1960},
     {"dateDaysSince[1970]", DataType::kDaysSince1970},
     {"dateDaysSince[1980]", DataType::kDaysSince1980},
     {"timeSeconds", DataType::kTimeSeconds},
     {"dateTimeSecondsSince[0]", DataType::kSecondsSince0},
     {"dateTimeSecondsSince[1960]", DataType::kSecondsSince1960},
     {"dateTimeSecondsSince[1970]", DataType::kSecondsSince1970},
     {"dateTimeSecondsSince[1980]", DataType::kSecondsSince1980}}};
inline constexpr Names<OpType, 3> kOpTypes = {{{"categorical", OpType::kCategorical},
                                               {"ordinal", OpType::kOrdinal},
                                               {"continuous", OpType::kContinuous}}};
inline constexpr Names<MiningFunction, 6> kMiningFunctions = {
    {{"regression", MiningFunction::kRegression},
     {"classification", MiningFunction::kClassification},
     {"clustering", MiningFunction::kClustering},
     {"associationRules", MiningFunction::kAssociationRules},
     {"timeSeries", MiningFunction::kTimeSeries},
     {"mixed", MiningFunction::kMixed}}};
inline constexpr Names<MathContext, 2> kMathContexts = {
    {{"double", MathContext::kDouble}, {"float", MathContext::kFloat}}};
inline constexpr Names<Closure, 4> kClosures = {{{"openClosed", Closure::kOpenClosed},
                                                 {"openOpen", Closure::kOpenOpen},
                                                 {"closedOpen", Closure::kClosedOpen},
                                                 {"closedClosed", Closure::kClosedClosed}}};
inline constexpr Names<OutlierTreatment, 3> kOutlierTreatments = {
    {{"asIs", OutlierTreatment::kAsIs},
     {"asMissingValues", OutlierTreatment::kAsMissingValues},
     {"asExtremeValues", OutlierTreatment::kAsExtremeValues}}};
inline constexpr Names<InvalidTreatment, 4> kInvalidTreatments = {
    {{"returnInvalid", InvalidTreatment::kReturnInvalid},
     {"asIs", InvalidTreatment::kAsIs},
     {"asMissing", InvalidTreatment::kAsMissing},
     {"asValue", InvalidTreatment::kAsValue}}};
inline constexpr Names<FieldValue::Property, 3> kProperties = {
    {{"valid", FieldValue::Property::kValid},
     {"invalid", FieldValue::Property::kInvalid},
     {"missing", FieldValue::Property::kMissing}}};
// "predicted" is what versions before 4.2 called "target".
inline constexpr Names<Usage, 8> kUsages = {{{"active", Usage::kActive},
                                             {"target", Usage::kTarget},
                                             {"predicted", Usage::kTarget},
                                             {"supplementary", Usage::kSupplementary},
                                             {"group", Usage::kGroup},
                                             {"order", Usage::kOrder},
                                             {"frequencyWeight", Usage::kFrequencyWeight},
                                             {"analysisWeight", Usage::kAnalysisWeight}}};
inline constexpr Names<Comparison, 8> kComparisons = {
    {{"equal", Comparison::kEqual},
     {"notEqual", Comparison::kNotEqual},
     {"lessThan", Comparison::kLessThan},
     {"lessOrEqual", Comparison::kLessOrEqual},
     {"greaterThan", Comparison::kGreaterThan},
     {"greaterOrEqual", Comparison::kGreaterOrEqual},
     {"isMissing", Comparison::kIsMissing},
     {"isNotMissing", Comparison::kIsNotMissing}}};
inline constexpr Names<BooleanOperator, 4> kBooleanOperators = {
    {{"and", BooleanOperator::kAnd},
     {"or", BooleanOperator::kOr},
     {"xor", BooleanOperator::kXor},
     {"surrogate", BooleanOperator::kSurrogate}}};
inline constexpr Names<CastInteger, 3> kCastIntegers = {{{"round", CastInteger::kRound},
                                                         {"ceiling", CastInteger::kCeiling},
                                                         {"floor", CastInteger::kFloor}}};
inline constexpr Names<TermWeights, 4> kTermWeights = {
    {{"termFrequency", TermWeights::kTermFrequency},
     {"binary", TermWeights::kBinary},
     {"logarithmic", TermWeights::kLogarithmic},
     {"augmentedNormalizedTermFrequency", TermWeights::kAugmentedNormalizedTermFrequency}}};
inline constexpr Names<CountHits, 2> kCountHits = {
    {{"allHits", CountHits::kAllHits}, {"bestHits", CountHits::kBestHits}}};
inline constexpr Names<LagAggregate, 7> kLagAggregates = {{{"none", LagAggregate::kNone},
                                                           {"avg", LagAggregate::kAverage},
                                                           {"max", LagAggregate::kMax},
                                                           {"median", LagAggregate::kMedian},
                                                           {"min", LagAggregate::kMin},
                                                           {"product", LagAggregate::kProduct},
                                                           {"sum", LagAggregate::kSum}}};
inline constexpr Names<AggregateFunction, 5> kAggregateFunctions = {
    {{"count", AggregateFunction::kCount},
     {"sum", AggregateFunction::kSum},
     {"average", AggregateFunction::kAverage},
     {"min", AggregateFunction::kMin},
     {"max", AggregateFunction::kMax}}};
// Before 4.2 the features of rules were those of ruleFeature, beside feature="ruleValue".
// Since 4.2 the features of rules stand where `ruleValue` stood before; see read/output.cc.
inline constexpr Names<ResultFeature, 21> kResultFeatures = {
    {{"predictedValue", ResultFeature::kPredictedValue},
     {"predictedDisplayValue", ResultFeature::kPredictedDisplayValue},
     {"probability", ResultFeature::kProbability},
     {"transformedValue", ResultFeature::kTransformedValue},
     {"decision", ResultFeature::kDecision},
     {"entityId", ResultFeature::kEntityId},
     {"residual", ResultFeature::kResidual},
     {"standardError", ResultFeature::kStandardError},
     {"standardDeviation", ResultFeature::kStandardDeviation},
     {"confidenceIntervalLower", ResultFeature::kConfidenceIntervalLower},
     {"confidenceIntervalUpper", ResultFeature::kConfidenceIntervalUpper},
     {"clusterId", ResultFeature::kClusterId},
     {"clusterName", ResultFeature::kClusterName},
     {"affinity", ResultFeature::kAffinity},
     {"entityAffinity", ResultFeature::kEntityAffinity},
     {"clusterAffinity", ResultFeature::kClusterAffinity},
     {"reasonCode", ResultFeature::kReasonCode},
     {"warning", ResultFeature::kWarning},
     {"confidence", ResultFeature::kConfidence},
     {"ruleValue", ResultFeature::kRuleValue},
     {"x-report", ResultFeature::kReport}}};
inline constexpr Names<RuleFeature, 9> kRuleFeatures = {{{"antecedent", RuleFeature::kAntecedent},
                                                         {"consequent", RuleFeature::kConsequent},
                                                         {"rule", RuleFeature::kRule},
                                                         {"ruleId", RuleFeature::kRuleId},
                                                         {"confidence", RuleFeature::kConfidence},
                                                         {"support", RuleFeature::kSupport},
                                                         {"lift", RuleFeature::kLift},
                                                         {"leverage", RuleFeature::kLeverage},
                                                         {"affinity", RuleFeature::kAffinity}}};
inline constexpr Names<RuleAlgorithm, 3> kRuleAlgorithms = {
    {{"recommendation", RuleAlgorithm::kRecommendation},
     {"exclusiveRecommendation", RuleAlgorithm::kExclusiveRecommendation},
     {"ruleAssociation", RuleAlgorithm::kRuleAssociation}}};
inline constexpr Names<RankBasis, 5> kRankBases = {{{"confidence", RankBasis::kConfidence},
                                                    {"support", RankBasis::kSupport},
                                                    {"lift", RankBasis::kLift},
                                                    {"leverage", RankBasis::kLeverage},
                                                    {"affinity", RankBasis::kAffinity}}};
inline constexpr Names<Normalization, 9> kNormalizations = {
    {{"none", Normalization::kNone},
     {"simplemax", Normalization::kSimplemax},
     {"softmax", Normalization::kSoftmax},
     {"logit", Normalization::kLogit},
     {"probit", Normalization::kProbit},
     {"cloglog", Normalization::kCloglog},
     {"exp", Normalization::kExp},
     {"loglog", Normalization::kLoglog},
     {"cauchit", Normalization::kCauchit}}};
inline constexpr Names<MissingValueStrategy, 6> kMissingValueStrategies = {
    {{"none", MissingValueStrategy::kNone},
     {"weightedConfidence", MissingValueStrategy::kWeightedConfidence},
     {"aggregateNodes", MissingValueStrategy::kAggregateNodes},
     {"lastPrediction", MissingValueStrategy::kLastPrediction},
     {"nullPrediction", MissingValueStrategy::kNullPrediction},
     {"defaultChild", MissingValueStrategy::kDefaultChild}}};
inline constexpr Names<NoTrueChildStrategy, 2> kNoTrueChildStrategies = {
    {{"returnNullPrediction", NoTrueChildStrategy::kReturnNullPrediction},
     {"returnLastPrediction", NoTrueChildStrategy::kReturnLastPrediction}}};
// The x- spelling of converters for versions before the method was standard reads as the same
// method.
inline constexpr Names<MultipleModelMethod, 15> kMultipleModelMethods = {
    {{"majorityVote", MultipleModelMethod::kMajorityVote},
     {"weightedMajorityVote", MultipleModelMethod::kWeightedMajorityVote},
     {"average", MultipleModelMethod::kAverage},
     {"weightedAverage", MultipleModelMethod::kWeightedAverage},
     {"median", MultipleModelMethod::kMedian},
     {"weightedMedian", MultipleModelMethod::kWeightedMedian},
     {"x-weightedMedian", MultipleModelMethod::kWeightedMedian},
     {"max", MultipleModelMethod::kMax},
     {"sum", MultipleModelMethod::kSum},
     {"weightedSum", MultipleModelMethod::kWeightedSum},
     {"x-weightedSum", MultipleModelMethod::kWeightedSum},
     {"selectFirst", MultipleModelMethod::kSelectFirst},
     {"selectAll", MultipleModelMethod::kSelectAll},
     {"modelChain", MultipleModelMethod::kModelChain},
     {"x-multiModelChain", MultipleModelMethod::kMultiModelChain}}};
inline constexpr Names<MissingPredictionTreatment, 3> kMissingPredictionTreatments = {
    {{"continue", MissingPredictionTreatment::kContinue},
     {"returnMissing", MissingPredictionTreatment::kReturnMissing},
     {"skipSegment", MissingPredictionTreatment::kSkipSegment}}};

}  // namespace pmml::detail
