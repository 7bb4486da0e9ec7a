// SPDX-License-Identifier: Apache-2.0
// What makes the page look and sort as it does. The colours of the series keep apart for people who
// see red and green alike (after Okabe & Ito 2008, darkened or lightened to 3 : 1 on the paper).
#pragma once

namespace report::detail {

extern const char* const kPageStyle;   // CSS.
extern const char* const kPageScript;  // JavaScript: tables sort by their headings. Not needed.

}  // namespace report::detail
