// SPDX-License-Identifier: Apache-2.0
#include "study/ground.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/number.h"
#include "data/split.h"
#include "learn/columns.h"
#include "learn/drift.h"
#include "learn/feature_elimination.h"
#include "learn/smote.h"
#include "study/detail/control.h"
#include "study/detail/fingerprint.h"
#include "study/detail/rounds.h"

namespace study {
namespace {

Rows take(const data::Table& table, const learn::Labels& labels,
          const std::vector<std::uint32_t>& rows) {
  Rows taken{table.take(rows), labels};
  taken.labels.values.clear();
  taken.labels.positives = 0;
  for (const std::uint32_t row : rows) {
    taken.labels.values.push_back(labels.values[row]);
    taken.labels.positives += labels.values[row];
  }
  return taken;
}

// Of a table of its own.
base::Result<Rows> own_rows(data::Table table, const learn::Labels& known,
                            const std::vector<std::string>& attributes) {
  TRY_ASSIGN(learn::Labels labels, learn::read_labels_like(table, known));
  for (const std::string& name : attributes) TRY(table.index_of(name));
  return Rows{std::move(table), std::move(labels)};
}

base::Result<void> check_part(const Rows& rows, const std::string& what) {
  const auto all = static_cast<std::int64_t>(rows.labels.values.size());
  if (rows.labels.positives > 0 && rows.labels.positives < all) return {};
  return base::input_error("of the " + base::format_count(all) + " " + what + " rows " +
                           base::format_count(rows.labels.positives) +
                           " are accepted offers: both kinds are needed; give more rows or "
                           "another share");
}

base::Result<data::Split> split_rows(const learn::Labels& labels, const GroundOptions& options,
                                     const Tables& given) {
  const data::Shares shares{
      .validation = given.validation ? 0 : options.evaluation.validation_share,
      .test = given.test ? 0 : options.evaluation.test_share};
  if ((!given.validation && !(shares.validation > 0)) || (!given.test && !(shares.test > 0))) {
    return base::input_error(
        "a study needs rows to choose thresholds on and rows to test on: their shares must be "
        "above 0");
  }
  if (options.evaluation.order == Order::kTime)
    return data::ordered_split(labels.values.size(), shares);
  return data::stratified_split(labels.values, shares, options.seed);
}

base::Result<std::vector<double>> amounts_of(const data::Table& table, const std::string& column,
                                             double otherwise) {
  if (column.empty()) return std::vector<double>(table.rows(), otherwise);
  TRY_ASSIGN(const std::size_t at, table.index_of(column));
  const data::Column& found = table.columns()[at];
  if (found.numeric() && found.missing() == 0) return found.numbers();
  return base::input_error(
      "column '" + column +
      "' must hold a number in every row: the amount expected before the answer is known");
}

base::Result<void> add_amounts(const GroundOptions& options, const profit::Economics& economics,
                               Rows& rows) {
  if (options.income_column.empty() && options.cost_column.empty()) return {};
  TRY_ASSIGN(rows.incomes, amounts_of(rows.table, options.income_column, economics.income));
  TRY_ASSIGN(rows.costs, amounts_of(rows.table, options.cost_column, economics.cost));
  // The first use would refuse amounts out of range; better before hours of training.
  TRY(profit::expected_profits(std::vector<double>(rows.incomes.size()), rows.incomes, rows.costs));
  return {};
}

std::vector<std::uint32_t> all_rows(const data::Table& table) {
  std::vector<std::uint32_t> all(table.rows());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

std::vector<const data::Column*> columns_of(const data::Table& table,
                                            const std::vector<std::string>& names) {
  std::vector<const data::Column*> columns;
  for (const std::string& name : names) columns.push_back(table.find(name));
  return columns;
}

base::Result<std::vector<std::string>> warnings_of(const data::Table& table,
                                                   const learn::Labels& labels,
                                                   const std::vector<std::string>& attributes,
                                                   Order order, learn::ColumnNotes& notes) {
  const auto columns = columns_of(table, attributes);
  TRY_ASSIGN(notes, learn::column_notes(columns));
  std::vector<std::string> warnings = notes.sentences;
  for (const learn::LeakWarning& leak : learn::find_leaks(columns, labels)) {
    warnings.push_back(
        "column '" + leak.column + "' alone reaches an AUC of " + base::format_fixed(leak.auc, 3) +
        " (the next best " + base::format_fixed(leak.next_auc, 3) +
        "): if it is known only after the offer, leave it out with --exclude " + leak.column);
  }
  constexpr std::size_t kFewestForDrift = 1000;
  if (table.rows() < kFewestForDrift) return warnings;
  TRY_ASSIGN(const learn::Drift drift, learn::find_drift(columns, labels));
  std::vector<std::string> sentences = learn::drift_warnings(drift, labels);
  constexpr std::size_t kMostSentences = 4;
  if (const std::size_t all = sentences.size(); all > kMostSentences) {
    sentences.resize(kMostSentences);
    sentences.push_back("so do " + std::to_string(all - kMostSentences) + " other columns, less");
  }
  for (std::string& sentence : sentences) warnings.push_back(std::move(sentence));
  if (drift.warns() && order == Order::kShuffled) {
    warnings.push_back(
        "the rows change with their order: if that is the order of time, --order time tests on the "
        "last ones, as tomorrow will");
  }
  return warnings;
}

// The controls that each round of the first repeat is measured with: of the test table where one
// is given, else drawn as the test rows are.
base::Result<std::vector<Rows>> draw_controls(const data::Table& controls, bool are_given,
                                              const learn::Labels& known,
                                              const profit::Economics& economics,
                                              const GroundOptions& options) {
  TRY_ASSIGN(const learn::Labels labels, learn::read_labels_like(controls, known));
  std::vector<std::vector<std::uint32_t>> drawn;
  if (are_given) {
    drawn.push_back(all_rows(controls));
  } else {
    GroundOptions first = options;
    first.evaluation.repeats = 1;
    const auto rounds = detail::draw_rounds(labels, first);
    if (!rounds) return base::input_error("among the controls: " + rounds.error().message);
    for (const detail::Round& round : *rounds) drawn.push_back(round.rows.test);
  }
  std::vector<Rows> found;
  for (const std::vector<std::uint32_t>& rows : drawn) {
    found.push_back(take(controls, labels, rows));
    TRY(add_amounts(options, economics, found.back()));
  }
  return found;
}

// Leaves the tables without controls.
base::Result<std::vector<Rows>> take_controls(const detail::ControlGroup& group,
                                              const learn::Labels& known,
                                              const profit::Economics& economics,
                                              const GroundOptions& options, Tables& tables,
                                              std::vector<std::uint32_t>& treated_rows) {
  TRY_ASSIGN(detail::Parted offers, detail::part_by_control(tables.offers, group));
  tables.offers = std::move(offers.treated);
  treated_rows = std::move(offers.treated_rows);
  if (tables.validation) {
    TRY_ASSIGN(detail::Parted parted, detail::part_by_control(*tables.validation, group));
    tables.validation = std::move(parted.treated);
  }
  if (!tables.test) return draw_controls(offers.controls, false, known, economics, options);
  TRY_ASSIGN(detail::Parted test, detail::part_by_control(*tables.test, group));
  tables.test = std::move(test.treated);
  return draw_controls(test.controls, true, known, economics, options);
}

}  // namespace

base::Result<std::vector<double>> keys_of(const Rows& rows, std::vector<double> probabilities) {
  if (!rows.have_amounts()) return probabilities;
  return profit::expected_profits(probabilities, rows.incomes, rows.costs);
}

struct Ground::State {
  GroundOptions options;
  profit::Economics economics;
  Rows train, validation, test, controls;
  std::vector<Ground> rounds;
  std::vector<std::uint32_t> tested;
  std::vector<std::string> attributes, warnings;
  learn::ColumnNotes column_notes;
  std::string fingerprint;

