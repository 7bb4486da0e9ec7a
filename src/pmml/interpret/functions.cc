// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/functions.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/letter_case.h"
#include "pmml/interpret/normal.h"
#include "pmml/interpret/patterns.h"

namespace pmml {
namespace {

using Arguments = std::span<const Value>;
using Answer = std::optional<Value>;

bool any_missing(Arguments arguments) {
  return std::ranges::any_of(arguments, [](const Value& value) { return value.missing; });
}

// Numbers of the arguments as numbers; texts that spell numbers count, elapsed times are integers.
Answer numeric(const Value& value) {
  if (value.missing || is_number(value.type)) return value;
  if (is_elapsed(value.type) && value.number == std::floor(value.number))
    return number_value(DataType::kInteger, value.number);
  return cast(value, DataType::kDouble);
}

DataType common_type(DataType a, DataType b) {
  if (a == DataType::kDouble || b == DataType::kDouble) return DataType::kDouble;
  if (a == DataType::kFloat || b == DataType::kFloat) return DataType::kFloat;
  return DataType::kInteger;
}

template <class Operation>
Answer binary(Arguments arguments, Operation operation) {
  if (any_missing(arguments)) return Value{};
  const Answer left = numeric(arguments[0]);
  const Answer right = numeric(arguments[1]);
  if (!left || !right) return std::nullopt;
  return operation(left->number, right->number, common_type(left->type, right->type));
}

// Integers that no longer fit one exactly are an invalid result, not a rounded one.
Answer result(DataType type, double number) {
  if (type == DataType::kInteger && !(std::abs(number) <= 0x1p53 && number == std::floor(number)))
    return std::nullopt;
  return number_value(type, number);
}

Answer add(Arguments a) {
  return binary(a, [](double x, double y, DataType type) { return result(type, x + y); });
}
Answer subtract(Arguments a) {
  return binary(a, [](double x, double y, DataType type) { return result(type, x - y); });
}
Answer multiply(Arguments a) {
  return binary(a, [](double x, double y, DataType type) { return result(type, x * y); });
}
// Integers divide as integers; nothing divides an integer by zero.
Answer divide(Arguments a) {
  return binary(a, [](double x, double y, DataType type) -> Answer {
    if (type != DataType::kInteger) return result(type, x / y);
    if (y == 0) return std::nullopt;
    return result(type, std::trunc(x / y));
  });
}
Answer modulo(Arguments a) {
  return binary(a, [](double x, double y, DataType type) -> Answer {
    if (y == 0) return std::nullopt;
    return result(type, x - y * std::floor(x / y));
  });
}
Answer power(Arguments a) {
  return binary(a, [](double x, double y, DataType type) -> Answer {
    const double value = std::pow(x, y);
    if (type == DataType::kInteger && value != std::floor(value)) type = DataType::kDouble;
    return result(type, value);
  });
}
Answer threshold(Arguments a) {
  return binary(a, [](double x, double y, DataType type) { return result(type, x > y ? 1 : 0); });
}
Answer hypotenuse(Arguments a) {
  return binary(
      a, [](double x, double y, DataType) { return result(DataType::kDouble, std::hypot(x, y)); });
}
Answer arc_tangent_2(Arguments a) {
  return binary(
      a, [](double x, double y, DataType) { return result(DataType::kDouble, std::atan2(x, y)); });
}

// Real functions of one number: an integer gives a double, a float a float.
template <double (*F)(double)>
Answer real(Arguments a) {
  if (a[0].missing) return Value{};
  const Answer x = numeric(a[0]);
  if (!x) return std::nullopt;
  return number_value(x->type == DataType::kFloat ? DataType::kFloat : DataType::kDouble,
                      F(x->number));
}
// Functions of one number that leave an integer an integer.
template <double (*F)(double)>
Answer same(Arguments a) {
  if (a[0].missing) return Value{};
  const Answer x = numeric(a[0]);
  if (!x) return std::nullopt;
  return number_value(x->type, F(x->number));
}
double exp_of(double x) { return std::exp(x); }
double ln_of(double x) { return std::log(x); }
double log10_of(double x) { return std::log10(x); }
double sqrt_of(double x) { return std::sqrt(x); }
double expm1_of(double x) { return std::expm1(x); }
double ln1p_of(double x) { return std::log1p(x); }
double sin_of(double x) { return std::sin(x); }
double cos_of(double x) { return std::cos(x); }
double tan_of(double x) { return std::tan(x); }
double asin_of(double x) { return std::asin(x); }
double acos_of(double x) { return std::acos(x); }
double atan_of(double x) { return std::atan(x); }
double sinh_of(double x) { return std::sinh(x); }
double cosh_of(double x) { return std::cosh(x); }
double tanh_of(double x) { return std::tanh(x); }
double erf_of(double x) { return std::erf(x); }
double standard_density(double x) { return normal_density(x, 0, 1); }
double standard_quantile(double p) { return normal_quantile(p); }
double abs_of(double x) { return std::abs(x); }
double floor_of(double x) { return std::floor(x); }
double ceil_of(double x) { return std::ceil(x); }
double round_of(double x) {
  return std::floor(x + 0.5);
}  // −2.5 → −2, as the standard's engines do.
double rint_of(double x) { return std::nearbyint(x); }

// Functions of x (or p), mean and deviation; the deviation is positive.
template <class Operation>
Answer of_normal(Arguments a, Operation operation) {
  if (any_missing(a)) return Value{};
  const Answer x = cast(a[0], DataType::kDouble);
  const Answer mean = cast(a[1], DataType::kDouble);
  const Answer deviation = cast(a[2], DataType::kDouble);
  if (!x || !mean || !deviation || !(deviation->number > 0)) return std::nullopt;
  const double value = operation(x->number, mean->number, deviation->number);
  if (std::isnan(value)) return std::nullopt;
  return number_value(DataType::kDouble, value);
}
Answer normal_cumulative(Arguments a) {
  return of_normal(a, [](double x, double mean, double deviation) {
    return detail::normal_cdf((x - mean) / deviation);
  });
}
Answer normal_density_of(Arguments a) { return of_normal(a, normal_density); }
Answer normal_inverse(Arguments a) {
  return of_normal(a, [](double p, double mean, double deviation) {
    return mean + deviation * normal_quantile(p);
  });
}

// Aggregates pass over missing values; of nothing else than missing values the result is missing.
template <class Operation>
Answer aggregate(Arguments arguments, bool real_result, Operation operation) {
  std::vector<double> numbers;
  DataType type = DataType::kInteger;
  for (const Value& argument : arguments) {
    if (argument.missing) continue;
    const Answer number = numeric(argument);
    if (!number) return std::nullopt;
    type = common_type(type, number->type);
    numbers.push_back(number->number);
  }
  if (numbers.empty()) return Value{};
  if (real_result && type == DataType::kInteger) type = DataType::kDouble;
  return result(type, operation(numbers));
}
double sum_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}
Answer minimum(Arguments a) {
  return aggregate(a, false,
                   [](const auto& numbers) { return *std::ranges::min_element(numbers); });
}
Answer maximum(Arguments a) {
  return aggregate(a, false,
                   [](const auto& numbers) { return *std::ranges::max_element(numbers); });
}
Answer sum(Arguments a) { return aggregate(a, false, sum_of); }
Answer average(Arguments a) {
  return aggregate(a, true, [](const auto& numbers) {
    return sum_of(numbers) / static_cast<double>(numbers.size());
  });
}
Answer median_of(Arguments a) {
  return aggregate(a, true,
                   [](auto numbers) { return detail::median(std::span<double>(numbers)); });
}
Answer product(Arguments a) {
  return aggregate(a, false, [](const auto& numbers) {
    double product = 1;
    for (const double number : numbers) product *= number;
    return product;
  });
}

Answer is_missing(Arguments a) { return boolean_value(a[0].missing); }
Answer is_not_missing(Arguments a) { return boolean_value(!a[0].missing); }
Answer is_valid(Arguments a) { return boolean_value(!a[0].missing && a[0].valid); }
Answer is_not_valid(Arguments a) { return boolean_value(a[0].missing || !a[0].valid); }

// Missing compared with anything is missing, not false.
template <class Test>
Answer comparison(Arguments a, bool when_unlike, Test test) {
  if (any_missing(a)) return Value{};
  const auto order = compare(a[0], a[1]);
  return boolean_value(order ? test(*order) : when_unlike);
}
Answer equal(Arguments a) {
  return comparison(a, false, [](int order) { return order == 0; });
}
Answer not_equal(Arguments a) {
  return comparison(a, true, [](int order) { return order != 0; });
}
Answer less_than(Arguments a) {
  return comparison(a, false, [](int order) { return order < 0; });
}
Answer less_or_equal(Arguments a) {
  return comparison(a, false, [](int order) { return order <= 0; });
}
Answer greater_than(Arguments a) {
  return comparison(a, false, [](int order) { return order > 0; });
}
Answer greater_or_equal(Arguments a) {
  return comparison(a, false, [](int order) { return order >= 0; });
}

// Three-valued: one decisive argument decides whatever is missing.
Answer logical(Arguments arguments, bool decisive) {
  bool unknown = false;
  for (const Value& argument : arguments) {
    if (argument.missing) {
      unknown = true;
      continue;
    }
    const Answer truth = cast(argument, DataType::kBoolean);
    if (!truth) return std::nullopt;
    if ((truth->number != 0) == decisive) return boolean_value(decisive);
  }
  return unknown ? Value{} : boolean_value(!decisive);
}
Answer logical_and(Arguments a) { return logical(a, false); }
Answer logical_or(Arguments a) { return logical(a, true); }
Answer logical_not(Arguments a) {
  if (a[0].missing) return Value{};
  const Answer truth = cast(a[0], DataType::kBoolean);
  if (!truth) return std::nullopt;
  return boolean_value(truth->number == 0);
}

Answer membership(Arguments a, bool inside) {
  if (a[0].missing) return Value{};
  for (const Value& candidate : a.subspan(1)) {
    if (candidate.missing) continue;
    const auto order = compare(a[0], candidate);
    if (order && *order == 0) return boolean_value(inside);
  }
  return boolean_value(!inside);
}
Answer is_in(Arguments a) { return membership(a, true); }
Answer is_not_in(Arguments a) { return membership(a, false); }

Answer upper_case(Arguments a) {
  return a[0].missing ? Value{} : text_value(to_upper(to_text(a[0])));
}
Answer lower_case(Arguments a) {
  return a[0].missing ? Value{} : text_value(to_lower(to_text(a[0])));
}
// Offsets of the code points of a UTF-8 text, and its end.
std::vector<std::size_t> code_points(const std::string& text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}
Answer string_length(Arguments a) {
  if (a[0].missing) return Value{};
  return number_value(DataType::kInteger,
                      static_cast<double>(code_points(to_text(a[0])).size() - 1));
}
// Positions count from 1.
Answer substring(Arguments a) {
  if (any_missing(a)) return Value{};
  const Answer start = cast(a[1], DataType::kInteger);
  const Answer length = cast(a[2], DataType::kInteger);
  if (!start || !length || start->number < 1 || length->number < 0) return std::nullopt;
  const std::string text = to_text(a[0]);
  const std::vector<std::size_t> starts = code_points(text);
  const double last = static_cast<double>(starts.size() - 1);
  const auto from = static_cast<std::size_t>(std::min(start->number - 1, last));
  const auto to = static_cast<std::size_t>(std::min(start->number - 1 + length->number, last));
  return text_value(text.substr(starts[from], starts[to] - starts[from]));
}
Answer trim_blanks(Arguments a) {
  if (a[0].missing) return Value{};
  std::string text = to_text(a[0]);
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  text.erase(std::ranges::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  text.erase(text.begin(), std::ranges::find_if_not(text, blank));
  return text_value(std::move(text));
}
Answer concat(Arguments a) {
  std::string text;
  for (const Value& argument : a) {
    text += to_text(argument);
    if (text.size() > kLongestText) return std::nullopt;
  }
  return text_value(std::move(text));
}

// Any part of the text may match.
Answer matches(Arguments a, const Patterns& patterns) {
  if (any_missing(a)) return Value{};
  const auto found = patterns.find(to_text(a[1]), to_text(a[0]));
  return found ? Answer(boolean_value(*found)) : std::nullopt;
}
Answer replace(Arguments a, const Patterns& patterns) {
  if (any_missing(a)) return Value{};
  auto text = patterns.replace(to_text(a[1]), to_text(a[0]), to_text(a[2]));
  return text ? Answer(text_value(*std::move(text))) : std::nullopt;
}
Answer format_number(Arguments a, const Patterns&) {
  if (any_missing(a)) return Value{};
  const auto format = NumberFormat::parse(to_text(a[1]));
  if (!format) return std::nullopt;
  auto text = format->apply(a[0]);
  return text ? Answer(text_value(*std::move(text))) : std::nullopt;
}
// A text is a date, a date with a time, or a time.
Value parse_any_moment(const std::string& text) {
  for (const DataType type : {DataType::kDate, DataType::kDateTime, DataType::kTime}) {
    if (auto value = parse_value(text, type)) return *value;
  }
  return text_value(text);
}
Answer format_date_time(Arguments a, const Patterns&) {
  if (any_missing(a)) return Value{};
  const auto format = DateFormat::parse(to_text(a[1]));
  if (!format) return std::nullopt;
  const Value moment = a[0].type == DataType::kString ? parse_any_moment(a[0].text) : a[0];
  auto text = format->apply(moment);
  return text ? Answer(text_value(*std::move(text))) : std::nullopt;
}

double first_day(double year) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::January, std::chrono::day(1)};
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}
// A text is a date or a date with a time.
std::optional<double> days_of(const Value& value) {
  const Answer date = cast(value, DataType::kDate);
  if (date) return date->number;
  const auto point = cast(value, DataType::kDateTime);
  return point ? std::optional(std::floor(point->number / 86400)) : std::nullopt;
}
std::optional<double> seconds_of(const Value& value) {
  if (const Answer point = cast(value, DataType::kDateTime)) return point->number;
  const Answer date = cast(value, DataType::kDate);
  return date ? std::optional(date->number * 86400) : std::nullopt;
}
Answer days_since_year(Arguments a) {
  if (any_missing(a)) return Value{};
  const auto days = days_of(a[0]);
  const Answer year = cast(a[1], DataType::kInteger);
  if (!days || !year || std::abs(year->number) > 9999) return std::nullopt;
  return number_value(DataType::kInteger, *days - first_day(year->number));
}
Answer seconds_since_year(Arguments a) {
  if (any_missing(a)) return Value{};
  const auto seconds = seconds_of(a[0]);
  const Answer year = cast(a[1], DataType::kInteger);
  if (!seconds || !year || std::abs(year->number) > 9999) return std::nullopt;
  return number_value(DataType::kInteger, std::floor(*seconds - first_day(year->number) * 86400));
}
Answer seconds_since_midnight(Arguments a) {
  if (any_missing(a)) return Value{};
  auto seconds = seconds_of(a[0]);
  if (const Answer time = cast(a[0], DataType::kTime)) seconds = time->number;
  if (!seconds) return std::nullopt;
  return number_value(DataType::kInteger,
                      std::floor(*seconds - std::floor(*seconds / 86400) * 86400));
}

