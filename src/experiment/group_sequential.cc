// SPDX-License-Identifier: Apache-2.0
#include "experiment/group_sequential.h"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/number.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostLooks = 100;
// Panels are this many deviations of the narrowest step wide: 30 nodes integrate a normal density
// of a third of the panel's width to the last bits.
constexpr double kPanelWidth = 3;
// Beyond it, in deviations, a step's density is below 1e-20 of its height.
constexpr double kKernelReach = 9.5;
// Farther from its mean no path of B is counted: below 1e-22 of them, in units of √t.
constexpr double kFarthest = 10;
constexpr double kLeastStep = 1e-4;  // Of information between looks.
constexpr double kMostInformation = 10;
constexpr double kFarthestBound = 37;  // Φ beyond it is no double's business.

// The root of a monotone f between low and high, where it changes sign, to the last bits.
template <class F>
double root(const F& f, double low, double high) {
  const double at_low = f(low);
  const double at_high = f(high);
  if (at_low == 0) return low;
  if (at_high == 0) return high;
  CHECK((at_low < 0) != (at_high < 0));
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(50), iterations);
  return a + (b - a) / 2;
}

// The paths of B that have crossed no bound so far: points u with the mass that each stands for.
// Before the first look all of it is at 0.
class Paths {
 public:
  // `finest` is the smallest step of √information between looks.
  Paths(double drift, double finest) : drift_(drift), finest_(finest) {}

  // Of the paths so far, those above (below) z at information t.
  [[nodiscard]] double above(double t, double z) const {
    return z == kInfinity ? 0 : sum([&](double u) { return normal_sf(standardized(t, z, u)); });
  }
  [[nodiscard]] double below(double t, double z) const {
    return z == -kInfinity ? 0 : sum([&](double u) { return normal_cdf(standardized(t, z, u)); });
  }

  // Goes on to information t with those between the bounds on Z.
  void advance(double t, double lower, double upper) {
    const double root_t = std::sqrt(t);
    const double low = std::max(lower * root_t, drift_ * t - kFarthest * root_t);
    const double high = std::min(upper * root_t, drift_ * t + kFarthest * root_t);
    std::vector<Point> next;
    const double deviation = std::sqrt(t - t_);
    if (low < high) next = points_between(low, high, kPanelWidth * std::min(finest_, deviation));
    const double shift = drift_ * (t - t_);
    const double scale = 1 / (deviation * std::sqrt(2 * std::numbers::pi));
    for (Point& each : next) {
      const double center = each.u - shift;
      const double reach = kKernelReach * deviation;
      auto from = std::lower_bound(points_.begin(), points_.end(), center - reach,
                                   [](const Point& point, double u) { return point.u < u; });
      double density = 0;
      for (; from != points_.end() && from->u <= center + reach; ++from) {
        const double x = (center - from->u) / deviation;
        density += from->mass * std::exp(-0.5 * x * x);
      }
      each.mass *= density * scale;
    }
    points_ = std::move(next);
    t_ = t;
  }

 private:
  struct Point {
    double u;
    double mass;
  };

  [[nodiscard]] double standardized(double t, double z, double u) const {
    return (z * std::sqrt(t) - u - drift_ * (t - t_)) / std::sqrt(t - t_);
  }

  template <class G>
  [[nodiscard]] double sum(const G& g) const {
    double total = 0;
    for (const Point& each : points_) total += each.mass * g(each.u);
    return total;
  }

  // The panels' nodes in order, each with its weight.
  static std::vector<Point> points_between(double low, double high, double widest) {
    using Rule = boost::math::quadrature::gauss<double, 30>;  // Nodes come as positive halves.
    const auto panels = std::max(1.0, std::ceil((high - low) / widest));
    const double half = (high - low) / (2 * panels);
    std::vector<Point> points;
    const auto add = [&](double panel, double sign, std::size_t i) {
      points.push_back(
          {low + half * (2 * panel + 1 + sign * Rule::abscissa()[i]), half * Rule::weights()[i]});
    };
    const std::size_t nodes = Rule::abscissa().size();
    for (double panel = 0; panel < panels; ++panel) {
      for (std::size_t i = nodes; i-- > 0;) add(panel, -1, i);
      for (std::size_t i = 0; i < nodes; ++i) add(panel, 1, i);
    }
    return points;
  }

  double drift_;
  double finest_;
  double t_ = 0;
  std::vector<Point> points_{{0, 1}};
};

