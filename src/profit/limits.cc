// SPDX-License-Identifier: Apache-2.0
#include "profit/limits.h"

#include <algorithm>

#include "base/number.h"

namespace profit {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view sign_of(Limit::Kind kind) {
  switch (kind) {
    case Limit::Kind::kBelow:
      return "<";
    case Limit::Kind::kAtMost:
      return "<=";
    case Limit::Kind::kAbove:
      return ">";
    case Limit::Kind::kAtLeast:
      return ">=";
  }
  return "";
}

bool keeps(const Limit& limit, double value) {
  switch (limit.kind) {
    case Limit::Kind::kBelow:
      return value < limit.bound;
    case Limit::Kind::kAtMost:
      return value <= limit.bound;
    case Limit::Kind::kAbove:
      return value > limit.bound;
    case Limit::Kind::kAtLeast:
      return value >= limit.bound;
  }
  return false;
}

std::optional<double> parse_bound(std::string_view text) {
  const bool is_percentage = text.ends_with('%');
  if (is_percentage) text = trimmed(text.substr(0, text.size() - 1));
  const std::optional<double> number = base::parse_double(text);
  if (number && is_percentage) return *number / 100;
  return number;
}

base::Result<const Measure*> measure_of(std::span<const Measure> measures, const Limit& limit) {
  std::string known;
  for (const Measure& measure : measures) {
    if (measure.name == limit.measure) return &measure;
    known += (known.empty() ? "" : ", ") + measure.name;
  }
  return base::input_error("the limit '" + to_text(limit) +
                           "' names a measure that is not known: " +
                           (known.empty() ? "there is none" : "there are " + known));
}

// Why the model is not kept; empty if it is.
std::string breach(const Limit& limit, const Measure& measure, std::size_t model) {
  const std::optional<double> value = measure.values[model];
  if (value && keeps(limit, *value)) return {};
  const std::string asked =
      std::string(sign_of(limit.kind)) + " " + base::format_double(limit.bound);
  if (!value) return limit.measure + " is not known, so not " + asked;
  return limit.measure + " is " + base::format_double(*value) + ", not " + asked;
}

}  // namespace

base::Result<Limit> parse_limit(std::string_view text) {
  const std::size_t at = text.find_first_of("<>");
  if (at != std::string_view::npos) {
    const bool with_equal = at + 1 < text.size() && text[at + 1] == '=';
    const bool is_upper = text[at] == '<';
    const std::string_view name = trimmed(text.substr(0, at));
    const auto bound = parse_bound(trimmed(text.substr(at + (with_equal ? 2 : 1))));
    if (!name.empty() && bound) {
      const Limit::Kind kind = is_upper
                                   ? (with_equal ? Limit::Kind::kAtMost : Limit::Kind::kBelow)
                                   : (with_equal ? Limit::Kind::kAtLeast : Limit::Kind::kAbove);
      return Limit{.measure = std::string(name), .kind = kind, .bound = *bound};
    }
  }
  return base::input_error("the limit '" + std::string(text) +
                           "' is not a measure, one of < <= > >=, and a number, as in "
                           "'parity_gap <= 5%'");
}

std::string to_text(const Limit& limit) {
  return limit.measure + " " + std::string(sign_of(limit.kind)) + " " +
         base::format_double(limit.bound);
}

base::Result<Selection> keep_within(std::span<const Standing> standings,
                                    std::span<const Measure> measures,
                                    std::span<const Limit> limits) {
  std::vector<const Measure*> limited;
  for (const Limit& limit : limits) {
    TRY_ASSIGN(const Measure* measure, measure_of(measures, limit));
    for (const Standing& standing : standings) {
      if (standing.model < measure->values.size()) continue;
      return base::input_error("the measure '" + measure->name + "' has " +
                               std::to_string(measure->values.size()) +
                               " values: one for every model is needed");
    }
    limited.push_back(measure);
  }
  Selection selection;
  for (const Standing& standing : standings) {
    std::string why;
    for (std::size_t i = 0; i < limits.size() && why.empty(); ++i)
      why = breach(limits[i], *limited[i], standing.model);
    if (why.empty()) {
      selection.kept.push_back(standing.model);
    } else {
      selection.excluded.push_back({standing.model, std::move(why)});
    }
  }
  return selection;
}

}  // namespace profit
