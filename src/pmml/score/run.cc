// SPDX-License-Identifier: Apache-2.0
// Compiled models over one row. Every sum is done in the interpreter's order.
#include <algorithm>
#include <numeric>

#include "pmml/compile/units.h"
#include "pmml/detail/arithmetic.h"
#include "pmml/score/evaluate.h"
#include "pmml/score/points.h"
#include "pmml/score/walk.h"

namespace pmml::detail {

namespace {

Truth truth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Truth decide(const Test& test, const Tests& tests, const double* slots, Truth decisive) {
  bool unknown = false;
  for (std::uint32_t i = 0; i < test.count; ++i) {
    const Truth child = evaluate(tests.tests[tests.children[test.first + i]], tests, slots);
    if (child == decisive) return decisive;
    unknown = unknown || child == Truth::kUnknown;
  }
  if (unknown) return Truth::kUnknown;
  return decisive == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth odd(const Test& test, const Tests& tests, const double* slots) {
  bool result = false;
  for (std::uint32_t i = 0; i < test.count; ++i) {
    const Truth child = evaluate(tests.tests[tests.children[test.first + i]], tests, slots);
    if (child == Truth::kUnknown) return Truth::kUnknown;
    result = result != (child == Truth::kTrue);
  }
  return truth(result);
}

Truth first_known(const Test& test, const Tests& tests, const double* slots) {
  for (std::uint32_t i = 0; i < test.count; ++i) {
    const Truth child = evaluate(tests.tests[tests.children[test.first + i]], tests, slots);
    if (child != Truth::kUnknown) return child;
  }
  return Truth::kUnknown;
}

bool is_member(const Test& test, const Tests& tests, double x) {
  if (test.op == Op::kInNumbers || test.op == Op::kNotInNumbers) {
    const double* begin = tests.numbers.data() + test.first;
    return std::find(begin, begin + test.count, x) != begin + test.count;
  }
  return x >= 0 && x < test.count && tests.members[test.first + static_cast<std::size_t>(x)] != 0;
}

}  // namespace

Truth evaluate(const Test& test, const Tests& tests, const double* slots) {
  switch (test.op) {
    case Op::kTrue:
      return Truth::kTrue;
    case Op::kFalse:
      return Truth::kFalse;
    case Op::kAnd:
      return decide(test, tests, slots, Truth::kFalse);
    case Op::kOr:
      return decide(test, tests, slots, Truth::kTrue);
    case Op::kXor:
      return odd(test, tests, slots);
    case Op::kSurrogate:
      return first_known(test, tests, slots);
    default:
      break;
  }
  const double x = slots[test.slot];
  if (test.op == Op::kIsMissing) return truth(std::isnan(x));
  if (test.op == Op::kIsNotMissing) return truth(!std::isnan(x));
  if (std::isnan(x)) return Truth::kUnknown;
  switch (test.op) {
    case Op::kEqual:
      return truth(x == test.value);
    case Op::kNotEqual:
      return truth(x != test.value);
    case Op::kLess:
      return truth(x < test.value);
    case Op::kLessOrEqual:
      return truth(x <= test.value);
    case Op::kGreater:
      return truth(x > test.value);
    case Op::kGreaterOrEqual:
      return truth(x >= test.value);
    case Op::kInNumbers:
    case Op::kInCategories:
      return truth(is_member(test, tests, x));
    case Op::kNotInNumbers:
    case Op::kNotInCategories:
      return truth(!is_member(test, tests, x));
    default:
      return Truth::kUnknown;
  }
}

namespace {

struct RowSlots {
  const double* slots;
  double operator()(std::uint32_t slot) const { return slots[slot]; }
};

// The best category, the first of equals.
template <class Real>
std::uint32_t best_of(const Real* probabilities, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (probabilities[i] > probabilities[best]) best = i;
  }
  return static_cast<std::uint32_t>(best);
}

template <class Real>
Real linear_predictor(const TableUnit& table, const double* slots) {
  Real y = static_cast<Real>(table.intercept);
  const std::size_t n = table.coefficients.size();
  if (table.linear) {
    for (std::size_t i = 0; i < n; ++i) {
      y += static_cast<Real>(table.coefficients[i]) * static_cast<Real>(slots[table.slots[i]]);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      const double x = slots[table.slots[i]];
      if (std::isnan(x))
        return static_cast<Real>(kMissing);  // 0th powers of missing values are missing.
      y += static_cast<Real>(table.coefficients[i]) *
           power(static_cast<Real>(x), table.exponents[i]);
    }
  }
  for (const Lookup& lookup : table.lookups) {
    const double x = slots[lookup.slot];
    if (x >= 0 && x < static_cast<double>(lookup.by_category.size())) {
      y += static_cast<Real>(lookup.by_category[static_cast<std::size_t>(x)]);
    }
    for (const auto& [value, coefficient] : lookup.by_number) {
      if (x == value) y += static_cast<Real>(coefficient);
    }
  }
  for (const TableUnit::Term& term : table.terms) {
    Real product = static_cast<Real>(term.coefficient);
    for (const std::uint32_t slot : term.slots) product *= static_cast<Real>(slots[slot]);
    y += product;
  }
  return y;
}

template <class Real>
Answer run_regression(const RegressionUnit& regression, const ModelUnit& model, const double* slots,
                      Real* values) {
  Answer answer;
  if (model.function == MiningFunction::kRegression) {
    const Real y = linear_predictor<Real>(regression.tables[0], slots);
    if (std::isnan(y)) return answer;
    answer.number = static_cast<double>(inverse_link(regression.normalization, y));
    answer.missing = std::isnan(answer.number);
    return answer;
  }
  const std::size_t n = regression.tables.size();
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = linear_predictor<Real>(regression.tables[i], slots);
    if (std::isnan(values[i])) return answer;
  }
  normalize_categories(regression.normalization, regression.ordinal, std::span<Real>(values, n));
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(values[i])) return answer;
  }
  answer.category = best_of(values, n);
  answer.missing = false;
  return answer;
}

