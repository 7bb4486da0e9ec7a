// SPDX-License-Identifier: Apache-2.0
// Figures and foreign text as people read them. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace report::detail {

// As it may stand in HTML, in SVG and in their quoted attributes. What is no UTF-8 and control
// characters, which XML forbids, become U+FFFD.
std::string escape(std::string_view text);
// As one line of Markdown, inside a table too.
std::string escape_markdown(std::string_view text);

// Code points; each byte that is no UTF-8 counts as one.
std::size_t letters(std::string_view text);
// The first so many less one and "…" where there are more.
std::string shorten(std::string_view text, std::size_t most);

// Everywhere: "–" for what is no finite number, "−" as the minus sign, commas between thousands.
std::string fixed(double value, int decimals);
std::string number(double value);                            // Three significant digits.
std::string percent(double share, int decimals = 1);         // "30.7 %"
std::string signed_percent(double share, int decimals = 0);  // "+50 %", "0 %"
std::string count(std::int64_t value);
std::string counted(std::int64_t value, std::string_view one, std::string_view many);
std::string duration(double seconds);                       // "0.31 s", "4 min 10 s", "2 h 5 min"
std::string size(std::int64_t bytes);                       // "18.2 kB"
std::string nanoseconds(double value);                      // "310 ns", "1.20 µs"
std::string p_value(double p);                              // "p = 0.031", "p < 0.001"
std::string listed(const std::vector<std::string>& words);  // "a, b and c"

}  // namespace report::detail
