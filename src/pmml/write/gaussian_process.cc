// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/gaussian_process.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

void write_kernel(const CovarianceKernel& kernel, XmlText& xml) {
  xml.open(name_of(kCovarianceKernels, kernel.type));
  xml.number("gamma", kernel.gamma);
  xml.number("noiseVariance", kernel.noise_variance);
  if (kernel.type == CovarianceKernel::Type::kGeneralizedExponential)
    xml.number("degree", kernel.degree);
  if (kernel.type == CovarianceKernel::Type::kRadialBasis) {
    xml.number("lambda", kernel.lambda[0]);
  } else {
    xml.open("Lambda");
    write_number_array(kernel.lambda, xml);
    xml.close();
  }
  xml.close();
}

void write_instance_field(const GaussianProcessModel::Instance& instance, XmlText& xml) {
  xml.open("InstanceField");
  xml.attribute("field", instance.field);
  xml.attribute("column", instance.column);
  xml.close();
}

void write_cell(const std::string& column, double number, XmlText& xml) {
  xml.open(column);
  xml.content(spell(number));
}

}  // namespace

void write_attributes(const GaussianProcessModel&, XmlText&) {}

void write_body(const GaussianProcessModel& body, XmlText& xml) {
  write_kernel(body.kernel, xml);
  xml.open("TrainingInstances");
  if (body.is_transformed) xml.attribute("isTransformed", "true");
  xml.open("InstanceFields");
  for (const auto& input : body.inputs) write_instance_field(input, xml);
  write_instance_field(body.target, xml);
  xml.close();
  xml.open("InlineTable");
  for (std::size_t row = 0; row < body.points.rows; ++row) {
    xml.open("row");
    for (std::size_t i = 0; i < body.inputs.size(); ++i)
      write_cell(body.inputs[i].column, body.points.at(row, i), xml);
    write_cell(body.target.column, body.responses[row], xml);
    xml.close();
  }
  xml.close();
  xml.close();
}

}  // namespace pmml::detail
