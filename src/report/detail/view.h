// SPDX-License-Identifier: Apache-2.0
// An analysis with what every form of the report asks of it: names, units, ranges in words.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/analysis.h"

namespace report::detail {

// Borrows the analysis.
class View {
 public:
  explicit View(const study::Analysis& analysis);
  explicit View(const study::Analysis&& analysis) = delete;

  const study::Analysis& a;
  double q = 0;
  // The first of the ranking; nothing where there is none.
  const study::Ranked* leader = nullptr;
  std::vector<std::string> generations;  // In the order of the ranking, the null models last.

  [[nodiscard]] const study::Ranked* find(const std::string& name) const;
  [[nodiscard]] std::string money(double amount) const;  // "1,234 €", "35.9 offer costs"
  [[nodiscard]] std::string money_unit() const;          // "€", "offer costs", "money"
  // Income and cost are amounts, of the rows' own or other than 1 for an offer, in a unit that has
  // no name here.
  [[nodiscard]] bool has_nameless_money() const;
  // Hypotheses as ROI of the old system where its precision is known, else as q.
  [[nodiscard]] bool speaks_of_roi() const {
    return a.options.hypothesis.old_precision.has_value();
  }
  [[nodiscard]] double hypothesis_at(double q_value) const;
  [[nodiscard]] double q_at(double hypothesis) const;
  [[nodiscard]] std::string hypothesis_words(double q_value) const;  // "+50 %", "q = 53.8"
  [[nodiscard]] std::string range_words(const profit::QRange& range) const;
  // RAP of these counts under another q; not a number where it is not defined.
  [[nodiscard]] static double rap_at(const metric::Confusion& counts, double q_value);
  // The winner's range of q under the study's own hypothesis.
  [[nodiscard]] const profit::Segment* winning_segment() const;
  // Models compared with the leader that these rows do not tell from it, and those they do.
  [[nodiscard]] std::vector<const study::Ranked*> compared(bool is_noise) const;
  // "The first 3 differ …": which differences are noise, in words.
  [[nodiscard]] std::string noise_words() const;

 private:
  int roi_decimals_ = 0;
};

bool is_null(const study::Ranked& ranked);
std::string generation_words(const std::string& generation);
std::string learner_of(const study::Recipe& recipe);     // As the recipe spells it; empty: none.
std::string learner_words(const study::Recipe& recipe);  // "logistic regression"
std::string setting_words(const study::Value& value);

// A figure of every model.
struct Figure {
  std::string name;
  std::string unit;
  std::function<std::optional<double>(const study::Ranked&)> of;
  double scale = 1;   // Written in the unit: value · scale.
  int decimals = -1;  // Negative: three significant digits.
  int better = 0;     // 1: more is better, −1: less, 0: neither.
  [[nodiscard]] std::string words(const study::Ranked& ranked) const;  // "–" where there is none.
};
std::vector<Figure> figures(const View& view);

}  // namespace report::detail
