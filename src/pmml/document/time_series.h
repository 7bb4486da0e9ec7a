// SPDX-License-Identifier: Apache-2.0
// TimeSeriesModel (PMML 4.4 «TimeSeriesModel»).
#pragma once

namespace pmml {

struct TimeSeriesModel {
  bool operator==(const TimeSeriesModel&) const = default;
};

}  // namespace pmml
