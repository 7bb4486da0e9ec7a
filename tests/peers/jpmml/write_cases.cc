// SPDX-License-Identifier: Apache-2.0
// Writes documents of ours with rows and the scores we give them, for another engine to score:
// pmml_parity_cases <folder>.
#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/file.h"
#include "base/number.h"
#include "base/random.h"
#include "pmml/document/decision.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace {

using namespace pmml;

DataField number_field(const std::string& name) { return {.name = name}; }

DataField text_field(const std::string& name, const std::vector<std::string>& values) {
  DataField field{.name = name, .op_type = OpType::kCategorical, .type = DataType::kString};
  for (const std::string& value : values) field.values.push_back({.value = value});
  return field;
}

Document base_document(bool classifies) {
  Document document;
  document.data_dictionary = {number_field("age"), number_field("visits"),
                              text_field("city", {"Lima", "Bilbao", "Quito"})};
  document.data_dictionary.push_back(classifies ? text_field("bought", {"0", "1"})
                                                : number_field("spent"));
  document.model.function =
      classifies ? MiningFunction::kClassification : MiningFunction::kRegression;
  document.model.mining_schema = {
      {.name = "age", .missing_replacement = "40"}, {.name = "visits"}, {.name = "city"}};
  document.model.mining_schema.push_back(
      {.name = classifies ? "bought" : "spent", .usage = Usage::kTarget});
  return document;
}

RegressionTable table(std::string category, base::Random& random) {
  RegressionTable result{.intercept = random.normal(), .target_category = std::move(category)};
  result.numeric = {{"age", 1, random.normal() / 30},
                    {"visits", 1, random.normal() / 5},
                    {"visits", 2, random.normal() / 50}};
  result.categorical = {{"city", "Lima", random.normal()}, {"city", "Quito", random.normal()}};
  result.terms = {{random.normal() / 100, {"age", "visits"}}};
  return result;
}

Document logistic(base::Random& random, Normalization normalization) {
  Document document = base_document(true);
  document.model.body =
      RegressionModel{normalization, {table("1", random), {.target_category = "0"}}};
  add_decision(document, "1", 0.37);
  return document;
}

Document regression(base::Random& random, Normalization normalization) {
  Document document = base_document(false);
  document.model.body = RegressionModel{normalization, {table("", random)}};
  document.model.targets = {{.field = "spent", .rescale_factor = 1.5, .rescale_constant = -0.25}};
  document.model.output = {
      {.name = "value", .op_type = OpType::kContinuous, .type = DataType::kDouble}};
  return document;
}

std::size_t add_node(TreeModel& tree, base::Random& random, const Predicate& predicate,
                     bool classifies, int depth) {
  const std::size_t at = tree.nodes.size();
  TreeNode node{.id = tree.add_text(std::to_string(at)),
                .predicate = tree.add_predicate(predicate)};
  if (classifies) {
    const double ones = static_cast<double>(1 + random.below(50));
    const double zeros = static_cast<double>(1 + random.below(50));
    node.score = tree.add_text(ones > zeros ? "1" : "0");
    const ScoreDistribution distribution[] = {{.value = "0", .record_count = zeros},
                                              {.value = "1", .record_count = ones}};
    tree.set_distribution(node, distribution);
  } else {
    node.score = tree.add_text(base::format_double(random.normal()));
  }
  node.after = static_cast<std::uint32_t>(at + 1);
  tree.nodes.push_back(node);
  if (depth == 0) return at;
  std::size_t left = 0;
  std::size_t right = 0;
  if (random.bernoulli(0.3)) {
    const std::vector<std::string> some = {"Lima", random.bernoulli(0.5) ? "Quito" : "Bilbao"};
    left = add_node(tree, random, {SimpleSetPredicate{"city", true, some}}, classifies, depth - 1);
    right =
        add_node(tree, random, {SimpleSetPredicate{"city", false, some}}, classifies, depth - 1);
  } else {
    const std::string field = random.bernoulli(0.5) ? "age" : "visits";
    const std::string threshold =
        base::format_double(field == "age" ? 20 + static_cast<double>(random.below(50))
                                           : static_cast<double>(random.below(10)) + 0.5);
    left = add_node(tree, random, {SimplePredicate{field, Comparison::kLessOrEqual, threshold}},
                    classifies, depth - 1);
    right = add_node(tree, random, {SimplePredicate{field, Comparison::kGreaterThan, threshold}},
                     classifies, depth - 1);
  }
  tree.nodes[at].after = static_cast<std::uint32_t>(tree.nodes.size());
  tree.nodes[at].default_child = tree.nodes[random.bernoulli(0.5) ? left : right].id;
  return at;
}

