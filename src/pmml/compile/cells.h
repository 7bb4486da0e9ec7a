// SPDX-License-Identifier: Apache-2.0
// What a DataField and its MiningField make of a cell, without names or texts: prepare() of the
// interpreter, compiled.
#pragma once
#include <cmath>
#include <optional>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace pmml {

// A present value that is none of the categories a document names.
inline constexpr double kNoSuchCategory = -1;

struct CellPlan {
  DataType type = DataType::kDouble;
  Encoding encoding = Encoding::kNumber;
  double categories = 0;
  bool closed = false;  // kIndex: other texts than the categories are invalid.
  bool missing_refused = false;
  double missing_value = kMissing;
  InvalidTreatment invalid_treatment = InvalidTreatment::kReturnInvalid;
  double invalid_value = kMissing;
  OutlierTreatment outliers = OutlierTreatment::kAsIs;
  std::optional<double> low = {};
  std::optional<double> high = {};
  std::vector<double> missing_numbers = {};
  std::vector<double> invalid_numbers = {};
  std::vector<double> valid_numbers = {};
  std::vector<Interval> intervals = {};
};

// The cells of a field that stay as they are: numbers (rounded to float) between two bounds.
struct QuickCell {
  double low = 1;
  double high = 0;
  bool whole = false;   // Only whole numbers.
  bool single = false;  // Of type float.
};
[[nodiscard]] QuickCell quick_cell(const CellPlan& plan);

// Nothing for a field that only the interpreter prepares.
std::optional<CellPlan> plan_cell(const DataField& data, const MiningField& mining,
                                  const InputField& input);

// The value where the cell is quick, as most are.
[[nodiscard]] inline bool is_quick(const QuickCell& quick, double cell, double& value) {
  value = quick.single ? static_cast<double>(static_cast<float>(cell)) : cell;
  return value >= quick.low && value <= quick.high &&
         (!quick.whole || std::nearbyint(value) == value);
}

// The value of any cell, or NaN for missing. `refused` is set where the row is refused.
double prepare_cell(const CellPlan& plan, double cell, bool& refused);

}  // namespace pmml
