// SPDX-License-Identifier: Apache-2.0
// What the models of a study say together: the ranking by profit with its doubts, the winner under
// every hypothesis, the leaders from close by, and what to do. Plain values: a report only draws
// them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "metric/curve.h"
#include "metric/interval.h"
#include "profit/economics.h"
#include "profit/hypothesis.h"
#include "profit/intervals.h"
#include "profit/limits.h"
#include "profit/paired.h"
#include "profit/sensitivity.h"
#include "study/ground.h"
#include "study/model.h"
#include "study/train.h"

namespace study {

inline constexpr const char* kNullGeneration = "null";  // always, never, at random.

struct Ranked {
  Model model;
  profit::MoneyIntervals money;
  // Against the leader, for the few that come next to it and the null models; p by Holm.
  std::optional<profit::PairedDifference> behind = {};
  std::optional<double> p_holm = {};
  // The hypotheses under which no other model earns more; nothing if there are none.
  std::optional<profit::QRange> wins = {};
};

struct CurvePoint {
  double x = 0, y = 0;
};

// Rows whose predicted probabilities lie near one another.
struct CalibrationBin {
  double predicted = 0;       // Their mean.
  metric::Interval observed;  // Share of acceptances.
  std::int64_t rows = 0;
};

// The rows of one value of a column.
struct GroupFigures {
  std::string group;
  std::int64_t rows = 0, positives = 0;
  std::optional<double> offer_rate = {}, recall = {}, false_alarm = {}, precision = {};
  std::optional<double> predicted = {}, observed = {};  // Mean probability, share of acceptances.
};
struct Fairness {
  std::string column;
  std::vector<GroupFigures> groups;
  // Largest differences between groups that are large enough to say anything.
  std::optional<double> parity_gap = {};       // Of offer rates.
  std::optional<double> opportunity_gap = {};  // Of recalls.
  std::optional<double> odds_gap = {};         // The larger of those of recalls and false alarms.
  std::optional<double> calibration_gap = {};  // The largest of predicted less observed.
  std::optional<double> jain_index = {};       // Of offer rates; 1: all groups alike.
};

// Where rows have amounts of their own: the customers in the order of p alone, and in that of
// p·i − c. Share of the test rows contacted → profit per test row.
struct Orders {
  std::vector<CurvePoint> by_probability;
  std::vector<CurvePoint> by_expected_profit;
  // Profit per test row of offering to everybody; where p·i > c; and where p is above mean cost by
  // mean income, which is p alone by the best one q.
  metric::Interval everyone, where_it_pays, above_mean_share;
};

// A model that was kept as a file, scored once more from that file.
struct Leader {
  std::string name;
  std::string file;                      // Relative to the study's folder.
  std::vector<CurvePoint> profit_curve;  // Share of the test rows contacted, best first → profit
                                         // per test row.
  double contacted = 0;                  // The share at its own threshold.
  std::vector<CurvePoint> roc;           // False alarms → recall.
  std::vector<CurvePoint> precision_recall;  // Recall → precision.
  // At 5 % … 100 % of the test rows, best first: the share of all acceptances among them, and lift.
  std::vector<metric::Gain> gains;
  std::vector<CalibrationBin> calibration;
  std::vector<Fairness> fairness;
  std::optional<Orders> orders = {};  // Where rows have amounts of their own.
};

// The winner's curse: the best of many on the same rows is partly lucky.
struct Corrected {
  metric::Interval rap;  // Of the leader, corrected by bootstrap.
  double optimism = 0;   // What was taken off.
  std::optional<double> nested =
      {};  // The mean of choosing on one half and estimating on the other.
};

// What a range of hypotheses makes of the models that can win.
struct UnderDoubt {
  std::string name;
  double chance_of_best = 0;  // Under the distribution of the hypothesis.
  double expected_rap = 0;
  double expected_regret = 0;  // RAP lost against the best, on average.
  double worst_regret = 0;     // At the worst.
};

struct Hypothesis {
  std::optional<double> old_precision = {};
  std::optional<double> roi = {};
  std::optional<profit::RoiRange> roi_range = {};  // Where the belief is one about the old ROI.
  std::optional<profit::Belief> belief = {};       // How q is distributed, if it is no point.
  std::string belief_in_words = {};                // "the old return lies between 10 % and 20 %".
};

struct AnalysisOptions {
  Hypothesis hypothesis = {};
  // Of the study: where the leaders' files are. One that is not there (a limit made another model
  // a leader) is made anew.
  std::string folder = {};
  ThresholdRule threshold = ThresholdRule::kBest;  // With which the models were made.
  std::size_t leaders = 5;                         // How many are looked at from close by.
  std::size_t compared = 20;                       // How many are compared with the leader.
  std::vector<std::string> groups = {};            // Columns by whose values fairness is measured.
  // What a model must keep to be ranked; null models are. Measures: seconds (to train), ns_a_row,
  // kilobytes, offer_rate, precision, recall, false_alarm, auc, calibration_error and, over all
  // `groups`, parity_gap, opportunity_gap, odds_gap.
  std::vector<profit::Limit> limits = {};
  double confidence = 0.95;
  std::string currency = {};  // Of income and cost; empty: only q is known.
};

struct Analysis {
  profit::Economics economics;
  AnalysisOptions options;
  // Rows have amounts of their own: money is theirs, `economics` holds means, and what is exact for
  // one q alone (sensitivity, its ranges, the winner's curse) is left empty.
  bool by_row = false;
  std::string target, positive;
  // How the figures on test rows came about. Over repeats, `money` of the ranking and the
  // differences to the leader have the intervals of the corrected resampled t-test
  // (study/detail/resampled.h), else those over rows; the leaders' curves and all that goes by
  // single rows are of the first repeat, and the winner's curse is not corrected.
  Evaluation evaluation = {};
  // In rounds the training rows are those of the files, all; validation and test rows are sums over
  // the rounds.
  std::size_t train_rows = 0, validation_rows = 0, test_rows = 0;
  std::int64_t train_positives = 0, validation_positives = 0, test_positives = 0;
  // The controls among the test rows (of the first repeat); without a control group none. All other
  // rows were contacted, and every figure but a model's `uplift` counts acceptances that would have
  // come without the offer too.
  std::string control;  // GroundOptions::control.
  std::size_t control_rows = 0;
  std::int64_t control_positives = 0;
  std::vector<std::string> attributes;
  std::vector<std::string> warnings;
  learn::ColumnNotes column_notes;  // The columns that they name the first few of.
  std::vector<Ranked> ranking;      // Best first, null models among them.
  std::vector<std::pair<std::string, std::string>> failed;    // Name, reason.
  std::vector<std::pair<std::string, std::string>> excluded;  // By a limit: name, reason.
  profit::Sensitivity sensitivity;           // Its models are those of the ranking, in that order.
  std::optional<profit::RoiRange> safe_roi;  // Of the leader, where the old precision is known.
  std::optional<Corrected> corrected;
  std::vector<UnderDoubt> under_doubt;
  std::vector<Leader> leaders;
  std::string advice;  // "What to do", one sentence with money in it.
  double seconds = 0;  // Of training, all models together.
};

// Refuses no models that could be trained, a belief about q where rows have amounts of their own,
// groups that are no columns, limits on measures that are
// not there.
base::Result<Analysis> analyse(const Ground& ground, std::vector<Model> models,
                               const AnalysisOptions& options);

}  // namespace study
