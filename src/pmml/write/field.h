// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "pmml/document/document.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_data_dictionary(const std::vector<DataField>& fields, XmlText& xml);
void write_transformation_dictionary(const Document& document, XmlText& xml);
void write_mining_schema(const std::vector<MiningField>& fields, XmlText& xml);
void write_derived_field(const DerivedField& field, XmlText& xml);
void write_derived_fields(const std::vector<DerivedField>& fields, XmlText& xml);

}  // namespace pmml::detail
