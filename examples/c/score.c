/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a model, prints what it takes and gives, scores one row and a few as columns. */
#include <provecho/pmml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_model(const provecho_pmml_model* model) {
  for (size_t i = 0; i < provecho_pmml_input_count(model); ++i) {
    printf("input %s: %s, %zu categories\n", provecho_pmml_input_name(model, i),
           provecho_pmml_input_type(model, i), provecho_pmml_input_category_count(model, i));
  }
  for (size_t i = 0; i < provecho_pmml_output_count(model); ++i) {
    printf("output %s: %s\n", provecho_pmml_output_name(model, i),
           provecho_pmml_output_type(model, i));
  }
}

static int score_row(const provecho_pmml_model* model, provecho_pmml_scorer* scorer) {
  const char* const texts[][2] = {{"age", "41"}, {"city", "Quito"}};
  const size_t inputs = provecho_pmml_input_count(model);
  double* row = malloc(inputs * sizeof *row);
  if (row == NULL) return 1;
  for (size_t i = 0; i < inputs; ++i) row[i] = provecho_pmml_missing();
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
    const ptrdiff_t input = provecho_pmml_input_index(model, texts[i][0]);
    if (input < 0) continue;
    row[input] = provecho_pmml_encode(scorer, (size_t)input, texts[i][1], strlen(texts[i][1]));
  }
  const int status = provecho_pmml_score(scorer, row);
  free(row);
  if (status != PROVECHO_PMML_OK) return 1;
  for (size_t i = 0; i < provecho_pmml_output_count(model); ++i) {
    printf("%s = %s\n", provecho_pmml_output_name(model, i), provecho_pmml_output_text(scorer, i));
  }
  return 0;
}

static int score_columns(const provecho_pmml_model* model, provecho_pmml_scorer* scorer) {
  const double ages[] = {20, 40, 60}, cities[] = {0, 1, 2}, visits[] = {5, 0, 1};
  const double* const columns[] = {ages, cities, visits};
  double probabilities[3];
  const ptrdiff_t yes = provecho_pmml_category_index(model, "yes");
  if (yes < 0 || provecho_pmml_input_count(model) != 3) return 1;
  const int status = provecho_pmml_score_columns(scorer, columns, 3, PROVECHO_PMML_PROBABILITY,
                                                 (size_t)yes, probabilities);
  if (status != PROVECHO_PMML_OK) return 1;
  printf("P(yes) = %.6f %.6f %.6f\n", probabilities[0], probabilities[1], probabilities[2]);
  return 0;
}

int main(int argc, char** argv) {
  char error[512] = "";
  if (argc != 2) {
    fprintf(stderr, "usage: score_c MODEL.pmml\n");
    return 2;
  }
  provecho_pmml_model* model = provecho_pmml_load_file(argv[1], error, sizeof error);
  if (model == NULL) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  provecho_pmml_scorer* scorer = provecho_pmml_scorer_new(model);
  int failed = scorer == NULL;
  if (!failed) {
    print_model(model);
    failed = score_row(model, scorer) || score_columns(model, scorer);
  }
  provecho_pmml_scorer_free(scorer);
  provecho_pmml_model_free(model);
  return failed;
}
