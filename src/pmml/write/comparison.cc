// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/comparison.h"

#include "pmml/detail/comparison_names.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {

void write_comparison_measure(const ComparisonMeasure& measure, XmlText& xml) {
  xml.open("ComparisonMeasure");
  xml.attribute("kind", measure.similarity ? "similarity" : "distance");
  if (measure.compare_function != CompareFunction::kAbsDiff)
    xml.choice("compareFunction", kCompareFunctions, measure.compare_function);
  xml.open(name_of(kMeasures, measure.measure));
  if (measure.measure == Measure::kMinkowski) xml.number("p-parameter", measure.power);
  if (measure.measure == Measure::kBinarySimilarity) {
    for (std::size_t i = 0; i < 4; ++i) xml.number(kNumerators[i], measure.numerator[i]);
    for (std::size_t i = 0; i < 4; ++i) xml.number(kDenominators[i], measure.denominator[i]);
  }
  xml.close();
  xml.close();
}

void write_comparison_attributes(const ComparisonField& field, XmlText& xml) {
  xml.attribute("field", field.field);
  if (field.weight != 1) xml.number("fieldWeight", field.weight);
  xml.optional_number("similarityScale", field.similarity_scale);
  xml.optional_choice("compareFunction", kCompareFunctions, field.compare_function);
}

void write_comparison_table(const ComparisonField& field, XmlText& xml) {
  if (field.table.rows == 0) return;
  xml.open("Comparisons");
  write_matrix(field.table, xml);
  xml.close();
}

}  // namespace pmml::detail
