// SPDX-License-Identifier: Apache-2.0
#include "data/detail/chunk_parser.h"

#include <algorithm>
#include <cstring>

namespace data::detail {
namespace {

// Bytes are gathered in a tile of a few rows and moved out a stretch at a time: written straight to
// their columns, whose storage begins at the same place of a page, they would all fight for the
// same few lines of the cache.
constexpr std::size_t kTileRows = 128;
constexpr std::size_t kTileStride = kTileRows + 64;

// Masks over the eight bytes of "d,d,d,d," with '0' and the delimiter taken off (by exclusive or),
// for either byte order.
constexpr std::uint64_t at_digits(std::uint64_t byte) {
  return 0x0001'0001'0001'0001ULL * (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? byte : byte << 8);
}
constexpr std::uint64_t kDigitBits = at_digits(0x0f);
constexpr std::uint64_t kSixes = at_digits(6);  // 10 + 6 leaves the low four bits.

// Are these four digits, each followed by a delimiter?
bool four_digits(std::uint64_t cells) {
  return ((cells | ((cells & kDigitBits) + kSixes)) & ~kDigitBits) == 0;
}

class ChunkParser {
 public:
  ChunkParser(const Chunk& chunk, const Layout& layout,
              const std::vector<Destination>& destinations, std::size_t max_cell_bytes)
      : chunk_(chunk),
        layout_(layout),
        destinations_(destinations),
        max_cell_bytes_(max_cell_bytes),
        columns_(destinations.size()),
        tile_(columns_ * kTileStride),
        byte_run_(columns_ + 1, 0) {
    result_.needed.resize(columns_);
    result_.dictionaries.resize(columns_);
    for (std::size_t column = columns_; column-- > 0;) {
      result_.needed[column] = destinations[column].storage;
      byte_run_[column] =
          destinations[column].storage == Storage::kByte ? byte_run_[column + 1] + 1 : 0;
    }
    const char digits[8] = {'0', layout.delimiter, '0', layout.delimiter,
                            '0', layout.delimiter, '0', layout.delimiter};
    std::memcpy(&four_cells_, digits, sizeof four_cells_);
  }

  ChunkResult parse() {
    std::size_t at = 0;
    for (row_ = 0; row_ < chunk_.rows && result_.error.empty(); ++row_) {
      if (layout_.quoted) {
        parse_quoted_row(at);
      } else {
        const char* begin = chunk_.text.data() + at;
        const std::size_t left = chunk_.text.size() - at;
        const void* line_end = std::memchr(begin, '\n', left);
        const std::size_t length =
            line_end == nullptr
                ? left
                : static_cast<std::size_t>(static_cast<const char*>(line_end) - begin);
        parse_plain_row(std::string_view(begin, length));
        at += length + 1;
      }
      if ((row_ + 1) % kTileRows == 0) flush_tile(row_ + 1 - kTileRows, kTileRows);
    }
    const std::size_t rest = row_ % kTileRows;
    flush_tile(row_ - rest, rest);
    return std::move(result_);
  }

 private:
  void parse_plain_row(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const char* at = line.data();
    const char* const end = at + line.size();
    std::uint8_t* const tile = tile_.data() + row_ % kTileRows;
    std::size_t column = 0;
    for (;;) {
      // Cells of one digit, the flags of a purchase history: four in one comparison.
      while (byte_run_[column] >= 4 && end - at >= 8) {
        std::uint64_t cells;
        std::memcpy(&cells, at, sizeof cells);
        cells ^= four_cells_;
        if (!four_digits(cells)) break;
        std::uint8_t digits[8];
        std::memcpy(digits, &cells, sizeof digits);
        for (std::size_t k = 0; k < 4; ++k) tile[(column + k) * kTileStride] = digits[2 * k];
        column += 4;
        at += 8;
      }
      const void* found = std::memchr(at, layout_.delimiter, static_cast<std::size_t>(end - at));
      const char* cell_end = found == nullptr ? end : static_cast<const char*>(found);
      if (column < columns_) {
        store(column, trim_blanks({at, static_cast<std::size_t>(cell_end - at)}), false);
      }
      ++column;
      if (found == nullptr) break;
      at = cell_end + 1;
      if (column >= columns_) {  // Too many cells: only their number matters now.
        column += static_cast<std::size_t>(std::count(at, end, layout_.delimiter)) + 1;
        break;
      }
    }
    check_width(column);
  }