// The smallest step of √information after the first look.
template <class Looks, class Information>
double finest_step(const Looks& looks, const Information& information) {
  double finest = 1;
  for (std::size_t k = 1; k < looks.size(); ++k) {
    finest = std::min(finest, std::sqrt(information(looks[k]) - information(looks[k - 1])));
  }
  return finest;
}

double of_look(const LookBound& look) { return look.information; }
double of_rule(const LookRule& look) { return look.information; }

base::Result<void> refuse_if_invalid(std::span<const double> information, double alpha) {
  if (!(alpha > 0 && alpha < 0.5)) {
    return base::input_error("alpha must lie strictly between 0 and 0.5, not " +
                             base::format_double(alpha));
  }
  if (information.empty() || information.size() > kMostLooks) {
    return base::input_error("there must be 1 to " + std::to_string(kMostLooks) + " looks, not " +
                             std::to_string(information.size()));
  }
  double before = 0;
  for (std::size_t k = 0; k < information.size(); ++k) {
    const double t = information[k];
    const bool last = k + 1 == information.size();
    const double most = last ? kMostInformation : 1;
    if (!(t >= before + kLeastStep && t <= most)) {
      return base::input_error("the information at look " + std::to_string(k + 1) +
                               " must lie between " + base::format_double(before + kLeastStep) +
                               " and " + base::format_double(most) + ", not " +
                               base::format_double(t));
    }
    before = t;
  }
  return {};
}

double sides_of(Sides sides) { return static_cast<double>(static_cast<int>(sides)); }

// Futility bounds below the efficacy bounds that spend beta under the drift; the last is left to
// meet the efficacy bound.
std::vector<LookRule> with_futility(std::span<const LookBound> efficacy, double beta,
                                    Spending spending, double drift) {
  Paths paths(drift, finest_step(efficacy, of_look));
  std::vector<LookRule> rules;
  double before = 0;
  for (const LookBound& look : efficacy) {
    LookRule rule{look.information, look.z, look.z};
    if (rules.size() + 1 < efficacy.size()) {
      const double now = spent(spending, beta, look.information);
      const double target = now - before;
      before = now;
      const auto excess = [&](double z) { return paths.below(look.information, z) - target; };
      if (excess(look.z) <= 0) {
        rule.lower = look.z;
      } else if (excess(-kFarthestBound) >= 0) {
        rule.lower = -kInfinity;  // Too little to spend yet.
      } else {
        rule.lower = root(excess, -kFarthestBound, look.z);
      }
      paths.advance(look.information, rule.lower, rule.upper);
    }
    rules.push_back(rule);
  }
  return rules;
}

std::vector<LookRule> rules_of(std::span<const LookBound> efficacy, Sides sides) {
  std::vector<LookRule> rules;
  for (const LookBound& look : efficacy) {
    rules.push_back({look.information, sides == Sides::kTwo ? -look.z : -kInfinity, look.z});
  }
  return rules;
}

double chance_above(std::span<const Crossing> crossings) {
  double sum = 0;
  for (const Crossing& each : crossings) sum += each.above;
  return sum;
}

// Information spent on average; who crosses nothing goes on to the last look.
double expected_information(std::span<const LookBound> looks, std::span<const Crossing> crossings) {
  double sum = 0;
  double going = 1;
  for (std::size_t k = 0; k + 1 < looks.size(); ++k) {
    const double ends = crossings[k].above + crossings[k].below;
    sum += looks[k].information * ends;
    going -= ends;
  }
  return sum + going * looks.back().information;
}

}  // namespace

double spent(Spending spending, double alpha, double t) {
  CHECK(alpha > 0 && alpha < 1);
  if (t <= 0) return 0;
  if (t >= 1) return alpha;
  switch (spending) {
    case Spending::kObrienFleming:
      return 2 * normal_sf(-normal_quantile(alpha / 2) / std::sqrt(t));
    case Spending::kPocock:
      return alpha * std::log1p((std::numbers::e - 1) * t);
    case Spending::kQuadratic:
      return alpha * t * t;
  }
  CHECK(false);
}

