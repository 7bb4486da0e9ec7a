// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/block.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "pmml/detail/arithmetic.h"
#include "pmml/score/evaluate.h"

namespace pmml::detail {
namespace {

constexpr std::size_t kRows = kBlockRows;

std::uint64_t bit(std::size_t row) { return std::uint64_t{1} << row; }

struct BlockSlots {
  const std::vector<const double*>& columns;
  std::size_t row;
  double operator()(std::uint32_t slot) const { return columns[slot][row]; }
};

bool takes_forest(const Forest& forest) { return !forest.row_sets.trees.empty(); }

bool takes(const Units& units, std::uint32_t index) {
  using enum MultipleModelMethod;
  const ModelUnit& model = units.models[index];
  const bool classifies = model.function == MiningFunction::kClassification;
  if (const auto* tree = std::get_if<TreeUnit>(&model.body))
    return takes_forest(units.forests.forests[tree->forest]) && !classifies;
  // A row that is compared with many points keeps the processor busy by itself.
  if (std::holds_alternative<VectorMachineUnit>(model.body) ||
      std::holds_alternative<NeighborsUnit>(model.body))
    return false;
  const auto* mining = std::get_if<MiningUnit>(&model.body);
  if (mining == nullptr) return true;
  if (mining->forest) {
    const bool known = classifies
                           ? (mining->method == kAverage || mining->method == kWeightedAverage) &&
                                 model.math == MathContext::kDouble
                           : mining->method == kAverage || mining->method == kSum;
    return takes_forest(units.forests.forests[*mining->forest]) && known;
  }
  return mining->method == kModelChain &&
         std::ranges::all_of(mining->members, [&](const MiningUnit::Member& member) {
           return member.test.op == Op::kTrue && takes(units, member.model);
         });
}

void mark_read(const ExpressionUnit& expression, std::vector<std::uint8_t>& slots) {
  slots[expression.slot] = 1;
  for (const ExpressionUnit& argument : expression.arguments) mark_read(argument, slots);
}

}  // namespace

bool takes_blocks(const Units& units) { return takes(units, units.root); }

Block::Block(const Units& units, const Kernels& kernels) : units_(units), kernels_(kernels) {
  const Coding& coding = units.forests.coding;
  columns_.resize(units.slots);
  own_.resize(units.slots * kRows);
  codes_.resize(coding.columns * kRows);
  decided_.resize(coding.numbers.size() + coding.sets.size());
  masks_.resize(coding.columns - coding.first_set_column + units.forests.masks.size());
  sets_.resize(kMostRowSets);
  std::size_t categories = 0;
  for (const SetCoder& coder : coding.sets)
    categories = std::max<std::size_t>(categories, coder.categories);
  category_rows_.resize(categories + 2);
  std::size_t answers = 0;
  std::size_t most = 1;
  for (const ModelUnit& model : units.models) {
    first_answer_.push_back(answers);
    answers += (1 + model.categories.size()) * kRows;
    most = std::max(most, model.categories.size());
  }
  answers_.resize(answers);
  read_.resize(units_.slots);
  wanted_.resize(units_.slots);
  for (const OutputUnit& output : units_.models[units_.root].outputs) {
    if (output.expression) mark_read(*output.expression, read_);
  }
  std::size_t predictors = 0;
  for (const ModelUnit& model : units.models) {
    const auto* regression = std::get_if<RegressionUnit>(&model.body);
    for (std::size_t t = 0; regression != nullptr && t < regression->tables.size(); ++t)
      predictors = std::max(predictors, regression->tables[t].coefficients.size());
  }
  predictors_.resize(predictors);
  wide_.resize(most * kRows + most);
  narrow_.resize(most * kRows + most);
}

double* Block::own(std::uint32_t slot) {
  double* column = own_.data() + std::size_t{slot} * kRows;
  columns_[slot] = column;
  return column;
}

Block::Answers Block::answers_of(std::uint32_t model) {
  double* first = answers_.data() + first_answer_[model];
  if (units_.models[model].function == MiningFunction::kRegression) return {.number = first};
  return {.category = first, .probabilities = first + kRows};
}

const double* Block::numbers() const { return answers_.data() + first_answer_[units_.root]; }
const double* Block::categories() const { return numbers(); }
const double* Block::probabilities(std::size_t category) const {
  return numbers() + (1 + category) * kRows;
}

// Most columns are as they should be, and stay where they are.
void Block::prepare(std::span<const double* const> columns) {
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    const QuickCell& quick = units_.quick_cells[i];
    const double* from = columns[i];
    columns_[i] = from;
    // Each column lies elsewhere, where the processor does not foresee it.
    constexpr std::uint32_t kAhead = 4;
    if (i + kAhead < columns.size()) {
      for (std::size_t r = 0; r < kRows; r += 8) __builtin_prefetch(columns[i + kAhead] + r);
    }
    if (!quick.whole && !quick.single &&
        kernels_.rows_within(from, quick.low, quick.high) == ~std::uint64_t{0})
      continue;
    double* to = own(i);
    for (std::size_t r = 0; r < kRows; ++r) {
      if (is_quick(quick, from[r], to[r])) continue;
      bool refused = false;
      to[r] = prepare_cell(units_.cells[i], from[r], refused);
      if (refused) others_ |= bit(r);
    }
  }
}

