// SPDX-License-Identifier: Apache-2.0
#include "event/history.h"

#include <bit>

#include "event/detail/quote.h"

namespace event {
namespace {

// FNV-1a, finished so that the low bits, which choose the place, depend on every byte.
std::size_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

}  // namespace

base::Result<ProductIndex> ProductIndex::make(std::vector<std::string> names) {
  if (names.size() > kMaxProducts) {
    return base::input_error("there are " + std::to_string(names.size()) + " products; at most " +
                             std::to_string(kMaxProducts) + " are kept");
  }
  ProductIndex index;
  index.names_ = std::move(names);
  index.table_.assign(std::bit_ceil(2 * index.names_.size() + 2), 0);
  for (std::size_t slot = 0; slot < index.names_.size(); ++slot) {
    const std::string& name = index.names_[slot];
    if (name.empty())
      return base::input_error("product " + std::to_string(slot + 1) + " has an empty name");
    if (index.slot(name)) return base::input_error("product '" + name + "' is named twice");
    std::size_t place = hash_of(name) & (index.table_.size() - 1);
    while (index.table_[place] != 0) place = (place + 1) & (index.table_.size() - 1);
    index.table_[place] = static_cast<std::uint32_t>(slot + 1);
    std::string key;
    detail::quote(name, key);
    index.json_keys_.push_back(key + ": ");
  }
  return index;
}

std::optional<std::size_t> ProductIndex::slot(std::string_view name) const {
  std::size_t place = hash_of(name) & (table_.size() - 1);
  while (table_[place] != 0) {
    if (names_[table_[place] - 1] == name) return table_[place] - 1;
    place = (place + 1) & (table_.size() - 1);
  }
  return std::nullopt;
}

void History::reset(std::size_t slots) {
  slots_ = slots;
  known_.assign((slots + 63) / 64, 0);
  bought_.assign((slots + 63) / 64, 0);
}

}  // namespace event
