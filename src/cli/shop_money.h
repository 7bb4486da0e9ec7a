// SPDX-License-Identifier: Apache-2.0
// The options that set the simulated shop's money, and the true worth of systems in it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "shop/truth.h"

namespace CLI {
class App;
}

namespace cli {

struct ShopMoneyOptions {
  shop::Money money;
  std::optional<double>
      effect;  // --effect: scale the offer so that the candidate is truly worth this much more.
  std::optional<double>
      deviation;      // --deviation: of one customer's revenue, by the spread of baskets.
  std::string model;  // --model: the candidate's PMML; empty: the ideal decider.
  std::string base;   // --base: the base's PMML; empty: the base as deployed.
  std::int64_t sample =
      1'000'000;              // --sample: customers over whom the models' decisions are counted.
  std::uint64_t seed = 2019;  // --seed of the population.
};

void add_shop_money_options(CLI::App& command, ShopMoneyOptions& options);

// Money with effect and deviation as asked for, and the systems' reach in it.
struct ShopTruth {
  shop::Money money;
  shop::Reach base;
  shop::Reach candidate;
  double gain_error =
      0;  // Standard error of the candidate's gain over the base; 0 where nothing was sampled.
};
base::Result<ShopTruth> shop_truth(const ShopMoneyOptions& options);

// A table of what each system is worth; for people.
std::string format_shop_truth(const ShopTruth& truth);

}  // namespace cli
