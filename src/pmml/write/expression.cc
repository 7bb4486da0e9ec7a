// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/expression.h"

#include <string>

namespace pmml::detail {
namespace {

void write_one(const Constant& constant, XmlText& xml) {
  xml.open("Constant");
  xml.optional_choice("dataType", kDataTypes, constant.type);
  if (constant.missing) xml.attribute("missing", "true");
  xml.content(constant.text);
}

void write_one(const FieldRef& reference, XmlText& xml) {
  xml.open("FieldRef");
  xml.attribute("field", reference.field);
  xml.optional("mapMissingTo", reference.map_missing_to);
  xml.close();
}

void write_one(const NormContinuous& norm, XmlText& xml) {
  xml.open("NormContinuous");
  xml.attribute("field", norm.field);
  xml.optional_number("mapMissingTo", norm.map_missing_to);
  if (norm.outliers != OutlierTreatment::kAsIs)
    xml.choice("outliers", kOutlierTreatments, norm.outliers);
  for (const auto& point : norm.points) {
    xml.open("LinearNorm");
    xml.number("orig", point.original);
    xml.number("norm", point.normalized);
    xml.close();
  }
  xml.close();
}

void write_one(const NormDiscrete& norm, XmlText& xml) {
  xml.open("NormDiscrete");
  xml.attribute("field", norm.field);
  xml.attribute("value", norm.value);
  if (norm.thermometer) xml.attribute("method", "thermometer");
  xml.optional_number("mapMissingTo", norm.map_missing_to);
  xml.close();
}

void write_one(const Discretize& discretize, XmlText& xml) {
  xml.open("Discretize");
  xml.attribute("field", discretize.field);
  xml.optional("mapMissingTo", discretize.map_missing_to);
  xml.optional("defaultValue", discretize.default_value);
  xml.optional_choice("dataType", kDataTypes, discretize.type);
  for (const auto& bin : discretize.bins) {
    xml.open("DiscretizeBin");
    xml.attribute("binValue", bin.value);
    write_interval(bin.interval, xml);
    xml.close();
  }
  xml.close();
}

void write_cell(const std::string& element, const std::string& text, XmlText& xml) {
  xml.open(element);
  xml.content(text);
}

void write_one(const MapValues& map, XmlText& xml) {
  xml.open("MapValues");
  xml.attribute("outputColumn", map.output_column);
  xml.optional("mapMissingTo", map.map_missing_to);
  xml.optional("defaultValue", map.default_value);
  xml.optional_choice("dataType", kDataTypes, map.type);
  for (const auto& column : map.columns) {
    xml.open("FieldColumnPair");
    xml.attribute("field", column.field);
    xml.attribute("column", column.column);
    xml.close();
  }
  xml.open("InlineTable");
  for (const auto& row : map.rows) {
    xml.open("row");
    for (std::size_t i = 0; i < row.keys.size(); ++i)
      write_cell(map.columns[i].column, row.keys[i], xml);
    if (row.output) write_cell(map.output_column, *row.output, xml);
    xml.close();
  }
  xml.close();
  xml.close();
}

void write_one(const Apply& apply, XmlText& xml) {
  xml.open("Apply");
  xml.attribute("function", apply.function);
  xml.optional("mapMissingTo", apply.map_missing_to);
  xml.optional("defaultValue", apply.default_value);
  if (apply.invalid_treatment != InvalidTreatment::kReturnInvalid) {
    xml.choice("invalidValueTreatment", kInvalidTreatments, apply.invalid_treatment);
  }
  for (const Expression& argument : apply.arguments) write_expression(argument, xml);
  xml.close();
}

std::string truth(bool value) { return value ? "true" : "false"; }

void write_one(const TextIndexNormalization& normalization, XmlText& xml) {
  xml.open("TextIndexNormalization");
  if (normalization.recursive) xml.attribute("recursive", "true");
  if (normalization.case_sensitive)
    xml.attribute("isCaseSensitive", truth(*normalization.case_sensitive));
  if (normalization.max_levenshtein_distance)
    xml.attribute("maxLevenshteinDistance",
                  std::to_string(*normalization.max_levenshtein_distance));
  xml.optional("wordSeparatorCharacterRE", normalization.word_separator);
  if (normalization.tokenize) xml.attribute("tokenize", truth(*normalization.tokenize));
  xml.open("InlineTable");
  for (const auto& row : normalization.rows) {
    xml.open("row");
    write_cell("string", row.in, xml);
    write_cell("stem", row.out, xml);
    if (row.is_regex) write_cell("regex", "true", xml);
    xml.close();
  }
  xml.close();
  xml.close();
}

void write_one(const TextFrequency& index, XmlText& xml) {
  const TextFrequency plain;
  xml.open("TextIndex");
  xml.attribute("textField", index.text_field);
  if (index.weights != plain.weights) xml.choice("localTermWeights", kTermWeights, index.weights);
  if (index.case_sensitive) xml.attribute("isCaseSensitive", "true");
  if (index.max_levenshtein_distance != 0)
    xml.attribute("maxLevenshteinDistance", std::to_string(index.max_levenshtein_distance));
  if (index.count_hits != plain.count_hits) xml.choice("countHits", kCountHits, index.count_hits);
  if (index.word_separator != plain.word_separator)
    xml.attribute("wordSeparatorCharacterRE", index.word_separator);
  xml.optional("x-wordRE", index.word);
  if (!index.tokenize) xml.attribute("tokenize", "false");
  for (const auto& normalization : index.normalizations) write_one(normalization, xml);
  for (const Expression& term : index.term) write_expression(term, xml);
  xml.close();
}

void write_one(const Lag& lag, XmlText& xml) {
  xml.open("Lag");
  xml.attribute("field", lag.field);
  if (lag.n != 1) xml.attribute("n", std::to_string(lag.n));
  if (lag.aggregate != LagAggregate::kNone) xml.choice("aggregate", kLagAggregates, lag.aggregate);
  for (const std::string& field : lag.block_indicators) {
    xml.open("BlockIndicator");
    xml.attribute("field", field);
    xml.close();
  }
  xml.close();
}

void write_one(const Aggregate& aggregate, XmlText& xml) {
  xml.open("Aggregate");
  xml.attribute("field", aggregate.field);
  xml.choice("function", kAggregateFunctions, aggregate.function);
  xml.optional("groupField", aggregate.group_field);
  xml.close();
}

}  // namespace

void write_expression(const Expression& expression, XmlText& xml) {
  std::visit([&](const auto& one) { write_one(one, xml); }, expression.is);
}

void write_interval(const Interval& interval, XmlText& xml) {
  xml.open("Interval");
  xml.choice("closure", kClosures, interval.closure);
  xml.optional_number("leftMargin", interval.left);
  xml.optional_number("rightMargin", interval.right);
  xml.close();
}

}  // namespace pmml::detail
