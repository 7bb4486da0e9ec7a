// SPDX-License-Identifier: Apache-2.0
// Whether groups of customers are treated alike: what each group is offered, what its acceptors and
// its others are offered, and how true the probabilities are in it. Pure and thread-safe.
//
// The measures contradict each other where groups differ in how many would accept (Kleinberg,
// Mullainathan & Raghavan 2017): which of them matters is a decision of people, not of a program.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/confusion.h"
#include "metric/interval.h"

namespace metric {

// One value for each row. Groups are numbered from 0; labels are 0 or 1. Probabilities may be
// empty: then nothing is said of calibration.
struct GroupedRows {
  std::span<const std::uint32_t> groups;
  std::span<const std::uint8_t> labels;
  std::span<const std::uint8_t> decisions;
  std::span<const double> probabilities;
};

struct FairnessOptions {
  std::int64_t least_rows = 30;  // A rate from fewer rows is told, but does not enter a gap.
  double confidence = 0.95;
};

// Each rate with Wilson's interval; nothing where its denominator is 0.
struct GroupRates {
  std::uint32_t group = 0;
  Confusion counts;
  std::optional<Interval> offered;      // Offers / rows.
  std::optional<Interval> opportunity;  // Offers / acceptors: the true positive rate.
  std::optional<Interval> false_alarm;  // Offers / others: the false positive rate.
  std::optional<Interval> precision;    // Acceptors / offers.
  std::optional<Interval> calibration;  // Mean of p − y: above 0 the group is overrated. ± z·s/√n.
};

// Between the groups with the highest and the lowest rate. The extremes are chosen after the fact,
// so with many groups the difference is too large as an estimate: read it with its interval.
struct Gap {
  Interval difference;          // High less low, by Newcombe's interval for two of them.
  std::optional<double> ratio;  // Low / high; nothing where nobody gets anything.
  std::uint32_t high = 0, low = 0;
};

struct Fairness {
  std::vector<GroupRates> groups;  // Ascending; only groups with rows.
  // Nothing with fewer than two groups of enough rows (of the rate's own denominator).
  std::optional<Gap>
      demographic_parity;  // Of `offered` (Dwork et al. 2012). Ratio: the four-fifths rule.
  std::optional<Gap> equal_opportunity;  // Of `opportunity` (Hardt, Price & Srebro 2016).
  std::optional<Gap> false_alarms;       // Of `false_alarm`.
  std::optional<double> equalised_odds;  // The larger of the last two differences (the same paper).
  std::optional<Gap> predictive_parity;  // Of `precision`.
  std::optional<double> calibration;     // The largest |mean of p − y| of a group.
  // Jain's index of what the groups get, here `offered` of the groups of enough rows.
  std::optional<double> jain;
  std::vector<std::uint32_t> too_small;  // Groups of fewer than least_rows rows.
};

// Refuses spans of different lengths, no rows, labels other than 0 and 1, probabilities outside [0,
// 1], a group number above a million, least_rows below 1 and a confidence outside (0, 1).
base::Result<Fairness> fairness(const GroupedRows& rows, const FairnessOptions& options = {});

// (Σ x)²/(n Σ x²), from 1/n (one gets all) to 1 (all get the same) (Jain, Chiu & Hawe 1984, DEC
// TR-301). Of benefits of 0 or more; nothing where nobody gets anything.
std::optional<double> jain_index(std::span<const double> benefits);

}  // namespace metric
