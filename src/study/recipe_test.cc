// SPDX-License-Identifier: Apache-2.0
#include "study/recipe.h"

#include <gtest/gtest.h>

#include <set>

namespace study {
namespace {

TEST(Recipe, generation_one_has_eighteen_valid_recipes_of_different_names) {
  const std::vector<Recipe> recipes = generation_one();
  std::set<std::string> names;
  for (const Recipe& recipe : recipes) {
    EXPECT_TRUE(check(recipe)) << check(recipe).error().message;
    names.insert(recipe.name);
  }
  EXPECT_EQ(names.size(), 18U);
}

TEST(Recipe, generation_three_has_one_for_each_number_of_attributes) {
  const std::vector<Recipe> recipes = generation_three(36);
  ASSERT_EQ(recipes.size(), 36U);
  EXPECT_EQ(whole(recipes[0], "attributes"), 1);
  EXPECT_EQ(whole(recipes[35], "attributes"), 36);
  EXPECT_EQ(choice(recipes[35], "balance"), "smote-nominal");
  for (const Recipe& recipe : recipes) EXPECT_TRUE(check(recipe));
}

TEST(Recipe, says_the_standard_where_nothing_is_set) {
  const Recipe recipe{.name = "r",
                      .settings = {{"learner", "gradient-boosting"}, {"trees", std::int64_t{7}}}};
  EXPECT_EQ(whole(recipe, "trees"), 7);
  EXPECT_EQ(real(recipe, "learning_rate"), 0.1);
  EXPECT_EQ(choice(recipe, "weighting"), "none");
}

TEST(Recipe, is_the_same_after_a_round_through_json) {
  for (const Recipe& recipe : generation_one()) {
    const base::Result<Recipe> back = read_recipe(write_recipe(recipe), "here");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->name, recipe.name);
    EXPECT_EQ(back->generation, recipe.generation);
    EXPECT_EQ(back->settings, recipe.settings);
  }
}

TEST(Recipe, refusals_name_the_place_and_what_would_be_right) {
  const auto message = [](const char* json) {
    const auto recipes = read_recipes(json, "own.json");
    return recipes ? std::string("none") : recipes.error().message;
  };
  EXPECT_EQ(message("{"), "own.json is not valid JSON");
  EXPECT_EQ(message("[]"), "own.json: expected a list of recipes, [{\"name\": …}, …]");
  EXPECT_EQ(message(R"([{"name": "a"}])"), "own.json, recipe 1: a recipe needs the text 'learner'");
  EXPECT_EQ(message(R"([{"name": "a", "learner": "random-forrest"}])"),
            "own.json, recipe 1: recipe 'a': there is no learner 'random-forrest', did you mean "
            "'random-forest'?");
  EXPECT_EQ(message(R"([{"name": "a", "learner": "random-forest", "tres": 5}])"),
            "own.json, recipe 1: recipe 'a': a random-forest has no setting 'tres', did you mean "
            "'trees'?");
  EXPECT_EQ(message(R"([{"name": "a", "learner": "random-forest", "trees": 1.5}])"),
            "own.json, recipe 1: recipe 'a': 'trees' must be a whole number from 1 to 10000");
  EXPECT_EQ(message(R"([{"name": "a", "learner": "linear-svm", "c": -1}])"),
            "own.json, recipe 1: recipe 'a': 'c' must be a number from 1e-06 to 1e+06");
  EXPECT_EQ(
      message(
          R"([{"name": "a", "learner": "linear-svm"}, {"name": "a", "learner": "linear-svm"}])"),
      "own.json: two recipes are named 'a'");
  EXPECT_EQ(message(R"([{"name": "a", "learner": "linear-svm", "c": 1, "balance": "rose"}])"),
            "own.json, recipe 1: recipe 'a': 'balance' must be one of 'none', 'smote', "
            "'smote-nominal'");
}

TEST(Recipe, every_point_of_the_search_is_a_valid_recipe) {
  const base::Result<Space> space = search_space(learners());
  ASSERT_TRUE(space) << space.error().message;
  base::Random random(7);
  for (std::size_t i = 0; i < 500; ++i) {
    const Recipe recipe = recipe_of(draw(*space, random), i);
    EXPECT_TRUE(check(recipe)) << check(recipe).error().message;
  }
}

TEST(Recipe, standards_lie_in_what_is_allowed) {
  for (const std::string& kind : learners()) {
    Recipe recipe{.name = "all standards", .settings = {{"learner", kind}}};
    for (const Setting& setting : settings()) {
      if (setting.learner.empty() || setting.learner == kind)
        recipe.settings[setting.name] = setting.standard;
    }
    EXPECT_TRUE(check(recipe)) << check(recipe).error().message;
  }
}

}  // namespace
}  // namespace study
