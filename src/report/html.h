// SPDX-License-Identifier: Apache-2.0
// A study as one page that a person reads: what to do first, then why, and how sure.
#pragma once
#include <string>

#include "study/analysis.h"

namespace report {

// A whole document (HTML 5, UTF-8) with its pictures, style and few lines of script inside: it asks
// for no other file, reads without the script (which sorts tables), on paper, on a phone, in light
// and dark. What the analysis does not hold is left out. Names of columns and models are escaped.
// The indices of `sensitivity` are those of the ranking. Pure and thread-safe.
std::string html(const study::Analysis& analysis);

}  // namespace report
