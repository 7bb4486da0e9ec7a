// SPDX-License-Identifier: Apache-2.0
// The flat forms of predicates, expressions and models. Slots are doubles; NaN is a missing value,
// a category is its index.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pmml/compile/cells.h"
#include "pmml/compile/compiled.h"
#include "pmml/compile/forest.h"
#include "pmml/compile/points.h"
#include "pmml/document/document.h"

namespace pmml::detail {

enum class Op : std::uint8_t {
  kTrue,
  kFalse,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIsMissing,
  kIsNotMissing,
  kInNumbers,  // numbers[first, first + count)
  kNotInNumbers,
  kInCategories,  // members[first + category], count categories
  kNotInCategories,
  kAnd,  // tests[children[first, first + count)]
  kOr,
  kXor,
  kSurrogate,
};

struct Test {
  double value = 0;
  std::uint32_t slot = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  Op op = Op::kTrue;
};

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

struct Tests {
  std::vector<Test> tests;
  std::vector<std::uint32_t> children;
  std::vector<double> numbers;
  std::vector<std::uint8_t> members;
};

Truth evaluate(const Test& test, const Tests& tests, const double* slots);

struct TreeUnit {
  std::uint32_t forest = 0;  // One of one tree.
};

// One run of CategoricalPredictors of one field: what each category adds. -0.0, which changes no
// sum, for the others.
struct Lookup {
  std::uint32_t slot = 0;
  std::vector<double> by_category;                   // Fields of categories.
  std::vector<std::pair<double, double>> by_number;  // Fields of numbers: value, coefficient.
};

struct TableUnit {
  struct Term {
    double coefficient = 0;
    std::vector<std::uint32_t> slots;
  };
  double intercept = 0;
  std::vector<double>
      coefficients;  // Of the numeric predictors, with their slots and exponents beside.
  std::vector<std::uint32_t> slots;
  std::vector<int> exponents;
  bool linear = true;  // Every exponent is 1.
  std::vector<Lookup> lookups;
  std::vector<Term> terms;
};

struct RegressionUnit {
  Normalization normalization = Normalization::kNone;
  bool ordinal = false;
  std::vector<TableUnit> tables;
};

// The one machine of a regression.
struct VectorMachineUnit {
  struct Component {
    std::uint32_t slot = 0;
    bool indicates = false;  // 1 where the slot has the value, otherwise 0.
    double value = 0;
  };
  SvmKernel kernel;
  bool has_vectors = true;  // false: the coefficients are those of the components.
  std::vector<Component> components;
  Points vectors;  // Of the coefficients, in their order.
  std::vector<double> coefficients;
  double absolute_value = 0;
};

// Neighbours by their euclidean distance or its square, in double precision.
struct NeighborsUnit {
  struct Input {
    std::uint32_t slot = 0;
    bool is_text = false;
    std::vector<double> codes;  // By category of the slot; kNoSuchText for others.
  };
  static constexpr double kNoSuchText = -1;  // No training record has it.
  std::vector<Input> inputs;
  Points records;  // A feature for each input.
  std::vector<Difference> differences;
  bool takes_root = true;
  std::size_t neighbors = 1;
  bool weighted = false;  // By 1 / (distance + threshold).
  double threshold = 0;
  std::vector<double> numbers;              // Regression: by record.
  std::vector<std::uint32_t> category_of;   // Classification: by record,
  std::vector<std::size_t> category_sizes;  // and how many records each category has.
};

struct MiningUnit {
  MultipleModelMethod method = MultipleModelMethod::kAverage;
  MissingPredictionTreatment treatment = MissingPredictionTreatment::kContinue;
  double threshold = 1;
  struct Member {
    Test test;
    std::uint32_t model = 0;
  };
  std::vector<double> weights;  // Of the members, or of the trees of the forest.
  std::vector<Member> members;  // Empty where there is a forest.
  std::optional<std::uint32_t> forest = {};
};

// An expression that cannot fail: numbers, truths and indices of categories over slots. NaN is a
// missing value.
struct ExpressionUnit {
  enum class Op : std::uint8_t {
    kSlot,
    kConstant,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kDivideWhole,  // Towards zero.
    kModulo,
    kPower,
    kThreshold,
    kReal,  // function(argument)
    kMinimum,
    kMaximum,
    kSum,
    kProduct,
    kAverage,
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kMember,  // Is the argument one of `numbers`?
    kAnd,
    kOr,
    kNot,
    kIsMissing,
    kIsNotMissing,
    kIf,
    kIndicator,      // Is the slot's value `value`?
    kOrElse,         // The argument, or `otherwise` where it is missing.
    kUnlessMissing,  // The first argument; `otherwise` where one of those after it is missing.
    // numbers[Σ index · stride] of index slots, in order of strides; of a value that is none of the
    // categories and of a missing one, the last two before the next stride.
    kTable,
    kLookUp,     // Of a number: the value beside it in `pairs`, which rise; or `value`.
    kPiecewise,  // NormContinuous over `pairs`.
    kBins,       // The value of the first interval that holds the number; or `value`.
  };
  struct Bin {
    Interval interval;
    double value = 0;
  };
  Op op = Op::kConstant;
  DataType type = DataType::kDouble;
  double value = 0;
  double otherwise = kMissing;  // Where the value is missing.
  std::uint32_t slot = 0;
  OutlierTreatment outliers = OutlierTreatment::kAsIs;
  double (*function)(double) = nullptr;
  std::vector<ExpressionUnit> arguments = {};
  std::vector<double> numbers = {};
  std::vector<std::uint32_t> strides = {};
  std::vector<std::pair<double, double>> pairs = {};
  std::vector<Bin> bins = {};
  // While compiling: the texts that an index stands for, and the bounds of a whole number.
  std::vector<std::string> categories = {};
  double low = -0x1p53;
  double high = 0x1p53;
};

struct OutputUnit {
  std::uint32_t slot = 0;
  ResultFeature feature = ResultFeature::kPredictedValue;
  bool round_to_float = false;
  std::uint32_t category =
      kNowhere;  // kProbability: of this one; kNowhere with `own`: of the predicted one.
  bool own = false;
  std::vector<double> category_numbers =
      {};  // kPredictedValue of a classification: as numbers of the target's type.
  std::optional<ExpressionUnit> expression = {};
};

struct DerivedUnit {
  std::uint32_t slot = 0;
  ExpressionUnit expression;
};

struct ModelUnit {
  MiningFunction function = MiningFunction::kRegression;
  MathContext math = MathContext::kDouble;
  std::vector<std::string> categories;
  bool uniform = true;      // Every answer lists the same categories in the same order.
  std::size_t scratch = 0;  // Where its probabilities lie.
  std::vector<DerivedUnit> derived;
  std::variant<RegressionUnit, TreeUnit, MiningUnit, VectorMachineUnit, NeighborsUnit> body;
  std::optional<Target> target;
  std::vector<OutputUnit> outputs;
};

// What a model says; probabilities lie in its scratch.
struct Answer {
  bool missing = true;
  double number = kMissing;
  std::uint32_t category = kNowhere;
};

struct Units {
  std::vector<CellPlan> cells;  // Of the inputs; they are the first slots.
  std::vector<QuickCell> quick_cells;
  std::size_t slots = 0;
  std::size_t scratch = 0;
  Tests tests;
  Forests forests;
  std::vector<ModelUnit> models;
  std::uint32_t root = 0;
  std::vector<std::uint32_t> output_slots;  // Of the scorer's outputs; kNowhere: a text.
};

Answer run(const Units& units, std::uint32_t model, double* slots, Compiled::Memory& memory);

}  // namespace pmml::detail