// The answer of one tree; its probabilities are those of the answer.
Answer answer_of(const Forest& forest, std::uint32_t number, bool classifies) {
  Answer answer;
  if (classifies) {
    answer.category = forest.winners[number];
    answer.missing = answer.category == kNowhere;
  } else {
    answer.number = forest.numbers[number];
    answer.missing = std::isnan(answer.number);
  }
  return answer;
}

Answer run_tree(const TreeUnit& tree, const Units& units, const ModelUnit& model,
                const double* slots, Compiled::Memory& memory, double* probabilities) {
  const Forest& forest = units.forests.forests[tree.forest];
  const bool classifies = model.function == MiningFunction::kClassification;
  std::uint32_t number = 0;
  walk(units, forest, slots, memory, &number);
  const Answer answer = answer_of(forest, number, classifies);
  if (classifies && !answer.missing)
    std::copy_n(forest.distributions.data() + std::size_t{number} * forest.categories,
                model.categories.size(), probabilities);
  return answer;
}

bool is_weighted(MultipleModelMethod method) {
  using enum MultipleModelMethod;
  return method == kWeightedMajorityVote || method == kWeightedAverage ||
         method == kWeightedMedian || method == kWeightedSum;
}

// The answers of members in a list of (weight, number or category), kept in the memory's scratch
// beyond the models'.
struct Voters {
  double* weights;
  double* numbers;
  std::size_t count = 0;
};

