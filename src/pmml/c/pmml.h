/* SPDX-License-Identifier: Apache-2.0
 *
 * Scoring PMML models, for C and whatever speaks C.  Installed as <provecho/pmml.h>.
 *
 *   char error[512];
 *   provecho_pmml_model* model = provecho_pmml_load_file("model.pmml", error, sizeof error);
 *   provecho_pmml_scorer* scorer = provecho_pmml_scorer_new(model);    // one per thread
 *   double* row = ...;                             // provecho_pmml_input_count(model) cells
 *   ptrdiff_t age = provecho_pmml_input_index(model, "age");
 *   row[age] = provecho_pmml_encode(scorer, age, "41", 2);
 *   if (provecho_pmml_score(scorer, row) == PROVECHO_PMML_OK)
 *     use(provecho_pmml_prediction(scorer));
 *   provecho_pmml_scorer_free(scorer);
 *   provecho_pmml_model_free(model);
 *
 * Threads: a model is immutable; any number of threads may use it at once.  A scorer belongs to one
 * thread at a time; it keeps its model alive, so the two may be freed in either order.
 *
 * Pointers: texts that a function returns live as long as the model or scorer they come from, or,
 * where it says so, until the next call that scores.  All texts are UTF-8 and end in a zero byte.
 *
 * Errors: no function throws, prints or exits.  A handle or pointer that must not be null and is,
 * an index out of range: the function does nothing and answers PROVECHO_PMML_MISUSE, -1, 0, NaN or
 * NULL.
 *
 * Stability: within one PROVECHO_PMML_API_VERSION, functions and enumerators are only added.
 */
#ifndef PROVECHO_PMML_H
#define PROVECHO_PMML_H

#include <stddef.h>

#define PROVECHO_PMML_API_VERSION 1

#if defined(__GNUC__)
#define PROVECHO_PMML_API __attribute__((visibility("default")))
#else
#define PROVECHO_PMML_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct provecho_pmml_model provecho_pmml_model;
typedef struct provecho_pmml_scorer provecho_pmml_scorer;

/* What a row comes to. */
enum {
  PROVECHO_PMML_OK = 0,
  PROVECHO_PMML_NO_RESULT = 1, /* A value that the model needs is missing. */
  PROVECHO_PMML_REFUSED = 2,   /* The model refuses a value of the row. */
  PROVECHO_PMML_MISUSE = -1,   /* A null handle or pointer, an index out of range. */
  PROVECHO_PMML_NO_MEMORY = -2
};

/* How a cell of a row holds a value of an input. */
enum {
  PROVECHO_PMML_NUMBER = 0, /* The number itself. */
  PROVECHO_PMML_INDEX = 1   /* The index of its text among provecho_pmml_input_category(). */
};

/* Which figure provecho_pmml_score_columns() writes. */
enum {
  PROVECHO_PMML_PREDICTION = 0,  /* The predicted number. */
  PROVECHO_PMML_CATEGORY = 1,    /* The index of the predicted category. */
  PROVECHO_PMML_PROBABILITY = 2, /* Of the category with the given index. */
  PROVECHO_PMML_OUTPUT = 3       /* The output with the given index. */
};

/* Of the library, "0.1.0"; of its interface, PROVECHO_PMML_API_VERSION when it was built. */
PROVECHO_PMML_API const char* provecho_pmml_version(void);
PROVECHO_PMML_API int provecho_pmml_api_version(void);

/* A model from a file or from memory: read, checked, its verification records reproduced.  NULL
 * where it is refused; `error` (which may be NULL) then says what is wrong, where, and what would
 * be right, cut to `error_size` bytes with the zero. */
PROVECHO_PMML_API provecho_pmml_model* provecho_pmml_load_file(const char* path, char* error,
                                                               size_t error_size);
PROVECHO_PMML_API provecho_pmml_model* provecho_pmml_load(const void* bytes, size_t size,
                                                          char* error, size_t error_size);
PROVECHO_PMML_API void provecho_pmml_model_free(provecho_pmml_model* model);

/* 1 where rows are scored by the compiled form, 0 by the interpreter. */
PROVECHO_PMML_API int provecho_pmml_is_compiled(const provecho_pmml_model* model);

/* The inputs: a row has one cell for each, in this order. */
PROVECHO_PMML_API size_t provecho_pmml_input_count(const provecho_pmml_model* model);
PROVECHO_PMML_API const char* provecho_pmml_input_name(const provecho_pmml_model* model,
                                                       size_t input);
