// SPDX-License-Identifier: Apache-2.0
// The verdict in words.
#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "experiment/detail/neat_number.h"
#include "experiment/verdict.h"

namespace experiment {
namespace {

constexpr int kMostDecimals = 6;

// A bound is rounded away from the claim, and gets the decimals it needs to stay on its side of the
// threshold.
std::string say_lower(double lower, double above, MoneyWords words) {
  while (words.decimals < kMostDecimals && detail::round_down(lower, words.decimals) <= above)
    ++words.decimals;
  return signed_amount(detail::round_down(lower, words.decimals), words);
}
std::string say_upper(double upper, double below, MoneyWords words) {
  while (words.decimals < kMostDecimals && detail::round_up(upper, words.decimals) >= below)
    ++words.decimals;
  return signed_amount(detail::round_up(upper, words.decimals), words);
}

// Levels of looks have many digits; a confidence is not said higher than it is.
std::string share(double confidence) {
  const double rounded = detail::round_down(confidence + 1e-12, 4);
  return std::fabs(confidence - rounded) < 1e-12 ? percent(rounded) : percent(rounded, 2);
}
std::string of_candidates(int candidates) {
  return candidates == 1 ? "" : ", " + std::to_string(candidates) + " candidates";
}

class Teller {
 public:
  Teller(const Verdict& verdict, const MoneyWords& words) : verdict_(verdict), words_(words) {}

  [[nodiscard]] std::string collecting() const {
    const Customers& planned = verdict_.planned;
    if (planned.candidate == 0) {
      return base::format_count(std::min(verdict_.collected.base, planned.base)) + " of " +
             base::format_count(planned.base) + " customers of a dry run";
    }
    // An arm that is full already does not make up for one that is not.
    const Customers counted{std::min(verdict_.collected.base, planned.base),
                            std::min(verdict_.collected.candidate, planned.candidate)};
    return base::format_count(counted.total()) + " of " + base::format_count(planned.total()) +
           " customers (base " + base::format_count(counted.base) + " of " +
           base::format_count(planned.base) + ", candidate " +
           base::format_count(counted.candidate) + " of " + base::format_count(planned.candidate) +
           ")";
  }
  [[nodiscard]] std::string dry_run() const {
    const DisagreementRows rows = verdict_.rows.value_or(DisagreementRows{});
    const auto all = static_cast<double>(std::max<std::int64_t>(rows.everybody.n(), 1));
    return base::format_count(rows.everybody.n()) + " customers, all served by base; the systems " +
           "differ for " + percent(static_cast<double>(rows.disagree.n()) / all, 1) +
           " of them: the candidate adds the offer for " +
           percent(static_cast<double>(rows.add.n()) / all, 1) + " and removes it for " +
           percent(static_cast<double>(rows.remove.n()) / all, 1);
  }
  // By disagreement the count that matters is of those on whom the systems differ.
  [[nodiscard]] std::string differing_so_far() const {
    if (verdict_.method != Method::kDisagreement || !verdict_.rows) return "";
    return "; the systems differ for " + base::format_count(verdict_.rows->disagree.n()) +
           " of them";
  }
  [[nodiscard]] std::string alarms() const {
    std::string text = "the data cannot be trusted: ";
    for (std::size_t i = 0; i < verdict_.alarms.size(); ++i)
      text += (i == 0 ? "" : "; ") + verdict_.alarms[i].message;
    return text;
  }
  [[nodiscard]] std::string estimate() const {
    return signed_amount(figures().welch.difference, words_) + " per customer";
  }
  // With several candidates all bounds of a side hold together.
  [[nodiscard]] double level() const {
    if (verdict_.candidates == 1) return figures().level;
    return verdict_.harmed ? figures().level * verdict_.candidates : one_sided_alpha(design());
  }
  [[nodiscard]] std::string confidence() const {
    return " (" + share(1 - level()) + of_candidates(verdict_.candidates) + ")";
  }
  [[nodiscard]] std::string at_least(double above) const {
    return ", at least " + say_lower(figures().lower, above, words_) + confidence() + margin();
  }
  [[nodiscard]] std::string at_most(double below) const {
    return ", at most " + say_upper(figures().upper, below, words_) + confidence();
  }
  [[nodiscard]] std::string desired() const { return amount(design().effect_per_customer, words_); }