void Block::run(std::span<const double* const> columns, std::span<const std::uint32_t> outputs) {
  others_ = 0;
  std::ranges::fill(decided_, std::uint8_t{0});
  for (const std::uint32_t slot : outputs) wanted_[slot] = 1;
  prepare(columns);
  run_model(units_.root);
  for (const std::uint32_t slot : outputs) wanted_[slot] = 0;
}

void Block::run_model(std::uint32_t index) {
  const ModelUnit& model = units_.models[index];
  const Answers answers = answers_of(index);
  const bool single = model.math == MathContext::kFloat;
  for (const DerivedUnit& derived : model.derived) {
    double* column = own(derived.slot);
    for (std::size_t r = 0; r < kRows; ++r)
      column[r] = evaluate(derived.expression, BlockSlots{columns_, r});
  }
  if (const auto* regression = std::get_if<RegressionUnit>(&model.body)) {
    single ? run_regression<float>(*regression, model, answers)
           : run_regression<double>(*regression, model, answers);
  } else if (const auto* tree = std::get_if<TreeUnit>(&model.body)) {
    // One tree's number is added to zero: -0 would become 0.
    const Forest& forest = units_.forests.forests[tree->forest];
    run_forest<double>(forest, nullptr, model, answers);
  } else {
    const auto& mining = std::get<MiningUnit>(model.body);
    if (!mining.forest) {
      run_chain(mining, model, answers);
    } else {
      const Forest& forest = units_.forests.forests[*mining.forest];
      single ? run_forest<float>(forest, &mining, model, answers)
             : run_forest<double>(forest, &mining, model, answers);
    }
  }
  apply_target(model, answers);
  put_outputs(model, answers);
}

void Block::add_linear(const TableUnit& table, double* y) {
  const std::size_t n = table.coefficients.size();
  for (std::size_t i = 0; i < n; ++i) predictors_[i] = columns_[table.slots[i]];
  kernels_.add_scaled(table.coefficients.data(), predictors_.data(), n, y);
}

void Block::add_linear(const TableUnit& table, float* y) {
  for (std::size_t i = 0; i < table.coefficients.size(); ++i)
    kernels_.add_scaled_floats(static_cast<float>(table.coefficients[i]), columns_[table.slots[i]],
                               y);
}

template <class Real>
void Block::add_table(const TableUnit& table, Real* y) {
  for (std::size_t r = 0; r < kRows; ++r) y[r] = static_cast<Real>(table.intercept);
  if (table.linear) add_linear(table, y);
  for (std::size_t i = 0; !table.linear && i < table.coefficients.size(); ++i) {
    const double* x = columns_[table.slots[i]];
    const Real c = static_cast<Real>(table.coefficients[i]);
    for (std::size_t r = 0; r < kRows; ++r) {
      // 0th powers of missing values are missing.
      y[r] += std::isnan(x[r]) ? static_cast<Real>(kMissing)
                               : c * power(static_cast<Real>(x[r]), table.exponents[i]);
    }
  }
  for (const Lookup& lookup : table.lookups) {
    const double* x = columns_[lookup.slot];
    const auto categories = static_cast<double>(lookup.by_category.size());
    for (std::size_t r = 0; r < kRows; ++r) {
      if (x[r] >= 0 && x[r] < categories)
        y[r] += static_cast<Real>(lookup.by_category[static_cast<std::size_t>(x[r])]);
      for (const auto& [value, coefficient] : lookup.by_number) {
        if (x[r] == value) y[r] += static_cast<Real>(coefficient);
      }
    }
  }
  for (const TableUnit::Term& term : table.terms) {
    for (std::size_t r = 0; r < kRows; ++r) {
      Real product = static_cast<Real>(term.coefficient);
      for (const std::uint32_t slot : term.slots) product *= static_cast<Real>(columns_[slot][r]);
      y[r] += product;
    }
  }
}

