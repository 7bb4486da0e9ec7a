// SPDX-License-Identifier: Apache-2.0
#include "study/space.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number.h"

namespace study {
namespace {

base::Error wrong(const Dimension& dimension, const std::string& what) {
  return base::input_error("the search's dimension '" + dimension.name + "' " + what);
}

template <class Range>
base::Result<void> check_numbers(const Dimension& dimension, const Range& range) {
  if (!(range.low <= range.high) || !std::isfinite(static_cast<double>(range.high)) ||
      !std::isfinite(static_cast<double>(range.low))) {
    return wrong(dimension, "has no range: its low end must not lie above its high end");
  }
  if (range.logarithmic && !(range.low > 0))
    return wrong(dimension, "is logarithmic: its low end must lie above 0");
  return {};
}

base::Result<void> check(const Dimension& dimension, const std::vector<Dimension>& before) {
  for (const Dimension& other : before) {
    if (other.name == dimension.name) return wrong(dimension, "is there twice");
  }
  if (const auto* real = std::get_if<RealRange>(&dimension.range)) {
    TRY(check_numbers(dimension, *real));
  } else if (const auto* whole = std::get_if<WholeRange>(&dimension.range)) {
    TRY(check_numbers(dimension, *whole));
  } else if (std::get<Choice>(dimension.range).values.empty()) {
    return wrong(dimension, "has nothing to choose among");
  }
  if (dimension.only_if.empty()) return {};
  for (const Dimension& other : before) {
    if (other.name != dimension.only_if) continue;
    const auto* choice = std::get_if<Choice>(&other.range);
    if (choice != nullptr &&
        std::ranges::find(choice->values, dimension.only_if_value) != choice->values.end())
      return {};
  }
  return wrong(dimension, "depends on '" + dimension.only_if + "' being '" +
                              dimension.only_if_value + "', which no dimension before it can be");
}

// A share in [0, 1] of the range as a value.
double real_at(const RealRange& range, double share) {
  if (!range.logarithmic) return range.low + share * (range.high - range.low);
  const double low = std::log(range.low), high = std::log(range.high);
  return std::clamp(std::exp(low + share * (high - low)), range.low, range.high);
}

std::int64_t whole_at(const WholeRange& range, double share) {
  const auto low = static_cast<double>(range.low), high = static_cast<double>(range.high);
  // Every value owns a stretch of the same length (of the logarithm: from v to v + 1).
  const double at = range.logarithmic
                        ? std::exp(std::log(low) + share * (std::log(high + 1) - std::log(low)))
                        : low + share * (high + 1 - low);
  return std::clamp(static_cast<std::int64_t>(std::floor(at)), range.low, range.high);
}

// The distinct values of a dimension on a grid.
std::vector<Value> grid_values(const Dimension& dimension, int steps) {
  std::vector<Value> values;
  if (const auto* choice = std::get_if<Choice>(&dimension.range)) {
    values.assign(choice->values.begin(), choice->values.end());
    return values;
  }
  for (int i = 0; i < steps; ++i) {
    const double share = steps == 1 ? 0.5 : static_cast<double>(i) / (steps - 1);
    Value value = std::holds_alternative<WholeRange>(dimension.range)
                      ? value_at(dimension, std::min(share, 1 - 1e-9))
                      : value_at(dimension, share);
    if (values.empty() || values.back() != value) values.push_back(std::move(value));
  }
  return values;
}

// All points of the dimensions from `first` on, given those before.
void enumerate(const Space& space, int steps, std::size_t first, Point& point,
               std::vector<Point>& points, std::size_t most) {
  if (points.size() >= most) return;
  if (first == space.dimensions().size()) {
    points.push_back(point);
    return;
  }
  const Dimension& dimension = space.dimensions()[first];
  if (!space.is_there(dimension, point)) {
    enumerate(space, steps, first + 1, point, points, most);
    return;
  }
  for (Value& value : grid_values(dimension, steps)) {
    point[dimension.name] = std::move(value);
    enumerate(space, steps, first + 1, point, points, most);
  }
  point.erase(dimension.name);
}

constexpr std::size_t kMostGridPoints = 100'000;

// A step through 0 … n−1 that meets every number once and jumps far: near n/φ, without a common
// divisor.
std::uint64_t golden_step(std::uint64_t n) {
  auto step = static_cast<std::uint64_t>(std::llround(static_cast<double>(n) * 0.6180339887498949));
  step = std::max<std::uint64_t>(step, 1);
  while (std::gcd(step, n) != 1) ++step;
  return step;
}

}  // namespace

base::Result<Space> Space::of(std::vector<Dimension> dimensions) {
  if (dimensions.empty()) return base::input_error("a search needs something to choose");
  std::vector<Dimension> before;
  for (const Dimension& dimension : dimensions) {
    TRY(check(dimension, before));
    before.push_back(dimension);
  }
  Space space;
  space.dimensions_ = std::move(dimensions);
  return space;
}

bool Space::is_there(const Dimension& dimension, const Point& point) const {
  if (dimension.only_if.empty()) return true;
  const auto at = point.find(dimension.only_if);
  const auto* text = at == point.end() ? nullptr : std::get_if<std::string>(&at->second);
  return text != nullptr && *text == dimension.only_if_value;
}

Point draw(const Space& space, base::Random& random) {
  Point point;
  for (const Dimension& dimension : space.dimensions()) {
    const double share = random.uniform();  // Drawn also where it is not needed: points stay alike.
    if (space.is_there(dimension, point)) point[dimension.name] = value_at(dimension, share);
  }
  return point;
}

base::Result<std::vector<Point>> grid(const Space& space, int steps) {
  if (steps < 1) return base::input_error("a grid needs at least one step for each range");
  std::vector<Point> points;
  Point point;
  enumerate(space, steps, 0, point, points, kMostGridPoints + 1);
  if (points.size() > kMostGridPoints) {
    return base::input_error("the grid has more than " +
                             base::format_count(static_cast<std::int64_t>(kMostGridPoints)) +
                             " points: take fewer steps, or search at random");
  }
  std::vector<Point> mixed;
  for (std::uint64_t n = 0; n < points.size(); ++n)
    mixed.push_back(std::move(points[n * golden_step(points.size()) % points.size()]));
  return mixed;
}

double share_of(const Dimension& dimension, const Value& value) {
  const auto place = [](double v, double low, double high, bool logarithmic) {
    if (logarithmic) v = std::log(v), low = std::log(low), high = std::log(high);
    return high > low ? std::clamp((v - low) / (high - low), 0.0, 1.0) : 0.5;
  };
  if (const auto* real = std::get_if<RealRange>(&dimension.range))
    return place(std::get<double>(value), real->low, real->high, real->logarithmic);
  const auto& whole = std::get<WholeRange>(dimension.range);
  const auto low = static_cast<double>(whole.low), high = static_cast<double>(whole.high);
  return place(static_cast<double>(std::get<std::int64_t>(value)) + 0.5, low, high + 1,
               whole.logarithmic);
}

Value value_at(const Dimension& dimension, double share) {
  if (const auto* real = std::get_if<RealRange>(&dimension.range)) return real_at(*real, share);
  if (const auto* whole = std::get_if<WholeRange>(&dimension.range)) return whole_at(*whole, share);
  const std::vector<std::string>& values = std::get<Choice>(dimension.range).values;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

std::string describe(const Point& point) {
  std::string text;
  for (const auto& [name, value] : point) {
    if (!text.empty()) text += ' ';
    text += name + '=';
    if (const auto* real = std::get_if<double>(&value)) {
      text += base::format_double(*real);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      text += std::to_string(*whole);
    } else {
      text += std::get<std::string>(value);
    }
  }
  return text;
}

}  // namespace study