  [[nodiscard]] std::string standing() const {
    switch (verdict_.standing) {
      case EffectStanding::kNone:
        return "";
      case EffectStanding::kReached:
        return "; the desired " + desired() + " is reached by the estimate, not proven";
      case EffectStanding::kOpen:
        return "; the desired " + desired() + " is neither shown nor excluded";
      case EffectStanding::kExcluded:
        return "; the desired " + desired() + " is excluded, it is at most " +
               say_upper(figures().upper, design().effect_per_customer, words_) + confidence();
    }
    return "";
  }
  [[nodiscard]] std::string between() const {
    MoneyWords words = words_;
    return ", between " +
           signed_amount(detail::round_down(figures().lower, words.decimals), words) + " and " +
           signed_amount(detail::round_up(figures().upper, words.decimals), words) + " (" +
           share(1 - 2 * level()) + of_candidates(verdict_.candidates) + ")";
  }
  // Whom the figure rests on, where that is not everybody by assigned arm as planned.
  [[nodiscard]] std::string method() const {
    const VerdictFigures& shown = figures();
    if (!shown.why_everybody.empty()) {
      return (verdict_.method == Method::kCovariate ? "; not adjusted: "
                                                    : "; by intention to treat: ") +
             shown.why_everybody;
    }
    if (shown.method == Method::kCovariate) {
      return "; adjusted by what customers spent before the start, which explains " +
             percent(shown.explained, 1) + " of the variance";
    }
    if (shown.pooled) {
      return "; the systems differ for " + base::format_count(shown.pooled->disagreeing) + " of " +
             base::format_count(shown.pooled->customers) + " customers of all arms";
    }
    if (shown.method == Method::kEverybody || !verdict_.rows) return "";
    const auto analysis = analyse_disagreement(*verdict_.rows, design().ratio, 2, words_);
    const std::string alone =
        shown.why_not_pooled.empty() ? "" : "; without the other arms: " + shown.why_not_pooled;
    return analysis ? "; " + differing(*analysis, words_) + alone : alone;
  }
  // "; all 3 guardrails hold"; each that does not is said, and forbids to take what is better.
  [[nodiscard]] std::string guardrails() const {
    std::int64_t holding = 0;
    std::string others;
    for (const SecondaryFigures& one : figures().secondary) {
      if (one.standing == GuardrailStanding::kHolds) ++holding;
      if (one.standing == GuardrailStanding::kHolds || one.standing == GuardrailStanding::kNone)
        continue;
      others += "; guardrail " + experiment::sentence(one, words_);
    }
    if (!others.empty()) return others + (is_better(verdict_) ? "; not to be taken so" : "");
    if (holding == 0) return "";
    return holding == 1 ? "; its guardrail holds"
                        : "; all " + std::to_string(holding) + " guardrails hold";
  }
  [[nodiscard]] std::string when() const {
    if (verdict_.harmed) {
      return verdict_.word == VerdictWord::kWorse ? " (stopped for harm)"
                                                  : " (stopped for another's harm)";
    }
    if (!verdict_.look || verdict_.look->number == verdict_.looks) return "";
    return " (look " + std::to_string(verdict_.look->number) + " of " +
           std::to_string(verdict_.looks) + ")";
  }
  [[nodiscard]] std::string settle() const {
    if (!verdict_.customers_to_settle) return "";
    const Customers needed = arms(*verdict_.customers_to_settle, design().ratio);
    if (needed.base == needed.candidate) {
      return "; a fresh experiment with " + base::format_count(needed.base) +
             " customers in each arm would settle it";
    }
    return "; a fresh experiment with " + base::format_count(needed.base) + " base and " +
           base::format_count(needed.candidate) + " candidate customers would settle it";
  }
  [[nodiscard]] std::string yearly() const {
    if (!words_.customers_per_year) return "";
    MoneyWords whole = words_;
    whole.decimals = 0;
    const double year = figures().welch.difference * *words_.customers_per_year;
    const std::string text =
        base::format_count(static_cast<std::int64_t>(std::llround(std::clamp(year, -1e18, 1e18))));
    return "; about " + std::string(year < 0 ? "" : "+") + text + " " + words_.unit + " a year";
  }

 private:
  [[nodiscard]] const Design& design() const { return verdict_.design; }
  [[nodiscard]] const VerdictFigures& figures() const { return *verdict_.figures; }
  [[nodiscard]] std::string margin() const {
    return design().margin == 0 ? "" : ", where the margin is " + amount(design().margin, words_);
  }

  const Verdict& verdict_;
  const MoneyWords& words_;
};

std::string what(const Verdict& verdict, const Teller& say) {
  const Design& design = verdict.design;
  switch (verdict.word) {
    case VerdictWord::kNoVerdict:
      return say.alarms();
    case VerdictWord::kCollecting:
      return say.collecting() + say.differing_so_far();
    case VerdictWord::kBetterByEffect:
      return say.estimate() + say.at_least(design.effect_per_customer) + "; the desired " +
             say.desired() + " is proven" + say.method() + say.yearly();
    case VerdictWord::kBetter:
      return say.estimate() + say.at_least(design.margin) + say.standing() + say.method() +
             say.yearly();
    case VerdictWord::kWorse:
      return say.estimate() + say.at_most(design.margin) + say.method() + say.yearly();
    case VerdictWord::kNotBetterByEffect:
      return say.estimate() + say.at_most(design.effect_per_customer) + "; a gain of " +
             say.desired() + " is excluded" + say.method() + say.yearly();
    case VerdictWord::kDryRunComplete:
      return say.dry_run();
    case VerdictWord::kInconclusive:
      return say.estimate() + say.between() + say.method() + say.settle();
  }
  return "";
}

}  // namespace

std::string_view word(VerdictWord word) {
  switch (word) {
    case VerdictWord::kNoVerdict:
      return "NO VERDICT";
    case VerdictWord::kCollecting:
      return "COLLECTING";
    case VerdictWord::kBetterByEffect:
      return "BETTER BY THE DESIRED EFFECT";
    case VerdictWord::kBetter:
      return "BETTER";
    case VerdictWord::kWorse:
      return "WORSE";
    case VerdictWord::kNotBetterByEffect:
      return "NOT BETTER BY THE DESIRED EFFECT";
    case VerdictWord::kInconclusive:
      return "INCONCLUSIVE";
    case VerdictWord::kDryRunComplete:
      return "DRY RUN COMPLETE";
  }
  return "";
}

std::string sentence(const Verdict& verdict, const MoneyWords& words) {
  const Teller say(verdict, words);
  const std::string when = verdict.figures ? say.when() : "";
  const std::string guardrails = verdict.figures ? say.guardrails() : "";
  return std::string(word(verdict.word)) + when + ": " + what(verdict, say) + guardrails;
}

std::string sentence_of_harm(const PlannedDesign& plan, const Band& band, const MoneyWords& words) {
  return signed_amount(band.estimate, words) + " per customer, at most " +
         say_upper(band.upper, plan.design.margin, words) + " (" + share(1 - plan.harm_alpha) +
         of_candidates(plan.candidates) + ")";
}

}  // namespace experiment
