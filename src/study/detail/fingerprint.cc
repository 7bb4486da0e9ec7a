// SPDX-License-Identifier: Apache-2.0
#include "study/detail/fingerprint.h"

#include <bit>
#include <cstdint>

#include "base/number.h"
#include "base/random.h"

namespace study::detail {
namespace {

std::uint64_t fold(std::uint64_t hash, std::uint64_t value) { return base::mix64(hash ^ value); }

std::uint64_t fold_text(std::uint64_t hash, const std::string& text) {
  for (const char c : text) hash = fold(hash, static_cast<unsigned char>(c));
  return fold(hash, text.size());
}

std::uint64_t content_hash(const data::Table& table) {
  std::uint64_t hash = fold(0, table.rows());
  for (const data::Column& column : table.columns()) {
    hash = fold_text(hash, column.name());
    for (const std::string& category : column.categories()) hash = fold_text(hash, category);
    for (const std::uint8_t value : column.bytes()) hash = fold(hash, value);
    for (const std::int32_t value : column.codes())
      hash = fold(hash, static_cast<std::uint32_t>(value));
    for (const double value : column.doubles())
      hash = fold(hash, std::bit_cast<std::uint64_t>(value));
  }
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[value >> shift & 15];
  return text;
}

std::uint64_t content_of(const Tables& tables) {
  std::uint64_t content = content_hash(tables.offers);
  for (const auto* given : {&tables.validation, &tables.test}) {
    if (*given) content = fold(content, content_hash(**given));
  }
  return content;
}

}  // namespace

std::string fingerprint_of(const Tables& tables, const learn::Labels& labels,
                           const std::vector<std::string>& attributes, const GroundOptions& options,
                           const profit::Economics& economics) {
  std::uint64_t chosen = 0;
  for (const std::string& name : attributes) chosen = fold_text(chosen, name);
  std::string text =
      "rows=" + std::to_string(tables.offers.rows()) +
      " content=" + hexadecimal(content_of(tables)) + " target=" + options.target +
      " positive=" + labels.positive + " attributes=" + std::to_string(attributes.size()) + "/" +
      hexadecimal(chosen) +
      " order=" + (options.evaluation.order == Order::kTime ? "time" : "shuffled") +
      " validation=" +
      (tables.validation ? "given" : base::format_double(options.evaluation.validation_share));
  const int folds = options.evaluation.folds, repeats = options.evaluation.repeats;
  if (folds > 0) {
    text += " folds=" + std::to_string(folds);
  } else {
    text += " test=" + (tables.test ? "given" : base::format_double(options.evaluation.test_share));
  }
  if (repeats > 1) text += " repeats=" + std::to_string(repeats);
  if (!options.control.empty()) text += " control=" + options.control;
  text += " seed=" + std::to_string(options.seed) + " q=" + base::format_double(economics.q());
  if (!options.income_column.empty() || !options.cost_column.empty()) {
    text += " income-column=" + options.income_column + " cost-column=" + options.cost_column +
            " income=" + base::format_double(economics.income) +
            " cost=" + base::format_double(economics.cost);
  }
  return text;
}

}  // namespace study::detail
