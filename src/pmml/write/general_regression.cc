// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/general_regression.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

using Body = GeneralRegressionModel;

void write_factor(const Body::Factor& factor, XmlText& xml) {
  xml.open("Predictor");
  xml.attribute("name", factor.field);
  xml.optional("contrastMatrixType", factor.contrast_type);
  if (!factor.categories.empty()) {
    xml.open("Categories");
    for (const std::string& category : factor.categories) {
      xml.open("Category");
      xml.attribute("value", category);
      xml.close();
    }
    xml.close();
  }
  if (factor.contrasts) write_matrix(*factor.contrasts, xml);
  xml.close();
}

void write_lists(const Body& body, XmlText& xml) {
  xml.open("ParameterList");
  for (const Body::Parameter& parameter : body.parameters) {
    xml.open("Parameter");
    xml.attribute("name", parameter.name);
    xml.optional("label", parameter.label);
    if (parameter.reference_point != 0) xml.number("referencePoint", parameter.reference_point);
    xml.close();
  }
  xml.close();
  if (!body.factors.empty()) {
    xml.open("FactorList");
    for (const Body::Factor& factor : body.factors) write_factor(factor, xml);
    xml.close();
  }
  if (body.covariates.empty()) return;
  xml.open("CovariateList");
  for (const std::string& covariate : body.covariates) {
    xml.open("Predictor");
    xml.attribute("name", covariate);
    xml.close();
  }
  xml.close();
}

void write_cells(const Body& body, XmlText& xml) {
  xml.open("PPMatrix");
  for (const Body::PredictorCell& cell : body.predictors) {
    xml.open("PPCell");
    xml.attribute("value", cell.value);
    xml.attribute("predictorName", cell.factor ? body.factors[*cell.factor].field
                                               : body.covariates[*cell.covariate]);
    xml.attribute("parameterName", body.parameters[cell.parameter].name);
    xml.optional("targetCategory", cell.target_category);
    xml.close();
  }
  xml.close();
  xml.open("ParamMatrix");
  for (const Body::ParameterCell& cell : body.coefficients) {
    xml.open("PCell");
    xml.optional("targetCategory", cell.target_category);
    xml.attribute("parameterName", body.parameters[cell.parameter].name);
    xml.number("beta", cell.beta);
    xml.optional_number("df", cell.degrees_of_freedom);
    xml.close();
  }
  xml.close();
}

void write_baseline_cells(const Body::BaselineTable& table, XmlText& xml) {
  for (const Body::BaselineCell& cell : table.cells) {
    xml.open("BaselineCell");
    xml.number("time", cell.time);
    xml.number("cumHazard", cell.cumulative_hazard);
    xml.close();
  }
}

void write_baseline(const Body& body, XmlText& xml) {
  if (body.baseline.empty()) return;
  xml.open("BaseCumHazardTables");
  if (!body.strata_field) {
    xml.number("maxTime", body.baseline[0].max_time);
    write_baseline_cells(body.baseline[0], xml);
  } else {
    for (const Body::BaselineTable& table : body.baseline) {
      xml.open("BaselineStratum");
      xml.attribute("value", table.stratum);
      xml.optional("label", table.label);
      xml.number("maxTime", table.max_time);
      write_baseline_cells(table, xml);
      xml.close();
    }
  }
  xml.close();
}

}  // namespace

void write_attributes(const GeneralRegressionModel& body, XmlText& xml) {
  xml.choice("modelType", kGeneralRegressionTypes, body.type);
  xml.optional("targetReferenceCategory", body.reference_category);
  xml.optional_choice("cumulativeLink", kCumulativeLinks, body.cumulative_link);
  xml.optional_choice("linkFunction", kLinkFunctions, body.link);
  xml.optional_number("linkParameter", body.link_parameter);
  xml.optional("trialsVariable", body.trials_field);
  xml.optional_number("trialsValue", body.trials);
  xml.optional_choice("distribution", kErrorDistributions, body.distribution);
  xml.optional_number("distParameter", body.distribution_parameter);
  xml.optional("offsetVariable", body.offset_field);
  xml.optional_number("offsetValue", body.offset);
  xml.optional("endTimeVariable", body.end_time_field);
  xml.optional("baselineStrataVariable", body.strata_field);
}

void write_body(const GeneralRegressionModel& body, XmlText& xml) {
  write_lists(body, xml);
  write_cells(body, xml);
  write_baseline(body, xml);
}

}  // namespace pmml::detail
