// SPDX-License-Identifier: Apache-2.0
// A golden document, changed by the first bytes, scored on rows made of the others: compiled and
// interpreted, it gives the same in every bit.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/check.h"
#include "base/file.h"
#include "bytes.h"
#include "mutate.h"
#include "pmml/read/read.h"
#include "pmml/score/compare.h"
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
  for (int r = 0; r < 8 && !bytes.empty(); ++r) {
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = cell(compiled->inputs()[i], numbers, bytes);
    const auto differs =
        pmml::difference(*compiled, compiled_workspace, *interpreted, interpreted_workspace, row);
    if (!differs) continue;
    std::cerr << *differs << "\n" << pmml::write(document) << "row:";
    for (const double value : row) std::cerr << ' ' << value;
    std::cerr << "\n";
    CHECK(false);
  }
  return 0;
}
