// SPDX-License-Identifier: Apache-2.0
// Delimited text of any size, from a file or a pipe, in blocks of whole rows: what is read once and
// not kept. The form is that of csv.h, but nothing is typed, and a cell keeps the blanks around it:
// they may be part of a category's name.
//
//   TRY_ASSIGN(data::CsvStream stream, data::CsvStream::open("-"));
//   data::CsvBlock block;
//   while (true) {
//     TRY_ASSIGN(const bool more, stream.next(block));
//     if (!more) break;
//     data::CsvRows rows(block.text, stream.delimiter());
//     while (rows.next(cells)) use(cells);
//   }
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace data {

// Valid while the text of its block lives.
struct CsvCell {
  std::string_view text;  // Between the quotes, or as it stands, blanks included.
  bool quoted = false;
  bool doubled_quotes = false;  // Holds "" for each quote.
};

// What the cell says. `storage` is used where a copy is needed, and must outlive the answer.
std::string_view content(const CsvCell& cell, std::string& storage);

// Whole rows; the last may lack its line end.
struct CsvBlock {
  std::string text;
  std::int64_t first_row = 1;  // Counted from 1 after the header.
};

// Walks through the rows of a block.
class CsvRows {
 public:
  CsvRows(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}
  // The cells of the next row; false behind the last.
  bool next(std::vector<CsvCell>& cells);
  // Why the walk ended before the end of the text; null otherwise. No row can be told apart behind
  // such a place.
  [[nodiscard]] const char* malformed() const { return malformed_; }

 private:
  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  const char* malformed_ = nullptr;
};

// Appends a cell, in quotes where its text needs them to read back the same.
void append_csv_cell(std::string_view text, char delimiter, std::string& out);

struct CsvStreamOptions {
  char delimiter = '\0';                              // '\0': found in the header.
  std::size_t block_bytes = 512 << 10;                // Read at once; a block is about as long.
  std::size_t max_row_bytes = std::size_t{64} << 20;  // A longer row is refused.
  std::size_t max_columns = 20'000;
};

class CsvStream {
 public:
  // Reads the header; "-" is standard input. Every refusal names the path.
  static base::Result<CsvStream> open(const std::string& path, const CsvStreamOptions& options = {},
                                      std::stop_token stop = {});
  CsvStream(CsvStream&& other) noexcept;
  CsvStream& operator=(CsvStream&&) = delete;
  ~CsvStream();

  [[nodiscard]] std::span<const std::string> names() const { return names_; }
  [[nodiscard]] const std::string& source() const { return source_; }  // Its name, for messages.
  [[nodiscard]] char delimiter() const { return options_.delimiter; }
  // Of the whole text, 0 where it is not known (a pipe); of what has been read.
  [[nodiscard]] std::int64_t bytes_total() const { return bytes_total_; }
  [[nodiscard]] std::int64_t bytes_read() const { return bytes_read_; }

  // The next rows; false at the end, and when `stop` was requested while waiting for a pipe. Empty
  // lines at the very end of the text are no rows.
  base::Result<bool> next(CsvBlock& block);

 private:
  CsvStream(int fd, std::string source, const CsvStreamOptions& options, std::stop_token stop);
  base::Result<void> read_header();
  base::Result<bool> read_more();
  [[nodiscard]] base::Error refuse(const std::string& what) const;

  int fd_;
  std::string source_;
  CsvStreamOptions options_;
  std::stop_token stop_;
  std::vector<std::string> names_;
  std::string pending_;  // Read and not handed out yet.
  std::int64_t bytes_total_ = 0;
  std::int64_t bytes_read_ = 0;
  std::int64_t next_row_ = 1;
  bool ended_ = false;
};

// The same, row by row, for one thread.
class CsvCursor {
 public:
  explicit CsvCursor(CsvStream stream) : stream_(std::move(stream)) {}
  [[nodiscard]] const CsvStream& stream() const { return stream_; }

  // The next row, valid until the next call; false at the end. Refuses a malformed row.
  base::Result<bool> next(std::vector<CsvCell>& cells);
  // Of the row read last, counted from 1 after the header.
  [[nodiscard]] std::int64_t row() const { return row_; }

 private:
  CsvStream stream_;
  CsvBlock block_;
  CsvRows rows_{{}, ','};
  std::int64_t row_ = 0;
};

}  // namespace data
