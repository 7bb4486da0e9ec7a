// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/comparison.h"

#include "pmml/detail/comparison_names.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

void read_measure(const Element& element, ComparisonMeasure& result) {
  const auto measure = find_name(kMeasures, element.name());
  if (!measure) {
    element.refuse_here();
    return;
  }
  result.measure = *measure;
  if (*measure == Measure::kMinkowski) {
    element.only({"p-parameter"});
    result.power = element.required_number("p-parameter");
    if (!(result.power > 0)) element.refuse("p-parameter must be greater than 0");
  } else if (*measure == Measure::kBinarySimilarity) {
    element.only({"c00-parameter", "c01-parameter", "c10-parameter", "c11-parameter",
                  "d00-parameter", "d01-parameter", "d10-parameter", "d11-parameter"});
    for (std::size_t i = 0; i < 4; ++i) {
      result.numerator[i] = element.required_number(kNumerators[i]);
      result.denominator[i] = element.required_number(kDenominators[i]);
    }
  } else {
    element.only({});
  }
  if (!element.children().empty()) element.children()[0].refuse_here();
  if (is_binary(*measure) && !result.similarity)
    element.refuse("is a similarity, but kind is \"distance\"");
}

}  // namespace

ComparisonMeasure read_comparison_measure(const Element& element) {
  // minimum and maximum only say what values the measure takes.
  element.only({"kind", "compareFunction", "minimum", "maximum"});
  ComparisonMeasure result;
  const std::string kind = element.required("kind");
  if (kind != "distance" && kind != "similarity")
    element.refuse("kind is '" + kind + "': expected distance or similarity");
  result.similarity = kind == "similarity";
  result.compare_function =
      element.choice("compareFunction", kCompareFunctions, CompareFunction::kAbsDiff);
  const auto children = element.children();
  if (children.size() != 1) {
    element.refuse("exactly one measure is needed");
  } else {
    read_measure(children[0], result);
  }
  return result;
}

ComparisonField read_comparison_field(const Element& element) {
  ComparisonField field;
  field.field = element.required("field");
  field.weight = element.number("fieldWeight", 1);
  if (!(field.weight > 0)) element.refuse("fieldWeight must be greater than 0");
  field.compare_function = element.find_choice("compareFunction", kCompareFunctions);
  field.similarity_scale = element.find_number("similarityScale");
  if (field.similarity_scale && !(*field.similarity_scale > 0))
    element.refuse("similarityScale must be greater than 0");
  for (const Element& child : element.children()) {
    if (!child.is("Comparisons")) {
      child.refuse_here();
      continue;
    }
    child.only({});
    const auto matrices = child.children();
    if (matrices.size() != 1 || !matrices[0].is("Matrix")) {
      child.refuse("exactly one Matrix is needed");
    } else {
      field.table = read_matrix(matrices[0]);
    }
  }
  return field;
}

}  // namespace pmml::detail
