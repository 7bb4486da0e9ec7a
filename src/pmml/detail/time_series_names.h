// SPDX-License-Identifier: Apache-2.0
// How a TimeSeriesModel spells its choices; reading and writing share these tables.
#pragma once
#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<ExponentialSmoothing::Trend, 4> kTrends = {
    {{"additive", ExponentialSmoothing::Trend::kAdditive},
     {"damped_additive", ExponentialSmoothing::Trend::kDampedAdditive},
     {"multiplicative", ExponentialSmoothing::Trend::kMultiplicative},
     {"damped_multiplicative", ExponentialSmoothing::Trend::kDampedMultiplicative}}};
inline constexpr Names<ExponentialSmoothing::Season, 2> kSeasons = {
    {{"additive", ExponentialSmoothing::Season::kAdditive},
     {"multiplicative", ExponentialSmoothing::Season::kMultiplicative}}};

}  // namespace pmml::detail
