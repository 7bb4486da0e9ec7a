// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "pmml/detail/text_names.h"
#include "pmml/detail/text_weights.h"
#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

std::vector<std::string> read_texts(const Element& element) {
  std::vector<std::string> texts;
  for (const Element& child : element.children()) {
    if (child.is("Array")) {
      texts = read_array(child);
    } else {
      child.refuse_here();
    }
  }
  return texts;
}

std::vector<std::string> read_terms(const Element& dictionary) {
  std::vector<std::string> terms = read_texts(dictionary);
  const std::unordered_set<std::string> distinct(terms.begin(), terms.end());
  if (distinct.size() != terms.size()) dictionary.refuse("a term is listed twice");
  if (distinct.contains("")) dictionary.refuse("a term is empty");
  return terms;
}

std::vector<TextModel::TextDocument> read_corpus(const Element& corpus) {
  std::vector<TextModel::TextDocument> documents;
  std::unordered_set<std::string> ids;
  for (const Element& child : corpus.children()) {
    if (!child.is("TextDocument")) {
      child.refuse_here();
      continue;
    }
    child.only({"id", "name", "length", "file"});
    documents.push_back({.id = child.required("id"),
                         .name = child.find("name"),
                         .length = child.find_number("length"),
                         .file = child.find("file")});
    if (!ids.insert(documents.back().id).second) child.refuse("its id is given twice");
  }
  return documents;
}

// Refused before memory is taken for a size that the dictionary and the corpus do not have.
Matrix read_counts(const Element& element, std::size_t documents, std::size_t terms) {
  const std::string size = std::to_string(documents) + " rows (documents) and " +
                           std::to_string(terms) + " columns (terms)";
  for (const Element& child : element.children()) {
    if (!child.is("Matrix")) {
      child.refuse_here();
      continue;
    }
    const auto rows = static_cast<double>(documents);
    const auto columns = static_cast<double>(terms);
    if (child.number("nbRows", rows) != rows || child.number("nbCols", columns) != columns) {
      child.refuse("a Matrix of " + size + " is needed");
      return {};
    }
    Matrix matrix = read_matrix(child);
    if (matrix.rows != documents || matrix.columns != terms)
      child.refuse("a Matrix of " + size + " is needed");
    if (std::ranges::any_of(matrix.values, [](double count) { return !(count >= 0); }))
      child.refuse("a count is below 0");
    return matrix;
  }
  element.refuse("a Matrix is needed");
  return {};
}

void read_normalization(const Element& element, TextModel& text) {
  element.only({"localTermWeights", "globalTermWeights", "documentNormalization"});
  text.local = element.choice("localTermWeights", kLocalTermWeights, text.local);
  text.global = element.choice("globalTermWeights", kGlobalTermWeights, text.global);
  const std::string normalization = element.find("documentNormalization").value_or("none");
  text.normalized = normalization == "cosine";
  if (!text.normalized && normalization != "none")
    element.refuse("documentNormalization is '" + normalization + "': expected none or cosine");
}

// A row is a text where the schema has one active field that is no term, and otherwise the counts
// of the terms.
void find_text(const Element& element, const Model& model, TextModel& text) {
  std::vector<std::string> active;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kActive) active.push_back(field.name);
  }
  const bool counts = std::ranges::all_of(text.terms, [&](const std::string& term) {
    return std::ranges::find(active, term) != active.end();
  });
  if (counts && !text.terms.empty()) return;
  if (active.size() == 1) {
    text.text_field = active[0];
  } else {
    element.refuse(
        "the MiningSchema needs one active field, the text, or one for each term, its count");
  }
}

}  // namespace

void read_text_model(const Element& element, Model& model, int) {
  only_model(element, {"numberOfTerms", "numberOfDocuments"},
             {"TextDictionary", "TextCorpus", "DocumentTermMatrix", "TextModelNormalization",
              kSimilarity, kSimilarityRespelled, kClassLabels});
  TextModel text;
  bool compares = false;
  const Element* counts = nullptr;
  const auto children = element.children();
  for (const Element& child : children) {
    if (child.is("TextDictionary")) {
      text.terms = read_terms(child);
    } else if (child.is("TextCorpus")) {
      text.documents = read_corpus(child);
    } else if (child.is("DocumentTermMatrix")) {
      counts = &child;
    } else if (child.is("TextModelNormalization")) {
      read_normalization(child, text);
    } else if (child.is(kSimilarity) || child.is(kSimilarityRespelled)) {
      child.only({"similarityType"});
      compares = child.find("similarityType").has_value();
      text.similarity = child.choice("similarityType", kTextSimilarities, TextSimilarity::kCosine);
    } else if (child.is(kClassLabels)) {
      child.only({});
      text.labels = read_texts(child);
      if (text.labels.empty()) child.refuse("an Array of labels is needed, one for each document");
    }
  }
  const auto terms = static_cast<double>(text.terms.size());
  const auto documents = static_cast<double>(text.documents.size());
  if (element.number("numberOfTerms", terms) != terms)
    element.refuse("numberOfTerms differs from the number of terms");
  if (element.number("numberOfDocuments", documents) != documents)
    element.refuse("numberOfDocuments differs from the number of TextDocuments");
  if (!compares)
    element.refuse(
        "a TextModelSimiliarity with its similarityType, cosine or euclidean, is needed");
  if (counts == nullptr) {
    element.refuse("a DocumentTermMatrix is needed");
  } else {
    text.counts = read_counts(*counts, text.documents.size(), text.terms.size());
  }
  find_text(element, model, text);
  if (!element.source().error()) weigh(text);
  model.body = std::move(text);
}

}  // namespace pmml::detail
