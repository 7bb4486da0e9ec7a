// SPDX-License-Identifier: Apache-2.0
#include "pmml/c/pmml.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "pmml/detail/names.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"

#ifndef PROVECHO_VERSION
#error "PROVECHO_VERSION is the product's version, as text"
#endif

namespace {

struct Loaded {
  explicit Loaded(pmml::Scorer its_scorer) : scorer(std::move(its_scorer)) {}
  pmml::Scorer scorer;
};

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void tell(const std::string& message, char* error, size_t size) {
  if (error == nullptr || size == 0) return;
  const size_t kept = std::min(message.size(), size - 1);
  std::memcpy(error, message.data(), kept);
  error[kept] = '\0';
}

// Names without their end would be read beyond it: the tables of the standard's words are literals.
const char* type_name(pmml::DataType type) {
  return pmml::detail::name_of(pmml::detail::kDataTypes, type).data();
}

}  // namespace

// Shared: whoever frees last, model or scorer, frees what was loaded.
struct provecho_pmml_model {
  std::shared_ptr<const Loaded> loaded;
};

struct provecho_pmml_scorer {
  explicit provecho_pmml_scorer(const provecho_pmml_model& model)
      : loaded(model.loaded), workspace(loaded->scorer) {}

  std::shared_ptr<const Loaded> loaded;
  pmml::Workspace workspace;
  pmml::Prediction last;
  bool scored = false;  // An output has a text only then.
  std::string text;
};

namespace {

provecho_pmml_model* make(base::Result<std::string> text, const std::string& source, char* error,
                          size_t size) {
  const auto refuse = [&](const base::Error& why) {
    tell(source + why.message, error, size);
    return nullptr;
  };
  if (!text) return tell(text.error().message, error, size), nullptr;
  const base::Result<pmml::Document> document = pmml::read(*text);
  if (!document) return refuse(document.error());
  base::Result<pmml::Scorer> scorer = pmml::Scorer::compile(*document);
  if (!scorer) return refuse(scorer.error());
  return new provecho_pmml_model{std::make_shared<const Loaded>(*std::move(scorer))};
}

// No exception crosses: what the standard library throws becomes `otherwise`.
template <class Answer, class Work>
Answer guarded(Answer otherwise, const Work& work) noexcept {
  try {
    return work();
  } catch (...) {
    return otherwise;
  }
}

template <class Work>
provecho_pmml_model* guarded_load(char* error, size_t size, const Work& work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    if (error != nullptr && size > 0) std::strncpy(error, "out of memory", size)[size - 1] = '\0';
  } catch (const std::exception& exception) {
    if (error != nullptr && size > 0) std::strncpy(error, exception.what(), size)[size - 1] = '\0';
  }
  return nullptr;
}

const pmml::Scorer* scorer_of(const provecho_pmml_model* model) {
  return model == nullptr ? nullptr : &model->loaded->scorer;
}

const pmml::InputField* input_of(const provecho_pmml_model* model, size_t input) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr || input >= scorer->inputs().size() ? nullptr : &scorer->inputs()[input];
}

const pmml::OutputInfo* output_of(const provecho_pmml_model* model, size_t output) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr || output >= scorer->outputs().size() ? nullptr
                                                                 : &scorer->outputs()[output];
}

ptrdiff_t index_or_none(std::optional<size_t> index) {
  return index ? static_cast<ptrdiff_t>(*index) : -1;
}

bool known_figure(const pmml::Scorer& scorer, int figure, size_t index) {
  switch (figure) {
    case PROVECHO_PMML_PREDICTION:
    case PROVECHO_PMML_CATEGORY:
      return true;
    case PROVECHO_PMML_PROBABILITY:
      return index < scorer.target_categories().size();
    case PROVECHO_PMML_OUTPUT:
      return index < scorer.outputs().size();
    default:
      return false;
  }
}

int answer_of(pmml::Status status) {
  switch (status) {
    case pmml::Status::kOk:
      return PROVECHO_PMML_OK;
    case pmml::Status::kNoResult:
      return PROVECHO_PMML_NO_RESULT;
    case pmml::Status::kRefused:
      return PROVECHO_PMML_REFUSED;
  }
  return PROVECHO_PMML_MISUSE;
}

}  // namespace

const char* provecho_pmml_version(void) { return PROVECHO_VERSION; }
int provecho_pmml_api_version(void) { return PROVECHO_PMML_API_VERSION; }

