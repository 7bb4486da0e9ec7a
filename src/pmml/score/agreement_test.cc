// SPDX-License-Identifier: Apache-2.0
// The compiled form agrees with the interpreter in every bit: on random documents of every chapter,
// treatment, strategy and method, and on rows of likely and unlikely cells.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/number.h"
#include "base/random.h"
#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "pmml/score/allocations.h"
#include "pmml/score/compare.h"
#include "pmml/score/kernels.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Document document() {
    Document document;
    document.data_dictionary = {
        {.name = "a", .type = DataType::kDouble},
        {.name = "b", .type = DataType::kDouble, .intervals = {{.left = -2.0, .right = 2.0}}},
        {.name = "f", .type = DataType::kFloat},
        {.name = "i",
         .type = DataType::kInteger,
         .values = {{.value = "-99", .property = FieldValue::Property::kMissing}}},
        {.name = "s",
         .op_type = OpType::kCategorical,
         .type = DataType::kString,
         .values = {{"red"}, {"green"}, {"blue"}}},
        {.name = "t", .op_type = OpType::kCategorical, .type = DataType::kString},
        {.name = "y",
         .op_type = OpType::kCategorical,
         .type = DataType::kString,
         .values = {{"no"}, {"yes"}, {"maybe"}}},
        {.name = "z", .type = DataType::kDouble},
    };
    const bool classifies = chance(0.5);
    document.model =
        model(classifies ? MiningFunction::kClassification : MiningFunction::kRegression, 2);
    document.model.mining_schema = schema(true);
    if (!classifies) {
      std::erase_if(document.model.mining_schema,
                    [](const MiningField& field) { return field.name == "y"; });
      if (std::holds_alternative<NearestNeighborModel>(document.model.body))
        document.model.mining_schema.push_back({.name = "z", .usage = Usage::kTarget});
    }
    if (classifies && chance(0.7)) add_decision(document, pick({"yes", "no"}), random_.uniform());
    if (chance(0.3)) add_derived(document.model);
    return document;
  }

  bool rarely() { return chance(0.02); }

  std::vector<double> row(const Scorer& scorer) {
    std::vector<double> row;
    for (const InputField& input : scorer.inputs()) {
      const double kind = random_.uniform();
      if (kind < 0.12) {
        row.push_back(kMissing);
      } else if (kind < 0.15) {
        row.push_back(kInvalid);
      } else if (kind < 0.18) {
        row.push_back(kUnlisted);
      } else if (input.encoding == Encoding::kIndex) {
        const std::size_t n = input.categories.size() + (kind < 0.2 ? 2 : 0);
        row.push_back(n == 0 ? kUnlisted : static_cast<double>(random_.below(n)));
      } else if (input.type == DataType::kInteger) {
        row.push_back(
            kind < 0.2 ? -99 : static_cast<double>(random_.below(5)) - 2 + (kind < 0.22 ? 0.5 : 0));
      } else {
        row.push_back(kind < 0.5 ? number() : 6 * random_.uniform() - 3);
      }
    }
    return row;
  }

 private:
  bool chance(double p) { return random_.bernoulli(p); }
  std::string pick(std::vector<std::string> from) { return from[random_.below(from.size())]; }
  template <class T>
  T one_of(std::vector<T> from) {
    return from[random_.below(from.size())];
  }
  // Numbers of few values, so that rows fall on thresholds.
  double number() { return (static_cast<double>(random_.below(25)) - 12) / 4; }
  std::string numeric_field() { return pick({"a", "b", "f", "i"}); }
  std::string category_of(const std::string& field) {
    return field == "s" ? pick({"red", "green", "blue"})
                        : pick({"x", "y", "two words", "\"quoted\""});
  }

  std::vector<MiningField> schema(bool outermost) {
    std::vector<MiningField> fields;
    for (const std::string name : {"a", "b", "f", "i", "s", "t"}) {
      MiningField field{.name = name};
      const bool text = name == "s" || name == "t";
      if (outermost) {
        field.invalid_treatment =
            one_of<InvalidTreatment>({InvalidTreatment::kReturnInvalid, InvalidTreatment::kAsIs,
                                      InvalidTreatment::kAsMissing, InvalidTreatment::kAsValue});
        if (field.invalid_treatment == InvalidTreatment::kAsValue)
          field.invalid_replacement = text ? category_of(name) : "1";
        if (chance(0.3))
          field.missing_replacement =
              text ? category_of(name) : (name == "i" && chance(0.5) ? "0.5" : "1");
        if (chance(0.1)) field.missing_is_invalid = true;
        if (!text && chance(0.3)) {
          field.outliers = one_of<OutlierTreatment>(
              {OutlierTreatment::kAsMissingValues, OutlierTreatment::kAsExtremeValues});
          field.low = -1.1;
          if (chance(0.5)) field.high = 1.1;
        }
      }
      fields.push_back(std::move(field));
    }
    if (outermost) fields.push_back({.name = "y", .usage = Usage::kTarget});
    return fields;
  }

  Predicate predicate(int nesting = 0) {
    const double kind = random_.uniform();
    if (nesting < 2 && kind < 0.15) {
      CompoundPredicate compound;
      compound.boolean_operator =
          one_of<BooleanOperator>({BooleanOperator::kAnd, BooleanOperator::kOr,
                                   BooleanOperator::kXor, BooleanOperator::kSurrogate});
      const std::size_t n = 2 + random_.below(2);
      for (std::size_t i = 0; i < n; ++i) compound.children.push_back(predicate(nesting + 1));
      return {compound};
    }
    if (kind < 0.2) return {True{}};
    if (kind < 0.23) return {False{}};
    if (kind < 0.35) {
      SimpleSetPredicate set;
      set.field = pick({"s", "t", "i", "a"});
      set.is_in = chance(0.5);
      for (int i = 0; i < 2; ++i) {
        set.values.push_back(set.field == "s" || set.field == "t" ? category_of(set.field)
                                                                  : base::format_double(number()));
      }
      return {set};
    }
    if (kind < 0.5) {
      const std::string field = pick({"s", "t"});
      return {SimplePredicate{field,
                              one_of<Comparison>({Comparison::kEqual, Comparison::kNotEqual}),
                              category_of(field)}};
    }
    const auto comparison = one_of<Comparison>(
        {Comparison::kEqual, Comparison::kNotEqual, Comparison::kLessThan, Comparison::kLessOrEqual,
         Comparison::kGreaterThan, Comparison::kGreaterOrEqual, Comparison::kIsMissing,
         Comparison::kIsNotMissing});
    SimplePredicate simple{numeric_field(), comparison, base::format_double(number())};
    if (comparison == Comparison::kIsMissing || comparison == Comparison::kIsNotMissing)
      simple.value.clear();
    return {simple};
  }

  std::vector<std::string> categories() { return {"no", "yes", "maybe"}; }

  TreeModel tree(MiningFunction function, bool uniform) {
    TreeModel result;
    result.missing_value_strategy = one_of<MissingValueStrategy>(
        {MissingValueStrategy::kNone, MissingValueStrategy::kLastPrediction,
         MissingValueStrategy::kNullPrediction, MissingValueStrategy::kDefaultChild});
    result.no_true_child_strategy = one_of<NoTrueChildStrategy>(
        {NoTrueChildStrategy::kReturnLastPrediction, NoTrueChildStrategy::kReturnNullPrediction});
    add_node(result, function, uniform, 0);
    result.nodes[0].predicate = {};
    return result;
  }

  std::size_t add_node(TreeModel& result, MiningFunction function, bool uniform, int depth) {
    const std::size_t at = result.nodes.size();
    TreeNode node;
    node.id = result.add_text("n" + std::to_string(at));
    node.predicate = result.add_predicate(predicate());
    node.first_share = static_cast<std::uint32_t>(result.distributions.size());
    const bool leaf = depth == 4 || (depth > 0 && chance(0.3));
    if (function == MiningFunction::kRegression) {
      if (leaf || chance(0.5)) node.score = result.add_text(base::format_double(number()));
    } else if (uniform || chance(0.6)) {
      for (const std::string& category : categories()) {
        result.distributions.push_back(
            {.value = category, .record_count = static_cast<double>(1 + random_.below(9))});
        ++node.shares;
      }
      if (chance(0.3)) node.score = result.add_text(pick(categories()));
    } else {
      node.score = result.add_text(pick(categories()));
    }
    result.nodes.push_back(node);
    const std::size_t n = leaf ? 0 : 2 + random_.below(2);
    std::vector<std::size_t> children;
    for (std::size_t i = 0; i < n; ++i)
      children.push_back(add_node(result, function, uniform, depth + 1));
    result.nodes[at].after = static_cast<std::uint32_t>(result.nodes.size());
    if (!leaf && chance(0.7)) result.nodes[at].default_child = result.nodes[one_of(children)].id;
    return at;
  }

  RegressionModel regression(MiningFunction function) {
    RegressionModel result;
    using enum Normalization;
    const bool classifies = function == MiningFunction::kClassification;
    result.normalization = classifies
                               ? one_of<Normalization>({kNone, kSimplemax, kSoftmax, kLogit,
                                                        kProbit, kCloglog, kLoglog, kCauchit})
                               : one_of<Normalization>({kNone, kSoftmax, kLogit, kProbit, kCloglog,
                                                        kExp, kLoglog, kCauchit});
    const std::vector<std::string> names =
        classifies ? (chance(0.5) ? std::vector<std::string>{"yes", "no"} : categories())
                   : std::vector<std::string>{""};
    for (const std::string& name : names) {
      RegressionTable table{.intercept = random_.normal(), .target_category = name};
      for (int i = 0; i < 3; ++i)
        table.numeric.push_back({numeric_field(), chance(0.8) ? 1 : 2, random_.normal()});
      for (const std::string value : {"red", "blue"}) {
        if (chance(0.5)) table.categorical.push_back({"s", value, random_.normal()});
      }
      if (chance(0.5)) table.categorical.push_back({"t", "two words", random_.normal()});
      if (chance(0.3)) table.categorical.push_back({"i", "1", random_.normal()});
      if (chance(0.3)) table.terms.push_back({random_.normal(), {"a", numeric_field()}});
      result.tables.push_back(std::move(table));
    }
    return result;
  }

  MiningModel mining(MiningFunction function, int nesting) {
    using enum MultipleModelMethod;
    MiningModel result;
    const bool classifies = function == MiningFunction::kClassification;
    result.method =
        classifies
            ? one_of<MultipleModelMethod>({kMajorityVote, kWeightedMajorityVote, kAverage,
                                           kWeightedAverage, kMax, kMedian, kSelectFirst,
                                           kModelChain})
            : one_of<MultipleModelMethod>({kAverage, kWeightedAverage, kMedian, kWeightedMedian,
                                           kMax, kSum, kWeightedSum, kSelectFirst, kModelChain});
    result.missing_prediction = one_of<MissingPredictionTreatment>(
        {MissingPredictionTreatment::kContinue, MissingPredictionTreatment::kReturnMissing,
         MissingPredictionTreatment::kSkipSegment});
    if (result.method == kModelChain)
      result.missing_prediction = MissingPredictionTreatment::kContinue;
    result.missing_threshold = chance(0.5) ? 1 : 0.4;
    if (result.method == kModelChain) {
      Segment first{
          .id = "1", .predicate = {True{}}, .model = model(MiningFunction::kRegression, 0)};
      first.model.output = {
          {.name = "raw", .op_type = OpType::kContinuous, .type = DataType::kDouble}};
      Segment second{.id = "2", .predicate = {True{}}, .model = {.function = function}};
      RegressionModel link = regression(function);
      for (RegressionTable& table : link.tables)
        table.numeric.push_back({"raw", 1, random_.normal()});
      second.model.mining_schema = schema(false);
      second.model.mining_schema.push_back({.name = "raw"});
      second.model.body = std::move(link);
      result.segments = {std::move(first), std::move(second)};
      return result;
    }
    // Often nothing but trees that every row goes through: those are walked together.
    const bool forest = chance(0.5);
    const std::size_t n = 2 + random_.below(forest ? 12 : 4);
    for (std::size_t i = 0; forest && i < n; ++i) {
      Segment segment{.weight = chance(0.5) ? 1 : random_.uniform()};
      segment.predicate = {True{}};
      segment.model.function = function;
      segment.model.math = chance(0.5) ? MathContext::kFloat : MathContext::kDouble;
      segment.model.mining_schema = schema(false);
      segment.model.body = tree(function, chance(0.9));
      result.segments.push_back(std::move(segment));
    }
    for (std::size_t i = 0; !forest && i < n; ++i) {
      Segment segment{.id = std::to_string(i + 1),
                      .weight = chance(0.5) ? 1 : random_.uniform(),
                      .predicate = chance(0.6) ? Predicate{True{}} : predicate(),
                      .model = model(function, nesting - 1)};
      result.segments.push_back(std::move(segment));
    }
    return result;
  }

  SupportVectorMachineModel vector_machine() {
    using Body = SupportVectorMachineModel;
    Body result;
    using enum SvmKernel::Type;
    result.kernel.type = one_of<SvmKernel::Type>(
        {kRadialBasis, kRadialBasis, kRadialBasis, kLinear, kPolynomial, kSigmoid});
    if (result.kernel.type != kLinear) result.kernel.gamma = random_.uniform();
    if (result.kernel.type == kPolynomial) result.kernel.degree = chance(0.5) ? 3 : 0.5;
    if (result.kernel.type == kPolynomial || result.kernel.type == kSigmoid)
      result.kernel.coef0 = random_.normal();
    const std::size_t fields = 1 + random_.below(6);
    for (std::size_t i = 0; i < fields; ++i) {
      if (chance(0.6)) {
        result.fields.emplace_back(FieldRef{.field = numeric_field()});
      } else {
        const std::string field = pick({"s", "t", "i"});
        result.fields.emplace_back(Body::Indicator{field, field == "i" ? "1" : category_of(field)});
      }
    }
    Body::Machine machine{.absolute_value = random_.normal()};
    // The points stand in blocks: fewer and more than one of them.
    const std::size_t vectors = 1 + random_.below(chance(0.5) ? 5 : 80);
    for (std::size_t v = 0; v < vectors; ++v) {
      Body::Vector vector{.id = "v" + std::to_string(v)};
      if (chance(0.5)) {
        SparseArray sparse{.size = fields};
        for (std::size_t j = 0; j < fields; ++j) {
          if (chance(0.4)) sparse.entries.push_back({j, number()});
        }
        vector.components = std::move(sparse);
      } else {
        std::vector<double> dense;
        for (std::size_t j = 0; j < fields; ++j) dense.push_back(random_.normal());
        vector.components = std::move(dense);
      }
      result.vectors.push_back(std::move(vector));
    }
    if (chance(0.1)) {
      result.has_support_vectors = false;
      result.kernel = {};
      result.vectors.clear();
      for (std::size_t j = 0; j < fields; ++j) machine.coefficients.push_back(random_.normal());
    }
    // A machine may take the vectors in any order, more than once and not all of them.
    for (std::size_t v = 0; v < result.vectors.size(); ++v) {
      machine.vectors.push_back(random_.below(result.vectors.size()));
      machine.coefficients.push_back(random_.normal());
    }
    result.machines.push_back(std::move(machine));
    return result;
  }

  NearestNeighborModel neighbors(MiningFunction function) {
    NearestNeighborModel result;
    result.measure.measure =
        chance(0.7) ? Measure::kEuclidean : one_of<Measure>({Measure::kSquaredEuclidean});
    result.continuous = one_of<ContinuousScoring>(
        {ContinuousScoring::kAverage, ContinuousScoring::kAverage,
         ContinuousScoring::kWeightedAverage, ContinuousScoring::kMedian});
    result.categorical = one_of<CategoricalScoring>(
        {CategoricalScoring::kMajorityVote, CategoricalScoring::kWeightedMajorityVote});
    result.threshold = chance(0.3) ? 0 : 0.01;
    const std::vector<std::string> inputs = {"a", "i", "s", "t"};
    for (const std::string& name : inputs) {
      if (name != "a" && chance(0.4)) continue;
      ComparisonField& field = result.inputs.emplace_back();
      field.field = name;
      field.weight = chance(0.5) ? 1 : random_.uniform() + 0.1;
      if (name == "s" || name == "t" || chance(0.2))
        field.compare_function = CompareFunction::kDelta;
    }
    const bool classifies = function == MiningFunction::kClassification;
    result.instances.fields = inputs;
    result.instances.fields.emplace_back(classifies ? "y" : "z");
    const std::size_t records = 1 + random_.below(chance(0.5) ? 6 : 90);
    for (std::size_t r = 0; r < records; ++r) {
      result.instances.records.push_back(
          {base::format_double(number()), std::to_string(random_.below(5)), category_of("s"),
           category_of("t"), classifies ? pick(categories()) : base::format_double(number())});
    }
    result.neighbors = 1 + random_.below(records);
    return result;
  }

  Model model(MiningFunction function, int nesting) {
    Model result{.function = function};
    result.math = chance(0.4) ? MathContext::kFloat : MathContext::kDouble;
    result.mining_schema = schema(false);
    const double kind = random_.uniform();
    if (nesting > 0 && kind < 0.5) {
      result.body = mining(function, nesting);
    } else if (kind < 0.57) {
      result.math = MathContext::kDouble;
      result.body = neighbors(function);
      result.mining_schema.push_back(
          {.name = function == MiningFunction::kClassification ? "y" : "z",
           .usage = Usage::kTarget});
    } else if (kind < 0.65 && function == MiningFunction::kRegression) {
      result.math = MathContext::kDouble;
      result.body = vector_machine();
    } else if (kind < 0.8) {
      result.body = tree(function, chance(0.7));
    } else {
      result.body = regression(function);
    }
    if (function == MiningFunction::kRegression && chance(0.4)) {
      Target target{.rescale_factor = chance(0.5) ? 1 : 1.7,
                    .rescale_constant = chance(0.5) ? 0 : 0.3};
      if (chance(0.3)) target.min = -1.0;
      if (chance(0.3)) target.max = 1.5;
      target.cast_integer =
          one_of<CastInteger>({CastInteger::kNone, CastInteger::kNone, CastInteger::kRound,
                               CastInteger::kFloor, CastInteger::kCeiling});
      if (chance(0.3)) target.values.push_back({.default_value = 0.25});
      result.targets.push_back(std::move(target));
    }
    return result;
  }

  // A derived field and an output that uses it.
  void add_derived(Model& model) {
    Apply ratio{.function = "/",
                .arguments = {{FieldRef{.field = "a"}},
                              {Constant{.type = DataType::kDouble, .text = "3"}}}};
    if (chance(0.3)) ratio.default_value = "7";
    model.local_transformations.push_back(
        {.name = "d",
         .type = chance(0.5) ? DataType::kDouble : DataType::kFloat,
         .expression = {std::move(ratio)}});
    Apply choice{
        .function = "if",
        .arguments = {{Apply{.function = "isMissing", .arguments = {{FieldRef{.field = "d"}}}}},
                      {Constant{.type = DataType::kDouble, .text = "-1"}},
                      {Apply{.function = "exp",
                             .arguments = {{NormDiscrete{.field = "s", .value = "red"}}}}}}};
    model.output.push_back({.name = "o",
                            .op_type = OpType::kContinuous,
                            .type = DataType::kDouble,
                            .feature = ResultFeature::kTransformedValue,
                            .expression = Expression{std::move(choice)}});
  }

  base::Random random_;
};

