// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/references.h"

namespace pmml {
namespace {

void collect(const Expression& expression, std::vector<std::string>& names);

void collect_one(const Constant&, std::vector<std::string>&) {}
void collect_one(const FieldRef& reference, std::vector<std::string>& names) {
  names.push_back(reference.field);
}
void collect_one(const NormContinuous& norm, std::vector<std::string>& names) {
  names.push_back(norm.field);
}
void collect_one(const NormDiscrete& norm, std::vector<std::string>& names) {
  names.push_back(norm.field);
}
void collect_one(const Discretize& discretize, std::vector<std::string>& names) {
  names.push_back(discretize.field);
}
void collect_one(const MapValues& map, std::vector<std::string>& names) {
  for (const auto& column : map.columns) names.push_back(column.field);
}
void collect_one(const Apply& apply, std::vector<std::string>& names) {
  for (const Expression& argument : apply.arguments) collect(argument, names);
}
void collect_one(const TextFrequency& index, std::vector<std::string>& names) {
  names.push_back(index.text_field);
  for (const Expression& term : index.term) collect(term, names);
}
void collect_one(const Lag& lag, std::vector<std::string>& names) {
  names.push_back(lag.field);
  names.insert(names.end(), lag.block_indicators.begin(), lag.block_indicators.end());
}
void collect_one(const Aggregate& aggregate, std::vector<std::string>& names) {
  names.push_back(aggregate.field);
  if (aggregate.group_field) names.push_back(*aggregate.group_field);
}

void collect(const Expression& expression, std::vector<std::string>& names) {
  std::visit([&](const auto& one) { collect_one(one, names); }, expression.is);
}

}  // namespace

std::vector<std::string> fields_of(const Expression& expression) {
  std::vector<std::string> names;
  collect(expression, names);
  return names;
}

}  // namespace pmml
