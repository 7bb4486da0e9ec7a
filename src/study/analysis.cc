// SPDX-License-Identifier: Apache-2.0
#include "study/analysis.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "base/number.h"
#include "profit/ranking.h"
#include "profit/winners_curse.h"
#include "study/detail/advice.h"
#include "study/detail/by_row.h"
#include "study/detail/leader.h"
#include "study/detail/measures.h"
#include "study/detail/over_rounds.h"
#include "study/detail/resampled.h"
#include "study/detail/uplift_sample.h"

namespace study {
namespace {

// The ground itself where rows are held out once.
std::vector<const Ground*> rounds_of(const Ground& ground) {
  std::vector<const Ground*> rounds;
  for (const Ground& round : ground.rounds()) rounds.push_back(&round);
  if (rounds.empty()) rounds.push_back(&ground);
  return rounds;
}

base::Result<Model> null_model(const Ground& ground, const std::string& name,
                               const std::function<bool()>& offers_to_next) {
  Model model;
  model.recipe = {.name = name, .generation = kNullGeneration, .settings = {}};
  std::vector<std::uint8_t> first_repeat;
  std::size_t done = 0;
  detail::UpliftSample sample(ground.economics());
  bool has_controls = false;
  for (const Ground* round : rounds_of(ground)) {
    const Rows& test = round->test();
    std::vector<std::uint8_t> offers(test.labels.values.size());
    for (std::uint8_t& offer : offers) offer = offers_to_next() ? 1 : 0;
    model.test += metric::confusion_of(offers, test.labels.values);
    if (const Rows& controls = round->controls(); !controls.labels.values.empty()) {
      std::vector<std::uint8_t> to_controls(controls.labels.values.size());
      for (std::uint8_t& offer : to_controls) offer = offers_to_next() ? 1 : 0;
      sample.add(test, true, {}, offers);
      sample.add(controls, false, {}, to_controls);
      has_controls = true;
    }
    if (!ground.rounds().empty()) {
      TRY_ASSIGN(const RoundFigures figures, detail::figures_of(test, offers, ground.economics()));
      model.rounds.push_back(figures);
    }
    if (done++ < ground.options().evaluation.rounds_a_repeat())
      first_repeat.insert(first_repeat.end(), offers.begin(), offers.end());
  }
  model.decisions = pack(first_repeat);
  if (has_controls) {
    TRY_ASSIGN(model.uplift, sample.measure(ground.options().seed));
  }
  return model;
}

// What a trained model has to beat: to everybody, to nobody, to every second customer by lot. They
// come first: a model that does the same leads none of them.
base::Result<void> add_null_models(const Ground& ground, std::vector<Model>& models) {
  base::Random random(ground.options().seed, /*stream=*/0x6e756c6c);
  TRY_ASSIGN(Model always, null_model(ground, "always", [] { return true; }));
  TRY_ASSIGN(Model never, null_model(ground, "never", [] { return false; }));
  TRY_ASSIGN(Model half, null_model(ground, "at random", [&] { return random.bernoulli(0.5); }));
  for (Model* model : {&half, &never, &always}) models.insert(models.begin(), std::move(*model));
  return {};
}

base::Result<void> rank_models(const Ground& ground, std::vector<Model> models,
                               Analysis& analysis) {
  if (analysis.by_row) return detail::rank_by_row(ground, std::move(models), analysis);
  std::vector<metric::Confusion> counts;
  for (const Model& model : models) counts.push_back(model.test);
  // The split is stratified by the target unless it follows time or a file.
  TRY_ASSIGN(const std::vector<profit::Standing> standings,
             profit::rank(counts, ground.economics(), analysis.options.confidence));
  for (const profit::Standing& standing : standings)
    analysis.ranking.push_back(
        {.model = std::move(models[standing.model]), .money = standing.money});
  return {};
}

// What a limit forbids is not ranked.
base::Result<void> keep_limits(const Ground& ground, std::vector<Model>& models,
                               Analysis& analysis) {
  if (analysis.options.limits.empty()) return {};
  TRY_ASSIGN(const std::vector<profit::Measure> measures,
             detail::measures_of(ground, models, analysis.options.groups));
  std::vector<profit::Standing> standings(models.size());
  for (std::size_t i = 0; i < models.size(); ++i) standings[i].model = i;
  TRY_ASSIGN(const profit::Selection selection,
             profit::keep_within(standings, measures, analysis.options.limits));
  std::vector<Model> kept;
  for (const std::size_t i : selection.kept) kept.push_back(std::move(models[i]));
  for (const auto& out : selection.excluded)
    analysis.excluded.emplace_back(models[out.model].recipe.name, out.why);
  models = std::move(kept);
  return {};
}

base::Result<void> add_sensitivity(Analysis& analysis) {
  if (analysis.by_row) return {};
  std::vector<metric::Confusion> counts;
  for (const Ranked& ranked : analysis.ranking) counts.push_back(ranked.model.test);
  TRY_ASSIGN(analysis.sensitivity, profit::sensitivity(counts));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::optional<std::size_t> segment = analysis.sensitivity.won[i];
    if (segment) analysis.ranking[i].wins = analysis.sensitivity.segments[*segment].q;
  }
  const std::optional<double> precision = analysis.options.hypothesis.old_precision;
  if (precision) {
    const profit::Segment& now = profit::winner_at(analysis.sensitivity, analysis.economics.q());
    analysis.safe_roi = profit::roi_range(now.q, *precision);
  }
  return {};
}

base::Result<profit::Decisions> decisions_of(const Ground& ground, const Analysis& analysis) {
  const std::vector<std::uint8_t>& labels = ground.test().labels.values;
  TRY_ASSIGN(profit::Decisions decisions, profit::Decisions::on(labels));
  for (const Ranked& ranked : analysis.ranking)
    TRY(decisions.add(unpack(ranked.model.decisions, labels.size())));
  return decisions;
}

// The leader against those that come next to it and against the null models.
base::Result<void> compare_leader(const Ground& ground, const profit::Decisions& decisions,
                                  Analysis& analysis) {
  std::vector<std::size_t> rivals;
  for (std::size_t i = 1; i < analysis.ranking.size(); ++i) {
    const bool is_null = analysis.ranking[i].model.recipe.generation == kNullGeneration;
    if (i <= analysis.options.compared || is_null) rivals.push_back(i);
  }
  if (analysis.by_row) return detail::compare_by_row(ground, rivals, analysis);
  TRY_ASSIGN(const std::vector<profit::Comparison> comparisons,
             profit::compare_with_leader(decisions, 0, rivals, analysis.economics));
  for (const profit::Comparison& comparison : comparisons) {
    analysis.ranking[comparison.model].behind = comparison.lead;
    analysis.ranking[comparison.model].p_holm = comparison.p_holm;
  }
  return {};
}

base::Result<void> correct_leader(const Ground& ground, const profit::Decisions& decisions,
                                  Analysis& analysis) {
  if (analysis.by_row) return {};
  const std::uint64_t seed = ground.options().seed;
  TRY_ASSIGN(
      const profit::WinnersCurse curse,
      profit::correct_winners_curse(decisions, analysis.economics,
                                    {.confidence = analysis.options.confidence, .seed = seed}));
  Corrected corrected{.rap = curse.corrected, .optimism = curse.optimism};
  const auto half =
      profit::choose_on_half(decisions, analysis.economics, analysis.options.confidence, seed);
  if (half) corrected.nested = half->rap.estimate;
  analysis.corrected = corrected;
  return {};
}

base::Result<void> look_closely(const Ground& ground, Analysis& analysis) {
  for (Ranked& ranked : analysis.ranking) {
    if (analysis.leaders.size() == analysis.options.leaders) return {};
    if (ranked.model.recipe.generation == kNullGeneration) continue;
    TRY_ASSIGN(Leader leader, detail::look_at(ground, ranked.model, analysis.options));
    analysis.leaders.push_back(std::move(leader));
    if (ranked.model.importance.empty()) {
      TRY_ASSIGN(ranked.model.importance,
                 detail::importance_of(ground, ranked.model, analysis.options));
    }
  }
  return {};
}

void count_rows(const Ground& ground, Analysis& analysis) {
  analysis.train_rows = ground.train().labels.values.size();
  analysis.train_positives = ground.train().labels.positives;
  for (const Ground* round : rounds_of(ground)) {
    analysis.validation_rows += round->validation().labels.values.size();
    analysis.validation_positives += round->validation().labels.positives;
    analysis.test_rows += round->test().labels.values.size();
    analysis.test_positives += round->test().labels.positives;
    analysis.control_rows += round->controls().labels.values.size();
    analysis.control_positives += round->controls().labels.positives;
  }
  analysis.evaluation = ground.options().evaluation;
  analysis.control = ground.options().control;
}

}  // namespace

