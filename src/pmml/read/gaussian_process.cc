// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

using Body = GaussianProcessModel;
using Kernel = CovarianceKernel;

double positive(const Element& element, const char* attribute) {
  const double number = element.number(attribute, 1);
  if (!(number > 0)) element.refuse("attribute " + std::string(attribute) + " must be positive");
  return number;
}

Kernel read_kernel(const Element& element, Kernel::Type type) {
  Kernel kernel{.type = type};
  if (type == Kernel::Type::kRadialBasis) {
    element.only({"description", "gamma", "noiseVariance", "lambda"});
    kernel.lambda = {positive(element, "lambda")};
  } else if (type == Kernel::Type::kGeneralizedExponential) {
    element.only({"description", "gamma", "noiseVariance", "degree"});
    kernel.degree = positive(element, "degree");
  } else {
    element.only({"description", "gamma", "noiseVariance"});
  }
  kernel.gamma = positive(element, "gamma");
  kernel.noise_variance = element.number("noiseVariance", 1);
  if (!(kernel.noise_variance >= 0)) element.refuse("noiseVariance must be 0 or more");
  for (const Element& child : element.children()) {
    if (type == Kernel::Type::kRadialBasis || !child.is("Lambda")) {
      child.refuse_here();
      continue;
    }
    for (const Element& array : child.children()) {
      if (!array.is("Array")) array.refuse_here();
      const auto numbers = read_numbers(array);
      if (std::ranges::any_of(numbers, [](double number) { return !(number > 0); }))
        array.refuse("length scales must be positive");
      kernel.lambda.insert(kernel.lambda.end(), numbers.begin(), numbers.end());
    }
  }
  return kernel;
}

// One length scale per input: stated so, or the same for all.
void fit_lambda(const Element& element, Kernel& kernel, std::size_t inputs) {
  const bool one_for_all = kernel.type == Kernel::Type::kRadialBasis || kernel.lambda.empty();
  if (one_for_all) {
    const double lambda = kernel.lambda.empty() ? 1 : kernel.lambda[0];
    kernel.lambda.assign(inputs, lambda);
  } else if (kernel.lambda.size() != inputs) {
    element.refuse("has " + std::to_string(kernel.lambda.size()) + " length scales for " +
                   std::to_string(inputs) + " inputs");
    kernel.lambda.assign(inputs, 1);
  }
}

std::string_view local_name(std::string_view name) { return name.substr(name.find(':') + 1); }

void read_fields(const Element& element, const Model& model, Body& body) {
  const auto target = std::ranges::find(model.mining_schema, Usage::kTarget, &MiningField::usage);
  if (target == model.mining_schema.end()) {
    element.refuse("a GaussianProcessModel needs a MiningField of usageType target");
    return;
  }
  for (const Element& child : element.children()) {
    if (!child.is("InstanceField")) {
      child.refuse_here();
      continue;
    }
    child.only({"field", "column"});
    Body::Instance instance{.field = child.required("field")};
    instance.column = child.find("column").value_or(instance.field);
    const auto derived =
        std::ranges::find(model.local_transformations, instance.field, &DerivedField::name);
    if (derived != model.local_transformations.end() && !body.is_transformed)
      child.refuse("'" + instance.field +
                   "' is a derived field; its values can stand here only with isTransformed");
    if (instance.field == target->name) {
      body.target = std::move(instance);
    } else {
      body.inputs.push_back(std::move(instance));
    }
  }
  if (body.target.field.empty())
    element.refuse("the target '" + target->name + "' has no InstanceField");
  if (body.inputs.empty()) element.refuse("one or more inputs are needed");
}

void read_rows(const Element& table, Body& body) {
  const auto rows = table.children();
  if (rows.empty() || rows.size() > kMaxGaussianProcessPoints) {
    table.refuse("has " + std::to_string(rows.size()) +
                 " rows; this scorer inverts the covariance of 1 to " +
                 std::to_string(kMaxGaussianProcessPoints) + " points");
    return;
  }
  std::unordered_map<std::string_view, std::size_t> columns;
  for (std::size_t i = 0; i < body.inputs.size(); ++i)
    columns.emplace(local_name(body.inputs[i].column), i);
  columns.emplace(local_name(body.target.column), body.inputs.size());
  if (columns.size() != body.inputs.size() + 1) {
    table.refuse("two InstanceFields have the same column");
    return;
  }
  body.points.columns = body.inputs.size();
  for (const Element& row : rows) {
    std::vector<double> record(columns.size(), std::nan(""));
    for (const pugi::xml_node cell : row.node().children()) {
      if (cell.type() != pugi::node_element) continue;
      const auto found = columns.find(local_name(cell.name()));
      if (found == columns.end()) continue;
      record[found->second] =
          parse_pmml_number(Element(cell, row.source()).content()).value_or(std::nan(""));
    }
    if (std::ranges::any_of(record, [](double number) { return !std::isfinite(number); })) {
      row.refuse("needs a number for every InstanceField");
      return;
    }
    body.points.values.insert(body.points.values.end(), record.begin(), record.end() - 1);
    body.responses.push_back(record.back());
    ++body.points.rows;
  }
}

void read_training(const Element& element, const Model& model, Body& body) {
  element.only({"isTransformed", "recordCount", "fieldCount"});
  body.is_transformed = element.boolean("isTransformed", false);
  for (const Element& child : element.children()) {
    if (child.is("InstanceFields")) read_fields(child, model, body);
  }
  for (const Element& child : element.children()) {
    if (child.is("InlineTable")) {
      read_rows(child, body);
    } else if (!child.is("InstanceFields")) {
      child.refuse_here();
    }
  }
}

}  // namespace

void read_gaussian_process(const Element& element, Model& model, int) {
  only_model(element, {"optimizer"},
             {"RadialBasisKernel", "ARDSquaredExponentialKernel", "AbsoluteExponentialKernel",
              "GeneralizedExponentialKernel", "TrainingInstances"});
  Body body;
  std::size_t kernels = 0;
  for (const Element& child : element.children()) {
    if (const auto type = find_name(kCovarianceKernels, child.name())) {
      body.kernel = read_kernel(child, *type);
      ++kernels;
    } else if (child.is("TrainingInstances")) {
      read_training(child, model, body);
    }
  }
  if (kernels != 1) element.refuse("exactly one kernel is needed");
  if (body.points.rows == 0) element.refuse("TrainingInstances are needed");
  fit_lambda(element, body.kernel, body.inputs.size());
  if (!element.source().error() && !factorize(body))
    element.refuse("the covariance of its points is not positive definite; state a noiseVariance");
  model.body = std::move(body);
}

}  // namespace pmml::detail
