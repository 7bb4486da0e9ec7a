// SPDX-License-Identifier: Apache-2.0
// What a model calls a field by another name.
#pragma once
#include <set>
#include <string>

#include "base/result.h"
#include "pmml/document/document.h"

namespace learn::detail {

// In everything that the document computes from the field: derived fields of the dictionary, the
// model and the models in it, and their outputs; not in the DataDictionary and the outermost
// MiningSchema. Inner models no longer replace its missing values, which is to be done outside.
// `named` gets the values that the field is compared with. Refuses a document that it cannot go
// through whole (it is then changed in part).
base::Result<void> rename_field(pmml::Document& document, const std::string& from,
                                const std::string& to, std::set<std::string>& named);

}  // namespace learn::detail
