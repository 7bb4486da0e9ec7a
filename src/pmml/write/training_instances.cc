// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/training_instances.h"

#include <string>

namespace pmml::detail {
namespace {

// Not every field's name can be an element's, but this can.
std::string column_of(std::size_t field) { return "c" + std::to_string(field + 1); }

}  // namespace

void write_training_instances(const TrainingInstances& instances, XmlText& xml) {
  xml.open("TrainingInstances");
  if (instances.is_transformed) xml.attribute("isTransformed", "true");
  xml.open("InstanceFields");
  for (std::size_t i = 0; i < instances.fields.size(); ++i) {
    xml.open("InstanceField");
    xml.attribute("field", instances.fields[i]);
    xml.attribute("column", column_of(i));
    xml.close();
  }
  xml.close();
  xml.open("InlineTable");
  for (const auto& record : instances.records) {
    xml.open("row");
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (!record[i]) continue;
      xml.open(column_of(i));
      xml.content(*record[i]);
    }
    xml.close();
  }
  xml.close();
  xml.close();
}

}  // namespace pmml::detail