// Scores rows as columns, with every variant of the kernels, and holds each figure against the
// row's own; the first difference. Rows are mostly whole, so that blocks seldom give one back.
std::optional<std::string> block_difference(const Scorer& scorer, Generator& generator) {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(generator.row(scorer));
  for (auto& row : rows) {
    const std::vector<double>& other = rows[0];
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (std::isnan(row[c]) && generator.rarely()) continue;
      if (std::isnan(row[c])) row[c] = std::isnan(other[c]) ? 0 : other[c];
    }
  }
  std::vector<std::vector<double>> columns(scorer.inputs().size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(row[c]);
  }
  const std::vector<std::span<const double>> views(columns.begin(), columns.end());
  std::vector<Wanted> wanted = {{Wanted::Figure::kNumber}, {Wanted::Figure::kCategory}};
  if (scorer.function() == MiningFunction::kClassification) {
    for (std::size_t c = 0; c < scorer.target_categories().size(); ++c)
      wanted.push_back({Wanted::Figure::kProbability, c});
  }
  for (std::size_t o = 0; o < scorer.outputs().size(); ++o)
    wanted.push_back({Wanted::Figure::kOutput, o});
  for (const detail::Kernels* kernels : detail::runnable_kernels()) {
    detail::use_kernels(kernels);
    Workspace by_block(scorer);
    Workspace by_row(scorer);
    std::vector<std::vector<double>> out(wanted.size(), std::vector<double>(rows.size()));
    const std::vector<std::span<double>> places(out.begin(), out.end());
    scorer.score_columns(views, wanted, by_block, places);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (std::size_t w = 0; w < wanted.size(); ++w) {
        double own = 0;
        // Fewer rows than a block go one by one.
        std::vector<std::span<const double>> one;
        for (const auto& column : columns) one.push_back(std::span(column).subspan(r, 1));
        scorer.score_columns(one, wanted[w], by_row, std::span(&own, 1));
        if (own == out[w][r] || (std::isnan(own) && std::isnan(out[w][r]))) continue;
        detail::use_kernels(nullptr);
        return std::string(kernels->name) + ", row " + std::to_string(r) + ", figure " +
               std::to_string(w) + ": block " + base::format_double(out[w][r]) + ", row " +
               base::format_double(own);
      }
    }
  }
  detail::use_kernels(nullptr);
  return std::nullopt;
}

