// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pmml {
namespace {

using base::Result;

// Bytes that a compiled pattern may take; a pattern that needs more is refused.
constexpr std::int64_t kMemory = 1 << 21;

base::Error refuse(std::string_view pattern, const std::string& why) {
  return base::input_error("the regular expression '" + std::string(pattern) + "' " + why);
}

// \p{Alpha} and its like are POSIX classes under the names Java gives them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kPosixClasses = {{
    {"Lower", "lower"},
    {"Upper", "upper"},
    {"ASCII", "ascii"},
    {"Alpha", "alpha"},
    {"Digit", "digit"},
    {"Alnum", "alnum"},
    {"Punct", "punct"},
    {"Graph", "graph"},
    {"Print", "print"},
    {"Blank", "blank"},
    {"Cntrl", "cntrl"},
    {"XDigit", "xdigit"},
    {"Space", "space"},
}};

// \w, \d and \s under (?u): what stands between the brackets of a class.
std::string_view unicode_class(char letter) {
  switch (letter) {
    case 'w':
    case 'W':
      return "\\p{L}\\p{N}_";
    case 'd':
    case 'D':
      return "\\p{Nd}";
    default:
      return "\\t-\\r\\x{1c}-\\x{20}\\x{85}\\p{Z}";
  }
}

// A pattern from PCRE's, Java's and Python's spelling into RE2's.
class Translation {
 public:
  explicit Translation(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> run() {
    TRY(find_unicode_flag());
    for (at_ = 0; at_ < pattern_.size();) {
      const char c = pattern_[at_];
      if (c == '\\') {
        TRY(escape());
      } else if (in_class_) {
        inside_class(c);
      } else if (c == '[') {
        open_class();
      } else if (c == '(' && pattern_.substr(at_ + 1, 1) == "?") {
        TRY(group());
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  // (?u) may stand at the start only, alone or with other flags, and holds for the whole pattern.
  Result<void> find_unicode_flag() {
    if (!pattern_.starts_with("(?")) return {};
    const std::size_t end = pattern_.find_first_not_of("imsu", 2);
    if (end == std::string_view::npos || pattern_[end] != ')') return {};
    std::string flags(pattern_.substr(2, end - 2));
    unicode_ = std::erase(flags, 'u') > 0;
    if (!unicode_) return {};
    pattern_.remove_prefix(end + 1);
    if (!flags.empty()) out_ = "(?" + flags + ")";
    strip_boundaries();
    return {};
  }

  // RE2's \b knows ASCII only. Around a run of \w that takes all it can, it says nothing that the
  // run does not: there it is left out. That is how the vectorizers of scikit-learn spell a word.
  void strip_boundaries() {
    if (!pattern_.starts_with("\\b") || !pattern_.ends_with("+\\b")) return;
    std::string_view inner = pattern_.substr(2, pattern_.size() - 5);
    bool only_words = !inner.empty();
    while (only_words && !inner.empty()) {
      only_words = inner.starts_with("\\w");
      inner.remove_prefix(std::min<std::size_t>(2, inner.size()));
    }
    if (only_words) pattern_ = pattern_.substr(2, pattern_.size() - 4);
  }

  Result<void> escape() {
    const std::string_view rest = pattern_.substr(at_);
    const char letter = rest.size() > 1 ? rest[1] : '\0';
    if (letter == 'Q') {  // As it is, to \E: nothing in it is to be translated.
      const std::size_t end = std::min(rest.find("\\E"), rest.size());
      const std::size_t length = std::min(end + 2, rest.size());
      out_ += rest.substr(0, length);
      at_ += length;
      return {};
    }
    if (!in_class_ && letter >= '1' && letter <= '9')
      return base::input_error("a back-reference (\\" + std::string(1, letter) + ")");
    if (!in_class_ && letter == 'k') return base::input_error("a back-reference (\\k)");
    if (unicode_ && (letter == 'b' || letter == 'B') && !in_class_)
      return base::input_error("a word boundary of Unicode (\\" + std::string(1, letter) +
                               " with (?u))");
    if (unicode_ && letter != '\0' && std::string_view("wds").find(letter) != std::string::npos) {
      append_class(unicode_class(letter), false);
      at_ += 2;
      return {};
    }
    if (unicode_ && letter != '\0' && std::string_view("WDS").find(letter) != std::string::npos) {
      if (in_class_) return base::input_error("a negated class of Unicode inside of a class");
      append_class(unicode_class(letter), true);
      at_ += 2;
      return {};
    }
    if ((letter == 'p' || letter == 'P') && posix_class(rest, letter == 'P')) return {};
    const std::size_t length = std::min<std::size_t>(2, rest.size());
    out_ += rest.substr(0, length);
    at_ += length;
    return {};
  }

  void append_class(std::string_view inner, bool negated) {
    if (in_class_) {
      out_ += inner;
    } else {
      out_ += (negated ? "[^" : "[") + std::string(inner) + "]";
    }
  }

  bool posix_class(std::string_view rest, bool negated) {
    for (const auto& [java, posix] : kPosixClasses) {
      const std::string spelled = "{" + std::string(java) + "}";
      if (!rest.substr(2).starts_with(spelled)) continue;
      append_class("[:" + std::string(negated ? "^" : "") + std::string(posix) + ":]", false);
      at_ += 2 + spelled.size();
      return true;
    }
    return false;
  }

  void open_class() {
    in_class_ = true;
    out_ += '[';
    ++at_;
    if (pattern_.substr(at_, 1) == "^") {
      out_ += '^';
      ++at_;
    }
    if (pattern_.substr(at_, 1) == "]") {  // First, it is a member.
      out_ += "\\]";
      ++at_;
    }
  }

  void inside_class(char c) {
    const std::string_view rest = pattern_.substr(at_);
    if (rest.starts_with("[:")) {
      const std::size_t end = rest.find(":]");
      if (end != std::string_view::npos) {
        out_ += rest.substr(0, end + 2);
        at_ += end + 2;
        return;
      }
    }
    if (c == '[') out_ += '\\';
    if (c == ']') in_class_ = false;
    out_ += c;
    ++at_;
  }

  Result<void> group() {
    const std::string_view rest = pattern_.substr(at_);
    if (rest.starts_with("(?=") || rest.starts_with("(?!"))
      return base::input_error("look-ahead (" + std::string(rest.substr(0, 3)) + ")");
    if (rest.starts_with("(?<=") || rest.starts_with("(?<!"))
      return base::input_error("look-behind (" + std::string(rest.substr(0, 4)) + ")");
    if (rest.starts_with("(?>")) return base::input_error("an atomic group (?>)");
    if (rest.starts_with("(?<")) {
      out_ += "(?P<";
      at_ += 3;
      return {};
    }
    out_ += "(?";
    at_ += 2;
    return {};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string out_;
  bool in_class_ = false;
  bool unicode_ = false;
};

std::string_view view(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }
re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// A replacement taken apart: literal texts, and groups between them.
struct Part {
  std::string literal;
  int group = -1;
};

Result<std::vector<Part>> parse_replacement(std::string_view text, int groups) {
  std::vector<Part> parts;
  std::string literal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_digit = [&](std::size_t at) {
      return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    if (text[i] == '\\') {
      if (++i == text.size())
        return base::input_error("the replacement '" + std::string(text) + "' ends in a backslash");
      literal += text[i];
    } else if (text[i] != '$') {
      literal += text[i];
    } else if (!is_digit(i + 1)) {
      return base::input_error("the replacement '" + std::string(text) +
                               "' has a $ that no digit follows; write \\$ for the character");
    } else {
      int group = text[++i] - '0';
      if (group > groups)
        return base::input_error("the replacement '" + std::string(text) + "' names group " +
                                 std::to_string(group) + ", the pattern has " +
                                 std::to_string(groups));
      while (is_digit(i + 1) && group * 10 + (text[i + 1] - '0') <= groups)
        group = group * 10 + (text[++i] - '0');
      parts.push_back({std::exchange(literal, ""), group});
    }
  }
  parts.push_back({std::move(literal), -1});
  return parts;
}

}  // namespace

Regex::Regex(std::unique_ptr<const re2::RE2> program) : program_(std::move(program)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern, bool ignore_case) {
  auto translated = Translation(pattern).run();
  if (!translated) {
    return refuse(pattern, "uses " + translated.error().message +
                               ", which this scorer, matching in linear time, does not know");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_max_mem(kMemory);
  auto program = std::make_unique<const re2::RE2>(piece(*translated), options);
  if (!program->ok()) return refuse(pattern, "cannot be used: " + program->error());
  return Regex(std::move(program));
}

bool Regex::found_in(std::string_view text) const {
  return program_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

Result<void> Regex::check_replacement(std::string_view replacement) const {
  const auto parts = parse_replacement(replacement, program_->NumberOfCapturingGroups());
  if (!parts) return parts.error();
  return {};
}

Result<std::string> Regex::replace_all(std::string_view text, std::string_view replacement) const {
  const int groups = program_->NumberOfCapturingGroups();
  TRY_ASSIGN(const std::vector<Part> parts, parse_replacement(replacement, groups));
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups) + 1);
  std::string result;
  std::size_t at = 0;
  std::size_t copied = 0;
  while (at <= text.size() && program_->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED,
                                              found.data(), groups + 1)) {
    const auto start = static_cast<std::size_t>(found[0].data() - text.data());
    result += text.substr(copied, start - copied);
    for (const Part& part : parts) {
      result += part.literal;
      if (part.group >= 0) result += view(found[static_cast<std::size_t>(part.group)]);
    }
    if (result.size() > kLongestText)
      return base::input_error("the text after replacement is too long");
    copied = start + found[0].size();
    at = copied;
    if (found[0].empty()) {  // Go on behind the next character.
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
  }
  if (copied < text.size()) result += text.substr(copied);
  if (result.size() > kLongestText)
    return base::input_error("the text after replacement is too long");
  return result;
}

std::vector<std::string_view> Regex::all_in(std::string_view text) const {
  std::vector<std::string_view> matches;
  re2::StringPiece found;
  std::size_t at = 0;
  while (at < text.size() &&
         program_->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, &found, 1)) {
    const auto start = static_cast<std::size_t>(found.data() - text.data());
    if (found.empty()) {
      at = start + 1;
      continue;
    }
    matches.push_back(text.substr(start, found.size()));
    at = start + found.size();
  }
  return matches;
}

}  // namespace pmml
