// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/text_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pmml/interpret/letter_case.h"

namespace pmml {
namespace {

using base::Result;

// Rounds of a recursive normalization before it counts as endless.
constexpr int kRounds = 1'000;
// Words of a term; a longer one is in no text that this scorer is made for.
constexpr std::size_t kTermWords = 1'000;

bool is_punctuation(char32_t c) {
  if (c < 0x80) {
    constexpr std::u32string_view kAscii = U"!\"#%&'()*,-./:;?@[\\]_{}";
    return kAscii.find(c) != std::u32string_view::npos;
  }
  // The punctuation of Latin-1, of the general block and of Chinese and Japanese text.
  constexpr std::u32string_view kLatin = U"\u00A1\u00A7\u00AB\u00B6\u00B7\u00BB\u00BF";
  if (c < 0x100) return kLatin.find(c) != std::u32string_view::npos;
  constexpr std::array<std::pair<char32_t, char32_t>, 12> kRanges = {{{0x2010, 0x2027},
                                                                      {0x2030, 0x2043},
                                                                      {0x2045, 0x2051},
                                                                      {0x2053, 0x205E},
                                                                      {0x3001, 0x3003},
                                                                      {0x3008, 0x3011},
                                                                      {0x3014, 0x301F},
                                                                      {0xFF01, 0xFF03},
                                                                      {0xFF05, 0xFF0A},
                                                                      {0xFF0C, 0xFF0F},
                                                                      {0xFF1A, 0xFF1B},
                                                                      {0xFF1F, 0xFF20}}};
  return std::ranges::any_of(kRanges, [&](const auto& r) { return c >= r.first && c <= r.second; });
}

// The word without the punctuation around it.
std::string_view trim_punctuation(std::string_view word) {
  const auto is_tail = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  const auto first_is = [&] {
    std::size_t length = 1;
    while (length < word.size() && is_tail(word[length])) ++length;
    const std::u32string c = code_points_of(word.substr(0, length));
    return c.size() == 1 && is_punctuation(c[0]) ? length : 0;
  };
  const auto last_is = [&] {
    std::size_t length = 1;
    while (length < word.size() && is_tail(word[word.size() - length])) ++length;
    const std::u32string c = code_points_of(word.substr(word.size() - length));
    return c.size() == 1 && is_punctuation(c[0]) ? length : 0;
  };
  while (!word.empty()) {
    const std::size_t length = first_is();
    if (length == 0) break;
    word.remove_prefix(length);
  }
  while (!word.empty()) {
    const std::size_t length = last_is();
    if (length == 0) break;
    word.remove_suffix(length);
  }
  return word;
}

// The words between separators; they borrow from the text.
std::vector<std::string_view> split(std::string_view text, const Regex& separator) {
  std::vector<std::string_view> words;
  const auto add = [&](std::size_t from, std::size_t to) {
    const std::string_view word = trim_punctuation(text.substr(from, to - from));
    if (!word.empty()) words.push_back(word);
  };
  std::size_t at = 0;
  for (const std::string_view gap : separator.all_in(text)) {
    const auto start = static_cast<std::size_t>(gap.data() - text.data());
    add(at, start);
    at = start + gap.size();
  }
  add(at, text.size());
  return words;
}

// Insertions, deletions and substitutions of characters that make one word of the other; more than
// `most`: nothing. Only the diagonal band that `most` can reach is computed.
std::optional<int> levenshtein(std::string_view a, std::string_view b, int most) {
  if (most == 0) return a == b ? std::optional(0) : std::nullopt;
  const std::u32string x = code_points_of(a);
  const std::u32string y = code_points_of(b);
  const auto n = static_cast<std::ptrdiff_t>(x.size());
  const auto m = static_cast<std::ptrdiff_t>(y.size());
  if (std::abs(n - m) > most) return std::nullopt;
  const int far = most + 1;
  std::vector<int> row(y.size() + 1, far);
  for (std::ptrdiff_t j = 0; j <= std::min<std::ptrdiff_t>(m, most); ++j)
    row[static_cast<std::size_t>(j)] = static_cast<int>(j);
  for (std::ptrdiff_t i = 1; i <= n; ++i) {
    const std::ptrdiff_t from = std::max<std::ptrdiff_t>(1, i - most);
    const std::ptrdiff_t to = std::min<std::ptrdiff_t>(m, i + most);
    int diagonal = row[static_cast<std::size_t>(from - 1)];
    row[static_cast<std::size_t>(from - 1)] =
        from == 1 ? static_cast<int>(std::min<std::ptrdiff_t>(i, far)) : far;
    for (std::ptrdiff_t j = from; j <= to; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const int above = j == i + most ? far : row[at];
      const bool same = x[static_cast<std::size_t>(i - 1)] == y[at - 1];
      const int best = std::min({diagonal + (same ? 0 : 1), above + 1, row[at - 1] + 1, far});
      diagonal = row[at];
      row[at] = best;
    }
  }
  const int distance = row[static_cast<std::size_t>(m)];
  return distance <= most ? std::optional(distance) : std::nullopt;
}

// The distance of the words from `at` on to those of a term: the sum over the words.
template <class Words>
std::optional<int> distance_at(const Words& words, std::size_t at,
                               const std::vector<std::string>& term, int most) {
  int sum = 0;
  for (std::size_t i = 0; i < term.size(); ++i) {
    const auto distance = levenshtein(words[at + i], term[i], most - sum);
    if (!distance) return std::nullopt;
    sum += *distance;
  }
  return sum;
}

Result<Regex> separator(const std::string& pattern) {
  TRY_ASSIGN(Regex regex, Regex::compile(pattern));
  if (regex.matches_nothing())
    return base::input_error("the word separator '" + pattern + "' matches the empty text");
  return regex;
}

std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string literal_replacement(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '$') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

TextIndexer::TextIndexer(const TextFrequency& index)
    : weights_(index.weights),
      case_sensitive_(index.case_sensitive),
      distance_(index.max_levenshtein_distance),
      best_hits_(index.count_hits == CountHits::kBestHits),
      tokenize_(index.tokenize) {}

Result<TextIndexer> TextIndexer::make(const TextFrequency& index) {
  TextIndexer indexer(index);
  if (!index.tokenize && index.max_levenshtein_distance > 0)
    return base::input_error("maxLevenshteinDistance is not defined where tokenize is false");
  if (!index.tokenize && index.weights == TermWeights::kAugmentedNormalizedTermFrequency)
    return base::input_error("augmentedNormalizedTermFrequency needs words; tokenize is false");
  TRY_ASSIGN(indexer.separator_, separator(index.word_separator));
  if (index.word) {
    TRY_ASSIGN(indexer.word_, Regex::compile(*index.word));
  }
  for (const TextIndexNormalization& normalization : index.normalizations) {
    TRY_ASSIGN(Normalization prepared, prepare(normalization, index));
    indexer.normalizations_.push_back(std::move(prepared));
  }
  return indexer;
}

Result<TextIndexer::Normalization> TextIndexer::prepare(const TextIndexNormalization& normalization,
                                                        const TextFrequency& index) {
  Normalization result;
  result.recursive = normalization.recursive;
  result.case_sensitive = normalization.case_sensitive.value_or(index.case_sensitive);
  result.distance = normalization.max_levenshtein_distance.value_or(index.max_levenshtein_distance);
  const bool tokenize = normalization.tokenize.value_or(index.tokenize);
  TRY_ASSIGN(result.separator,
             separator(normalization.word_separator.value_or(index.word_separator)));
  for (const auto& row : normalization.rows) {
    Row prepared;
    prepared.out = row.out;
    if (row.is_regex) {
      TRY_ASSIGN(prepared.regex, Regex::compile(row.in, !result.case_sensitive));
      TRY(prepared.regex->check_replacement(row.out));
    } else if (!tokenize) {
      if (result.distance > 0)
        return base::input_error("maxLevenshteinDistance is not defined where tokenize is false");
      TRY_ASSIGN(prepared.regex, Regex::compile(quoted(row.in), !result.case_sensitive));
      prepared.out = literal_replacement(row.out);
    } else {
      const std::string in = result.case_sensitive ? row.in : to_lower(row.in);
      for (const std::string_view word : split(in, *result.separator))
        prepared.words.emplace_back(word);
      if (prepared.words.empty() || prepared.words.size() > kTermWords)
        return base::input_error("a row of TextIndexNormalization has no word to look for");
    }
    result.rows.push_back(std::move(prepared));
  }
  return result;
}

std::optional<std::string> TextIndexer::apply(const Normalization& normalization,
                                              std::string text) {
  for (const Row& row : normalization.rows) {
    if (row.regex) {
      auto replaced = row.regex->replace_all(text, row.out);
      if (!replaced) return std::nullopt;
      text = *std::move(replaced);
      continue;
    }
    const std::vector<std::string_view> words = split(text, *normalization.separator);
    std::vector<std::string> folded;
    for (const std::string_view word : words)
      folded.push_back(normalization.case_sensitive ? std::string(word) : to_lower(word));
    std::string result;
    std::size_t copied = 0;
    for (std::size_t i = 0; i + row.words.size() <= words.size();) {
      if (!distance_at(folded, i, row.words, normalization.distance)) {
        ++i;
        continue;
      }
      const std::string_view last = words[i + row.words.size() - 1];
      const auto start = static_cast<std::size_t>(words[i].data() - text.data());
      result += text.substr(copied, start - copied) + row.out;
      copied = static_cast<std::size_t>(last.data() - text.data()) + last.size();
      i += row.words.size();
    }
    text = result + text.substr(copied);
    if (text.size() > kLongestText) return std::nullopt;
  }
  return text;
}

std::vector<std::string> TextIndexer::words_of(std::string_view text) const {
  std::vector<std::string> words;
  for (const std::string_view word : word_ ? word_->all_in(text) : split(text, *separator_))
    words.push_back(case_sensitive_ ? std::string(word) : to_lower(word));
  return words;
}

std::optional<IndexedText> TextIndexer::index(std::string_view text) const {
  IndexedText result;
  if (text.size() > kLongestText) return std::nullopt;
  result.text = std::string(text);
  for (const Normalization& normalization : normalizations_) {
    bool settled = false;
    for (int round = 0; !settled; ++round) {
      if (round == kRounds) return std::nullopt;
      auto changed = apply(normalization, result.text);
      if (!changed) return std::nullopt;
      settled = !normalization.recursive || *changed == result.text;
      result.text = *std::move(changed);
    }
  }
  if (!tokenize_) {
    if (!case_sensitive_) result.text = to_lower(result.text);
    return result;
  }
  result.words = words_of(result.text);
  for (std::size_t i = 0; i < result.words.size(); ++i) {
    auto& places = result.places[result.words[i]];
    places.push_back(i);
    result.most_frequent = std::max(result.most_frequent, places.size());
  }
  return result;
}

std::size_t TextIndexer::hits(const IndexedText& text, std::string_view term) const {
  std::size_t count = 0;
  if (!tokenize_) {
    const std::string wanted = case_sensitive_ ? std::string(term) : to_lower(term);
    if (wanted.empty()) return 0;
    for (std::size_t at = text.text.find(wanted); at != std::string::npos;
         at = text.text.find(wanted, at + wanted.size()))
      ++count;
    return count;
  }
  const std::vector<std::string> wanted = words_of(term);
  if (wanted.empty() || wanted.size() > std::min(text.words.size(), kTermWords)) return 0;
  const std::size_t last = text.words.size() - wanted.size();
  if (distance_ == 0) {
    const auto places = text.places.find(wanted[0]);
    if (places == text.places.end()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(places->second, [&](std::size_t at) {
      return at <= last && distance_at(text.words, at, wanted, 0);
    }));
  }
  int best = std::numeric_limits<int>::max();
  for (std::size_t at = 0; at <= last; ++at) {
    const auto distance = distance_at(text.words, at, wanted, distance_);
    if (!distance) continue;
    if (best_hits_ && *distance < best) {
      best = *distance;
      count = 0;
    }
    if (!best_hits_ || *distance == best) ++count;
  }
  return count;
}

double TextIndexer::weight(const IndexedText& text, std::string_view term) const {
  const std::size_t count = hits(text, term);
  const auto frequency = static_cast<double>(count);
  switch (weights_) {
    case TermWeights::kTermFrequency:
      return frequency;
    case TermWeights::kBinary:
      return count > 0 ? 1 : 0;
    case TermWeights::kLogarithmic:
      return std::log10(1 + frequency);
    case TermWeights::kAugmentedNormalizedTermFrequency:
      if (count == 0) return 0;
      return 0.5 * (1 + frequency / static_cast<double>(std::max(text.most_frequent, count)));
  }
  return frequency;
}

}  // namespace pmml
