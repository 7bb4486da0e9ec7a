// SPDX-License-Identifier: Apache-2.0
// How one model is made from rows, as a name and settings: what a generation lists, what a search
// proposes, what a study's file keeps and what a person can write down.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/space.h"

namespace study {

// The learners, by the name that the setting `learner` holds.
inline constexpr std::string_view kLogisticRegression = "logistic-regression";
inline constexpr std::string_view kLinearSvm = "linear-svm";
inline constexpr std::string_view kRbfSvm = "rbf-svm";
inline constexpr std::string_view kDecisionTree = "decision-tree";
inline constexpr std::string_view kRandomForest = "random-forest";
inline constexpr std::string_view kGradientBoosting = "gradient-boosting";
inline constexpr std::string_view kNaiveBayes = "naive-bayes";
inline constexpr std::string_view kNearestNeighbors = "nearest-neighbors";

// One setting that a recipe may hold.
struct Setting {
  std::string learner = {};  // Empty: of every learner.
  std::string name = {};
  std::variant<RealRange, WholeRange, Choice> allowed = RealRange{};
  Value standard = 0.0;  // Where a recipe does not say.
  // What a search tries; nothing: it leaves the standard.
  std::optional<std::variant<RealRange, WholeRange, Choice>> searched = {};
  std::string what = {};  // For people: its meaning and unit.
};
std::span<const Setting> settings();
std::span<const std::string> learners();

struct Recipe {
  std::string name = {};        // Unique in a study.
  std::string generation = {};  // "1", "3", "search", "own".
  Point settings = {};          // Holds `learner`.
};

// The value of a setting, the standard one where the recipe does not say. The recipe has been
// checked and the setting is one of its learner.
[[nodiscard]] double real(const Recipe& recipe, std::string_view setting);
[[nodiscard]] std::int64_t whole(const Recipe& recipe, std::string_view setting);
[[nodiscard]] const std::string& choice(const Recipe& recipe, std::string_view setting);
[[nodiscard]] const std::string& learner(const Recipe& recipe);

// Refuses an unknown learner or setting (and suggests the nearest), a setting of another learner, a
// value of the wrong kind or out of range.
base::Result<void> check(const Recipe& recipe);

// The first generation of the article: 18 recipes in its five families (logistic regression,
// support vector machines, gradient boosting, trees, forests), with and without balancing, with
// regularisation, engineering and profit in the loss.
std::vector<Recipe> generation_one();
// The third: one logistic regression on the first 1, 2, … attributes of the recursive elimination,
// with SMOTE.
std::vector<Recipe> generation_three(std::size_t attributes);
// Recipes as a JSON array: [{"name": "…", "learner": "random-forest", "trees": 300, …}, …].
base::Result<std::vector<Recipe>> read_recipes(std::string_view json, const std::string& source);
std::string write_recipe(const Recipe& recipe);
base::Result<Recipe> read_recipe(std::string_view json, const std::string& source);

// What a search over these learners tries: `learner` first, then what each of them searches.
base::Result<Space> search_space(std::span<const std::string> learners);
// A point of that space as a recipe.
Recipe recipe_of(const Point& point, std::size_t trial);

}  // namespace study