  void parse_quoted_row(std::size_t& at) {
    RawCell cell;
    std::size_t column = 0;
    for (; !cell.ends_row; ++column) {
      const char* reason = read_cell(chunk_.text, at, layout_.delimiter, cell);
      if (reason != nullptr) return fail(std::string("is malformed: ") + reason);
      if (column < columns_) store(column, cell.text, cell.doubled_quotes);
    }
    check_width(column);
  }

  void check_width(std::size_t cells) {
    if (cells == columns_ || !result_.error.empty()) return;
    fail("has " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") + ", the header has " +
         std::to_string(columns_));
  }

  void store(std::size_t column, std::string_view cell, bool doubled_quotes) {
    const Destination& destination = destinations_[column];
    const std::size_t row = chunk_.first_row + row_;
    std::uint8_t& tile_byte = tile_[column * kTileStride + row_ % kTileRows];
    if (destination.storage == Storage::kByte && cell.size() <= 2 && !cell.empty()) {
      const auto first = static_cast<unsigned char>(cell.front() - '0'),
                 last = static_cast<unsigned char>(cell.back() - '0');
      if (first <= 9 && last <= 9) {
        tile_byte = static_cast<std::uint8_t>(cell.size() == 1 ? first : first * 10 + last);
        return;
      }
    }
    if (is_missing_text(cell)) {
      if (destination.storage == Storage::kByte) tile_byte = kMissingByte;
      if (destination.storage == Storage::kDouble) destination.doubles[row] = kMissingNumber;
      if (destination.storage == Storage::kText) destination.codes[row] = kMissingCode;
      return;
    }
    if (cell.size() > max_cell_bytes_) {
      return fail("holds a cell of " + std::to_string(cell.size()) + " bytes in column '" +
                  layout_.names[column] + "', the limit is " + std::to_string(max_cell_bytes_));
    }
    if (destination.storage == Storage::kText) {
      destination.codes[row] = code_of(result_.dictionaries[column], cell, doubled_quotes);
      return;
    }
    const std::optional<double> number = parse_number(cell);
    const Storage needed = number ? storage_of(*number) : Storage::kText;
    result_.needed[column] = std::max(result_.needed[column], needed);
    if (needed > destination.storage) return;
    if (destination.storage == Storage::kByte) tile_byte = static_cast<std::uint8_t>(*number);
    if (destination.storage == Storage::kDouble) destination.doubles[row] = *number;
  }

  static std::int32_t code_of(ChunkDictionary& dictionary, std::string_view text,
                              bool doubled_quotes) {
    const std::string unescaped = doubled_quotes ? unescape(text) : std::string{};
    const auto known = dictionary.code_of.find(doubled_quotes ? std::string_view(unescaped) : text);
    if (known != dictionary.code_of.end()) return known->second;
    if (doubled_quotes) text = dictionary.owned.emplace_back(unescaped);
    const auto code = static_cast<std::int32_t>(dictionary.texts.size());
    dictionary.texts.push_back(text);
    dictionary.code_of.emplace(text, code);
    return code;
  }

  void flush_tile(std::size_t first_row, std::size_t rows) {
    for (std::size_t column = 0; column < columns_; ++column) {
      if (destinations_[column].storage != Storage::kByte) continue;
      std::memcpy(destinations_[column].bytes + chunk_.first_row + first_row,
                  &tile_[column * kTileStride], rows);
    }
  }

  void fail(const std::string& what) {
    if (result_.error.empty()) {
      result_.error = "row " + std::to_string(chunk_.first_row + row_ + 1) + " " + what;
    }
  }

  const Chunk& chunk_;
  const Layout& layout_;
  const std::vector<Destination>& destinations_;
  const std::size_t max_cell_bytes_;
  const std::size_t columns_;
  std::vector<std::uint8_t> tile_;
  std::vector<std::size_t>
      byte_run_;  // Columns from here on that are stored as bytes without a gap.
  std::uint64_t four_cells_ = 0;
  std::size_t row_ = 0;  // Of the chunk.
  ChunkResult result_;
};

}  // namespace

ChunkResult parse_chunk(const Chunk& chunk, const Layout& layout,
                        const std::vector<Destination>& destinations, std::size_t max_cell_bytes) {
  return ChunkParser(chunk, layout, destinations, max_cell_bytes).parse();
}

}  // namespace data::detail
