// SPDX-License-Identifier: Apache-2.0
// A golden document, changed by the first bytes, scored on rows made of the others: compiled and
// interpreted, row by row and in blocks, it gives the same in every bit.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/file.h"
#include "base/number.h"
#include "bytes.h"
#include "mutate.h"
#include "pmml/read/read.h"
#include "pmml/score/compare.h"
#include "pmml/score/kernels.h"
#include "pmml/write/write.h"

namespace {

std::vector<pmml::Document> load_golden() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(PROVECHO_GOLDEN))
    paths.push_back(entry.path() / "model.pmml");
  std::ranges::sort(paths);
  std::vector<pmml::Document> documents;
  for (const auto& path : paths) {
    const auto text = base::read_file(path.string());
    if (!text) continue;
    auto document = pmml::read(*text);
    if (document) documents.push_back(*std::move(document));
  }
  CHECK(!documents.empty());
  return documents;
}

double cell(const pmml::InputField& input, const std::vector<double>& numbers, fuzz::Bytes& bytes) {
  const std::uint8_t kind = bytes.byte();
  if (kind < 24) return pmml::kMissing;
  if (kind < 32) return pmml::kInvalid;
  if (kind < 40) return pmml::kUnlisted;
  if (input.encoding == pmml::Encoding::kIndex)
    return static_cast<double>(bytes.below(input.categories.size() + 2));
  if (kind < 140 && !numbers.empty()) {
    // On a number of the document, or beside it.
    const double number = numbers[bytes.below(numbers.size())];
    if (kind < 90) return number;
    return std::nextafter(number, kind < 115 ? -HUGE_VAL : HUGE_VAL);
  }
  return bytes.number();
}

std::vector<pmml::Wanted> all_figures(const pmml::Scorer& scorer) {
  using Figure = pmml::Wanted::Figure;
  std::vector<pmml::Wanted> wanted = {{Figure::kNumber}, {Figure::kCategory}};
  if (scorer.function() == pmml::MiningFunction::kClassification) {
    for (std::size_t c = 0; c < scorer.target_categories().size(); ++c)
      wanted.push_back({Figure::kProbability, c});
  }
  for (std::size_t o = 0; o < scorer.outputs().size(); ++o) wanted.push_back({Figure::kOutput, o});
  return wanted;
}

// Two blocks of rows that take every cell from one of those given; in the first, cells without a
// number become 0, as rows that lack something leave their block. With each variant of the kernels,
// every figure is the one that its row has alone.
std::optional<std::string> block_difference(const pmml::Scorer& scorer,
                                            const std::vector<std::vector<double>>& rows) {
  constexpr std::size_t kRows = 2 * pmml::detail::kBlockRows;
  std::vector<std::vector<double>> columns(scorer.inputs().size(), std::vector<double>(kRows));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    for (std::size_t r = 0; r < kRows; ++r) {
      const double cell = rows[(r + r / rows.size() * (c + 1)) % rows.size()][c];
      columns[c][r] = r < kRows / 2 && std::isnan(cell) ? 0 : cell;
    }
  }
  const std::vector<std::span<const double>> views(columns.begin(), columns.end());
  const std::vector<pmml::Wanted> wanted = all_figures(scorer);
  pmml::Workspace by_row(scorer);
  std::vector<std::vector<double>> own(wanted.size(), std::vector<double>(kRows));
  for (std::size_t r = 0; r < kRows; ++r) {
    std::vector<std::span<const double>> row;
    for (const auto& column : columns) row.push_back(std::span(column).subspan(r, 1));
    std::vector<std::span<double>> places;
    for (auto& figures : own) places.push_back(std::span(figures).subspan(r, 1));
    scorer.score_columns(row, wanted, by_row, places);
  }
  for (const pmml::detail::Kernels* kernels : pmml::detail::runnable_kernels()) {
    pmml::detail::use_kernels(kernels);
    pmml::Workspace by_block(scorer);
    std::vector<std::vector<double>> out(wanted.size(), std::vector<double>(kRows));
    const std::vector<std::span<double>> places(out.begin(), out.end());
    scorer.score_columns(views, wanted, by_block, places);
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      for (std::size_t r = 0; r < kRows; ++r) {
        if (own[w][r] == out[w][r] || (std::isnan(own[w][r]) && std::isnan(out[w][r]))) continue;
        return std::string(kernels->name) + ", row " + std::to_string(r) + ", figure " +
               std::to_string(w) + ": block " + base::format_double(out[w][r]) + ", row " +
               base::format_double(own[w][r]);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<pmml::Document> golden = load_golden();
  fuzz::Bytes bytes({data, size});
  pmml::Document document = bytes.one_of(golden);
  document.model.verification.reset();
  for (std::size_t changes = bytes.below(8); changes > 0; --changes) fuzz::mutate(document, bytes);
  const auto compiled = pmml::Scorer::compile(document);
  const auto interpreted = pmml::Scorer::interpret(document);
  CHECK(static_cast<bool>(compiled) == static_cast<bool>(interpreted));
  if (!compiled || !compiled->compiled()) return 0;
  pmml::Workspace compiled_workspace(*compiled);
  pmml::Workspace interpreted_workspace(*interpreted);
  const std::vector<double> numbers = fuzz::numbers_of(document);
  std::vector<double> row(compiled->inputs().size());
  std::vector<std::vector<double>> rows;
  for (int r = 0; r < 8 && !bytes.empty(); ++r) {
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = cell(compiled->inputs()[i], numbers, bytes);
    rows.push_back(row);
    const auto differs =
        pmml::difference(*compiled, compiled_workspace, *interpreted, interpreted_workspace, row);
    if (!differs) continue;
    std::cerr << *differs << "\n" << pmml::write(document) << "row:";
    for (const double value : row) std::cerr << ' ' << value;
    std::cerr << "\n";
    CHECK(false);
  }
  if (rows.size() < 4) return 0;
  if (const auto differs = block_difference(*compiled, rows)) {
    std::cerr << *differs << "\n" << pmml::write(document);
    CHECK(false);
  }
  return 0;
}