// A tree whose root splits a declared field in two, by lists or by `others` and what is not in it,
// with a missing value replaced by `replacement`.
Document split_of_categories(const std::string& replacement, const Predicate& others) {
  Document document;
  document.data_dictionary = {{.name = "s",
                               .op_type = OpType::kCategorical,
                               .type = DataType::kString,
                               .values = {{"red"}, {"green"}, {"blue"}}}};
  document.model.mining_schema = {{.name = "s", .missing_replacement = replacement}};
  TreeModel tree;
  const NodePredicate warm = tree.add_predicate({SimpleSetPredicate{"s", true, {"red", "blue"}}});
  const NodePredicate cold = tree.add_predicate(others);
  tree.nodes = {{.after = 3},
                {.score = tree.add_text("1"), .predicate = warm, .after = 2},
                {.score = tree.add_text("2"), .predicate = cold, .after = 3}};
  document.model.body = std::move(tree);
  return document;
}

// Two predicates that share out a field's values are opposites, but not where another value may
// stand in for a missing one.
void expect_two_ways(const Predicate& others, bool takes_all) {
  for (const auto& [replacement, expected] :
       {std::pair<std::string, double>{"green", 2}, {"elsewhere", takes_all ? 2 : kMissing}}) {
    const Document document = split_of_categories(replacement, others);
    const auto fast = Scorer::compile(document);
    const auto slow = Scorer::interpret(document);
    ASSERT_TRUE(fast && slow);
    ASSERT_TRUE(fast->compiled());
    Workspace fast_workspace(*fast);
    Workspace slow_workspace(*slow);
    for (const double cell : {kMissing, 0.0, 1.0, 2.0}) {
      const auto differs =
          difference(*fast, fast_workspace, *slow, slow_workspace, std::span(&cell, 1));
      EXPECT_FALSE(differs) << *differs;
    }
    const double missing = kMissing;
    const double found = fast->score(std::span(&missing, 1), fast_workspace).number;
    EXPECT_TRUE(found == expected || (std::isnan(found) && std::isnan(expected))) << found;
  }
}

