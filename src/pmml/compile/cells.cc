// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/cells.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "pmml/compile/inputs.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

// The cell of a text of the document; nothing where it is no value of the field.
std::optional<double> cell_of(const std::string& text, const InputField& input) {
  if (input.encoding == Encoding::kNumber || input.type == DataType::kBoolean) {
    const auto value = parse_operand(text, input.type);
    return value && !value->missing ? std::optional(value->number) : std::nullopt;
  }
  const auto found = std::ranges::find(input.categories, text);
  if (found == input.categories.end()) return std::nullopt;
  return static_cast<double>(found - input.categories.begin());
}

bool holds(const std::vector<double>& numbers, double value) {
  return std::ranges::find(numbers, value) != numbers.end();
}

double missing(const CellPlan& plan, bool& refused) {
  refused = refused || plan.missing_refused;
  return plan.missing_value;
}

double outlier(const CellPlan& plan, double value, bool& refused) {
  const bool below = plan.low && value < *plan.low;
  const bool above = plan.high && value > *plan.high;
  if (!below && !above) return value;
  if (plan.outliers == OutlierTreatment::kAsMissingValues) return missing(plan, refused);
  const double bound = below ? *plan.low : *plan.high;
  return plan.type == DataType::kFloat ? static_cast<double>(static_cast<float>(bound)) : bound;
}

bool is_valid_number(const CellPlan& plan, double value) {
  if (holds(plan.invalid_numbers, value)) return false;
  if (!plan.valid_numbers.empty()) return holds(plan.valid_numbers, value);
  if (plan.intervals.empty()) return true;
  return std::ranges::any_of(plan.intervals,
                             [&](const Interval& interval) { return contains(interval, value); });
}

// An invalid cell; `kept` is what asIs leaves of it, nothing where it leaves nothing readable.
double invalid(const CellPlan& plan, std::optional<double> kept, bool& refused) {
  switch (plan.invalid_treatment) {
    case InvalidTreatment::kReturnInvalid:
      refused = true;
      return kMissing;
    case InvalidTreatment::kAsMissing:
      return missing(plan, refused);
    case InvalidTreatment::kAsValue:
      return plan.invalid_value;
    case InvalidTreatment::kAsIs:
      break;
  }
  if (!kept) refused = true;
  return kept.value_or(kMissing);
}

double prepare_number(const CellPlan& plan, double cell, bool& refused) {
  if (std::isnan(cell)) {
    if (is_invalid(cell) || is_unlisted(cell)) return invalid(plan, std::nullopt, refused);
    return missing(plan, refused);
  }
  double value = cell;
  if (plan.type == DataType::kFloat) value = static_cast<double>(static_cast<float>(cell));
  if (plan.type == DataType::kInteger && !(std::floor(cell) == cell && std::abs(cell) <= 0x1p53)) {
    return invalid(plan, std::nullopt, refused);
  }
  if (holds(plan.missing_numbers, value)) return missing(plan, refused);
  if (!is_valid_number(plan, value)) return invalid(plan, value, refused);
  return plan.outliers == OutlierTreatment::kAsIs ? value : outlier(plan, value, refused);
}

double prepare_index(const CellPlan& plan, double cell, bool& refused) {
  const bool text = plan.type == DataType::kString;
  const std::optional<double> unreadable = text ? std::optional(kNoSuchCategory) : std::nullopt;
  if (std::isnan(cell)) {
    if (is_invalid(cell)) return invalid(plan, unreadable, refused);
    if (is_unlisted(cell))
      return plan.closed || !text ? invalid(plan, unreadable, refused) : kNoSuchCategory;
    return missing(plan, refused);
  }
  if (cell >= 0 && cell < plan.categories && cell == std::floor(cell)) return cell;
  // Beyond the categories: a text that the workspace keeps, or no cell of ours.
  if (cell < 0 || cell != std::floor(cell)) return invalid(plan, unreadable, refused);
  return plan.closed || !text ? invalid(plan, unreadable, refused) : kNoSuchCategory;
}

}  // namespace

