// SPDX-License-Identifier: Apache-2.0
#include "data/csv.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/file.h"
#include "data/detail/cell.h"
#include "data/detail/chunk_parser.h"
#include "data/detail/layout.h"
#include "data/detail/utf8.h"

namespace data {
namespace {

using detail::Chunk;
using detail::ChunkResult;
using detail::Destination;
using detail::Layout;
using detail::Storage;

constexpr std::size_t kSampleBytes = 64 << 10;  // Read first, to guess the columns' storage.
constexpr std::size_t kSlipSpellings = 20;      // See csv.h: a number column with a slip in it.
constexpr double kSlipShare = 0.01;

// Storage of every column for all rows, before the cells are known to fit.
class Storages {
 public:
  Storages(std::vector<Storage> kinds, std::size_t rows) : rows_(rows), kinds_(std::move(kinds)) {
    bytes_.resize(kinds_.size());
    doubles_.resize(kinds_.size());
    texts_.resize(kinds_.size());
    for (std::size_t column = 0; column < kinds_.size(); ++column) allocate(column);
  }

  void widen(std::size_t column, Storage kind) {
    kinds_[column] = kind;
    bytes_[column] = {};
    doubles_[column] = {};
    allocate(column);
  }

  [[nodiscard]] const std::vector<Storage>& kinds() const { return kinds_; }
  TextValues& text(std::size_t column) { return texts_[column]; }

  std::vector<Destination> destinations() {
    std::vector<Destination> result(kinds_.size());
    for (std::size_t column = 0; column < kinds_.size(); ++column) {
      result[column] = {kinds_[column], bytes_[column].data(), doubles_[column].data(),
                        texts_[column].codes.data()};
    }
    return result;
  }

  Column take(std::size_t column, std::string name) {
    switch (kinds_[column]) {
      case Storage::kByte:
        return Column::of_bytes(std::move(name), std::move(bytes_[column]));
      case Storage::kDouble:
        return Column::of_numbers(std::move(name), std::move(doubles_[column]));
      case Storage::kText:
        break;
    }
    return Column::of_text(std::move(name), std::move(texts_[column]));
  }

 private:
  void allocate(std::size_t column) {
    if (kinds_[column] == Storage::kByte) bytes_[column].resize(rows_);
    if (kinds_[column] == Storage::kDouble) doubles_[column].resize(rows_);
    if (kinds_[column] == Storage::kText) texts_[column].codes.resize(rows_);
  }

  std::size_t rows_;
  std::vector<Storage> kinds_;
  std::vector<std::vector<std::uint8_t>> bytes_;
  std::vector<std::vector<double>> doubles_;
  std::vector<TextValues> texts_;
};

// Chunks are independent; each thread takes the next one that nobody has.
std::vector<ChunkResult> parse_chunks(const Layout& layout,
                                      const std::vector<Destination>& destinations,
                                      const CsvOptions& options) {
  std::vector<ChunkResult> results(layout.chunks.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < results.size();) {
      results[i] =
          detail::parse_chunk(layout.chunks[i], layout, destinations, options.max_cell_bytes);
    }
  };
  const std::size_t helpers =
      std::min<std::size_t>(static_cast<std::size_t>(std::max(options.threads, 1)),
                            results.size()) -
      1;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < helpers; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return results;
}

base::Result<void> first_error(const std::vector<ChunkResult>& results) {
  for (const ChunkResult& result : results) {
    if (!result.error.empty()) return base::input_error(result.error);
  }
  return {};
}

// Chunk dictionaries into one for the column, in the order of first appearance in the file.
base::Result<void> merge_dictionaries(std::size_t column, const Layout& layout,
                                      std::vector<ChunkResult>& results, TextValues& text) {
  std::unordered_map<std::string_view, std::int32_t> code_of;
  std::vector<std::string_view> order;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const detail::ChunkDictionary& dictionary = results[i].dictionaries[column];
    std::vector<std::int32_t> code(dictionary.texts.size());
    for (std::size_t local = 0; local < code.size(); ++local) {
      const auto [at, added] =
          code_of.try_emplace(dictionary.texts[local], static_cast<std::int32_t>(order.size()));
      if (added) order.push_back(dictionary.texts[local]);
      code[local] = at->second;
    }
    const Chunk& chunk = layout.chunks[i];
    for (std::size_t row = chunk.first_row; row < chunk.first_row + chunk.rows; ++row) {
      std::int32_t& cell = text.codes[row];
      if (cell != kMissingCode) cell = code[static_cast<std::size_t>(cell)];
    }
  }
  for (std::size_t code = 0; code < order.size(); ++code) {
    if (detail::is_utf8(order[code])) continue;
    const auto row =
        std::find(text.codes.begin(), text.codes.end(), static_cast<std::int32_t>(code));
    return base::input_error("column '" + layout.names[column] + "' holds bytes in row " +
                             std::to_string(row - text.codes.begin() + 1) +
                             " that are not UTF-8: convert the file first");
  }
  text.categories.assign(order.begin(), order.end());
  return {};
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…'" : "'");
}

