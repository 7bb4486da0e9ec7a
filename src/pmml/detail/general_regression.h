// SPDX-License-Identifier: Apache-2.0
// What reading, writing, checking and interpreting a GeneralRegressionModel share.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<GeneralRegressionType, 6> kGeneralRegressionTypes = {
    {{"regression", GeneralRegressionType::kRegression},
     {"generalLinear", GeneralRegressionType::kGeneralLinear},
     {"multinomialLogistic", GeneralRegressionType::kMultinomialLogistic},
     {"ordinalMultinomial", GeneralRegressionType::kOrdinalMultinomial},
     {"generalizedLinear", GeneralRegressionType::kGeneralizedLinear},
     {"CoxRegression", GeneralRegressionType::kCoxRegression}}};
inline constexpr Names<LinkFunction, 10> kLinkFunctions = {{{"cloglog", LinkFunction::kCloglog},
                                                            {"identity", LinkFunction::kIdentity},
                                                            {"log", LinkFunction::kLog},
                                                            {"logc", LinkFunction::kLogc},
                                                            {"logit", LinkFunction::kLogit},
                                                            {"loglog", LinkFunction::kLoglog},
                                                            {"negbin", LinkFunction::kNegbin},
                                                            {"oddspower", LinkFunction::kOddspower},
                                                            {"power", LinkFunction::kPower},
                                                            {"probit", LinkFunction::kProbit}}};
inline constexpr Names<LinkFunction, 5> kCumulativeLinks = {{{"logit", LinkFunction::kLogit},
                                                             {"probit", LinkFunction::kProbit},
                                                             {"cloglog", LinkFunction::kCloglog},
                                                             {"loglog", LinkFunction::kLoglog},
                                                             {"cauchit", LinkFunction::kCauchit}}};
inline constexpr Names<ErrorDistribution, 7> kErrorDistributions = {
    {{"binomial", ErrorDistribution::kBinomial},
     {"gamma", ErrorDistribution::kGamma},
     {"igauss", ErrorDistribution::kIgauss},
     {"negbin", ErrorDistribution::kNegbin},
     {"normal", ErrorDistribution::kNormal},
     {"poisson", ErrorDistribution::kPoisson},
     {"tweedie", ErrorDistribution::kTweedie}}};

// The categories that a classification answers with: those of the target's DataField in its order,
// or, where it declares none, those of the ParamMatrix in order of appearance. The reference
// category, whose parameters are 0, stands last; of an ordinal model the last stays where it is.
// Nothing where the document does not say which category is the reference.
std::optional<std::vector<std::string>> categories_of(const GeneralRegressionModel& body,
                                                      const std::vector<std::string>& declared);

}  // namespace pmml::detail