TEST(Agreement, a_replacement_is_no_value_of_either_list) {
  expect_two_ways({SimpleSetPredicate{"s", true, {"green"}}}, false);
  expect_two_ways({SimplePredicate{"s", Comparison::kEqual, "green"}}, false);
  expect_two_ways({SimpleSetPredicate{"s", false, {"red", "blue"}}}, true);
}

// The replacement is no value of the field's, yet it is what a predicate asks for (found by
// fuzzing: the compiled form knew no such value).
TEST(Agreement, a_replacement_that_is_not_declared_may_be_asked_for) {
  for (const auto& [asked, expected] :
       {std::pair<const char*, double>{"elsewhere", 2}, {"green", kMissing}}) {
    const Document document =
        split_of_categories("elsewhere", {SimplePredicate{"s", Comparison::kEqual, asked}});
    const auto scorer = Scorer::compile(document);
    ASSERT_TRUE(scorer) << scorer.error().message;
    EXPECT_EQ(scorer->compiled(), asked == std::string_view("green")) << asked;
    Workspace workspace(*scorer);
    const double missing = kMissing;
    const double found = scorer->score(std::span(&missing, 1), workspace).number;
    EXPECT_TRUE(found == expected || (std::isnan(found) && std::isnan(expected))) << found;
  }
}

