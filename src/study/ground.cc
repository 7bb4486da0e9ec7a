// SPDX-License-Identifier: Apache-2.0
#include "study/ground.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/number.h"
#include "data/split.h"
#include "learn/columns.h"
#include "learn/control_group.h"
#include "learn/drift.h"
#include "study/detail/fingerprint.h"
#include "study/detail/prepared_rows.h"
#include "study/detail/rounds.h"
#include "study/detail/rows.h"

namespace study {
namespace {

using detail::check_part;
using detail::columns_of;
using detail::take;

// Of a table of its own.
base::Result<Rows> own_rows(data::Table table, const learn::Labels& known,
                            const std::vector<std::string>& attributes) {
  TRY_ASSIGN(learn::Labels labels, learn::read_labels_like(table, known));
  for (const std::string& name : attributes) TRY(table.index_of(name));
  return Rows{std::move(table), std::move(labels)};
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
base::Result<std::vector<Rows>> take_controls(const learn::ControlGroup& group,
                                              const learn::Labels& known,
                                              const profit::Economics& economics,
                                              const GroundOptions& options, Tables& tables,
                                              std::vector<std::uint32_t>& treated_rows) {
  TRY_ASSIGN(learn::Parted offers, learn::part_by_control(tables.offers, group));
  tables.offers = std::move(offers.treated);
  treated_rows = std::move(offers.treated_rows);
  if (tables.validation) {
    TRY_ASSIGN(learn::Parted parted, learn::part_by_control(*tables.validation, group));
    tables.validation = std::move(parted.treated);
  }
  if (!tables.test) return draw_controls(offers.controls, false, known, economics, options);
  TRY_ASSIGN(learn::Parted test, learn::part_by_control(*tables.test, group));
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

  std::optional<detail::PreparedRows> prepared;  // Of `train`.

  // Refuses parts without both classes; reads the amounts of those that hold them.
  base::Result<void> finish();
};

Ground::Ground(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->prepared.emplace(state_->train, state_->attributes, state_->options);
}
Ground::Ground(Ground&&) noexcept = default;
Ground::~Ground() = default;

base::Result<Ground> Ground::prepare(Tables tables, const profit::Economics& economics,
                                     const GroundOptions& options) {
  TRY(detail::check_evaluation(tables, options));
  const data::Table& table = tables.offers;
  TRY_ASSIGN(learn::Labels labels, learn::read_labels(table, options.target, options.positive));
  std::vector<std::string> exclude = options.exclude;
  std::optional<learn::ControlGroup> group;
  if (!options.control.empty()) {
    TRY_ASSIGN(group, learn::control_group(table, options.control));
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

base::Result<Ground::TrainingRows> Ground::training_rows(const Preparation& preparation) const {
  return state_->prepared->training_rows(preparation);
}
base::Result<const std::vector<std::string>*> Ground::ranked_attributes(
    const Preparation& preparation) const {
  return state_->prepared->ranked_attributes(preparation);
}

}  // namespace study