template <class Real>
void Block::run_regression(const RegressionUnit& regression, const ModelUnit& model,
                           const Answers& answers) {
  Real* y = nullptr;
  if constexpr (sizeof(Real) == sizeof(double)) {
    y = wide_.data();
  } else {
    y = narrow_.data();
  }
  const std::size_t n = regression.tables.size();
  for (std::size_t t = 0; t < n; ++t) add_table(regression.tables[t], y + t * kRows);
  if (model.function == MiningFunction::kRegression) {
    for (std::size_t r = 0; r < kRows; ++r)
      answers.number[r] = static_cast<double>(inverse_link(regression.normalization, y[r]));
    return;
  }
  Real* row = y + n * kRows;
  for (std::size_t r = 0; r < kRows; ++r) {
    bool missing = false;
    for (std::size_t t = 0; t < n; ++t) {
      row[t] = y[t * kRows + r];
      missing = missing || std::isnan(row[t]);
    }
    normalize_categories(regression.normalization, regression.ordinal, std::span<Real>(row, n));
    for (std::size_t t = 0; t < n; ++t) {
      missing = missing || std::isnan(row[t]);
      answers.probabilities[t * kRows + r] = static_cast<double>(row[t]);
    }
    if (missing) others_ |= bit(r);
  }
  choose(model, answers);
}

void Block::choose(const ModelUnit& model, const Answers& answers) {
  for (std::size_t r = 0; r < kRows; ++r) {
    std::size_t best = 0;
    if (std::isnan(answers.probabilities[r])) others_ |= bit(r);
    for (std::size_t c = 1; c < model.categories.size(); ++c) {
      if (answers.probabilities[c * kRows + r] > answers.probabilities[best * kRows + r]) best = c;
    }
    answers.category[r] = static_cast<double>(best);
  }
}

void Block::decide_numbers(std::uint32_t i) {
  const Coding& coding = units_.forests.coding;
  const NumberCoder& coder = coding.numbers[i];
  const double* x = columns_[coder.slot];
  const double* boundaries = coding.boundaries.data() + coder.first_boundary;
  const NumberColumn* rules = coding.number_columns.data() + coder.first_rule;
  std::uint32_t ranks[kRows];
  kernels_.ranks(boundaries, coder.boundaries, x, ranks);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::uint64_t missing = ~kernels_.rows_within(x, -kInfinity, kInfinity);
  for (std::uint32_t c = 0; c < coder.columns; ++c) {
    std::uint8_t* codes = codes_.data() + (coder.first_column + c) * kRows;
    kernels_.codes(ranks, rules[c].base, kColumnBoundaries, codes);
    for (std::uint64_t rows = missing; rows != 0; rows &= rows - 1)
      codes[std::countr_zero(rows)] = rules[c].missing;
  }
  if (coder.may_end) others_ |= missing;
  const std::uint32_t first = coding.columns - coding.first_set_column + coder.first_mask;
  kernels_.number_masks(codes_.data(), units_.forests.masks.data() + coder.first_mask, coder.masks,
                        masks_.data() + first);
}

void Block::decide_sets(std::uint32_t i) {
  const Coding& coding = units_.forests.coding;
  const SetCoder& coder = coding.sets[i];
  const double* x = columns_[coder.slot];
  const std::size_t all = coder.categories + std::size_t{2};
  std::fill_n(category_rows_.data(), all, std::uint64_t{0});
  for (std::size_t r = 0; r < kRows; ++r) {
    std::size_t category = coder.categories;
    if (std::isnan(x[r])) {
      category = all - 1;
    } else if (x[r] >= 0 && x[r] < coder.categories) {
      category = static_cast<std::size_t>(x[r]);
    }
    category_rows_[category] |= bit(r);
  }
  if (coder.may_end) others_ |= category_rows_[all - 1];
  kernels_.set_masks(coding.members.data() + coder.table, category_rows_.data(), all, coder.columns,
                     masks_.data() + (coder.first_column - coding.first_set_column));
}

