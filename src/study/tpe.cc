// SPDX-License-Identifier: Apache-2.0
#include "study/tpe.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace study {
namespace {

double normal_cdf(double z) { return 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2); }

// A mixture of normals cut off at 0 and 1: one for each observed share, and a broad one that keeps
// every place possible.
class Parzen {
 public:
  explicit Parzen(std::vector<double> shares) {
    shares.push_back(0.5);  // The broad one, set below.
    std::vector<std::size_t> order(shares.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&](auto a, auto b) { return shares[a] < shares[b]; });
    const double narrowest =
        1.0 / static_cast<double>(std::min<std::size_t>(100, shares.size() + 1));
    normals_.resize(shares.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double at = shares[order[i]];
      const double left = i == 0 ? at : at - shares[order[i - 1]];
      const double right = i + 1 == order.size() ? 1 - at : shares[order[i + 1]] - at;
      const double width = std::clamp(std::max(left, right), narrowest, 1.0);
      normals_[i] = order[i] + 1 == shares.size() ? Normal{0.5, 1, 0} : Normal{at, width, 0};
      Normal& normal = normals_[i];
      normal.inside =
          normal_cdf((1 - normal.mean) / normal.width) - normal_cdf(-normal.mean / normal.width);
    }
  }

  double draw(base::Random& random) const {
    const Normal& normal = normals_[random.below(normals_.size())];
    for (int i = 0; i < 100; ++i) {
      const double at = normal.mean + normal.width * random.normal();
      if (at >= 0 && at <= 1) return at;
    }
    return normal.mean;
  }

  [[nodiscard]] double log_density(double at) const {
    double sum = 0;
    for (const Normal& normal : normals_) {
      const double z = (at - normal.mean) / normal.width;
      sum += std::exp(-0.5 * z * z) / (normal.width * normal.inside);
    }
    return std::log(std::max(sum, 1e-300) / static_cast<double>(normals_.size()));
  }

 private:
  struct Normal {
    double mean = 0.5, width = 1;
    double inside = 1;  // The mass between 0 and 1.
  };
  std::vector<Normal> normals_;
};

// Observed values of a choice, each value once more than it was seen.
class Counts {
 public:
  Counts(const Choice& choice, const std::vector<std::string>& seen)
      : shares_(choice.values.size(), 1.0) {
    for (const std::string& value : seen) {
      const auto at = std::ranges::find(choice.values, value);
      if (at != choice.values.end())
        shares_[static_cast<std::size_t>(at - choice.values.begin())] += 1;
    }
    const double total = std::accumulate(shares_.begin(), shares_.end(), 0.0);
    for (double& share : shares_) share /= total;
  }

  std::size_t draw(base::Random& random) const {
    double left = random.uniform();
    for (std::size_t i = 0; i + 1 < shares_.size(); ++i) {
      left -= shares_[i];
      if (left < 0) return i;
    }
    return shares_.size() - 1;
  }

  [[nodiscard]] double log_density(std::size_t value) const { return std::log(shares_[value]); }

 private:
  std::vector<double> shares_;
};

using Sample = std::vector<const Point*>;

Value propose_choice(const Dimension& dimension, const Sample& good, const Sample& bad,
                     const TpeOptions& options, base::Random& random) {
  const auto& choice = std::get<Choice>(dimension.range);
  const auto seen = [&](const Sample& sample) {
    std::vector<std::string> values;
    for (const Point* point : sample) {
      const auto at = point->find(dimension.name);
      if (at != point->end()) values.push_back(std::get<std::string>(at->second));
    }
    return Counts(choice, values);
  };
  const Counts of_good = seen(good), of_bad = seen(bad);
  std::size_t best = 0;
  double best_ratio = -HUGE_VAL;
  for (std::size_t i = 0; i < options.candidates; ++i) {
    const std::size_t value = of_good.draw(random);
    const double ratio = of_good.log_density(value) - of_bad.log_density(value);
    if (ratio > best_ratio) best = value, best_ratio = ratio;
  }
  return choice.values[best];
}

Value propose_number(const Dimension& dimension, const Sample& good, const Sample& bad,
                     const TpeOptions& options, base::Random& random) {
  const auto shares = [&](const Sample& sample) {
    std::vector<double> places;
    for (const Point* point : sample) {
      const auto at = point->find(dimension.name);
      if (at != point->end()) places.push_back(share_of(dimension, at->second));
    }
    return Parzen(std::move(places));
  };
  const Parzen of_good = shares(good), of_bad = shares(bad);
  double best = 0.5, best_ratio = -HUGE_VAL;
  for (std::size_t i = 0; i < options.candidates; ++i) {
    const double share = of_good.draw(random);
    const double ratio = of_good.log_density(share) - of_bad.log_density(share);
    if (ratio > best_ratio) best = share, best_ratio = ratio;
  }
  return value_at(dimension, best);
}

// The observations that chose as the point has chosen so far: where a choice opens its own
// dimensions, only those of its branch speak about them.
Sample of_branch(const Sample& sample, const Dimension& dimension) {
  if (dimension.only_if.empty()) return sample;
  Sample branch;
  for (const Point* point : sample) {
    if (point->contains(dimension.name)) branch.push_back(point);
  }
  return branch;
}

}  // namespace

Point propose(const Space& space, std::span<const Observation> observations,
              const TpeOptions& options, base::Random& random) {
  if (observations.size() < std::max<std::size_t>(options.startup, 2)) return draw(space, random);
  std::vector<std::size_t> order(observations.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(
      order, [&](auto a, auto b) { return observations[a].value > observations[b].value; });
  const auto wanted = static_cast<std::size_t>(
      std::ceil(options.good_share * static_cast<double>(observations.size())));
  const std::size_t goods = std::clamp<std::size_t>(wanted, 1, options.most_good);
  Sample good, bad;
  for (std::size_t i = 0; i < order.size(); ++i)
    (i < goods ? good : bad).push_back(&observations[order[i]].point);

  Point point;
  for (const Dimension& dimension : space.dimensions()) {
    if (!space.is_there(dimension, point)) continue;
    const Sample goods_here = of_branch(good, dimension), bads_here = of_branch(bad, dimension);
    point[dimension.name] = std::holds_alternative<Choice>(dimension.range)
                                ? propose_choice(dimension, goods_here, bads_here, options, random)
                                : propose_number(dimension, goods_here, bads_here, options, random);
  }
  return point;
}

}  // namespace study
