// SPDX-License-Identifier: Apache-2.0
// Names for fields that are added to a document.
#pragma once
#include <string>

#include "pmml/document/document.h"

namespace learn::detail {

// The name wanted, or that with a number behind it: one that no field of the document has, nor a
// derived field or output of its models.
std::string free_name(const pmml::Document& document, const std::string& wanted);

}  // namespace learn::detail