void Block::decide(const Forest& forest) {
  for (const std::uint32_t i : forest.number_coders) {
    if (decided_[i] == 0) decide_numbers(i);
    decided_[i] = 1;
  }
  std::uint8_t* decided = decided_.data() + units_.forests.coding.numbers.size();
  for (const std::uint32_t i : forest.set_coders) {
    if (decided[i] == 0) decide_sets(i);
    decided[i] = 1;
  }
}

template <class Real>
void Block::run_forest(const Forest& forest, const MiningUnit* mining, const ModelUnit& model,
                       const Answers& answers) {
  using enum MultipleModelMethod;
  decide(forest);
  const RowSetView trees = view(forest.row_sets);
  const bool weighted = mining != nullptr && mining->method == kWeightedAverage;
  Real total = 0;
  if (mining != nullptr) {
    for (const double weight : mining->weights)
      total += weighted ? static_cast<Real>(weight) : Real{1};
  }
  if (model.function == MiningFunction::kClassification) {
    const std::size_t n = model.categories.size();
    std::fill_n(answers.probabilities, n * kRows, 0.0);
    kernels_.add_distributions(trees, masks_.data(), sets_.data(), forest.distributions.data(), n,
                               weighted ? mining->weights.data() : nullptr, answers.probabilities);
    for (std::size_t i = 0; i < n * kRows; ++i)
      answers.probabilities[i] =
          static_cast<double>(static_cast<Real>(answers.probabilities[i]) / total);
    choose(model, answers);
    return;
  }
  Real* sums = nullptr;
  if constexpr (sizeof(Real) == sizeof(double)) {
    sums = wide_.data();
    std::fill_n(sums, kRows, Real{mining == nullptr ? -0.0 : 0.0});
    kernels_.add_doubles(trees, masks_.data(), sets_.data(), sums);
  } else {
    sums = narrow_.data();
    std::fill_n(sums, kRows, Real{0});
    kernels_.add_floats(trees, masks_.data(), sets_.data(), sums);
  }
  const bool divides = mining != nullptr && mining->method == kAverage;
  for (std::size_t r = 0; r < kRows; ++r)
    answers.number[r] = static_cast<double>(divides ? sums[r] / total : sums[r]);
}

void Block::run_chain(const MiningUnit& mining, const ModelUnit& model, const Answers& answers) {
  for (const MiningUnit::Member& member : mining.members) run_model(member.model);
  const Answers last = answers_of(mining.members.back().model);
  if (model.function == MiningFunction::kRegression) {
    std::copy_n(last.number, kRows, answers.number);
  } else {
    std::copy_n(last.category, kRows, answers.category);
    std::copy_n(last.probabilities, model.categories.size() * kRows, answers.probabilities);
  }
}

void Block::apply_target(const ModelUnit& model, const Answers& answers) {
  if (model.function != MiningFunction::kRegression) return;
  for (std::size_t r = 0; r < kRows; ++r) {
    double& number = answers.number[r];
    if (model.target && !std::isnan(number)) {
      number =
          model.math == MathContext::kFloat
              ? static_cast<double>(detail::apply_target(*model.target, static_cast<float>(number)))
              : detail::apply_target(*model.target, number);
    }
    if (std::isnan(number)) others_ |= bit(r);
  }
}

void Block::put_outputs(const ModelUnit& model, const Answers& answers) {
  const bool is_root = &model == &units_.models[units_.root];
  for (const OutputUnit& output : model.outputs) {
    if (is_root && wanted_[output.slot] == 0 && read_[output.slot] == 0) continue;
    double* column = own(output.slot);
    for (std::size_t r = 0; r < kRows; ++r) {
      double value = 0;
      if (output.expression) {
        value = evaluate(*output.expression, BlockSlots{columns_, r});
      } else if (output.feature == ResultFeature::kProbability) {
        const auto own_category = static_cast<std::uint32_t>(answers.category[r]);
        const std::uint32_t category = output.own ? own_category : output.category;
        value = category == kNowhere ? 0.0 : answers.probabilities[category * kRows + r];
      } else if (model.function == MiningFunction::kRegression) {
        value = answers.number[r];
      } else {
        value = output.category_numbers.empty()
                    ? kMissing
                    : output.category_numbers[static_cast<std::size_t>(answers.category[r])];
      }
      column[r] = output.round_to_float ? static_cast<double>(static_cast<float>(value)) : value;
    }
  }
}

}  // namespace pmml::detail
