// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "pmml/detail/general_regression.h"
#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

using Body = GeneralRegressionModel;

// The names that cells refer to.
class Reader {
 public:
  void read_parameters(const Element& list) {
    for (const Element& child : list.children()) {
      if (!child.is("Parameter")) {
        child.refuse_here();
        continue;
      }
      child.only({"name", "label", "referencePoint"});
      Body::Parameter parameter{.name = child.required("name"),
                                .label = child.find("label"),
                                .reference_point = child.number("referencePoint", 0)};
      if (!parameters_.emplace(parameter.name, body.parameters.size()).second)
        child.refuse("the Parameter '" + parameter.name + "' is declared twice");
      body.parameters.push_back(std::move(parameter));
    }
  }

  void read_factors(const Element& list) {
    for (const Element& child : list.children()) {
      if (!child.is("Predictor")) {
        child.refuse_here();
        continue;
      }
      Body::Factor factor = read_factor(child);
      declare(child, factor.field, factors_, body.factors.size());
      body.factors.push_back(std::move(factor));
    }
  }

  void read_covariates(const Element& list) {
    for (const Element& child : list.children()) {
      if (!child.is("Predictor")) {
        child.refuse_here();
        continue;
      }
      child.only({"name"});
      for (const Element& inner : child.children()) inner.refuse_here();
      const std::string field = child.required("name");
      declare(child, field, covariates_, body.covariates.size());
      body.covariates.push_back(field);
    }
  }

  void read_predictor_cells(const Element& matrix) {
    for (const Element& child : matrix.children()) {
      if (!child.is("PPCell")) {
        child.refuse_here();
        continue;
      }
      child.only({"value", "predictorName", "parameterName", "targetCategory"});
      Body::PredictorCell cell;
      cell.parameter = parameter_of(child);
      cell.value = child.required("value");
      cell.target_category = child.find("targetCategory");
      const std::string field = child.required("predictorName");
      if (const auto factor = factors_.find(field); factor != factors_.end()) {
        cell.factor = factor->second;
      } else if (const auto covariate = covariates_.find(field); covariate != covariates_.end()) {
        cell.covariate = covariate->second;
        cell.exponent = child.required_number("value");
      } else {
        child.refuse("'" + field + "' is neither in the FactorList nor in the CovariateList");
      }
      body.predictors.push_back(std::move(cell));
    }
  }

  void read_parameter_cells(const Element& matrix) {
    for (const Element& child : matrix.children()) {
      if (!child.is("PCell")) {
        child.refuse_here();
        continue;
      }
      child.only({"targetCategory", "parameterName", "beta", "df"});
      body.coefficients.push_back({.parameter = parameter_of(child),
                                   .beta = child.required_number("beta"),
                                   .target_category = child.find("targetCategory"),
                                   .degrees_of_freedom = child.find_number("df")});
    }
  }

  void read_baseline(const Element& tables) {
    tables.only({"maxTime"});
    Body::BaselineTable whole;
    for (const Element& child : tables.children()) {
      if (child.is("BaselineCell")) {
        whole.cells.push_back(read_baseline_cell(child));
      } else if (child.is("BaselineStratum")) {
        body.baseline.push_back(read_stratum(child));
      } else {
        child.refuse_here();
      }
    }
    if (body.baseline.empty() == body.strata_field.has_value()) {
      tables.refuse("BaselineStratum and the attribute baselineStrataVariable need each other");
      return;
    }
    if (whole.cells.empty()) return;
    if (!body.baseline.empty()) tables.refuse("has both BaselineStratum and BaselineCell");
    whole.max_time = tables.required_number("maxTime");
    body.baseline = {std::move(whole)};
  }

  Body body;

 private:
  using Index = std::unordered_map<std::string, std::size_t>;

  void declare(const Element& element, const std::string& field, Index& index, std::size_t at) {
    if (factors_.contains(field) || covariates_.contains(field))
      element.refuse("the Predictor '" + field + "' is declared twice");
    index.emplace(field, at);
  }

  [[nodiscard]] std::size_t parameter_of(const Element& cell) const {
    const std::string name = cell.required("parameterName");
    const auto found = parameters_.find(name);
    if (found != parameters_.end()) return found->second;
    cell.refuse("the parameter '" + name + "' is not in the ParameterList");
    return 0;
  }

