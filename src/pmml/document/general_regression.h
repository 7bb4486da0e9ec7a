// SPDX-License-Identifier: Apache-2.0
// GeneralRegressionModel (PMML 4.4 «GeneralRegression»).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/matrix.h"

namespace pmml {

enum class GeneralRegressionType {
  kRegression,
  kGeneralLinear,
  kMultinomialLogistic,
  kOrdinalMultinomial,
  kGeneralizedLinear,
  kCoxRegression
};

// What g is in g(mean) = linear predictor; kCauchit only as the link of cumulative probabilities.
enum class LinkFunction {
  kCloglog,
  kIdentity,
  kLog,
  kLogc,
  kLogit,
  kLoglog,
  kNegbin,
  kOddspower,
  kPower,
  kProbit,
  kCauchit
};

enum class ErrorDistribution { kBinomial, kGamma, kIgauss, kNegbin, kNormal, kPoisson, kTweedie };

// A parameter's value for a row is the product of its cells; 1 where it has none.
struct GeneralRegressionModel {
  struct Parameter {
    std::string name = {};
    std::optional<std::string> label = {};
    double reference_point = 0;  // CoxRegression.
    bool operator==(const Parameter&) const = default;
  };
  // Contrasts have a row for each category and a column for each but perhaps the last.
  struct Factor {
    std::string field = {};
    std::optional<std::string> contrast_type = {};
    std::vector<std::string> categories = {};
    std::optional<Matrix> contrasts = {};
    bool operator==(const Factor&) const = default;
  };
  // Of the PPMatrix. A factor is 1 where its field has the value, otherwise 0, or the contrast of
  // the two; a covariate is raised to the power of the exponent.
  struct PredictorCell {
    std::size_t parameter = 0;
    std::optional<std::size_t> factor = {};     // Index into factors; otherwise:
    std::optional<std::size_t> covariate = {};  // Index into covariates.
    std::string value = {};                     // As the document spells it.
    double exponent = 1;                        // The value of a covariate's cell.
    std::optional<std::string> target_category = {};
    bool operator==(const PredictorCell&) const = default;
  };
  // Of the ParamMatrix.
  struct ParameterCell {
    std::size_t parameter = 0;
    double beta = 0;
    std::optional<std::string> target_category = {};
    std::optional<double> degrees_of_freedom = {};
    bool operator==(const ParameterCell&) const = default;
  };
  struct BaselineCell {
    double time = 0;
    double cumulative_hazard = 0;
    bool operator==(const BaselineCell&) const = default;
  };
  struct BaselineTable {
    std::string stratum = {};  // Empty in a model without strata.
    std::optional<std::string> label = {};
    double max_time = 0;
    std::vector<BaselineCell> cells = {};
    bool operator==(const BaselineTable&) const = default;
  };

  GeneralRegressionType type = GeneralRegressionType::kRegression;
  std::optional<ErrorDistribution> distribution = {};
  std::optional<double> distribution_parameter = {};
  std::optional<LinkFunction> link = {};
  std::optional<double> link_parameter = {};
  std::optional<LinkFunction> cumulative_link = {};
  std::optional<std::string> reference_category = {};
  std::optional<std::string> offset_field = {};  // Goes before offset.
  std::optional<double> offset = {};
  std::optional<std::string> trials_field = {};  // Goes before trials.
  std::optional<double> trials = {};
  std::optional<std::string> end_time_field = {};
  std::optional<std::string> strata_field = {};
  std::vector<Parameter> parameters = {};
  std::vector<Factor> factors = {};
  std::vector<std::string> covariates = {};
  std::vector<PredictorCell> predictors = {};
  std::vector<ParameterCell> coefficients = {};
  std::vector<BaselineTable> baseline = {};  // One, or one per stratum; CoxRegression only.
  bool operator==(const GeneralRegressionModel&) const = default;
};

}  // namespace pmml
