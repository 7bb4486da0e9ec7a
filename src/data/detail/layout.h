// SPDX-License-Identifier: Apache-2.0
// Where the rows of a delimited text lie: its header, and chunks of whole rows that can be parsed
// independently.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace data {
struct CsvOptions;
}

namespace data::detail {

struct Chunk {
  std::string_view text;      // Whole rows; the last may lack its line end.
  std::size_t first_row = 0;  // Counted from 0 after the header.
  std::size_t rows = 0;
};

struct Layout {
  char delimiter = ',';
  bool quoted = false;  // A quote occurs below the header: cells must be read one by one.
  std::vector<std::string> names;
  std::vector<Chunk> chunks;
  std::size_t rows = 0;
};

// The text must outlive the layout.
base::Result<Layout> lay_out(std::string_view text, const CsvOptions& options);

// The one of , ; tab | that the first line of the text holds most often outside quotes.
char sniff_delimiter(std::string_view text);

// Whether the first line seems to end in a lone \r, outside quotes: then no line end would be
// found.
bool ends_lines_in_cr(std::string_view text);
// What such a text is told.
inline constexpr const char* kLinesEndInCr =
    "its lines end in CR alone, as those of old Macintosh programs do: save it with lines that end "
    "in LF or CR LF (tr '\\r' '\\n' < old.csv > new.csv)";

// One cell of a row in which quotes may occur.
struct RawCell {
  std::string_view text;        // Between the quotes, or trimmed of blanks.
  bool doubled_quotes = false;  // Holds "" for each quote.
  bool ends_row = false;
};
// Reads the cell at `at` and moves `at` behind its delimiter or line end. Returns a reason where
// the cell is malformed.
const char* read_cell(std::string_view text, std::size_t& at, char delimiter, RawCell& cell);

// With each "" made one quote.
std::string unescape(std::string_view text);

}  // namespace data::detail