template <class Real>
Real combine(MultipleModelMethod method, const Voters& voters, Compiled::Memory& memory) {
  using enum MultipleModelMethod;
  const std::size_t n = voters.count;
  Real sum = 0;
  Real weights = 0;
  if (method == kMedian) {
    std::sort(voters.numbers, voters.numbers + n);
    const std::size_t half = n / 2;
    if (n % 2 == 1) return static_cast<Real>(voters.numbers[half]);
    return (static_cast<Real>(voters.numbers[half - 1]) + static_cast<Real>(voters.numbers[half])) /
           Real{2};
  }
  if (method == kMax)
    return static_cast<Real>(*std::max_element(voters.numbers, voters.numbers + n));
  if (method == kWeightedMedian) {
    std::size_t* order = memory.order.data();
    std::iota(order, order + n, std::size_t{0});
    // Equal numbers are one number, so that their order does not matter but for the weights below,
    // which add up the same.
    std::sort(order, order + n, [&](std::size_t a, std::size_t b) {
      return voters.numbers[a] < voters.numbers[b] ||
             (voters.numbers[a] == voters.numbers[b] && a < b);
    });
    for (std::size_t i = 0; i < n; ++i) weights += static_cast<Real>(voters.weights[i]);
    for (std::size_t i = 0; i < n; ++i) {
      sum += static_cast<Real>(voters.weights[order[i]]);
      if (sum >= weights * Real{0.5}) return static_cast<Real>(voters.numbers[order[i]]);
    }
    return static_cast<Real>(voters.numbers[order[n - 1]]);
  }
  if (is_weighted(method)) {
    for (std::size_t i = 0; i < n; ++i) {
      sum += static_cast<Real>(voters.weights[i]) * static_cast<Real>(voters.numbers[i]);
      weights += static_cast<Real>(voters.weights[i]);
    }
    return method == kWeightedSum ? sum : sum / weights;
  }
  for (std::size_t i = 0; i < n; ++i) sum += static_cast<Real>(voters.numbers[i]);
  return method == kAverage ? sum / static_cast<Real>(n) : sum;
}

bool is_vote(MultipleModelMethod method) {
  return method == MultipleModelMethod::kMajorityVote ||
         method == MultipleModelMethod::kWeightedMajorityVote;
}

// Shares of votes; of equals the category that was voted for first wins.
Answer count_votes(const MiningUnit& mining, const Voters& voters, std::size_t n,
                   double* probabilities) {
  const bool weighted = is_weighted(mining.method);
  double total = 0;
  double missing = 0;
  std::fill_n(probabilities, n, 0.0);
  for (std::size_t i = 0; i < voters.count; ++i) {
    const double weight = weighted ? voters.weights[i] : 1;
    total += weight;
    if (std::isnan(voters.numbers[i])) {
      missing += weight;
    } else {
      probabilities[static_cast<std::size_t>(voters.numbers[i])] += weight;
    }
  }
  for (std::size_t c = 0; c < n; ++c) probabilities[c] /= total;
  missing /= total;
  Answer answer;
  for (std::size_t i = 0; i < voters.count; ++i) {
    if (std::isnan(voters.numbers[i])) continue;
    const auto category = static_cast<std::uint32_t>(voters.numbers[i]);
    if (answer.missing || probabilities[category] > probabilities[answer.category])
      answer.category = category;
    answer.missing = false;
  }
  if (!answer.missing && missing > probabilities[answer.category]) answer = {};
  return answer;
}

template <class Real>
void add_probabilities(const double* part, double weight, bool weighted, std::size_t n,
                       double* sums) {
  for (std::size_t c = 0; c < n; ++c) {
    const Real p = static_cast<Real>(part[c]);
    sums[c] = static_cast<double>(static_cast<Real>(sums[c]) +
                                  (weighted ? static_cast<Real>(weight) * p : p));
  }
}

// The members of an ensemble, one like the other: models that are run when their turn comes, or
// the trees of a forest, which have been walked.
struct ModelMembers {
  const MiningUnit& mining;
  const Units& units;
  double* slots;
  Compiled::Memory& memory;
  [[nodiscard]] std::size_t size() const { return mining.members.size(); }
  [[nodiscard]] bool selected(std::size_t i) const {
    return evaluate(mining.members[i].test, units.tests, slots) == Truth::kTrue;
  }
  [[nodiscard]] Answer answer(std::size_t i) const {
    return run(units, mining.members[i].model, slots, memory);
  }
  [[nodiscard]] const double* probabilities(std::size_t i) const {
    return memory.scratch.data() + units.models[mining.members[i].model].scratch;
  }
};
struct ForestMembers {
  const Forest& forest;
  const std::uint32_t* answers;
  bool classifies;
  [[nodiscard]] std::size_t size() const { return forest.trees.size(); }
  [[nodiscard]] static bool selected(std::size_t) { return true; }
  [[nodiscard]] Answer answer(std::size_t i) const {
    return answer_of(forest, answers[i], classifies);
  }
  [[nodiscard]] const double* probabilities(std::size_t i) const {
    return forest.distributions.data() + std::size_t{answers[i]} * forest.categories;
  }
};

