// SPDX-License-Identifier: Apache-2.0
// The demo's two systems: trained from the shop's past customers, compared in money on customers
// they have not seen.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.h"
#include "pmml/document/document.h"
#include "shop/truth.h"

namespace cli {

struct DemoModelOptions {
  std::string folder;  // Where the CSV files and the models are written.
  std::int64_t training_rows = 335'000;
  std::int64_t held_out_rows = 165'000;
  std::uint64_t seed = 2019;  // The population of past customers.
  shop::Money money;
};

struct DemoModels {
  std::string base_path;       // Age and sex, offers above 0.5: the system as it was deployed.
  std::string candidate_path;  // Age, sex and purchases, offers above 1/q.
  pmml::Document base;
  pmml::Document candidate;
};

// Prints as it goes.
base::Result<DemoModels> train_demo_models(const DemoModelOptions& options);

// Those of an earlier run in the folder.
base::Result<DemoModels> read_demo_models(const std::string& folder);

}  // namespace cli
