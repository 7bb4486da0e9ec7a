// SPDX-License-Identifier: Apache-2.0
// One chunk of rows into the columns' final storage.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/column.h"
#include "data/detail/cell.h"
#include "data/detail/layout.h"

namespace data::detail {

// Where a column's cells go: storage for all rows of the file, of which each chunk fills its own.
struct Destination {
  Storage storage = Storage::kByte;
  std::uint8_t* bytes = nullptr;
  double* doubles = nullptr;
  std::int32_t* codes =
      nullptr;  // Of this chunk's own dictionary, until the dictionaries are merged.
};

// The distinct texts of one column in one chunk, in order of appearance.
struct ChunkDictionary {
  std::unordered_map<std::string_view, std::int32_t> code_of;
  std::vector<std::string_view> texts;
  std::deque<std::string> owned;  // Texts that had doubled quotes.
};

struct ChunkResult {
  std::vector<Storage> needed;                // Per column: at least its destination's.
  std::vector<ChunkDictionary> dictionaries;  // Per column; empty for numbers.
  std::string error;                          // Empty if all went well.
};

// Parses a chunk. A cell that does not fit its destination only raises `needed`: the caller then
// provides wider storage and parses again.
ChunkResult parse_chunk(const Chunk& chunk, const Layout& layout,
                        const std::vector<Destination>& destinations, std::size_t max_cell_bytes);

}  // namespace data::detail
