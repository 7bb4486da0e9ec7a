// SPDX-License-Identifier: Apache-2.0
// Does a document make sense before it scores anything?
#pragma once
#include "base/result.h"
#include "pmml/document/document.h"

namespace pmml {

// Refuses: names declared twice, references to fields or functions that do not exist there,
// functions with the wrong number of arguments, cycles of derived fields or functions, values that
// are not of their field's type, trees whose default child is none of theirs, and model shapes that
// no rule of the standard scores. Names the culprit.
base::Result<void> check(const Document& document);

}  // namespace pmml