TreeModel random_tree(base::Random& random, bool classifies, MissingValueStrategy strategy) {
  TreeModel tree{.missing_value_strategy = strategy, .binary_splits = true};
  add_node(tree, random, {True{}}, classifies, 5);
  return tree;
}

Document single_tree(base::Random& random, MissingValueStrategy strategy) {
  Document document = base_document(true);
  document.model.body = random_tree(random, true, strategy);
  add_decision(document, "1", 0.5);
  return document;
}

std::vector<MiningField> inner_schema() {
  return {{.name = "age"}, {.name = "visits"}, {.name = "city"}};
}

MiningModel forest(base::Random& random, bool classifies, MultipleModelMethod method,
                   MathContext math) {
  MiningModel mining{.method = method};
  for (int i = 0; i < 25; ++i) {
    Segment segment{.id = std::to_string(i + 1), .predicate = {True{}}};
    if (method == MultipleModelMethod::kWeightedAverage) segment.weight = 0.25 + random.uniform();
    segment.model.function =
        classifies ? MiningFunction::kClassification : MiningFunction::kRegression;
    segment.model.math = math;
    segment.model.mining_schema = inner_schema();
    segment.model.body = random_tree(random, classifies, MissingValueStrategy::kDefaultChild);
    mining.segments.push_back(std::move(segment));
  }
  return mining;
}

Document ensemble(base::Random& random, MultipleModelMethod method) {
  Document document = base_document(true);
  document.model.body = forest(random, true, method, MathContext::kDouble);
  add_decision(document, "1", 0.5);
  return document;
}

Document boosted(base::Random& random, MathContext math) {
  Document document = base_document(true);
  Segment trees{.id = "1", .predicate = {True{}}};
  trees.model.function = MiningFunction::kRegression;
  trees.model.math = math;
  trees.model.mining_schema = inner_schema();
  trees.model.output = {{.name = "raw",
                         .op_type = OpType::kContinuous,
                         .type = math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble,
                         .is_final = false}};
  trees.model.targets = {{.rescale_constant = -0.5}};
  trees.model.body = forest(random, false, MultipleModelMethod::kSum, math);
  Segment link{.id = "2", .predicate = {True{}}};
  link.model.function = MiningFunction::kClassification;
  link.model.math = math;
  link.model.mining_schema = {{.name = "bought", .usage = Usage::kTarget}, {.name = "raw"}};
  link.model.body = RegressionModel{
      Normalization::kLogit,
      {{.target_category = "1", .numeric = {{"raw", 1, 0.3}}}, {.target_category = "0"}}};
  const DataType type = math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble;
  link.model.output = {{.name = "probability(1)",
                        .op_type = OpType::kContinuous,
                        .type = type,
                        .feature = ResultFeature::kProbability,
                        .value = "1"}};
  document.model.body = MiningModel{.method = MultipleModelMethod::kModelChain,
                                    .segments = {std::move(trees), std::move(link)}};
  return document;
}

