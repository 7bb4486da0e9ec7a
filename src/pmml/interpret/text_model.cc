// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "pmml/detail/text_weights.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// The words of a text: what stands between blanks, without punctuation around it, in small letters
// (a to z). So TextIndex takes a text apart unless told otherwise.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t\r\n\f\v", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\f\v", at), text.size());
    std::string_view word = text.substr(at, end - at);
    at = end;
    while (!word.empty() && is_punctuation(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_punctuation(word.back())) word.remove_suffix(1);
    if (word.empty()) continue;
    words.emplace_back(word);
    for (char& c : words.back()) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return words;
}

// How often each term stands in the text; a term of several words where they follow each other.
std::vector<double> count_terms(const std::vector<std::string>& terms, std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  std::unordered_map<std::string_view, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < words.size(); ++i) places[words[i]].push_back(i);
  std::vector<double> counts(terms.size());
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const std::vector<std::string> term = words_of(terms[t]);
    const auto found = term.empty() ? places.end() : places.find(term[0]);
    if (found == places.end()) continue;
    counts[t] = static_cast<double>(std::ranges::count_if(found->second, [&](std::size_t place) {
      return term.size() <= words.size() - place &&
             std::equal(term.begin(), term.end(),
                        words.begin() + static_cast<std::ptrdiff_t>(place));
    }));
  }
  return counts;
}

// The row's counts; nothing where the text, or the count of a term, is missing.
std::optional<std::vector<double>> counts_of_row(const TextModel& text, Scope& scope) {
  if (!text.text_field.empty()) {
    const Value& value = scope.lookup(text.text_field);
    if (value.missing) return std::nullopt;
    return count_terms(text.terms, value.text);
  }
  std::vector<double> counts;
  counts.reserve(text.terms.size());
  for (const std::string& term : text.terms) {
    const Value& value = scope.lookup(term);
    if (value.missing) return std::nullopt;
    if (!(value.number >= 0)) {
      scope.fail("field '" + term + "' counts a term and is below 0");
      return std::nullopt;
    }
    counts.push_back(value.number);
  }
  return counts;
}

double length_of(std::span<const double> vector) {
  return std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
}

// Of a document without terms it is 0, as if it had nothing in common with any text.
double cosine(std::span<const double> text, std::span<const double> document) {
  const double lengths = length_of(text) * length_of(document);
  const double product = std::inner_product(text.begin(), text.end(), document.begin(), 0.0);
  return lengths > 0 ? product / lengths : 0;
}

// What the text is, of which this document is the nearest.
const std::string& answer_by(const TextModel& text, const Entity& nearest) {
  if (text.labels.empty()) return nearest.id;
  const auto found = std::ranges::find(text.documents, nearest.id, &TextModel::TextDocument::id);
  return text.labels[static_cast<std::size_t>(found - text.documents.begin())];
}

double euclidean(std::span<const double> text, std::span<const double> document) {
  double squares = 0;
  for (std::size_t t = 0; t < text.size(); ++t) {
    const double difference = text[t] - document[t];
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

}  // namespace

// The documents of the corpus, the most similar first; of equals the first in the document.
Outcome evaluate_body(const TextModel& text, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const auto counts = counts_of_row(text, scope);
  if (!counts) return outcome;
  const std::vector<double> terms = detail::weighted_terms(text, *counts);
  const bool by_cosine = text.similarity == TextSimilarity::kCosine;
  // A text without a term of the dictionary points nowhere.
  if (by_cosine && length_of(terms) == 0) return outcome;
  const std::span<const double> weighted = text.weighted.values;
  for (std::size_t d = 0; d < text.documents.size(); ++d) {
    const auto document = weighted.subspan(d * terms.size(), terms.size());
    outcome.entities.push_back(
        {.id = text.documents[d].id,
         // A label is its own text for people.
         .name = text.labels.empty() ? text.documents[d].name : std::nullopt,
         .affinity = by_cosine ? cosine(terms, document) : euclidean(terms, document)});
  }
  std::ranges::stable_sort(outcome.entities, [&](const Entity& a, const Entity& b) {
    return by_cosine ? *a.affinity > *b.affinity : *a.affinity < *b.affinity;
  });
  outcome.category = answer_by(text, outcome.entities[0]);
  outcome.entity = outcome.entities[0].id;
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml
