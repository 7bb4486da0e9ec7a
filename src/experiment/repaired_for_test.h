// SPDX-License-Identifier: Apache-2.0
// A refused plan with one of its repairs, as a person would take it.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>

#include "experiment/coherence.h"

namespace experiment {

// `value`: the repair's own, or its exact one. A field that no repair names fails the test.
inline PlannedDesign repaired(PlannedDesign plan, const Repair& repair, double value) {
  if (repair.field == "customers") {
    plan.customers = static_cast<std::int64_t>(value);
  } else if (repair.field == "effect") {
    plan.design.effect_per_customer = value;
  } else if (repair.field == "power") {
    plan.design.power = value;
  } else if (repair.field == "alpha") {
    plan.design.alpha = value;
  } else if (repair.field == "guardrails[0].worst") {
    plan.guardrails.at(0).worst = value;
  } else {
    ADD_FAILURE() << "a repair of '" << repair.field << "'";
  }
  return plan;
}
inline PlannedDesign repaired(const PlannedDesign& plan, const Repair& repair) {
  return repaired(plan, repair, repair.value);
}

}  // namespace experiment