template <class Real, class Members>
Answer run_ensemble(const MiningUnit& mining, const Members& members, const ModelUnit& model,
                    Compiled::Memory& memory) {
  const bool weighted = is_weighted(mining.method);
  const bool classifies = model.function == MiningFunction::kClassification;
  const bool averages = classifies && !is_vote(mining.method);
  const std::size_t n = model.categories.size();
  double* probabilities = memory.scratch.data() + model.scratch;
  Voters voters{.weights = probabilities + n, .numbers = probabilities + n + members.size()};
  double missing = 0;
  double all = 0;
  Real total = 0;
  if (averages) std::fill_n(probabilities, n, 0.0);
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members.selected(i)) continue;
    const Answer answer = members.answer(i);
    const double weight = weighted ? mining.weights[i] : 1;
    all += weight;
    if (answer.missing) {
      missing += weight;
      if (mining.treatment == MissingPredictionTreatment::kReturnMissing) return {};
      if (mining.treatment == MissingPredictionTreatment::kSkipSegment) continue;
      if (!classifies || !is_vote(mining.method)) return {};
    }
    if (averages) {
      add_probabilities<Real>(members.probabilities(i), mining.weights[i], weighted, n,
                              probabilities);
      total += weighted ? static_cast<Real>(mining.weights[i]) : Real{1};
    }
    voters.weights[voters.count] = mining.weights[i];
    voters.numbers[voters.count] =
        classifies ? (answer.missing ? kMissing : answer.category) : answer.number;
    ++voters.count;
  }
  if (voters.count == 0 ||
      (missing > 0 && mining.treatment == MissingPredictionTreatment::kSkipSegment &&
       missing / all > mining.threshold)) {
    return {};
  }
  if (classifies && is_vote(mining.method)) return count_votes(mining, voters, n, probabilities);
  Answer answer;
  if (averages) {
    for (std::size_t c = 0; c < n; ++c)
      probabilities[c] = static_cast<double>(static_cast<Real>(probabilities[c]) / total);
    answer.category = best_of(probabilities, n);
    answer.missing = false;
    return answer;
  }
  answer.number = static_cast<double>(combine<Real>(mining.method, voters, memory));
  answer.missing = std::isnan(answer.number);
  return answer;
}

template <class Real>
Answer run_forest(const MiningUnit& mining, const Units& units, const ModelUnit& model,
                  const double* slots, Compiled::Memory& memory) {
  using enum MultipleModelMethod;
  const Forest& forest = units.forests.forests[*mining.forest];
  const bool classifies = model.function == MiningFunction::kClassification;
  if (!classifies && (mining.method == kSum || mining.method == kAverage)) {
    Real sum = walk_and_sum<Real>(units, forest, slots, memory);
    if (mining.method == kAverage) sum /= static_cast<Real>(forest.trees.size());
    Answer answer;
    answer.number = static_cast<double>(sum);
    answer.missing = std::isnan(answer.number);
    if (!answer.missing) return answer;
  }
  std::uint32_t* answers = memory.answers.data();
  walk(units, forest, slots, memory, answers);
  return run_ensemble<Real>(mining, ForestMembers{forest, answers, classifies}, model, memory);
}

