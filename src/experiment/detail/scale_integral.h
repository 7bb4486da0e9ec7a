// SPDX-License-Identifier: Apache-2.0
// Expectations over s = χ_ν/√ν, the estimated deviation of a normal sample divided by the true one.
#pragma once
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace experiment::detail {

// The density of s, from f(s) = 2 a^a/Γ(a) s^(ν−1) e^(−a s²) with a = ν/2, written around its mode:
//   log f = c + ν·(log1p(u) − u − u²/2) − log1p(u),  u = s − 1,
// where c by Stirling's series avoids the difference of large logarithms, and log1p(u) − u is
// computed as one function.
class ScaleDensity {
 public:
  explicit ScaleDensity(double dof) : dof_(dof) {
    const double a = dof / 2;
    log_constant_ = a > 30
                        ? std::numbers::ln2 + 0.5 * std::log(a / (2 * std::numbers::pi)) -
                              1 / (12 * a) + 1 / (360 * a * a * a) - 1 / (1260 * a * a * a * a * a)
                        : std::numbers::ln2 + a * std::log(a) - boost::math::lgamma(a) - a;
  }
  // At s = 1 + u.
  double operator()(double u) const {
    if (u <= -1) return 0;
    return std::exp(log_constant_ + dof_ * (boost::math::log1pmx(u) - u * u / 2) - std::log1p(u));
  }
  // Outside these u the density holds less than 1e-20.
  [[nodiscard]] double low() const { return std::max(-1.0, -12 / std::sqrt(2 * dof_)); }
  [[nodiscard]] double high() const { return 12 / std::sqrt(2 * dof_); }

 private:
  double dof_;
  double log_constant_;
};

// ∫ g(s) f(s) ds by Gauss–Legendre panels. `edges` are points where g bends or steps: panels end
// there. The variable is u = s − 1, whose digits matter when ν is large; for few degrees of freedom
// s = w⁴ smooths the power s^(ν−1) at zero.
template <class G>
double expect_over_scale(double dof, std::span<const double> edges, const G& g) {
  const ScaleDensity density(dof);
  const double low = density.low();
  const double high = density.high();
  std::vector<double> cuts;
  constexpr int kPanels = 6;
  for (int i = 0; i <= kPanels; ++i) cuts.push_back(low + (high - low) * i / kPanels);
  for (const double edge : edges) {
    if (edge - 1 > low && edge - 1 < high) cuts.push_back(edge - 1);
  }
  std::sort(cuts.begin(), cuts.end());
  const bool few = dof < 24;
  const auto integrand = [&](double x) {
    if (!few) return g(1 + x) * density(x);
    const double s = x * x * x * x;
    return g(s) * density(s - 1) * 4 * x * x * x;
  };
  const auto position = [&](double u) { return few ? std::sqrt(std::sqrt(1 + u)) : u; };
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double from = position(cuts[i]);
    const double to = position(cuts[i + 1]);
    if (to > from)
      sum += boost::math::quadrature::gauss<double, 30>::integrate(integrand, from, to);
  }
  return sum;
}

// Where Φ(shift + slope·s) rises from 0 to 1: edges that resolve the step however steep it is.
inline void add_step_edges(double shift, double slope, std::vector<double>* edges) {
  for (const double z : {-9.0, -6.0, -3.0, 0.0, 3.0, 6.0, 9.0})
    edges->push_back((z - shift) / slope);
}

}  // namespace experiment::detail
