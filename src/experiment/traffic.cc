// SPDX-License-Identifier: Apache-2.0
#include "experiment/traffic.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "experiment/assignment.h"

namespace experiment {
namespace {

// A count of places: one more than 64 bits hold.
__extension__ using Places = unsigned __int128;

constexpr std::uint64_t kLastPlace = ~std::uint64_t{0};
constexpr Places kAllPlaces = Places{1} << 64;
constexpr Places kRoundingPlaces = Places{1} << 16;

Places size_of(const SlotRange& range) { return Places{range.last - range.first} + 1; }

Places size_of(const std::vector<SlotRange>& ranges) {
  Places sum = 0;
  for (const SlotRange& range : ranges) sum += size_of(range);
  return sum;
}

double share_of(Places places) { return std::ldexp(static_cast<double>(places), -64); }

Slots together(std::span<const Slots> taken) {
  std::vector<SlotRange> ranges;
  for (const Slots& slots : taken)
    ranges.insert(ranges.end(), slots.ranges().begin(), slots.ranges().end());
  return Slots::of(std::move(ranges));
}

// What `taken` leaves, rising.
std::vector<SlotRange> free_ranges(const Slots& taken) {
  std::vector<SlotRange> result;
  std::uint64_t from = 0;
  for (const SlotRange& range : taken.ranges()) {
    if (range.first > from) result.push_back({from, range.first - 1});
    if (range.last == kLastPlace) return result;
    from = range.last + 1;
  }
  result.push_back({from, kLastPlace});
  return result;
}

// The same places in the order in which one meets them going round from `from`.
std::vector<SlotRange> in_order_from(std::uint64_t from, const std::vector<SlotRange>& rising) {
  std::vector<SlotRange> after;
  std::vector<SlotRange> before;
  for (const SlotRange& range : rising) {
    if (range.last >= from) after.push_back({std::max(range.first, from), range.last});
    if (range.first < from) before.push_back({range.first, std::min(range.last, from - 1)});
  }
  after.insert(after.end(), before.begin(), before.end());
  return after;
}

std::string hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return text;
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

std::optional<SlotRange> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_hex(text.substr(0, dash));
  const auto last = parse_hex(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return SlotRange{*first, *last};
}

// The piece as it may be shown: short.
std::string shown(std::string_view piece) {
  constexpr std::size_t kMost = 40;
  return "'" + std::string(piece.substr(0, kMost)) + (piece.size() > kMost ? "…'" : "'");
}

}  // namespace

std::uint64_t layer_draw(std::string_view unit) {
  return draw("provecho", "layer", normalized_unit(unit));
}

Slots Slots::all() { return of({{0, kLastPlace}}); }

Slots Slots::of(std::vector<SlotRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const SlotRange& a, const SlotRange& b) { return a.first < b.first; });
  Slots slots;
  for (const SlotRange& range : ranges) {
    CHECK(range.first <= range.last);
    std::vector<SlotRange>& kept = slots.ranges_;
    const bool touches =
        !kept.empty() && (kept.back().last == kLastPlace || range.first <= kept.back().last + 1);
    if (touches) {
      kept.back().last = std::max(kept.back().last, range.last);
    } else {
      kept.push_back(range);
    }
  }
  return slots;
}

base::Result<Slots> Slots::parse(std::string_view text) {
  std::vector<SlotRange> ranges;
  if (text.empty()) return Slots();
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string_view piece = text.substr(at, comma - at);
    const auto range = parse_range(piece);
    if (!range) {
      return base::input_error("slots are ranges such as 0-3fff in hexadecimal digits, not " +
                               shown(piece) + " at character " + std::to_string(at + 1));
    }
    if (!ranges.empty() && range->first <= ranges.back().last) {
      return base::input_error("slots must rise and not overlap: " + shown(piece) +
                               " at character " + std::to_string(at + 1) + " does not");
    }
    ranges.push_back(*range);
    at = comma + 1;
  }
  return of(std::move(ranges));
}

bool Slots::owns(std::uint64_t draw) const {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), draw,
      [](std::uint64_t value, const SlotRange& range) { return value < range.first; });
  return after != ranges_.begin() && draw <= std::prev(after)->last;
}

double Slots::share() const { return share_of(size_of(ranges_)); }

std::string Slots::text() const {
  std::string text;
  for (const SlotRange& range : ranges_)
    text += (text.empty() ? "" : ",") + hex(range.first) + "-" + hex(range.last);
  return text;
}

Slots merge(const Slots& a, const Slots& b) {
  const Slots both[] = {a, b};
  return together(both);
}

std::optional<Slots> allocate(std::span<const Slots> taken, double share, std::uint64_t from) {
  CHECK(share >= 0 && share <= 1);
  // Exact: a change of exponent.
  Places wanted = share == 1 ? kAllPlaces : static_cast<std::uint64_t>(std::ldexp(share, 64));
  const std::vector<SlotRange> free = free_ranges(together(taken));
  const Places there = size_of(free);
  if (wanted > there + kRoundingPlaces || (wanted > 0 && there == 0)) return std::nullopt;
  wanted = std::min(wanted, there);
  std::vector<SlotRange> got;
  for (const SlotRange& range : in_order_from(from, free)) {
    if (wanted == 0) break;
    const Places part = std::min(wanted, size_of(range));
    got.push_back({range.first, range.first + static_cast<std::uint64_t>(part - 1)});
    wanted -= part;
  }
  return Slots::of(std::move(got));
}

double free_share(std::span<const Slots> taken) {
  return share_of(size_of(free_ranges(together(taken))));
}

}  // namespace experiment