base::Result<Analysis> analyse(const Ground& ground, std::vector<Model> models,
                               const AnalysisOptions& options) {
  Analysis analysis;
  analysis.economics = ground.economics();
  analysis.options = options;
  analysis.by_row = ground.test().have_amounts();
  if (analysis.by_row && options.hypothesis.belief) {
    return base::input_error(
        "a belief about the old return or about q is one about a single q: it cannot be had "
        "together with amounts of each row");
  }
  analysis.target = ground.test().labels.column;
  analysis.positive = ground.test().labels.positive;
  count_rows(ground, analysis);
  analysis.attributes = ground.attributes();
  analysis.warnings = ground.warnings();
  analysis.column_notes = ground.column_notes();
  std::vector<Model> trained;
  for (Model& model : models) {
    analysis.seconds += model.seconds + model.seconds_of_rounds;
    if (!model.failure.empty()) {
      analysis.failed.emplace_back(model.recipe.name, model.failure);
    } else if (model.row_share >= 1) {
      trained.push_back(std::move(model));
    }
  }
  if (trained.empty()) {
    return base::input_error(
        "no model could be trained" +
        (analysis.failed.empty() ? std::string() : ": " + analysis.failed.front().second));
  }
  TRY(keep_limits(ground, trained, analysis));
  TRY(add_null_models(ground, trained));
  TRY(rank_models(ground, std::move(trained), analysis));
  const bool is_repeated = analysis.evaluation.repeats > 1;
  if (is_repeated) detail::spread_over_rounds(ground, analysis);
  TRY(add_sensitivity(analysis));
  TRY_ASSIGN(const profit::Decisions decisions, decisions_of(ground, analysis));
  TRY(compare_leader(ground, decisions, analysis));
  if (is_repeated) {
    detail::compare_over_rounds(ground, analysis);
  } else {
    TRY(correct_leader(ground, decisions, analysis));
  }
  TRY(detail::weigh_doubt(analysis));
  TRY(look_closely(ground, analysis));
  analysis.advice = detail::advice(analysis);
  return analysis;
}

}  // namespace study