  using Key = std::pair<bool, double>;  // With SMOTE or not, share of the rows.
  std::mutex mutex;                     // One piece is made at a time, with all threads.
  std::map<Key, Rows> rows;
  std::map<Key, learn::Prepared> prepared;
  std::map<Key, std::vector<std::string>> ranked;

  // Refuses parts without both classes; reads the amounts of those that hold them.
  base::Result<void> finish();
  base::Result<const Rows*> rows_of(const Key& key);
  base::Result<TrainingRows> training_rows(const Key& key);
};

Ground::Ground(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ground::Ground(Ground&&) noexcept = default;
Ground::~Ground() = default;

base::Result<Ground> Ground::prepare(Tables tables, const profit::Economics& economics,
                                     const GroundOptions& options) {
  TRY(detail::check_evaluation(tables, options));
  const data::Table& table = tables.offers;
  TRY_ASSIGN(learn::Labels labels, learn::read_labels(table, options.target, options.positive));
  std::vector<std::string> exclude = options.exclude;
  std::optional<detail::ControlGroup> group;
  if (!options.control.empty()) {
    TRY_ASSIGN(group, detail::control_group(table, options.control));
    exclude.push_back(group->column);
  }
  TRY_ASSIGN(const std::vector<const data::Column*> columns,
             learn::choose_columns(table, options.target, options.features, exclude));
  auto state = std::make_unique<State>();
  state->options = options;
  state->economics = economics;
  for (const data::Column* column : columns) state->attributes.push_back(column->name());
  TRY_ASSIGN(state->warnings, warnings_of(table, labels, state->attributes,
                                          options.evaluation.order, state->column_notes));

  state->fingerprint =
      detail::fingerprint_of(tables, labels, state->attributes, options, economics);
  std::vector<Rows> controls;
  std::vector<std::uint32_t> treated;
  if (group) {
    TRY_ASSIGN(controls, take_controls(*group, labels, economics, options, tables, treated));
    TRY_ASSIGN(labels, learn::read_labels_like(tables.offers, labels));
  }
  if (options.evaluation.once()) {
    TRY(hold_out(tables, labels, std::move(controls), *state));
  } else {
    TRY(add_rounds(tables.offers, labels, std::move(controls), *state));
  }
  if (group) {
    for (std::uint32_t& row : state->tested) row = treated[row];
  }
  return Ground(std::move(state));
}

base::Result<void> Ground::hold_out(Tables& tables, const learn::Labels& labels,
                                    std::vector<Rows> controls, State& state) {
  TRY_ASSIGN(const data::Split split, split_rows(labels, state.options, tables));
  const auto part = [&](std::optional<data::Table>& given, const std::vector<std::uint32_t>& rows) {
    return given ? own_rows(std::move(*given), labels, state.attributes)
                 : base::Result<Rows>(take(tables.offers, labels, rows));
  };
  state.train = take(tables.offers, labels, split.train);
  TRY_ASSIGN(state.validation, part(tables.validation, split.validation));
  TRY_ASSIGN(state.test, part(tables.test, split.test));
  if (!controls.empty()) state.controls = std::move(controls.front());
  return state.finish();
}

base::Result<void> Ground::add_rounds(const data::Table& offers, const learn::Labels& labels,
                                      std::vector<Rows> controls, State& state) {
  TRY_ASSIGN(const std::vector<detail::Round> rounds, detail::draw_rounds(labels, state.options));
  for (const detail::Round& round : rounds) {
    auto own = std::make_unique<State>();
    own->options = state.options;
    own->options.seed = round.seed;
    own->options.evaluation.folds = 0;
    own->options.evaluation.repeats = 1;
    own->economics = state.economics;
    own->attributes = state.attributes;
    own->train = take(offers, labels, round.rows.train);
    own->validation = take(offers, labels, round.rows.validation);
    own->test = take(offers, labels, round.rows.test);
    if (const std::size_t at = state.rounds.size(); at < controls.size())
      own->controls = std::move(controls[at]);
    TRY(own->finish());
    state.rounds.push_back(Ground(std::move(own)));
    if (state.rounds.size() <= state.options.evaluation.rounds_a_repeat()) {
      state.tested.insert(state.tested.end(), round.rows.test.begin(), round.rows.test.end());
    }
  }
  state.train = take(offers, labels, all_rows(offers));
  state.test = take(offers, labels, state.tested);
  return add_amounts(state.options, state.economics, state.test);
}

const Rows& Ground::train() const { return state_->train; }
const Rows& Ground::validation() const { return state_->validation; }
const Rows& Ground::test() const { return state_->test; }
const profit::Economics& Ground::economics() const { return state_->economics; }
const GroundOptions& Ground::options() const { return state_->options; }
const std::vector<std::string>& Ground::attributes() const { return state_->attributes; }
const std::vector<std::string>& Ground::warnings() const { return state_->warnings; }
const learn::ColumnNotes& Ground::column_notes() const { return state_->column_notes; }
const std::string& Ground::fingerprint() const { return state_->fingerprint; }

const Rows& Ground::controls() const { return state_->controls; }
const std::vector<Ground>& Ground::rounds() const { return state_->rounds; }
const std::vector<std::uint32_t>& Ground::tested() const { return state_->tested; }

base::Result<void> Ground::State::finish() {
  TRY(check_part(train, "training"));
  TRY(check_part(validation, "validation"));
  TRY(check_part(test, "test"));
  TRY(add_amounts(options, economics, validation));
  return add_amounts(options, economics, test);
}

base::Result<const Rows*> Ground::State::rows_of(const Key& key) {
  const auto [smote, share] = key;
  if (!smote && share >= 1) return &train;
  if (const auto known = rows.find(key); known != rows.end()) return &known->second;
  Rows made;
  if (smote) {
    TRY_ASSIGN(const Rows* plain, rows_of({false, share}));
    TRY_ASSIGN(learn::Resampled resampled,
               learn::smote(columns_of(plain->table, attributes), plain->labels,
                            {.seed = options.seed, .threads = options.threads}));
    made = {std::move(resampled.table), std::move(resampled.labels)};
  } else {
    TRY_ASSIGN(const data::Split split,
               data::stratified_split(train.labels.values, {.validation = 0, .test = share},
                                      options.seed));
    made = take(train.table, train.labels, split.test);
    TRY(check_part(made, "training"));
  }
  return &rows.emplace(key, std::move(made)).first->second;
}

base::Result<Ground::TrainingRows> Ground::State::training_rows(const Key& key) {
  TRY_ASSIGN(const Rows* chosen, rows_of(key));
  auto known = prepared.find(key);
  if (known == prepared.end()) {
    TRY_ASSIGN(learn::Prepared made, learn::Prepared::make(columns_of(chosen->table, attributes),
                                                           {.threads = options.threads}));
    known = prepared.emplace(key, std::move(made)).first;
  }
  return TrainingRows{chosen, &known->second};
}

base::Result<Ground::TrainingRows> Ground::training_rows(bool smote, double row_share) const {
  const std::lock_guard lock(state_->mutex);
  return state_->training_rows({smote, row_share});
}

base::Result<const std::vector<std::string>*> Ground::ranked_attributes(bool smote,
                                                                        double row_share) const {
  const std::lock_guard lock(state_->mutex);
  const State::Key key{smote, row_share};
  if (const auto known = state_->ranked.find(key); known != state_->ranked.end())
    return &known->second;
  TRY_ASSIGN(const TrainingRows training, state_->training_rows(key));
  const Rows* rows = training.rows;
  const std::vector<std::string>& names = state_->attributes;
  TRY_ASSIGN(const learn::Elimination elimination,
             learn::eliminate_features(
                 {.columns = columns_of(rows->table, names), .labels = &rows->labels}, {},
                 {.threads = state_->options.threads}, training.prepared));
  std::vector<std::string> ranked;
  for (const std::size_t column : elimination.order) ranked.push_back(names[column]);
  return &state_->ranked.emplace(key, std::move(ranked)).first->second;
}

}  // namespace study