// A text column that was meant to hold numbers.
base::Result<void> refuse_slips(const std::string& name, const TextValues& text,
                                bool must_be_number) {
  std::vector<bool> is_number(text.categories.size());
  std::size_t spellings = 0;
  for (std::size_t code = 0; code < is_number.size(); ++code) {
    is_number[code] = detail::parse_number(text.categories[code]).has_value();
    spellings += is_number[code] ? 1 : 0;
  }
  std::size_t slips = 0, present = 0, first = text.codes.size();
  for (std::size_t row = 0; row < text.codes.size(); ++row) {
    if (text.codes[row] == kMissingCode) continue;
    ++present;
    if (is_number[static_cast<std::size_t>(text.codes[row])]) continue;
    ++slips;
    first = std::min(first, row);
  }
  const bool few = static_cast<double>(slips) < kSlipShare * static_cast<double>(present);
  if (slips == 0 || (!must_be_number && !(spellings > kSlipSpellings && few))) return {};
  return base::input_error(
      "column '" + name + "' holds " +
      quoted(text.categories[static_cast<std::size_t>(text.codes[first])]) + " in row " +
      std::to_string(first + 1) +
      (slips > 1 ? " (and no number in " + std::to_string(slips - 1) + " more)" : "") +
      ": expected a number" + (must_be_number ? "" : "; if it is meant as text, say so"));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::Result<void> know_all(const std::vector<std::string>& wanted,
                            const std::vector<std::string>& names) {
  for (const std::string& name : wanted) {
    if (!contains(names, name))
      return base::input_error("there is no column '" + name + "'" + suggestion(name, names));
  }
  return {};
}

// The storage that the first rows need; what they do not tell is found out by the full pass.
std::vector<Storage> guess_storage(const Layout& layout, const CsvOptions& options) {
  std::vector<Storage> kinds(layout.names.size(), Storage::kByte);
  const std::string_view text = layout.chunks.front().text;
  std::size_t at = 0;
  while (at < std::min(text.size(), kSampleBytes)) {
    detail::RawCell cell;
    for (std::size_t column = 0; !cell.ends_row; ++column) {
      if (detail::read_cell(text, at, layout.delimiter, cell) != nullptr) return kinds;
      if (column >= kinds.size() || detail::is_missing_text(cell.text)) continue;
      const std::optional<double> number = detail::parse_number(cell.text);
      kinds[column] =
          std::max(kinds[column], number ? detail::storage_of(*number) : Storage::kText);
    }
  }
  for (std::size_t column = 0; column < kinds.size(); ++column) {
    if (contains(options.text_columns, layout.names[column])) kinds[column] = Storage::kText;
  }
  return kinds;
}

base::Result<Table> parse(std::string_view text, const CsvOptions& options) {
  TRY_ASSIGN(const Layout layout, detail::lay_out(text, options));
  TRY(know_all(options.text_columns, layout.names));
  TRY(know_all(options.number_columns, layout.names));
  Storages storages(guess_storage(layout, options), layout.rows);
  std::vector<ChunkResult> results = parse_chunks(layout, storages.destinations(), options);
  TRY(first_error(results));
  // Every cell has been seen, so what is needed is known exactly and a second pass is the last.
  bool again = false;
  for (std::size_t column = 0; column < layout.names.size(); ++column) {
    Storage needed = storages.kinds()[column];
    for (const ChunkResult& result : results) needed = std::max(needed, result.needed[column]);
    if (needed == storages.kinds()[column]) continue;
    storages.widen(column, needed);
    again = true;
  }
  if (again) {
    results = parse_chunks(layout, storages.destinations(), options);
    TRY(first_error(results));
  }
  std::vector<Column> columns;
  columns.reserve(layout.names.size());
  for (std::size_t column = 0; column < layout.names.size(); ++column) {
    const std::string& name = layout.names[column];
    if (storages.kinds()[column] == Storage::kText) {
      TRY(merge_dictionaries(column, layout, results, storages.text(column)));
      if (!contains(options.text_columns, name)) {
        TRY(refuse_slips(name, storages.text(column), contains(options.number_columns, name)));
      }
    }
    columns.push_back(storages.take(column, name));
  }
  return Table::of(std::move(columns));
}

}  // namespace

base::Result<Table> parse_csv(std::string_view text, const std::string& source,
                              const CsvOptions& options) {
  base::Result<Table> table = parse(text, options);
  if (!table) return base::Error{table.error().kind, source + ": " + table.error().message};
  return table;
}

base::Result<Table> read_csv(const std::string& path, const CsvOptions& options) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  return parse_csv(text, path == "-" ? "standard input" : path, options);
}

}  // namespace data
