// SPDX-License-Identifier: Apache-2.0
#include "study/recipe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/number.h"
#include "data/table.h"

namespace study {
namespace {

using Range = std::variant<RealRange, WholeRange, Choice>;
using Json = nlohmann::ordered_json;

Range real_range(double low, double high, bool logarithmic = false) {
  return RealRange{low, high, logarithmic};
}
Range whole_range(std::int64_t low, std::int64_t high, bool logarithmic = false) {
  return WholeRange{low, high, logarithmic};
}
Range among(std::vector<std::string> values) { return Choice{std::move(values)}; }
std::string of(std::string_view name) { return std::string(name); }

std::vector<Setting> common_settings() {
  return {
      {.name = "weighting",
       .allowed = among({"none", "balanced", "profit"}),
       .standard = "none",
       .searched = among({"none", "profit"}),
       .what =
           "weight of a row in the loss: 1; both classes together alike; or what a mistake on it "
           "costs (q − 1 for a customer who would accept, 1 for one who would not)"},
      {.name = "balance",
       .allowed = among({"none", "smote", "smote-nominal"}),
       .standard = "none",
       .searched = among({"none", "smote", "smote-nominal"}),
       .what = "SMOTE: synthetic acceptances until both classes are alike, in training rows only; "
               "plain, between indicators of texts, which the learner then sees; or its nominal "
               "variant, in which a synthetic row has each text of one of the two rows it is "
               "between"},
      {.name = "smote_distances",
       .allowed = among({"scaled", "raw"}),
       .standard = "scaled",
       .searched = among({"scaled", "raw"}),
       .what = "by what SMOTE finds a row's nearest ones: numbers in standard deviations, or as "
               "they are"},
      {.name = "texts",
       .allowed = among({"categories", "indicators"}),
       .standard = "categories",
       .searched = among({"categories", "indicators"}),
       .what = "what the learner sees of texts: categories, which trees part in two sets; or an "
               "indicator of each text (one-hot), a number like any other"},
      {.name = "attributes",
       .allowed = whole_range(0, 100'000),
       .standard = std::int64_t{0},
       .what = "only the first so many columns of the recursive feature elimination; 0: all"},
      {.name = "engineering",
       .allowed = among({"none", "bins", "logs", "rates"}),
       .standard = "none",
       .what = "columns made of columns: bins in place of numbers (ten, of equally many rows); "
               "logarithms beside amounts; rates of acceptance beside texts"},
      {.name = "calibration",
       .allowed = among({"none", "platt", "isotonic"}),
       .standard = "none",
       .what = "probabilities mended on the validation rows"},
  };
}

std::vector<Setting> linear_settings() {
  return {
      {.learner = of(kLogisticRegression),
       .name = "c",
       .allowed = real_range(1e-6, 1e6, true),
       .standard = 1.0,
       .searched = real_range(1e-4, 1e3, true),
       .what = "strength of the data against the penalty"},
      {.learner = of(kLogisticRegression),
       .name = "l1_ratio",
       .allowed = real_range(0, 1),
       .standard = 0.0,
       .searched = real_range(0, 1),
       .what = "0: L2 penalty, 1: L1, between: elastic net"},
      {.learner = of(kLinearSvm),
       .name = "c",
       .allowed = real_range(1e-6, 1e6, true),
       .standard = 1.0,
       .searched = real_range(1e-4, 1e3, true),
       .what = "strength of the data against the penalty"},
      {.learner = of(kRbfSvm),
       .name = "c",
       .allowed = real_range(1e-6, 1e6, true),
       .standard = 1.0,
       .searched = real_range(1e-2, 1e3, true),
       .what = "strength of the data against the penalty"},
      {.learner = of(kRbfSvm),
       .name = "gamma",
       .allowed = real_range(0, 1e4, true),
       .standard = 0.0,
       .searched = real_range(1e-2, 1e2, true),
       .what =
           "how fast likeness fades with distance: γ, in units of 1 over half the mean squared "
           "distance of two rows (numbers in standard deviations); 0: ½, 1 or 2, whichever orders "
           "held-out training rows best"},
      {.learner = of(kRbfSvm),
       .name = "most_rows",
       .allowed = whole_range(100, 1'000'000),
       .standard = std::int64_t{10'000},
       .what = "rows that are learned from at most: the cost grows with their square"},
  };
}

std::vector<Setting> tree_settings() {
  return {
      {.learner = of(kDecisionTree),
       .name = "max_depth",
       .allowed = whole_range(1, 64),
       .standard = std::int64_t{8},
       .searched = whole_range(2, 20),
       .what = "steps from the root to a leaf at most"},
      {.learner = of(kDecisionTree),
       .name = "min_leaf",
       .allowed = whole_range(1, 1'000'000, true),
       .standard = std::int64_t{50},
       .searched = whole_range(5, 1000, true),
       .what = "rows in a leaf at least"},
      {.learner = of(kRandomForest),
       .name = "trees",
       .allowed = whole_range(1, 10'000, true),
       .standard = std::int64_t{100},
       .what = "trees in the forest"},
      {.learner = of(kRandomForest),
       .name = "max_depth",
       .allowed = whole_range(0, 64),
       .standard = std::int64_t{0},
       .searched = whole_range(4, 30),
       .what = "steps from the root to a leaf at most; 0: no limit"},
      {.learner = of(kRandomForest),
       .name = "min_leaf",
       .allowed = whole_range(1, 1'000'000, true),
       .standard = std::int64_t{20},
       .searched = whole_range(1, 200, true),
       .what = "rows in a leaf at least"},
      {.learner = of(kRandomForest),
       .name = "column_share",
       .allowed = real_range(0, 1),
       .standard = 0.0,
       .searched = real_range(0.1, 1),
       .what = "share of the columns that a split may choose among; 0: the square root of them"},
  };
}

std::vector<Setting> boosting_settings() {
  const std::string learner = of(kGradientBoosting);
  return {
      {.learner = learner,
       .name = "trees",
       .allowed = whole_range(1, 10'000, true),
       .standard = std::int64_t{200},
       .searched = whole_range(50, 1000, true),
       .what = "trees at most"},
      {.learner = learner,
       .name = "learning_rate",
       .allowed = real_range(1e-4, 1, true),
       .standard = 0.1,
       .searched = real_range(0.01, 0.3, true),
       .what = "share of each tree that counts"},
      {.learner = learner,
       .name = "max_depth",
       .allowed = whole_range(1, 32),
       .standard = std::int64_t{6},
       .searched = whole_range(2, 10),
       .what = "steps from the root to a leaf at most"},
      {.learner = learner,
       .name = "min_child_weight",
       .allowed = real_range(0, 1e9),
       .standard = 1.0,
       .searched = real_range(0.1, 100, true),
       .what = "curvature of the loss in a leaf at least"},
      {.learner = learner,
       .name = "lambda",
       .allowed = real_range(0, 1e9),
       .standard = 1.0,
       .searched = real_range(0.01, 100, true),
       .what = "L2 penalty on leaves"},
      {.learner = learner,
       .name = "row_share",
       .allowed = real_range(0.01, 1),
       .standard = 1.0,
       .searched = real_range(0.4, 1),
       .what = "share of the rows that a tree sees"},
      {.learner = learner,
       .name = "column_share",
       .allowed = real_range(0.01, 1),
       .standard = 1.0,
       .searched = real_range(0.3, 1),
       .what = "share of the columns that a tree sees"},
  };
}

std::vector<Setting> other_settings() {
  return {
      {.learner = of(kNaiveBayes),
       .name = "smoothing",
       .allowed = real_range(1e-9, 1e3, true),
       .standard = 1.0,
       .searched = real_range(1e-3, 1e2, true),
       .what = "rows added to every count of a text's value"},
      {.learner = of(kNearestNeighbors),
       .name = "neighbors",
       .allowed = whole_range(1, 10'000, true),
       .standard = std::int64_t{50},
       .searched = whole_range(5, 500, true),
       .what = "nearest rows that vote"},
      {.learner = of(kNearestNeighbors),
       .name = "most_rows",
       .allowed = whole_range(100, 1'000'000),
       .standard = std::int64_t{5'000},
       .what = "rows that the model remembers at most"},
  };
}

std::vector<Setting> all_settings() {
  std::vector<Setting> all;
  for (auto part :
       {common_settings, linear_settings, tree_settings, boosting_settings, other_settings}) {
    for (Setting& setting : part()) all.push_back(std::move(setting));
  }
  return all;
}

const Setting* find(std::string_view learner, std::string_view name) {
  for (const Setting& setting : settings()) {
    if (setting.name == name && (setting.learner.empty() || setting.learner == learner))
      return &setting;
  }
  return nullptr;
}

const Value& value_of(const Recipe& recipe, std::string_view name) {
  const auto at = recipe.settings.find(std::string(name));
  if (at != recipe.settings.end()) return at->second;
  const Setting* setting = find(learner(recipe), name);
  CHECK(setting != nullptr);
  return setting->standard;
}

base::Error wrong(const Recipe& recipe, const std::string& what) {
  return base::input_error("recipe '" + recipe.name + "': " + what);
}

template <class Bounds>
std::string bounds_text(const Bounds& bounds) {
  return base::format_double(static_cast<double>(bounds.low)) + " to " +
         base::format_double(static_cast<double>(bounds.high));
}

base::Result<void> check_value(const Recipe& recipe, const Setting& setting, const Value& value) {
  if (const auto* range = std::get_if<RealRange>(&setting.allowed)) {
    const auto* real = std::get_if<double>(&value);
    if (real != nullptr && *real >= range->low && *real <= range->high) return {};
    return wrong(recipe, "'" + setting.name + "' must be a number from " + bounds_text(*range));
  }
  if (const auto* range = std::get_if<WholeRange>(&setting.allowed)) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole != nullptr && *whole >= range->low && *whole <= range->high) return {};
    return wrong(recipe,
                 "'" + setting.name + "' must be a whole number from " + bounds_text(*range));
  }
  const std::vector<std::string>& values = std::get<Choice>(setting.allowed).values;
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && std::ranges::find(values, *text) != values.end()) return {};
  std::string known;
  for (const std::string& one : values) known += (known.empty() ? "'" : ", '") + one + "'";
  return wrong(recipe, "'" + setting.name + "' must be one of " + known);
}

Recipe made(std::string name, std::string_view learner, Point settings = {}) {
  settings["learner"] = std::string(learner);
  return {.name = std::move(name), .generation = "1", .settings = std::move(settings)};
}

// A whole number is a real one where the setting is real: people write "c": 1.
base::Result<Value> value_from(const Recipe& recipe, const std::string& name, const Json& json) {
  const auto at = recipe.settings.find("learner");
  const auto* known = at == recipe.settings.end() ? nullptr : std::get_if<std::string>(&at->second);
  const Setting* setting = known == nullptr ? nullptr : find(*known, name);
  const bool is_real = setting != nullptr && std::holds_alternative<RealRange>(setting->allowed);
  if (json.is_string()) return Value(json.get<std::string>());
  if (json.is_number() && is_real) return Value(json.get<double>());
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  if (json.is_number()) return Value(json.get<double>());
  return wrong(recipe, "'" + name + "' must be a number or a text");
}

base::Result<Recipe> recipe_from(const Json& json, const std::string& where) {
  if (!json.is_object())
    return base::input_error(where + ": a recipe is an object like {\"name\": …, \"learner\": …}");
  Recipe recipe{.name = {}, .generation = "own", .settings = {}};
  for (const char* text : {"name", "learner"}) {
    if (!json.contains(text) || !json[text].is_string())
      return base::input_error(where + ": a recipe needs the text '" + text + "'");
  }
  recipe.name = json["name"].get<std::string>();
  recipe.settings["learner"] = json["learner"].get<std::string>();
  if (json.contains("generation") && json["generation"].is_string())
    recipe.generation = json["generation"].get<std::string>();
  for (const auto& [name, value] : json.items()) {
    if (name == "name" || name == "learner" || name == "generation") continue;
    TRY_ASSIGN(recipe.settings[name], value_from(recipe, name, value));
  }
  if (const auto checked = check(recipe); !checked)
    return base::input_error(where + ": " + checked.error().message);
  return recipe;
}

base::Result<Json> parse(std::string_view text, const std::string& source) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return base::input_error(source + " is not valid JSON");
  return json;
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> kAll = all_settings();
  return kAll;
}

std::span<const std::string> learners() {
  static const std::vector<std::string> kAll = {
      of(kLogisticRegression), of(kLinearSvm),        of(kRbfSvm),     of(kDecisionTree),
      of(kRandomForest),       of(kGradientBoosting), of(kNaiveBayes), of(kNearestNeighbors)};
  return kAll;
}

const std::string& learner(const Recipe& recipe) {
  const auto at = recipe.settings.find("learner");
  CHECK(at != recipe.settings.end() && std::holds_alternative<std::string>(at->second));
  return std::get<std::string>(at->second);
}
double real(const Recipe& recipe, std::string_view setting) {
  return std::get<double>(value_of(recipe, setting));
}
std::int64_t whole(const Recipe& recipe, std::string_view setting) {
  return std::get<std::int64_t>(value_of(recipe, setting));
}
const std::string& choice(const Recipe& recipe, std::string_view setting) {
  return std::get<std::string>(value_of(recipe, setting));
}

base::Result<void> check(const Recipe& recipe) {
  if (recipe.name.empty()) return base::input_error("a recipe needs a name");
  const auto at = recipe.settings.find("learner");
  const auto* kind = at == recipe.settings.end() ? nullptr : std::get_if<std::string>(&at->second);
  if (kind == nullptr) return wrong(recipe, "it needs the text 'learner'");
  if (std::ranges::find(learners(), *kind) == learners().end()) {
    return wrong(recipe,
                 "there is no learner '" + *kind + "'" + data::suggestion(*kind, learners()));
  }
  for (const auto& [name, value] : recipe.settings) {
    if (name == "learner") continue;
    const Setting* setting = find(*kind, name);
    if (setting == nullptr) {
      std::vector<std::string> names;
      for (const Setting& known : settings()) {
        if (known.learner.empty() || known.learner == *kind) names.push_back(known.name);
      }
      return wrong(recipe,
                   "a " + *kind + " has no setting '" + name + "'" + data::suggestion(name, names));
    }
    TRY(check_value(recipe, *setting, value));
  }
  return {};
}

std::vector<Recipe> generation_one() {
  return {
      made("logistic regression", kLogisticRegression),
      made("logistic regression, balanced", kLogisticRegression, {{"weighting", "balanced"}}),
      made("logistic regression, SMOTE", kLogisticRegression, {{"balance", "smote-nominal"}}),
      made("logistic regression, profit-weighted", kLogisticRegression, {{"weighting", "profit"}}),
      made("logistic regression, L1", kLogisticRegression, {{"c", 0.05}, {"l1_ratio", 1.0}}),
      made("logistic regression, binned", kLogisticRegression, {{"engineering", "bins"}}),
      made("linear SVM", kLinearSvm),
      made("linear SVM, SMOTE", kLinearSvm, {{"balance", "smote-nominal"}}),
      made("RBF SVM, balanced", kRbfSvm, {{"weighting", "balanced"}}),
      made("decision tree", kDecisionTree),
      made("decision tree, SMOTE", kDecisionTree, {{"balance", "smote-nominal"}}),
      made("decision tree, profit-weighted", kDecisionTree, {{"weighting", "profit"}}),
      made("random forest", kRandomForest),
      made("random forest, balanced", kRandomForest, {{"weighting", "balanced"}}),
      made("random forest, SMOTE", kRandomForest, {{"balance", "smote-nominal"}}),
      made("gradient boosting", kGradientBoosting),
      made("gradient boosting, SMOTE", kGradientBoosting,
           {{"balance", "smote"}, {"smote_distances", "raw"}}),
      made("gradient boosting, profit-weighted", kGradientBoosting, {{"weighting", "profit"}}),
  };
}

std::vector<Recipe> generation_three(std::size_t attributes) {
  std::vector<Recipe> recipes;
  for (std::size_t k = 1; k <= attributes; ++k) {
    Recipe recipe =
        made("logistic regression, " + std::to_string(k) + (k == 1 ? " attribute" : " attributes"),
             kLogisticRegression,
             {{"balance", "smote-nominal"}, {"attributes", static_cast<std::int64_t>(k)}});
    recipe.generation = "3";
    recipes.push_back(std::move(recipe));
  }
  return recipes;
}

base::Result<std::vector<Recipe>> read_recipes(std::string_view text, const std::string& source) {
  TRY_ASSIGN(const Json json, parse(text, source));
  if (!json.is_array() || json.empty())
    return base::input_error(source + ": expected a list of recipes, [{\"name\": …}, …]");
  std::vector<Recipe> recipes;
  for (const Json& one : json) {
    TRY_ASSIGN(Recipe recipe,
               recipe_from(one, source + ", recipe " + std::to_string(recipes.size() + 1)));
    for (const Recipe& other : recipes) {
      if (other.name == recipe.name)
        return base::input_error(source + ": two recipes are named '" + recipe.name + "'");
    }
    recipes.push_back(std::move(recipe));
  }
  return recipes;
}

std::string write_recipe(const Recipe& recipe) {
  Json json = {
      {"name", recipe.name}, {"generation", recipe.generation}, {"learner", learner(recipe)}};
  for (const auto& [name, value] : recipe.settings) {
    if (name != "learner") std::visit([&, &key = name](const auto& v) { json[key] = v; }, value);
  }
  return json.dump();
}

base::Result<Recipe> read_recipe(std::string_view text, const std::string& source) {
  TRY_ASSIGN(const Json json, parse(text, source));
  return recipe_from(json, source);
}

base::Result<Space> search_space(std::span<const std::string> wanted) {
  std::vector<Dimension> dimensions;
  dimensions.push_back({.name = "learner", .range = Choice{{wanted.begin(), wanted.end()}}});
  for (const std::string& one : wanted) {
    if (std::ranges::find(learners(), one) == learners().end())
      return base::input_error("there is no learner '" + one + "'" +
                               data::suggestion(one, learners()));
  }
  for (const Setting& setting : settings()) {
    if (!setting.searched) continue;
    if (setting.learner.empty()) {
      dimensions.push_back({.name = setting.name, .range = *setting.searched});
    } else if (std::ranges::find(wanted, setting.learner) != wanted.end()) {
      // Two learners may have settings of one name: the search tells them apart by the learner's.
      dimensions.push_back({.name = setting.learner + "." + setting.name,
                            .range = *setting.searched,
                            .only_if = "learner",
                            .only_if_value = setting.learner});
    }
  }
  return Space::of(std::move(dimensions));
}

Recipe recipe_of(const Point& point, std::size_t trial) {
  Recipe recipe{.name = {}, .generation = "search", .settings = {}};
  for (const auto& [name, value] : point) {
    const std::size_t dot = name.find('.');
    recipe.settings[dot == std::string::npos ? name : name.substr(dot + 1)] = value;
  }
  recipe.name = "trial " + std::to_string(trial) + ": " + learner(recipe);
  return recipe;
}

}  // namespace study
