// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "pmml/document/document.h"
#include "pmml/read/element.h"

namespace pmml::detail {

std::vector<DataField> read_data_dictionary(const Element& element);
std::vector<MiningField> read_mining_schema(const Element& element);
std::vector<DerivedField> read_derived_fields(const Element& element);
// The DerivedField inside an element of a chapter, which nobody refers to: its name is optional.
DerivedField read_inner_derived_field(const Element& element);
void read_transformation_dictionary(const Element& element, Document& document);

}  // namespace pmml::detail
