// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace pmml {

// Scores the records of the document's ModelVerification and compares them with the results they
// state, within the precision of each field (relative; within zeroThreshold everything is zero).
// Names the record and field that differ.
base::Result<void> verify(const Document& document, const Scorer& scorer);

}  // namespace pmml
