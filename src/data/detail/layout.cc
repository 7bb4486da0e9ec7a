// SPDX-License-Identifier: Apache-2.0
#include "data/detail/layout.h"

#include <algorithm>
#include <cstring>

#include "base/number.h"
#include "data/csv.h"
#include "data/detail/cell.h"
#include "data/detail/utf8.h"

namespace data::detail {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

std::size_t find_byte(std::string_view text, char byte, std::size_t from = 0) {
  if (from >= text.size()) return std::string_view::npos;
  const void* at = std::memchr(text.data() + from, byte, text.size() - from);
  return at == nullptr ? std::string_view::npos
                       : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

std::size_t count_lines(std::string_view text) {
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = find_byte(text, '\n', at)) != std::string_view::npos; ++at)
    ++lines;
  return lines;
}

std::string in_row(std::size_t row) { return "row " + std::to_string(row + 1); }

// Reads the header and moves `at` to the first row.
base::Result<std::vector<std::string>> read_header(std::string_view text, std::size_t& at,
                                                   char delimiter, const CsvOptions& options) {
  std::vector<std::string> names;
  RawCell cell;
  while (!cell.ends_row) {
    const char* reason = read_cell(text, at, delimiter, cell);
    if (reason != nullptr)
      return base::input_error("the header is malformed: " + std::string(reason));
    const std::string position = std::to_string(names.size() + 1);
    if (cell.text.size() > options.max_cell_bytes) {
      return base::input_error("the name of column " + position + " has " +
                               base::format_count(static_cast<std::int64_t>(cell.text.size())) +
                               " bytes");
    }
    if (!is_utf8(cell.text))
      return base::input_error("the name of column " + position + " is not UTF-8");
    std::string name = cell.doubled_quotes ? unescape(cell.text) : std::string(cell.text);
    names.push_back(name.empty() ? "column_" + position : std::move(name));
    if (names.size() > options.max_columns) {
      return base::input_error("more than " + std::to_string(options.max_columns) + " columns");
    }
  }
  std::vector<std::string_view> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    return base::input_error("two columns are named '" + std::string(*twice) + "'");
  return names;
}

void chunk_plain(std::string_view text, std::size_t at, Layout& layout) {
  while (at < text.size()) {
    const std::size_t line_end = find_byte(text, '\n', std::min(at + kChunkBytes, text.size()));
    const std::size_t end = line_end == std::string_view::npos ? text.size() : line_end + 1;
    Chunk chunk{text.substr(at, end - at), layout.rows, 0};
    chunk.rows = count_lines(chunk.text) + (chunk.text.back() == '\n' ? 0 : 1);
    layout.rows += chunk.rows;
    layout.chunks.push_back(chunk);
    at = end;
  }
}

base::Result<void> chunk_quoted(std::string_view text, std::size_t at, Layout& layout) {
  RawCell cell;
  Chunk chunk{{}, 0, 0};
  std::size_t begin = at;
  while (at < text.size()) {
    do {
      const char* reason = read_cell(text, at, layout.delimiter, cell);
      if (reason != nullptr)
        return base::input_error(in_row(layout.rows) + " is malformed: " + reason);
    } while (!cell.ends_row);
    ++layout.rows;
    ++chunk.rows;
    if (at - begin >= kChunkBytes || at == text.size()) {
      chunk.text = text.substr(begin, at - begin);
      layout.chunks.push_back(chunk);
      chunk = {{}, layout.rows, 0};
      begin = at;
    }
  }
  return {};
}

}  // namespace

char sniff_delimiter(std::string_view text) {
  constexpr std::string_view kCandidates = ",;\t|";
  std::size_t counts[kCandidates.size()] = {};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    const std::size_t candidate = kCandidates.find(c);
    if (candidate != std::string_view::npos) ++counts[candidate];
  }
  return kCandidates[static_cast<std::size_t>(
      std::max_element(counts, counts + kCandidates.size()) - counts)];
}

bool ends_lines_in_cr(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '\n') return false;
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n') return true;
  }
  return false;
}

const char* read_cell(std::string_view text, std::size_t& at, char delimiter, RawCell& cell) {
  cell = {};
  std::size_t end = at;
  while (end < text.size() && text[end] == ' ' && delimiter != ' ') ++end;
  if (end < text.size() && text[end] == '"') {
    const std::size_t first = ++end;
    for (;; end += 2) {
      end = find_byte(text, '"', end);
      if (end == std::string_view::npos) return "a quote is opened and never closed";
      if (end + 1 >= text.size() || text[end + 1] != '"') break;
      cell.doubled_quotes = true;
    }
    cell.text = text.substr(first, end - first);
    ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end < text.size() && text[end] == '\r') ++end;
    if (end < text.size() && text[end] != delimiter && text[end] != '\n')
      return "text follows a closing quote";
  } else {
    while (end < text.size() && text[end] != delimiter && text[end] != '\n') ++end;
    std::string_view found = text.substr(at, end - at);
    if ((end == text.size() || text[end] == '\n') && found.ends_with('\r')) found.remove_suffix(1);
    cell.text = trim_blanks(found);
  }
  cell.ends_row = end >= text.size() || text[end] == '\n';
  at = std::min(end + 1, text.size());
  // Behind a delimiter at the very end of the text one more cell is read, empty, which ends the
  // row.
  return nullptr;
}

std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '"') ++i;
  }
  return result;
}

base::Result<Layout> lay_out(std::string_view text, const CsvOptions& options) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return base::input_error("the text is UTF-16: save it as UTF-8");
  }
  if (const std::size_t zero = find_byte(text, '\0'); zero != std::string_view::npos) {
    return base::input_error("line " + std::to_string(count_lines(text.substr(0, zero)) + 1) +
                             " holds a zero byte: this is not a text file");
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (text.empty()) return base::input_error("the file is empty: expected a header line and rows");

  if (ends_lines_in_cr(text)) return base::input_error(kLinesEndInCr);

  Layout layout;
  layout.delimiter = options.delimiter != '\0' ? options.delimiter : sniff_delimiter(text);
  std::size_t at = 0;
  TRY_ASSIGN(layout.names, read_header(text, at, layout.delimiter, options));
  if (at >= text.size()) return base::input_error("there are no rows below the header");
  layout.quoted = find_byte(text, '"', at) != std::string_view::npos;
  if (layout.quoted) {
    TRY(chunk_quoted(text, at, layout));
  } else {
    chunk_plain(text, at, layout);
  }
  if (layout.rows > options.max_rows) {
    return base::input_error(base::format_count(static_cast<std::int64_t>(layout.rows)) +
                             " rows, the limit is " +
                             base::format_count(static_cast<std::int64_t>(options.max_rows)));
  }
  return layout;
}

}  // namespace data::detail