base::Result<std::vector<LookBound>> spending_bounds(std::span<const double> information,
                                                     double alpha, Spending spending, Sides sides) {
  TRY(refuse_if_invalid(information, alpha));
  const double side_alpha = alpha / sides_of(sides);
  Paths paths(0, finest_step(information, [](double t) { return t; }));
  std::vector<LookBound> bounds;
  double before = 0;
  for (std::size_t k = 0; k < information.size(); ++k) {
    const double t = information[k];
    const double now = spent(spending, side_alpha, t);
    const auto excess = [&](double z) { return paths.above(t, z) - (now - before); };
    if (!(now > before) || excess(kFarthestBound) >= 0) {
      return base::input_error("look " + std::to_string(k + 1) + " at information " +
                               base::format_double(t) +
                               " would spend no alpha that can be told from 0: look later");
    }
    LookBound bound{.information = t, .spent = now * sides_of(sides)};
    bound.z = root(excess, -kFarthestBound, kFarthestBound);
    bound.nominal_p = normal_sf(bound.z);
    paths.advance(t, sides == Sides::kTwo ? -bound.z : -kInfinity, bound.z);
    before = now;
    bounds.push_back(bound);
  }
  return bounds;
}

base::Result<double> classic_constant(int looks, double two_sided_alpha, ClassicShape shape) {
  if (looks < 1 || looks > static_cast<int>(kMostLooks)) {
    return base::input_error("there must be 1 to " + std::to_string(kMostLooks) + " looks, not " +
                             std::to_string(looks));
  }
  if (!(two_sided_alpha > 0 && two_sided_alpha < 0.5)) {
    return base::input_error("alpha must lie strictly between 0 and 0.5, not " +
                             base::format_double(two_sided_alpha));
  }
  const auto excess = [&](double constant) {
    std::vector<LookRule> rules;
    for (int k = 1; k <= looks; ++k) {
      const double t = static_cast<double>(k) / looks;
      const double z = shape == ClassicShape::kPocock ? constant : constant / std::sqrt(t);
      rules.push_back({t, -z, z});
    }
    return 2 * chance_above(crossing_probabilities(rules, 0)) - two_sided_alpha;
  };
  // Between the fixed test's bound and Bonferroni's over the looks.
  const double low = -normal_quantile(two_sided_alpha / 2);
  const double high = -normal_quantile(two_sided_alpha / 2 / looks);
  return looks == 1 ? low : root(excess, low, high);
}

std::vector<Crossing> crossing_probabilities(std::span<const LookRule> looks, double drift) {
  Paths paths(drift, finest_step(looks, of_rule));
  std::vector<Crossing> result;
  double before = 0;
  for (const LookRule& look : looks) {
    CHECK(look.information - before >= kLeastStep / 2 && look.lower <= look.upper);
    before = look.information;
    result.push_back(
        {paths.above(look.information, look.upper), paths.below(look.information, look.lower)});
    if (result.size() < looks.size()) paths.advance(look.information, look.lower, look.upper);
  }
  return result;
}

base::Result<SequentialDesign> design_sequential(const Design& design,
                                                 std::span<const double> information,
                                                 Spending spending, bool futility) {
  if (futility && design.sides == Sides::kTwo) {
    return base::input_error("futility bounds belong to a one-sided test");
  }
  TRY_ASSIGN(const double fixed_customers, solve_customers_real(design));
  SequentialDesign result;
  TRY_ASSIGN(result.efficacy, spending_bounds(information, design.alpha, spending, design.sides));
  if (information.back() != 1) {
    return base::input_error("the last look is planned at information 1, not " +
                             base::format_double(information.back()));
  }
  const auto rules = [&](double drift) {
    return futility ? with_futility(result.efficacy, 1 - design.power, spending, drift)
                    : rules_of(result.efficacy, design.sides);
  };
  const auto lack = [&](double drift) {
    return chance_above(crossing_probabilities(rules(drift), drift)) - design.power;
  };
  result.fixed_drift = normal_quantile(design.power) - normal_quantile(one_sided_alpha(design));
  double high = 1.5 * result.fixed_drift + 1;
  while (lack(high) < 0) high *= 1.5;
  result.drift = root(lack, 0.5 * result.fixed_drift, high);
  result.inflation = std::pow(result.drift / result.fixed_drift, 2);
  result.most_base_customers =
      static_cast<std::int64_t>(std::ceil(result.inflation * fixed_customers * (1 - 1e-12)));
  const std::vector<LookRule> final_rules = rules(result.drift);
  for (const LookRule& each : final_rules) {
    if (futility) result.futility.push_back(each.lower);
  }
  result.at_effect = crossing_probabilities(final_rules, result.drift);
  result.at_none = crossing_probabilities(final_rules, 0);
  result.expected_at_effect =
      result.inflation * expected_information(result.efficacy, result.at_effect);
  result.expected_at_none =
      result.inflation * expected_information(result.efficacy, result.at_none);
  return result;
}

}  // namespace experiment