constexpr std::size_t kMany = 100'000;

constexpr Function kFunctions[] = {
    {"+", 2, 2, add},
    {"-", 2, 2, subtract},
    {"*", 2, 2, multiply},
    {"/", 2, 2, divide},
    {"modulo", 2, 2, modulo},
    {"pow", 2, 2, power},
    {"threshold", 2, 2, threshold},
    {"hypot", 2, 2, hypotenuse},
    {"atan2", 2, 2, arc_tangent_2},
    {"exp", 1, 1, real<exp_of>},
    {"ln", 1, 1, real<ln_of>},
    {"log10", 1, 1, real<log10_of>},
    {"sqrt", 1, 1, real<sqrt_of>},
    {"expm1", 1, 1, real<expm1_of>},
    {"ln1p", 1, 1, real<ln1p_of>},
    {"sin", 1, 1, real<sin_of>},
    {"cos", 1, 1, real<cos_of>},
    {"tan", 1, 1, real<tan_of>},
    {"asin", 1, 1, real<asin_of>},
    {"acos", 1, 1, real<acos_of>},
    {"atan", 1, 1, real<atan_of>},
    {"sinh", 1, 1, real<sinh_of>},
    {"cosh", 1, 1, real<cosh_of>},
    {"tanh", 1, 1, real<tanh_of>},
    {"erf", 1, 1, real<erf_of>},
    {"stdNormalCDF", 1, 1, real<detail::normal_cdf>},
    {"stdNormalPDF", 1, 1, real<standard_density>},
    {"stdNormalIDF", 1, 1, real<standard_quantile>},
    {"normalCDF", 3, 3, normal_cumulative},
    {"normalPDF", 3, 3, normal_density_of},
    {"normalIDF", 3, 3, normal_inverse},
    {"abs", 1, 1, same<abs_of>},
    {"floor", 1, 1, same<floor_of>},
    {"ceil", 1, 1, same<ceil_of>},
    {"round", 1, 1, same<round_of>},
    {"rint", 1, 1, same<rint_of>},
    {"min", 1, kMany, minimum},
    {"max", 1, kMany, maximum},
    {"sum", 1, kMany, sum},
    {"avg", 1, kMany, average},
    {"median", 1, kMany, median_of},
    {"product", 1, kMany, product},
    {"isMissing", 1, 1, is_missing},
    {"isNotMissing", 1, 1, is_not_missing},
    {"isValid", 1, 1, is_valid},
    {"isNotValid", 1, 1, is_not_valid},
    {"equal", 2, 2, equal},
    {"notEqual", 2, 2, not_equal},
    {"lessThan", 2, 2, less_than},
    {"lessOrEqual", 2, 2, less_or_equal},
    {"greaterThan", 2, 2, greater_than},
    {"greaterOrEqual", 2, 2, greater_or_equal},
    {"and", 2, kMany, logical_and},
    {"or", 2, kMany, logical_or},
    {"not", 1, 1, logical_not},
    {"isIn", 2, kMany, is_in},
    {"isNotIn", 2, kMany, is_not_in},
    {"if", 2, 3, nullptr},
    {"uppercase", 1, 1, upper_case},
    {"lowercase", 1, 1, lower_case},
    {"stringLength", 1, 1, string_length},
    {"substring", 3, 3, substring},
    {"trimBlanks", 1, 1, trim_blanks},
    {"concat", 2, kMany, concat},
    {"matches", 2, 2, nullptr, matches},
    {"replace", 3, 3, nullptr, replace},
    {"formatNumber", 2, 2, nullptr, format_number},
    {"formatDatetime", 2, 2, nullptr, format_date_time},
    {"dateDaysSinceYear", 2, 2, days_since_year},
    {"dateSecondsSinceYear", 2, 2, seconds_since_year},
    {"dateSecondsSinceMidnight", 1, 1, seconds_since_midnight},
};

}  // namespace

const Function* find_function(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const Function*> names;
    for (const Function& function : kFunctions) names.emplace(function.name, &function);
    return names;
  }();
  if (name.starts_with("x-")) name.remove_prefix(2);
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace pmml
