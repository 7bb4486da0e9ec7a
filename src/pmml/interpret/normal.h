// SPDX-License-Identifier: Apache-2.0
// The normal distribution.
#pragma once

namespace pmml {

double normal_density(double x, double mean, double deviation);

// The x below which the share p of the standard normal distribution lies: minus and plus infinity
// at 0 and 1, NaN outside of them. Within two units in the last place (Wichura 1988, AS 241, and
// one step of Halley's method).
double normal_quantile(double p);

}  // namespace pmml