// A text is asked for where it is read, not where an expression that nobody uses would read it
// (found by fuzzing: the interpreter refused the row, the compiled form did not).
TEST(Agreement, a_text_that_only_an_unused_expression_reads_need_not_be_known) {
  Document document;
  document.data_dictionary = {
      {.name = "s", .op_type = OpType::kCategorical, .type = DataType::kString}};
  document.model.mining_schema = {{.name = "s"}};
  document.transformations = {{.name = "of_s",
                               .op_type = OpType::kCategorical,
                               .type = DataType::kString,
                               .expression = {FieldRef{.field = "s"}}}};
  const auto status = [&](const char* field, bool compiled, bool spelled_out) {
    TreeModel tree;
    const NodePredicate asks = tree.add_predicate(
        {SimplePredicate{.field = field, .comparison = Comparison::kNotEqual, .value = "red"}});
    tree.nodes = {{.after = 2}, {.score = tree.add_text("1"), .predicate = asks, .after = 2}};
    document.model.body = std::move(tree);
    const auto scorer = compiled ? Scorer::compile(document) : Scorer::interpret(document);
    EXPECT_TRUE(scorer) << scorer.error().message;
    Workspace workspace(*scorer);
    const double cell = spelled_out ? scorer->encode(0, "blue", workspace) : kUnlisted;
    return scorer->score(std::span(&cell, 1), workspace).status;
  };
  for (const bool spelled_out : {false, true}) {
    EXPECT_EQ(status("s", true, spelled_out), Status::kOk);
    EXPECT_EQ(status("s", false, spelled_out), Status::kOk);
  }
  EXPECT_EQ(status("of_s", false, true), Status::kOk);
  EXPECT_EQ(status("of_s", false, false), Status::kRefused);
}

