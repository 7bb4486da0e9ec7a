// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/scorecard.h"

#include <algorithm>

namespace pmml {

bool ranks_reason_codes(const Scorecard& scorecard) {
  return scorecard.use_reason_codes &&
         std::ranges::any_of(scorecard.characteristics, [](const Characteristic& characteristic) {
           return characteristic.reason_code ||
                  std::ranges::any_of(characteristic.attributes,
                                      [](const ScorecardAttribute& attribute) {
                                        return attribute.reason_code.has_value();
                                      });
         });
}

}  // namespace pmml
