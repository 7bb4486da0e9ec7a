// SPDX-License-Identifier: Apache-2.0
#include "learn/labels.h"

#include <gtest/gtest.h>

namespace learn {
namespace {

base::Result<Labels> labels_of(const std::vector<std::string>& values) {
  return read_labels(*data::Table::of({data::Column::of_strings("bought", values)}), "bought");
}

TEST(Labels, know_the_affirmative_in_several_languages_and_any_case) {
  const std::vector<std::string> pairs[] = {
      {"yes", "no"}, {"TRUE", "False"}, {"Y", "N"}, {"t", "F"},     {"sí", "no"},  {"Sí", "NO"},
      {"SÍ", "NO"},  {"si", "no"},      {"S", "N"}, {"Oui", "non"}, {"Ja", "Nein"}};
  for (const auto& pair : pairs) {
    for (const bool turned : {false, true}) {
      const auto labels = labels_of({pair[turned ? 1 : 0], pair[turned ? 0 : 1], pair[1]});
      ASSERT_TRUE(labels) << labels.error().message;
      EXPECT_EQ(labels->positive, pair[0]);
      EXPECT_EQ(labels->negative, pair[1]);
      EXPECT_EQ(labels->positives, 1);
    }
  }
}

TEST(Labels, do_not_guess_between_words_that_are_no_such_pair) {
  const std::vector<std::string> pairs[] = {{"si", "non"}, {"oui", "no"},  {"yes", "nein"},
                                            {"s", "no"},   {"yes", "Yes"}, {"a", "b"}};
  for (const auto& pair : pairs) {
    const auto labels = labels_of(pair);
    ASSERT_FALSE(labels) << pair[0];
    EXPECT_EQ(labels.error().message,
              "the target 'bought' holds '" + pair[0] + "', '" + pair[1] +
                  "': say which of them means that the offer is accepted (the positive value, "
                  "--positive)");
  }
}

}  // namespace
}  // namespace learn