provecho_pmml_model* provecho_pmml_load_file(const char* path, char* error, size_t error_size) {
  if (path == nullptr) return nullptr;
  return guarded_load(error, error_size, [&] {
    return make(base::read_file(path), std::string(path) + ": ", error, error_size);
  });
}

provecho_pmml_model* provecho_pmml_load(const void* bytes, size_t size, char* error,
                                        size_t error_size) {
  if (bytes == nullptr) return nullptr;
  return guarded_load(error, error_size, [&] {
    return make(std::string(static_cast<const char*>(bytes), size), "", error, error_size);
  });
}

void provecho_pmml_model_free(provecho_pmml_model* model) { delete model; }

int provecho_pmml_is_compiled(const provecho_pmml_model* model) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer != nullptr && scorer->compiled() ? 1 : 0;
}

size_t provecho_pmml_input_count(const provecho_pmml_model* model) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr ? 0 : scorer->inputs().size();
}

const char* provecho_pmml_input_name(const provecho_pmml_model* model, size_t input) {
  const pmml::InputField* field = input_of(model, input);
  return field == nullptr ? nullptr : field->name.c_str();
}

const char* provecho_pmml_input_type(const provecho_pmml_model* model, size_t input) {
  const pmml::InputField* field = input_of(model, input);
  return field == nullptr ? nullptr : type_name(field->type);
}

int provecho_pmml_input_encoding(const provecho_pmml_model* model, size_t input) {
  const pmml::InputField* field = input_of(model, input);
  if (field == nullptr) return PROVECHO_PMML_MISUSE;
  return field->encoding == pmml::Encoding::kNumber ? PROVECHO_PMML_NUMBER : PROVECHO_PMML_INDEX;
}

ptrdiff_t provecho_pmml_input_index(const provecho_pmml_model* model, const char* name) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr || name == nullptr ? -1 : index_or_none(scorer->input(name));
}

size_t provecho_pmml_input_category_count(const provecho_pmml_model* model, size_t input) {
  const pmml::InputField* field = input_of(model, input);
  return field == nullptr ? 0 : field->categories.size();
}

const char* provecho_pmml_input_category(const provecho_pmml_model* model, size_t input,
                                         size_t category) {
  const pmml::InputField* field = input_of(model, input);
  if (field == nullptr || category >= field->categories.size()) return nullptr;
  return field->categories[category].c_str();
}

const char* provecho_pmml_target_name(const provecho_pmml_model* model) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr ? nullptr : scorer->target_name().c_str();
}

size_t provecho_pmml_category_count(const provecho_pmml_model* model) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr ? 0 : scorer->target_categories().size();
}

const char* provecho_pmml_category_name(const provecho_pmml_model* model, size_t category) {
  if (category >= provecho_pmml_category_count(model)) return nullptr;
  return scorer_of(model)->target_categories()[category].c_str();
}

ptrdiff_t provecho_pmml_category_index(const provecho_pmml_model* model, const char* name) {
  const pmml::Scorer* scorer = scorer_of(model);
  if (scorer == nullptr || name == nullptr) return -1;
  return guarded(ptrdiff_t{-1}, [&] { return index_or_none(scorer->target_category(name)); });
}

size_t provecho_pmml_output_count(const provecho_pmml_model* model) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr ? 0 : scorer->outputs().size();
}

const char* provecho_pmml_output_name(const provecho_pmml_model* model, size_t output) {
  const pmml::OutputInfo* info = output_of(model, output);
  return info == nullptr ? nullptr : info->name.c_str();
}

const char* provecho_pmml_output_type(const provecho_pmml_model* model, size_t output) {
  const pmml::OutputInfo* info = output_of(model, output);
  return info == nullptr ? nullptr : type_name(info->type);
}

ptrdiff_t provecho_pmml_output_index(const provecho_pmml_model* model, const char* name) {
  const pmml::Scorer* scorer = scorer_of(model);
  return scorer == nullptr || name == nullptr ? -1 : index_or_none(scorer->output(name));
}

provecho_pmml_scorer* provecho_pmml_scorer_new(const provecho_pmml_model* model) {
  if (model == nullptr) return nullptr;
  return guarded<provecho_pmml_scorer*>(nullptr, [&] { return new provecho_pmml_scorer(*model); });
}

void provecho_pmml_scorer_free(provecho_pmml_scorer* scorer) { delete scorer; }

