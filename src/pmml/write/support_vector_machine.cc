// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/support_vector_machine.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

using Body = SupportVectorMachineModel;

// The parameters that a kernel has none of are left at their defaults by the reader.
void write_kernel(const SvmKernel& kernel, XmlText& xml) {
  xml.open(name_of(kSvmKernels, kernel.type));
  if (kernel.gamma != 1) xml.number("gamma", kernel.gamma);
  if (kernel.coef0 != 1) xml.number("coef0", kernel.coef0);
  if (kernel.degree != 1) xml.number("degree", kernel.degree);
  xml.close();
}

void write_field(const FieldRef& reference, XmlText& xml) {
  xml.open("FieldRef");
  xml.attribute("field", reference.field);
  xml.optional("mapMissingTo", reference.map_missing_to);
  xml.close();
}

void write_field(const Body::Indicator& indicator, XmlText& xml) {
  xml.open("CategoricalPredictor");
  xml.attribute("name", indicator.field);
  xml.attribute("value", indicator.value);
  xml.number("coefficient", 1);
  xml.close();
}

void write_dictionary(const Body& body, XmlText& xml) {
  xml.open("VectorDictionary");
  xml.attribute("numberOfVectors", std::to_string(body.vectors.size()));
  xml.open("VectorFields");
  xml.attribute("numberOfFields", std::to_string(body.fields.size()));
  for (const Body::VectorField& field : body.fields)
    std::visit([&](const auto& one) { write_field(one, xml); }, field);
  xml.close();
  for (const Body::Vector& vector : body.vectors) {
    xml.open("VectorInstance");
    xml.attribute("id", vector.id);
    if (const auto* dense = std::get_if<std::vector<double>>(&vector.components)) {
      write_number_array(*dense, xml);
    } else {
      write_sparse_array(std::get<SparseArray>(vector.components), xml);
    }
    xml.close();
  }
  xml.close();
}

void write_machine(const Body::Machine& machine, const Body& body, XmlText& xml) {
  xml.open("SupportVectorMachine");
  xml.optional("targetCategory", machine.category);
  xml.optional("alternateTargetCategory", machine.alternate_category);
  xml.optional_number("threshold", machine.threshold);
  if (body.has_support_vectors) {
    xml.open("SupportVectors");
    for (const std::size_t vector : machine.vectors) {
      xml.open("SupportVector");
      xml.attribute("vectorId", body.vectors[vector].id);
      xml.close();
    }
    xml.close();
  }
  xml.open("Coefficients");
  xml.number("absoluteValue", machine.absolute_value);
  for (const double coefficient : machine.coefficients) {
    xml.open("Coefficient");
    xml.number("value", coefficient);
    xml.close();
  }
  xml.close();
  xml.close();
}

}  // namespace

void write_attributes(const SupportVectorMachineModel& body, XmlText& xml) {
  if (body.threshold != 0) xml.number("threshold", body.threshold);
  xml.choice("svmRepresentation", kSvmRepresentations, body.has_support_vectors);
  xml.choice("classificationMethod", kSvmClassifications, body.classification);
  if (body.max_wins) xml.attribute("maxWins", "true");
  xml.optional("alternateBinaryTargetCategory", body.alternate_binary_category);
}

void write_body(const SupportVectorMachineModel& body, XmlText& xml) {
  write_kernel(body.kernel, xml);
  write_dictionary(body, xml);
  for (const Body::Machine& machine : body.machines) write_machine(machine, body, xml);
}

}  // namespace pmml::detail