Answer run_selection(const MiningUnit& mining, const Units& units, const ModelUnit& model,
                     double* slots, Compiled::Memory& memory) {
  Answer answer;
  std::uint32_t last = kNowhere;
  for (const MiningUnit::Member& member : mining.members) {
    if (evaluate(member.test, units.tests, slots) != Truth::kTrue) continue;
    answer = run(units, member.model, slots, memory);
    last = member.model;
    if (mining.method == MultipleModelMethod::kSelectFirst) break;
    if (answer.missing && mining.treatment == MissingPredictionTreatment::kReturnMissing) return {};
  }
  if (!answer.missing && model.function == MiningFunction::kClassification) {
    const double* from = memory.scratch.data() + units.models[last].scratch;
    std::copy_n(from, model.categories.size(), memory.scratch.data() + model.scratch);
  }
  return answer;
}

void apply_target(const ModelUnit& model, Answer& answer) {
  if (!model.target || model.function != MiningFunction::kRegression) return;
  if (answer.missing) {
    for (const TargetValue& value : model.target->values) {
      if (!value.default_value) continue;
      answer.missing = false;
      answer.number = *value.default_value;
      return;
    }
    return;
  }
  answer.number = model.math == MathContext::kFloat
                      ? static_cast<double>(
                            detail::apply_target(*model.target, static_cast<float>(answer.number)))
                      : detail::apply_target(*model.target, answer.number);
  answer.missing = std::isnan(answer.number);
}

double output_value(const OutputUnit& output, const ModelUnit& model, const Answer& answer,
                    const double* slots, const double* probabilities) {
  if (output.expression) return evaluate(*output.expression, RowSlots{slots});
  if (answer.missing) return kMissing;
  if (output.feature == ResultFeature::kProbability) {
    const std::uint32_t category = output.own ? answer.category : output.category;
    return category == kNowhere ? 0.0 : probabilities[category];
  }
  if (model.function == MiningFunction::kRegression) return answer.number;
  return output.category_numbers.empty() ? kMissing : output.category_numbers[answer.category];
}

}  // namespace

Answer run(const Units& units, std::uint32_t index, double* slots, Compiled::Memory& memory) {
  const ModelUnit& model = units.models[index];
  const bool single = model.math == MathContext::kFloat;
  double* probabilities = memory.scratch.data() + model.scratch;
  for (const DerivedUnit& derived : model.derived) {
    slots[derived.slot] = evaluate(derived.expression, RowSlots{slots});
  }
  Answer answer;
  if (const auto* tree = std::get_if<TreeUnit>(&model.body)) {
    answer = run_tree(*tree, units, model, slots, memory, probabilities);
  } else if (const auto* regression = std::get_if<RegressionUnit>(&model.body)) {
    if (single) {
      answer = run_regression<float>(*regression, model, slots, memory.floats.data());
      std::copy_n(memory.floats.data(), model.categories.size(), probabilities);
    } else {
      answer = run_regression<double>(*regression, model, slots, probabilities);
    }
  } else if (const auto* machine = std::get_if<VectorMachineUnit>(&model.body)) {
    answer = run_vector_machine(*machine, slots, memory);
  } else if (const auto* neighbors = std::get_if<NeighborsUnit>(&model.body)) {
    answer = run_neighbors(*neighbors, model, slots, memory, probabilities);
  } else {
    const auto& mining = std::get<MiningUnit>(model.body);
    if (mining.method == MultipleModelMethod::kModelChain ||
        mining.method == MultipleModelMethod::kSelectFirst) {
      answer = run_selection(mining, units, model, slots, memory);
    } else if (mining.forest) {
      answer = single ? run_forest<float>(mining, units, model, slots, memory)
                      : run_forest<double>(mining, units, model, slots, memory);
    } else {
      const ModelMembers members{mining, units, slots, memory};
      answer = single ? run_ensemble<float>(mining, members, model, memory)
                      : run_ensemble<double>(mining, members, model, memory);
    }
  }
  apply_target(model, answer);
  for (const OutputUnit& output : model.outputs) {
    const double value = output_value(output, model, answer, slots, probabilities);
    slots[output.slot] =
        output.round_to_float ? static_cast<double>(static_cast<float>(value)) : value;
  }
  return answer;
}

}  // namespace pmml::detail