// A tree that goes down by the steps of a ladder and is left by each of them, `steps` long.
TreeModel ladder(int steps, double shift) {
  TreeModel tree;
  tree.nodes.push_back({.score = tree.add_text("0.5")});
  for (int i = 0; i < steps; ++i) {
    const std::string bound = base::format_double(i + shift);
    tree.nodes.push_back({.score = tree.add_text(base::format_double(shift / (i + 3)))});
    tree.nodes.back().predicate =
        tree.add_predicate({SimplePredicate{"x", Comparison::kLessThan, bound}});
    tree.nodes.back().after = static_cast<std::uint32_t>(tree.nodes.size());
    tree.nodes.push_back({.score = tree.add_text(base::format_double(i - shift))});
    tree.nodes.back().predicate =
        tree.add_predicate({SimplePredicate{"x", Comparison::kGreaterOrEqual, bound}});
  }
  for (TreeNode& node : tree.nodes) {
    if (node.after == 0) node.after = static_cast<std::uint32_t>(tree.nodes.size());
  }
  return tree;
}

// Walks side by side end after very different numbers of steps, in more trees than go together.
TEST(Agreement, long_and_short_walks_of_a_large_forest) {
  for (const int trees : {2, 7, 8, 9, 128, 129, 300}) {
    Document document;
    document.data_dictionary = {{.name = "x", .type = DataType::kDouble}};
    document.model.mining_schema = {{.name = "x"}};
    MiningModel mining{.method = MultipleModelMethod::kSum};
    for (int i = 0; i < trees; ++i) {
      Segment& segment = mining.segments.emplace_back();
      segment.predicate = {True{}};
      segment.model.mining_schema = {{.name = "x"}};
      segment.model.body = ladder(i % 23, 0.37 * i);
    }
    document.model.body = std::move(mining);
    const auto fast = Scorer::compile(document);
    const auto slow = Scorer::interpret(document);
    ASSERT_TRUE(fast && slow) << fast.error().message;
    ASSERT_TRUE(fast->compiled());
    Workspace fast_workspace(*fast);
    Workspace slow_workspace(*slow);
    for (double cell = -1; cell < 140; cell += 0.73) {
      const auto differs =
          difference(*fast, fast_workspace, *slow, slow_workspace, std::span(&cell, 1));
      ASSERT_FALSE(differs) << trees << " trees, " << cell << ": " << *differs;
      ASSERT_EQ(fast->score(std::span(&cell, 1), fast_workspace).status, Status::kOk);
    }
  }
}