// As learn::train_uplift writes it: the difference of two regressions, with an offer above it.
Document uplift(base::Random& random) {
  Document document = base_document(true);
  MiningModel chain{.method = MultipleModelMethod::kModelChain};
  for (const char* group : {"not contacted", "contacted"}) {
    Segment segment{.id = group, .predicate = {True{}}};
    segment.model.function = MiningFunction::kClassification;
    segment.model.mining_schema = inner_schema();
    segment.model.mining_schema.push_back({.name = "bought", .usage = Usage::kTarget});
    segment.model.body =
        RegressionModel{Normalization::kLogit, {table("1", random), {.target_category = "0"}}};
    chain.segments.push_back(std::move(segment));
  }
  chain.segments[0].model.output = {{.name = "(not contacted)",
                                     .op_type = OpType::kContinuous,
                                     .type = DataType::kDouble,
                                     .feature = ResultFeature::kProbability,
                                     .value = "1",
                                     .is_final = false}};
  document.model.body = std::move(chain);
  document.model.output = {{.name = "probability(1) if not contacted",
                            .op_type = OpType::kContinuous,
                            .type = DataType::kDouble,
                            .feature = ResultFeature::kTransformedValue,
                            .expression = Expression{FieldRef{.field = "(not contacted)"}}}};
  add_uplift_decision(document, "1", "probability(1) if not contacted", 0.05);
  return document;
}

void write_case(const std::filesystem::path& root, const std::string& name,
                const Document& document, base::Random& random) {
  const auto scorer = Scorer::compile(document);
  if (!scorer) {
    std::cerr << name << ": " << scorer.error().message << "\n";
    std::exit(1);
  }
  Workspace workspace(*scorer);
  std::string input = "age,visits,city\n";
  std::string expected;
  for (const OutputInfo& output : scorer->outputs())
    expected += (expected.empty() ? "" : ",") + output.name;
  expected += "\n";
  for (int r = 0; r < 2000; ++r) {
    const std::vector<std::string> cells = {
        random.bernoulli(0.1) ? "" : base::format_double(18 + 60 * random.uniform()),
        random.bernoulli(0.1) ? "" : base::format_double(static_cast<double>(random.below(12))),
        random.bernoulli(0.1)
            ? ""
            : std::vector<std::string>{"Lima", "Bilbao", "Quito"}[random.below(3)]};
    std::vector<double> row;
    for (std::size_t i = 0; i < cells.size(); ++i) row.push_back(scorer->encode(i, cells[i]));
    static_cast<void>(scorer->score(row, workspace));
    input += cells[0] + "," + cells[1] + "," + cells[2] + "\n";
    for (std::size_t i = 0; i < scorer->outputs().size(); ++i)
      expected += (i > 0 ? "," : "") + scorer->output_text(i, workspace);
    expected += "\n";
  }
  const std::filesystem::path folder = root / name;
  std::filesystem::create_directories(folder);
  const bool written = base::write_file(folder / "model.pmml", write(document)).has_value() &&
                       base::write_file(folder / "input.csv", input).has_value() &&
                       base::write_file(folder / "expected.csv", expected).has_value();
  if (!written) std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: pmml_parity_cases <folder>\n";
    return 2;
  }
  const std::filesystem::path root = argv[1];
  base::Random random(7);
  write_case(root, "logistic", logistic(random, Normalization::kLogit), random);
  write_case(root, "probit", logistic(random, Normalization::kProbit), random);
  write_case(root, "cloglog", logistic(random, Normalization::kCloglog), random);
  write_case(root, "softmax", logistic(random, Normalization::kSoftmax), random);
  write_case(root, "regression", regression(random, Normalization::kNone), random);
  write_case(root, "tree_default_child", single_tree(random, MissingValueStrategy::kDefaultChild),
             random);
  write_case(root, "tree_last_prediction",
             single_tree(random, MissingValueStrategy::kLastPrediction), random);
  write_case(root, "tree_null_prediction",
             single_tree(random, MissingValueStrategy::kNullPrediction), random);
  write_case(root, "forest_average", ensemble(random, MultipleModelMethod::kAverage), random);
  write_case(root, "forest_weighted_average",
             ensemble(random, MultipleModelMethod::kWeightedAverage), random);
  write_case(root, "forest_majority_vote", ensemble(random, MultipleModelMethod::kMajorityVote),
             random);
  write_case(root, "boosted", boosted(random, MathContext::kDouble), random);
  write_case(root, "boosted_float", boosted(random, MathContext::kFloat), random);
  write_case(root, "uplift", uplift(random), random);
  return 0;
}
