// SPDX-License-Identifier: Apache-2.0
// Delimited text into a table.
//
// The form: UTF-8 with or without a byte-order mark; lines end in \n or \r\n (those that end in \r
// alone are refused); the first line names
// the columns; fields may stand in double quotes, inside which a quote is doubled (RFC 4180) and
// delimiters and line ends are plain text; blanks around a field are dropped. A column without a
// name is called column_<its number>. The delimiter is the one of , ; tab | that the header holds
// most often outside quotes. Empty lines after the last row are ignored; elsewhere they are rows
// with one cell.
//
// Missing: a cell that is empty, NA, N/A, NaN, null or ? (any case of the letters), quoted or not.
//
// Types: a column whose every present cell is a decimal number ("-2.5e3") is numeric, else it is
// text. A column that is a number in more than 99 % of its cells and in more than 20 different
// spellings is a number column with a slip in it: refused, with the row, unless it is declared as
// text. What no double can hold (1e999) is not a number.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/table.h"

namespace data {

struct CsvOptions {
  char delimiter = '\0';  // '\0': found in the header. Set it for a file with one column.
  std::vector<std::string> text_columns =
      {};  // Kept as text though they look like numbers (a postcode).
  std::vector<std::string> number_columns =
      {};           // Must be numbers: "column 'age' holds 'abc' in row 7: expected a number".
  int threads = 2;  // The table is the same with any number.
  std::size_t max_columns = 20'000;  // Beyond these limits a file is refused; raise them knowingly.
  std::size_t max_rows = 100'000'000;
  std::size_t max_cell_bytes = 1'000'000;
};

// Reads a file, or standard input for "-". Every refusal names the path; rows are counted from 1
// after the header.
base::Result<Table> read_csv(const std::string& path, const CsvOptions& options = {});

// The same from memory; the source names the text in messages.
base::Result<Table> parse_csv(std::string_view text, const std::string& source,
                              const CsvOptions& options = {});

}  // namespace data
