// SPDX-License-Identifier: Apache-2.0
#include "cli/shop_money.h"

#include <CLI/CLI.hpp>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/terminal.h"
#include "pmml/read/read.h"
#include "shop/model_decider.h"

namespace cli {
namespace {

using base::format_fixed;

base::Result<shop::Decider> read_decider(const std::string& path, double threshold) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  base::Result<pmml::Document> document = pmml::read(text);
  base::Result<shop::Decider> decider =
      document ? shop::model_decider(*document, threshold) : document.error();
  if (!decider) return base::Error{decider.error().kind, path + ": " + decider.error().message};
  return decider;
}

struct Measured {
  shop::Reach base;
  shop::Reach candidate;
  std::optional<shop::SampledReach> sampled;  // Where a model took part.
};

base::Result<Measured> measure(const ShopMoneyOptions& options) {
  if (options.model.empty() && options.base.empty()) {
    return Measured{.base = shop::reach_of_base(),
                    .candidate = shop::reach_of_ideal(options.money),
                    .sampled = {}};
  }
  if (options.sample < 2 || options.sample > shop::kCustomersPerRange) {
    return base::input_error("the sample must be from 2 to 1,000,000,000 customers, not " +
                             std::to_string(options.sample));
  }
  const double threshold = 1 / shop::profitability(options.money);
  shop::Decider base = [](const shop::Customer& c) { return shop::base_shows(c.age, c.man); };
  shop::Decider candidate = [threshold](const shop::Customer& c) {
    return c.probability > threshold;
  };
  if (!options.base.empty()) {
    TRY_ASSIGN(base, read_decider(options.base, 0.5));
  }
  if (!options.model.empty()) {
    TRY_ASSIGN(candidate, read_decider(options.model, threshold));
  }
  const shop::SampledReach sampled = shop::sampled_reach(
      shop::Population(options.seed), shop::kFirstLiveUuid, options.sample, base, candidate);
  return Measured{.base = sampled.base, .candidate = sampled.candidate, .sampled = sampled};
}

std::string signed_dollars(double value) {
  return (value >= 0 ? "+" : "") + format_fixed(value, 4);
}
std::string percentage(double share) { return format_fixed(100 * share, 2) + " %"; }

}  // namespace

void add_shop_money_options(CLI::App& command, ShopMoneyOptions& o) {
  const char* group = "The shop's money (docs/shop.md)";
  command.add_option("--price", o.money.price, "What an accepted offer brings, dollars")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--loss", o.money.loss, "Chance that a shown offer loses the traditional basket")
      ->capture_default_str()
      ->group(group);
  command.add_option("--basket-mean", o.money.basket_mean, "Mean traditional basket, dollars")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--basket-empty", o.money.basket_empty, "Share of customers with an empty one")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--basket-log-deviation", o.money.basket_log_deviation,
                  "Spread of baskets that are not empty")
      ->capture_default_str()
      ->group(group);
  CLI::Option* scale =
      command
          .add_option("--scale", o.money.scale, "Scales all that the offer does; 0: nothing (A/A)")
          ->capture_default_str()
          ->group(group);
  command
      .add_option("--effect", o.effect,
                  "Set the scale so that the candidate truly gains this over the base, dollars per "
                  "customer")
      ->excludes(scale)
      ->group(group);
  command
      .add_option(
          "--deviation", o.deviation,
          "Set the spread of baskets so that revenue per customer deviates by this, dollars")
      ->group(group);
  command.add_option("--model", o.model, "The candidate's PMML [the ideal decider: true p > 1/q]")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--base", o.base, "The base's PMML [regression on age and sex, threshold 0.5]")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--sample", o.sample, "Customers over whom the models are counted")
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", o.seed, "Seed of the shop's customers")->capture_default_str();
}

base::Result<ShopTruth> shop_truth(const ShopMoneyOptions& options) {
  TRY(shop::validate(options.money));
  TRY_ASSIGN(const Measured m, measure(options));
  ShopTruth truth{.money = options.money, .base = m.base, .candidate = m.candidate};
  if (options.effect) {
    TRY_ASSIGN(truth.money, shop::with_effect(truth.money, m.base, m.candidate, *options.effect));
  }
  if (options.deviation) {
    TRY_ASSIGN(truth.money,
               shop::with_deviation(truth.money, m.base, m.candidate, *options.deviation));
  }
  if (m.sampled) truth.gain_error = shop::gain_error(truth.money, *m.sampled);
  return truth;
}

std::string format_shop_truth(const ShopTruth& truth) {
  const shop::Money& m = truth.money;
  std::string out = "An accepted offer brings i = " + format_fixed(m.price * m.scale, 4) +
                    " $, a shown one costs c = " + format_fixed(shop::cost_of_showing(m), 4) +
                    " $: q = " + format_fixed(shop::profitability(m), 4) +
                    ", worth showing above p = " + format_fixed(1 / shop::profitability(m), 4) +
                    ".\n" + "Baskets: mean " + format_fixed(m.basket_mean, 2) + " $, deviation " +
                    format_fixed(shop::basket_deviation(m), 2) + " $, " +
                    percentage(m.basket_empty) + " empty.\n\n";
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const char* name, const shop::Reach& reach) {
    const shop::Worth worth = shop::worth(m, reach);
    rows.push_back({name, percentage(reach.shown),
                    reach.shown > 0 ? percentage(reach.accepting / reach.shown) : "-",
                    format_fixed(worth.mean, 4), format_fixed(worth.deviation, 3),
                    signed_dollars(shop::gain(m, {}, reach)),
                    signed_dollars(shop::gain(m, truth.base, reach))});
  };
  add("nothing shown", {});
  add("base", truth.base);
  add("candidate", truth.candidate);
  add("ideal", shop::reach_of_ideal(m));
  out += format_table({"system", "shown", "of these accept", "$/customer", "deviation",
                       "over nothing", "over the base"},
                      rows);
  if (truth.gain_error > 0) {
    out +=
        "\nBase and candidate counted on a sample: standard error of the candidate's gain over the "
        "base " +
        format_fixed(truth.gain_error, 4) + " $.\n";
  }
  return out;
}

}  // namespace cli
