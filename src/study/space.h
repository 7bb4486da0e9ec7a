// SPDX-License-Identifier: Apache-2.0
// The settings a search may choose among, and one choice of them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace study {

// Low ≤ high, both included. Logarithmic ranges lie above 0.
struct RealRange {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
};
struct WholeRange {
  std::int64_t low = 0;
  std::int64_t high = 1;
  bool logarithmic = false;
};
struct Choice {
  std::vector<std::string> values;
};

struct Dimension {
  std::string name;
  std::variant<RealRange, WholeRange, Choice> range;
  // Where set: there only if this other dimension, which stands before, holds this value.
  std::string only_if = {};
  std::string only_if_value = {};
};

using Value = std::variant<double, std::int64_t, std::string>;
using Point = std::map<std::string, Value>;  // Only the dimensions that are there.

class Space {
 public:
  // Refuses no dimensions, names twice, empty or inverted ranges, logarithms of what is not above
  // 0, a condition on a dimension that does not stand before or is no choice with that value.
  static base::Result<Space> of(std::vector<Dimension> dimensions);

  [[nodiscard]] const std::vector<Dimension>& dimensions() const { return dimensions_; }
  [[nodiscard]] bool is_there(const Dimension& dimension, const Point& point) const;

 private:
  std::vector<Dimension> dimensions_;
};

// Every dimension uniform over its range, or over its logarithm.
Point draw(const Space& space, base::Random& random);

// Every point of the grid with this many steps for each real range and at most as many for a whole
// one (all values of a choice), in an order that mixes the dimensions: a search that stops early
// has seen all of the space thinly. Refuses fewer than one step and more than 100,000 points.
base::Result<std::vector<Point>> grid(const Space& space, int steps);

// Where a value lies in its range, in [0, 1] (on the logarithm of logarithmic ranges), and back. Of
// real and whole ranges; a whole value lies in the middle of its stretch.
double share_of(const Dimension& dimension, const Value& value);
Value value_at(const Dimension& dimension, double share);

// "learner=random-forest trees=200 …" for people.
std::string describe(const Point& point);

}  // namespace study
