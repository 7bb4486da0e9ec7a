// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/support_vector_machine.h"

#include <algorithm>
#include <unordered_map>

#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

using Body = SupportVectorMachineModel;
using VectorIndex = std::unordered_map<std::string, std::size_t>;

SvmKernel read_kernel(const Element& element, SvmKernel::Type type) {
  SvmKernel kernel{.type = type};
  switch (type) {
    case SvmKernel::Type::kLinear:
      element.only({"description"});
      break;
    case SvmKernel::Type::kPolynomial:
      element.only({"description", "gamma", "coef0", "degree"});
      break;
    case SvmKernel::Type::kRadialBasis:
      element.only({"description", "gamma"});
      break;
    case SvmKernel::Type::kSigmoid:
      element.only({"description", "gamma", "coef0"});
      break;
  }
  kernel.gamma = element.number("gamma", 1);
  kernel.coef0 = element.number("coef0", 1);
  kernel.degree = element.number("degree", 1);
  return kernel;
}

void read_fields(const Element& element, Body& body) {
  element.only({"numberOfFields"});
  for (const Element& child : element.children()) {
    if (child.is("FieldRef")) {
      child.only({"field", "mapMissingTo"});
      body.fields.emplace_back(
          FieldRef{.field = child.required("field"), .map_missing_to = child.find("mapMissingTo")});
    } else if (child.is("CategoricalPredictor")) {
      child.only({"name", "value", "coefficient"});
      if (child.number("coefficient", 1) != 1)
        child.refuse("coefficient must be 1: a vector field is 1 or 0");
      body.fields.emplace_back(
          Body::Indicator{.field = child.required("name"), .value = child.required("value")});
    } else {
      child.refuse_here();
    }
  }
}

Body::Vector read_vector(const Element& element, std::size_t size) {
  element.only({"id"});
  Body::Vector vector{.id = element.required("id")};
  const auto children = element.children();
  if (children.size() != 1) {
    element.refuse("exactly one Array or REAL-SparseArray is needed");
    return vector;
  }
  if (!is_sparse_array(children[0].name())) {
    if (!children[0].is("Array")) children[0].refuse_here();
    vector.components = read_numbers(children[0], size);
    return vector;
  }
  SparseArray sparse = read_sparse_array(children[0]);
  const bool fits = children[0].find("n") ? sparse.size == size : sparse.size <= size;
  if (!fits)
    children[0].refuse("has size " + std::to_string(sparse.size) + "; there are " +
                       std::to_string(size) + " vector fields");
  sparse.size = size;
  vector.components = std::move(sparse);
  return vector;
}

void read_dictionary(const Element& element, Body& body, VectorIndex& index) {
  element.only({"numberOfVectors"});
  for (const Element& child : element.children()) {
    if (child.is("VectorFields")) read_fields(child, body);
  }
  for (const Element& child : element.children()) {
    if (child.is("VectorFields")) continue;
    if (!child.is("VectorInstance")) {
      child.refuse_here();
      continue;
    }
    Body::Vector vector = read_vector(child, body.fields.size());
    if (!index.emplace(vector.id, body.vectors.size()).second)
      child.refuse("the vector '" + vector.id + "' is declared twice");
    body.vectors.push_back(std::move(vector));
  }
}

void read_support_vectors(const Element& element, const VectorIndex& index,
                          Body::Machine& machine) {
  element.only({"numberOfSupportVectors", "numberOfAttributes"});
  for (const Element& child : element.children()) {
    if (!child.is("SupportVector")) {
      child.refuse_here();
      continue;
    }
    child.only({"vectorId"});
    const std::string id = child.required("vectorId");
    const auto found = index.find(id);
    if (found == index.end()) {
      child.refuse("the vector '" + id + "' is not in the VectorDictionary");
    } else {
      machine.vectors.push_back(found->second);
    }
  }
}

void read_coefficients(const Element& element, Body::Machine& machine) {
  element.only({"numberOfCoefficients", "absoluteValue"});
  machine.absolute_value = element.number("absoluteValue", 0);
  for (const Element& child : element.children()) {
    if (!child.is("Coefficient")) {
      child.refuse_here();
      continue;
    }
    child.only({"value"});
    machine.coefficients.push_back(child.number("value", 0));
  }
}

Body::Machine read_machine(const Element& element, const Body& body, const VectorIndex& index) {
  element.only({"targetCategory", "alternateTargetCategory", "threshold"});
  Body::Machine machine;
  machine.category = element.find("targetCategory");
  machine.alternate_category = element.find("alternateTargetCategory");
  machine.threshold = element.find_number("threshold");
  for (const Element& child : element.children()) {
    if (child.is("SupportVectors")) {
      read_support_vectors(child, index, machine);
    } else if (child.is("Coefficients")) {
      read_coefficients(child, machine);
    } else {
      child.refuse_here();
    }
  }
  const std::size_t wanted = body.has_support_vectors ? machine.vectors.size() : body.fields.size();
  if (machine.coefficients.size() != wanted)
    element.refuse("has " + std::to_string(machine.coefficients.size()) + " coefficients for " +
                   std::to_string(wanted) +
                   (body.has_support_vectors ? " support vectors" : " vector fields"));
  if (!body.has_support_vectors && !machine.vectors.empty())
    element.refuse("svmRepresentation=\"Coefficients\" has no support vectors");
  return machine;
}

// The default is OneAgainstAll, in which no machine but an only one has an alternate category;
// makers of old files leave the attribute out where they mean OneAgainstOne.
Body::Classification default_classification(const Body& body) {
  const bool one_against_one =
      body.machines.size() > 1 && std::ranges::all_of(body.machines, [](const auto& machine) {
        return machine.alternate_category.has_value();
      });
  return one_against_one ? Body::Classification::kOneAgainstOne
                         : Body::Classification::kOneAgainstAll;
}

}  // namespace

void read_support_vector_machine(const Element& element, Model& model, int) {
  only_model(element,
             {"threshold", "svmRepresentation", "classificationMethod", "maxWins",
              "alternateBinaryTargetCategory"},
             {"LinearKernelType", "PolynomialKernelType", "RadialBasisKernelType",
              "SigmoidKernelType", "VectorDictionary", "SupportVectorMachine"});
  Body body;
  body.has_support_vectors = element.choice("svmRepresentation", kSvmRepresentations, true);
  body.max_wins = element.boolean("maxWins", false);
  body.threshold = element.number("threshold", 0);
  body.alternate_binary_category = element.find("alternateBinaryTargetCategory");
  VectorIndex index;
  std::size_t kernels = 0;
  for (const Element& child : element.children()) {
    if (const auto type = find_name(kSvmKernels, child.name())) {
      body.kernel = read_kernel(child, *type);
      ++kernels;
    } else if (child.is("VectorDictionary")) {
      read_dictionary(child, body, index);
    }
  }
  if (kernels != 1) element.refuse("exactly one kernel is needed");
  for (const Element& child : element.children()) {
    if (child.is("SupportVectorMachine")) body.machines.push_back(read_machine(child, body, index));
  }
  body.classification =
      element.choice("classificationMethod", kSvmClassifications, default_classification(body));
  model.body = std::move(body);
}

}  // namespace pmml::detail
