// SPDX-License-Identifier: Apache-2.0
// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl, NIPS 2011, §4): propose
// where good trials were dense and bad ones were not.
#pragma once
#include <span>

#include "base/random.h"
#include "study/space.h"

namespace study {

// A trial that has ended; larger is better. A trial that failed counts as the worst.
struct Observation {
  Point point;
  double value = 0;
};

struct TpeOptions {
  std::size_t startup = 20;  // Drawn at random before the first estimate.
  double good_share = 0.15;  // The best of the observations, at most most_good of them, are good.
  std::size_t most_good = 25;
  std::size_t candidates = 24;  // Drawn from the density of the good ones; the best ratio wins.
};

// The next point. Depends on the observations and the random stream alone.
Point propose(const Space& space, std::span<const Observation> observations,
              const TpeOptions& options, base::Random& random);

}  // namespace study