// Found by fuzzing: the interpreter took a missing prediction of weight 0 for the number 0.
TEST(Agreement, a_missing_prediction_without_weight_is_missing) {
  Document document;
  document.data_dictionary = {{.name = "x", .type = DataType::kDouble}};
  document.model.mining_schema = {{.name = "x"}};
  MiningModel mining{.method = MultipleModelMethod::kWeightedMedian};
  for (const auto& [weight, score] :
       {std::pair<double, std::optional<std::string>>{0, std::nullopt}, {1, "3"}, {3, "4"}}) {
    Segment& segment = mining.segments.emplace_back();
    segment.weight = weight;
    segment.predicate = {True{}};
    TreeModel tree;
    tree.nodes = {{.score = score ? tree.add_text(*score) : NodeText{}, .after = 1}};
    segment.model.body = std::move(tree);
  }
  document.model.body = std::move(mining);
  const auto fast = Scorer::compile(document);
  const auto slow = Scorer::interpret(document);
  ASSERT_TRUE(fast && slow);
  ASSERT_TRUE(fast->compiled());
  Workspace fast_workspace(*fast);
  Workspace slow_workspace(*slow);
  const double cell = 1;
  const auto differs =
      difference(*fast, fast_workspace, *slow, slow_workspace, std::span(&cell, 1));
  EXPECT_FALSE(differs) << *differs;
  EXPECT_EQ(slow->score(std::span(&cell, 1), slow_workspace).status, Status::kNoResult);
}

