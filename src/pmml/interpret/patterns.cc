// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/patterns.h"

namespace pmml {
namespace {

// The text of an argument that is the same for every row.
const std::string* constant_text(const Apply& apply, std::size_t argument) {
  if (argument >= apply.arguments.size()) return nullptr;
  const auto* constant = std::get_if<Constant>(&apply.arguments[argument].is);
  return constant == nullptr || constant->missing ? nullptr : &constant->text;
}

bool takes_regex(const std::string& function) {
  return function == "matches" || function == "replace";
}

}  // namespace

base::Result<void> check_patterns(const Apply& apply) {
  const std::string* pattern = constant_text(apply, 1);
  if (pattern == nullptr) return {};
  if (takes_regex(apply.function)) {
    TRY_ASSIGN(const Regex regex, Regex::compile(*pattern));
    if (const std::string* replacement = constant_text(apply, 2))
      TRY(regex.check_replacement(*replacement));
  } else if (apply.function == "formatNumber") {
    TRY(NumberFormat::parse(*pattern));
  } else if (apply.function == "formatDatetime") {
    TRY(DateFormat::parse(*pattern));
  }
  return {};
}

void Patterns::add(const Expression& expression) {
  const auto* apply = std::get_if<Apply>(&expression.is);
  if (apply == nullptr) return;
  const std::string* pattern = constant_text(*apply, 1);
  if (pattern == nullptr || !takes_regex(apply->function) || compiled_.contains(*pattern)) return;
  if (auto regex = Regex::compile(*pattern)) compiled_.emplace(*pattern, *std::move(regex));
}

std::optional<bool> Patterns::find(const std::string& pattern, const std::string& text) const {
  if (const auto found = compiled_.find(pattern); found != compiled_.end())
    return found->second.found_in(text);
  const auto regex = Regex::compile(pattern);
  return regex ? std::optional(regex->found_in(text)) : std::nullopt;
}

std::optional<std::string> Patterns::replace(const std::string& pattern, const std::string& text,
                                             const std::string& replacement) const {
  const auto replaced_by = [&](const Regex& regex) -> std::optional<std::string> {
    auto result = regex.replace_all(text, replacement);
    return result ? std::optional(*std::move(result)) : std::nullopt;
  };
  if (const auto found = compiled_.find(pattern); found != compiled_.end())
    return replaced_by(found->second);
  const auto regex = Regex::compile(pattern);
  return regex ? replaced_by(*regex) : std::nullopt;
}

}  // namespace pmml
