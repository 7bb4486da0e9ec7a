// SPDX-License-Identifier: Apache-2.0
// The lamps beside the verdict: each thing that the data of an experiment must satisfy to be
// believed, what it shows so far, and whether that is alarming. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/bootstrap.h"
#include "experiment/verdict.h"

namespace experiment {

enum class Lamp : std::uint8_t {
  kDark,   // Too few data to say anything.
  kGood,   // Nothing against it.
  kWatch,  // Worth a look; the verdict stands.
  kAlarm,  // The data cannot carry a verdict, or not by this method.
};

struct Check {
  std::string code{};                      // "sample_ratio", "agreement", …
  std::string title{};                     // For a person: "Customers by arm".
  std::optional<std::size_t> candidate{};  // Of several, whom it is about, from 0; else of all.
  Lamp lamp = Lamp::kDark;
  std::optional<double> p{};  // Of its test, where it has one.
  std::string message{};      // What was found, with the figures.
};

// Below so many agreeing customers in an arm nothing is said of them.
inline constexpr std::int64_t kFewestAgreeing = 100;

// "sample_ratio": the arms against the configured ratio, by the e-value while customers come and by
// χ² at the end; "agreement": the A/A test among customers on whom both systems agree;
// "disagreement_ratio": whether disagreement depends on the arm; "skew": whether the level of the
// test holds for such revenue; "balance": whether the arms spent alike before the start, where the
// evidence has that. Of several candidates: of one of them and base, but the arms of all for
// "sample_ratio". `complete`: the look's customers are in.
std::vector<Check> data_checks(const PlannedDesign& plan, const Evidence& evidence, bool complete,
                               const MoneyWords& words = {});

// "bootstrap": whether the planned method's interval (everybody's without what they spent before,
// or by disagreement without the other arms) is the one that resampling gives, within kMostApart;
// both at 1 − 2·kBootstrapLevel. Says how far they are apart and not where they are: it may be
// shown before the end. Takes milliseconds, and never alarms. `rows` and `customers` hold the same
// customers.
Check bootstrap_check(const PlannedDesign& plan, const DisagreementRows& rows,
                      const Bootstrap& customers);
inline constexpr double kBootstrapLevel = 0.05;
inline constexpr std::int64_t kFewestBootstrapped = 200;  // Compared, in each arm; below, dark.

// "dark", "good", "watch", "alarm".
const char* name(Lamp lamp);

}  // namespace experiment