TEST(Agreement, compiled_and_interpreted_scores_are_equal_in_every_bit) {
  int compiled = 0;
  int answered = 0;
  int machines = 0;
  int neighbors = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Generator generator(seed);
    const Document document = generator.document();
    const auto fast = Scorer::compile(document);
    ASSERT_TRUE(fast) << "seed " << seed << ": " << fast.error().message << "\n" << write(document);
    const auto again = read(write(document));
    ASSERT_TRUE(again) << "seed " << seed << ": " << again.error().message;
    ASSERT_TRUE(*again == document) << "seed " << seed << "\n" << write(document);
    if (!fast->compiled()) continue;
    ++compiled;
    if (std::holds_alternative<SupportVectorMachineModel>(document.model.body)) ++machines;
    if (std::holds_alternative<NearestNeighborModel>(document.model.body)) ++neighbors;
    const auto slow = Scorer::interpret(document);
    ASSERT_TRUE(slow);
    Workspace fast_workspace(*fast);
    Workspace slow_workspace(*slow);
    // What one row does with many points, each variant of the kernels does alike.
    const auto variants = detail::runnable_kernels();
    for (std::size_t i = 0; i < 60; ++i) {
      detail::use_kernels(variants[i % variants.size()]);
      const std::vector<double> row = generator.row(*fast);
      const auto differs = difference(*fast, fast_workspace, *slow, slow_workspace, row);
      ASSERT_FALSE(differs) << "seed " << seed << ", row " << i << ": " << *differs << "\n"
                            << write(document);
      const std::size_t before = allocations();
      if (fast->score(row, fast_workspace).status == Status::kOk) ++answered;
      ASSERT_EQ(allocations(), before) << "seed " << seed << "\n" << write(document);
    }
    detail::use_kernels(nullptr);
    const auto differs = block_difference(*fast, generator);
    ASSERT_FALSE(differs) << "seed " << seed << ": " << *differs << "\n" << write(document);
  }
  // The comparison would be empty if few documents compiled or few rows had an answer.
  EXPECT_GT(compiled, 700);
  EXPECT_GT(answered, 10'000);
  EXPECT_GT(machines, 15);
  EXPECT_GT(neighbors, 40);
}

}  // namespace
}  // namespace pmml