QuickCell quick_cell(const CellPlan& plan) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  QuickCell quick;
  if (plan.encoding == Encoding::kIndex) {
    quick.low = 0;
    quick.high = plan.categories - 1;
    quick.whole = true;
    return quick;
  }
  quick.whole = plan.type == DataType::kInteger;
  quick.single = plan.type == DataType::kFloat;
  if (!plan.missing_numbers.empty() || !plan.invalid_numbers.empty() || plan.intervals.size() > 1)
    return quick;
  double low = quick.whole ? -0x1p53 : -kInfinity;
  double high = -low;
  if (!plan.valid_numbers.empty()) {
    // Whole numbers without a gap are an interval.
    const auto [least, most] = std::ranges::minmax(plan.valid_numbers);
    const std::set<double> different(plan.valid_numbers.begin(), plan.valid_numbers.end());
    if (!quick.whole || most - least + 1 != static_cast<double>(different.size())) return quick;
    low = least;
    high = most;
  } else if (!plan.intervals.empty()) {
    const Interval& interval = plan.intervals[0];
    if (interval.left) {
      low = std::max(low, contains(interval, *interval.left)
                              ? *interval.left
                              : std::nextafter(*interval.left, kInfinity));
    }
    if (interval.right) {
      high = std::min(high, contains(interval, *interval.right)
                                ? *interval.right
                                : std::nextafter(*interval.right, -kInfinity));
    }
  }
  if (plan.outliers != OutlierTreatment::kAsIs) {
    if (plan.low) low = std::max(low, *plan.low);
    if (plan.high) high = std::min(high, *plan.high);
  }
  quick.low = low;
  quick.high = high;
  return quick;
}

std::optional<CellPlan> plan_cell(const DataField& data, const MiningField& mining,
                                  const InputField& input) {
  if (is_time(data.type)) return std::nullopt;
  CellPlan plan;
  plan.type = data.type;
  plan.encoding = input.encoding;
  plan.categories = static_cast<double>(input.categories.size());
  plan.closed = declares_values(data);
  plan.missing_refused = mining.missing_is_invalid;
  plan.invalid_treatment = mining.invalid_treatment;
  const auto replacement = [&](const std::optional<std::string>& text, double& value) {
    if (!text) return true;
    const auto cell = cell_of(*text, input);
    value = cell.value_or(kNoSuchCategory);
    return cell.has_value() || data.type == DataType::kString;
  };
  if (!replacement(mining.missing_replacement, plan.missing_value)) return std::nullopt;
  if (!replacement(mining.invalid_replacement, plan.invalid_value)) return std::nullopt;
  if (input.encoding == Encoding::kNumber) {
    plan.outliers = mining.outliers;
    plan.low = mining.low;
    plan.high = mining.high;
    for (const FieldValue& value : data.values) {
      const auto parsed = parse_value(value.value, data.type);
      if (!parsed || parsed->missing) continue;
      if (value.property == FieldValue::Property::kMissing)
        plan.missing_numbers.push_back(parsed->number);
      if (value.property == FieldValue::Property::kInvalid)
        plan.invalid_numbers.push_back(parsed->number);
      if (value.property == FieldValue::Property::kValid)
        plan.valid_numbers.push_back(parsed->number);
    }
    // An order of Value elements in which an invalid one comes after the same valid one is no
    // document's.
    if (input.op_type == OpType::kContinuous) plan.intervals = data.intervals;
  } else {
    // Declared missing texts are recognised when a cell is encoded; of declared invalid ones only
    // the interpreter knows.
    for (const FieldValue& value : data.values) {
      if (value.property == FieldValue::Property::kInvalid) return std::nullopt;
      if (value.property == FieldValue::Property::kMissing && cell_of(value.value, input))
        return std::nullopt;
    }
    // A boolean that declares one of its two values only is no everyday's.
    const auto declares = [&](double truth) {
      return std::ranges::any_of(data.values, [&](const FieldValue& value) {
        const auto parsed = parse_value(value.value, data.type);
        return parsed && parsed->number == truth;
      });
    };
    if (data.type == DataType::kBoolean && declares(0) != declares(1)) return std::nullopt;
  }
  return plan;
}

double prepare_cell(const CellPlan& plan, double cell, bool& refused) {
  return plan.encoding == Encoding::kNumber ? prepare_number(plan, cell, refused)
                                            : prepare_index(plan, cell, refused);
}

}  // namespace pmml