double provecho_pmml_missing(void) { return pmml::kMissing; }

double provecho_pmml_encode(provecho_pmml_scorer* scorer, size_t input, const char* text,
                            size_t size) {
  if (scorer == nullptr || text == nullptr) return kNone;
  const pmml::Scorer& model = scorer->loaded->scorer;
  if (input >= model.inputs().size()) return kNone;
  return guarded(kNone, [&] { return model.encode(input, {text, size}, scorer->workspace); });
}

int provecho_pmml_score(provecho_pmml_scorer* scorer, const double* row) {
  if (scorer == nullptr || row == nullptr) return PROVECHO_PMML_MISUSE;
  scorer->scored = false;
  scorer->last = {};
  return guarded(int{PROVECHO_PMML_NO_MEMORY}, [&] {
    const pmml::Scorer& model = scorer->loaded->scorer;
    scorer->last = model.score({row, model.inputs().size()}, scorer->workspace);
    scorer->scored = true;
    return answer_of(scorer->last.status);
  });
}

double provecho_pmml_prediction(const provecho_pmml_scorer* scorer) {
  return scorer == nullptr || scorer->last.status != pmml::Status::kOk ? kNone
                                                                       : scorer->last.number;
}

ptrdiff_t provecho_pmml_category(const provecho_pmml_scorer* scorer) {
  const bool none = scorer == nullptr || scorer->last.status != pmml::Status::kOk ||
                    scorer->last.category == pmml::kNoCategory;
  return none ? -1 : static_cast<ptrdiff_t>(scorer->last.category);
}

double provecho_pmml_probability(const provecho_pmml_scorer* scorer, size_t category) {
  const bool none = scorer == nullptr || scorer->last.status != pmml::Status::kOk ||
                    category >= scorer->last.probabilities.size();
  return none ? kNone : scorer->last.probabilities[category];
}

double provecho_pmml_output(const provecho_pmml_scorer* scorer, size_t output) {
  const bool none = scorer == nullptr || scorer->last.status == pmml::Status::kRefused ||
                    output >= scorer->last.outputs.size();
  return none ? kNone : scorer->last.outputs[output];
}

const char* provecho_pmml_output_text(provecho_pmml_scorer* scorer, size_t output) {
  if (scorer == nullptr || output >= scorer->loaded->scorer.outputs().size()) return nullptr;
  if (!scorer->scored || scorer->last.status == pmml::Status::kRefused) return "";
  return guarded<const char*>(nullptr, [&] {
    scorer->text = scorer->loaded->scorer.output_text(output, scorer->workspace);
    return scorer->text.c_str();
  });
}

int provecho_pmml_score_columns(provecho_pmml_scorer* scorer, const double* const* columns,
                                size_t rows, int figure, size_t index, double* out) {
  if (scorer == nullptr || columns == nullptr || out == nullptr) return PROVECHO_PMML_MISUSE;
  const pmml::Scorer& model = scorer->loaded->scorer;
  if (!known_figure(model, figure, index)) return PROVECHO_PMML_MISUSE;
  const size_t inputs = model.inputs().size();
  if (std::any_of(columns, columns + inputs, [](const double* c) { return c == nullptr; })) {
    return PROVECHO_PMML_MISUSE;
  }
  scorer->scored = false;
  scorer->last = {};
  return guarded(int{PROVECHO_PMML_NO_MEMORY}, [&] {
    std::vector<std::span<const double>> spans;
    spans.reserve(inputs);
    for (size_t i = 0; i < inputs; ++i) spans.emplace_back(columns[i], rows);
    const pmml::Wanted wanted{.figure = static_cast<pmml::Wanted::Figure>(figure), .index = index};
    model.score_columns(spans, wanted, scorer->workspace, {out, rows});
    return int{PROVECHO_PMML_OK};
  });
}

// The figures of both interfaces are numbered alike.
static_assert(static_cast<int>(pmml::Wanted::Figure::kNumber) == PROVECHO_PMML_PREDICTION);
static_assert(static_cast<int>(pmml::Wanted::Figure::kCategory) == PROVECHO_PMML_CATEGORY);
static_assert(static_cast<int>(pmml::Wanted::Figure::kProbability) == PROVECHO_PMML_PROBABILITY);
static_assert(static_cast<int>(pmml::Wanted::Figure::kOutput) == PROVECHO_PMML_OUTPUT);
