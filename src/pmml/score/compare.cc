// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/compare.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "base/number.h"

namespace pmml {
namespace {

// All NaNs are one; the sign of a zero is not looked at.
bool same_bits(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

std::string differ(const std::string& what, double a, double b) {
  return what + ": compiled " + base::format_double(a) + ", interpreted " + base::format_double(b);
}

}  // namespace

std::optional<std::string> difference(const Scorer& compiled, Workspace& compiled_workspace,
                                      const Scorer& interpreted, Workspace& interpreted_workspace,
                                      std::span<const double> row) {
  const Prediction& a = compiled.score(row, compiled_workspace);
  const Prediction& b = interpreted.score(row, interpreted_workspace);
  if (a.status != b.status)
    return differ("status", static_cast<double>(a.status), static_cast<double>(b.status));
  if (!same_bits(a.number, b.number)) return differ("number", a.number, b.number);
  if (a.category != b.category)
    return differ("category", static_cast<double>(a.category), static_cast<double>(b.category));
  for (std::size_t i = 0; i < a.probabilities.size(); ++i) {
    if (!same_bits(a.probabilities[i], b.probabilities[i])) {
      return differ("probability " + std::to_string(i), a.probabilities[i], b.probabilities[i]);
    }
  }
  for (std::size_t i = 0; i < a.outputs.size(); ++i) {
    if (!same_bits(a.outputs[i], b.outputs[i]))
      return differ("output " + std::to_string(i), a.outputs[i], b.outputs[i]);
    const std::string x = compiled.output_text(i, compiled_workspace);
    const std::string y = interpreted.output_text(i, interpreted_workspace);
    if (x != y)
      return "output " + std::to_string(i) + ": compiled '" + x + "', interpreted '" + y + "'";
  }
  return std::nullopt;
}

}  // namespace pmml