/* The dataType of the DataDictionary: "double", "string", ... */
PROVECHO_PMML_API const char* provecho_pmml_input_type(const provecho_pmml_model* model,
                                                       size_t input);
PROVECHO_PMML_API int provecho_pmml_input_encoding(const provecho_pmml_model* model, size_t input);
/* -1 where no input has the name. */
PROVECHO_PMML_API ptrdiff_t provecho_pmml_input_index(const provecho_pmml_model* model,
                                                      const char* name);
PROVECHO_PMML_API size_t provecho_pmml_input_category_count(const provecho_pmml_model* model,
                                                            size_t input);
PROVECHO_PMML_API const char* provecho_pmml_input_category(const provecho_pmml_model* model,
                                                           size_t input, size_t category);

/* What is predicted: the target's name, "" where the model names none; the categories of a
 * classification, none for a regression. */
PROVECHO_PMML_API const char* provecho_pmml_target_name(const provecho_pmml_model* model);
PROVECHO_PMML_API size_t provecho_pmml_category_count(const provecho_pmml_model* model);
PROVECHO_PMML_API const char* provecho_pmml_category_name(const provecho_pmml_model* model,
                                                          size_t category);
PROVECHO_PMML_API ptrdiff_t provecho_pmml_category_index(const provecho_pmml_model* model,
                                                         const char* name);

/* The outputs that the model declares. */
PROVECHO_PMML_API size_t provecho_pmml_output_count(const provecho_pmml_model* model);
PROVECHO_PMML_API const char* provecho_pmml_output_name(const provecho_pmml_model* model,
                                                        size_t output);
PROVECHO_PMML_API const char* provecho_pmml_output_type(const provecho_pmml_model* model,
                                                        size_t output);
PROVECHO_PMML_API ptrdiff_t provecho_pmml_output_index(const provecho_pmml_model* model,
                                                       const char* name);

/* The memory that scoring needs, for one thread.  NULL without memory. */
PROVECHO_PMML_API provecho_pmml_scorer* provecho_pmml_scorer_new(const provecho_pmml_model* model);
PROVECHO_PMML_API void provecho_pmml_scorer_free(provecho_pmml_scorer* scorer);

/* The cell of a missing value: a NaN. */
PROVECHO_PMML_API double provecho_pmml_missing(void);
/* The cell for a text of `size` bytes: a number for "41", an index for "Lima", missing for an empty
 * text, special NaNs for a text that is no value of the field.  Texts that the model does not list
 * are kept by the scorer until it is freed. */
PROVECHO_PMML_API double provecho_pmml_encode(provecho_pmml_scorer* scorer, size_t input,
                                              const char* text, size_t size);

/* Scores a row of provecho_pmml_input_count() cells; what it came to.  The results below are of the
 * row scored last. */
PROVECHO_PMML_API int provecho_pmml_score(provecho_pmml_scorer* scorer, const double* row);
/* NaN for a classification and where there is no result. */
PROVECHO_PMML_API double provecho_pmml_prediction(const provecho_pmml_scorer* scorer);
/* -1 for a regression and where there is no result. */
PROVECHO_PMML_API ptrdiff_t provecho_pmml_category(const provecho_pmml_scorer* scorer);
PROVECHO_PMML_API double provecho_pmml_probability(const provecho_pmml_scorer* scorer,
                                                   size_t category);
/* Numbers; booleans as 0 and 1; NaN for a text and where there is none. */
PROVECHO_PMML_API double provecho_pmml_output(const provecho_pmml_scorer* scorer, size_t output);
/* Any output as text, "" where there is none; valid until the next call of this function or of one
 * that scores. */
PROVECHO_PMML_API const char* provecho_pmml_output_text(provecho_pmml_scorer* scorer,
                                                        size_t output);

/* Scores `rows` rows given as one column for each input: columns[i][r].  out[r] is the figure of
 * row r (`index` as the figure needs it), NaN where the row has none.  PROVECHO_PMML_OK, or why
 * nothing was scored. */
PROVECHO_PMML_API int provecho_pmml_score_columns(provecho_pmml_scorer* scorer,
                                                  const double* const* columns, size_t rows,
                                                  int figure, size_t index, double* out);

#ifdef __cplusplus
}
#endif

#endif /* PROVECHO_PMML_H */
