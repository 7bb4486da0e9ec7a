// SPDX-License-Identifier: Apache-2.0
// NaiveBayesModel (PMML 4.4 «NaiveBayes»).
#pragma once

namespace pmml {

struct NaiveBayesModel {
  bool operator==(const NaiveBayesModel&) const = default;
};

}  // namespace pmml