  static Body::Factor read_factor(const Element& element) {
    element.only({"name", "contrastMatrixType"});
    Body::Factor factor;
    factor.field = element.required("name");
    factor.contrast_type = element.find("contrastMatrixType");
    for (const Element& child : element.children()) {
      if (child.is("Categories")) {
        for (const Element& category : child.children()) {
          if (!category.is("Category")) category.refuse_here();
          category.only({"value"});
          factor.categories.push_back(category.required("value"));
        }
      } else if (child.is("Matrix")) {
        factor.contrasts = read_matrix(child);
      } else {
        child.refuse_here();
      }
    }
    const std::size_t n = factor.categories.size();
    if (factor.contrasts && n == 0)
      element.refuse("a contrast Matrix needs Categories, which name its rows and columns");
    if (factor.contrasts && n > 0 &&
        (factor.contrasts->rows != n ||
         (factor.contrasts->columns != n && factor.contrasts->columns + 1 != n))) {
      element.refuse("a contrast Matrix of " + std::to_string(n) + " categories needs " +
                     std::to_string(n) + " rows and as many columns, or one less");
    }
    return factor;
  }

  static Body::BaselineCell read_baseline_cell(const Element& element) {
    element.only({"time", "cumHazard"});
    return {element.required_number("time"), element.required_number("cumHazard")};
  }

  static Body::BaselineTable read_stratum(const Element& element) {
    element.only({"value", "label", "maxTime"});
    Body::BaselineTable table;
    table.stratum = element.required("value");
    table.label = element.find("label");
    table.max_time = element.required_number("maxTime");
    for (const Element& child : element.children()) {
      if (child.is("BaselineCell")) {
        table.cells.push_back(read_baseline_cell(child));
      } else {
        child.refuse_here();
      }
    }
    return table;
  }

  Index parameters_;
  Index factors_;
  Index covariates_;
};

void read_attributes(const Element& element, Body& body) {
  if (!element.find("modelType")) element.refuse("attribute modelType is required");
  body.type =
      element.choice("modelType", kGeneralRegressionTypes, GeneralRegressionType::kRegression);
  body.distribution = element.find_choice("distribution", kErrorDistributions);
  body.distribution_parameter = element.find_number("distParameter");
  body.link = element.find_choice("linkFunction", kLinkFunctions);
  body.link_parameter = element.find_number("linkParameter");
  body.cumulative_link = element.find_choice("cumulativeLink", kCumulativeLinks);
  body.reference_category = element.find("targetReferenceCategory");
  body.offset_field = element.find("offsetVariable");
  body.offset = element.find_number("offsetValue");
  body.trials_field = element.find("trialsVariable");
  body.trials = element.find_number("trialsValue");
  body.end_time_field = element.find("endTimeVariable");
  body.strata_field = element.find("baselineStrataVariable");
}

}  // namespace

// What describes the training (modelDF, the status and start of a survival, EventValues, the
// covariances of the parameters) has no bearing on a score.
void read_general_regression(const Element& element, Model& model, int) {
  only_model(element,
             {"targetVariableName", "modelType", "targetReferenceCategory", "cumulativeLink",
              "linkFunction", "linkParameter", "trialsVariable", "trialsValue", "distribution",
              "distParameter", "offsetVariable", "offsetValue", "modelDF", "endTimeVariable",
              "startTimeVariable", "subjectIDVariable", "statusVariable", "baselineStrataVariable"},
             {"ParameterList", "FactorList", "CovariateList", "PPMatrix", "PCovMatrix",
              "ParamMatrix", "EventValues", "BaseCumHazardTables"});
  Reader reader;
  read_attributes(element, reader.body);
  // The lists stand before the cells that refer to them, whatever the order of the file.
  const auto each = [&](std::string_view name, auto read) {
    for (const Element& child : element.children()) {
      if (child.is(name)) (reader.*read)(child);
    }
  };
  each("ParameterList", &Reader::read_parameters);
  each("FactorList", &Reader::read_factors);
  each("CovariateList", &Reader::read_covariates);
  each("PPMatrix", &Reader::read_predictor_cells);
  each("ParamMatrix", &Reader::read_parameter_cells);
  each("BaseCumHazardTables", &Reader::read_baseline);
  model.body = std::move(reader.body);
}

}  // namespace pmml::detail
