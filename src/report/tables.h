// SPDX-License-Identifier: Apache-2.0
// A study for programs and for other texts. Figures in CSV and JSON are the shortest that read back
// to the same double; what is not defined is empty in CSV and null in JSON.
// docs/formats/study-report.md has every column and field. Pure and thread-safe.
#pragma once
#include <string>

#include "study/analysis.h"

namespace report {

// Every model, best first, then those that failed: RFC 4180, UTF-8, CRLF, with a header.
std::string csv(const study::Analysis& analysis);

// The whole analysis but the single decisions, as one object; bytes that are no UTF-8 are replaced.
std::string json(const study::Analysis& analysis);

// What to do, the ranking's top, the hypotheses and the warnings, for an issue or a wiki.
std::string markdown(const study::Analysis& analysis);

}  // namespace report
