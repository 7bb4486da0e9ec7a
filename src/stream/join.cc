// SPDX-License-Identifier: Apache-2.0
#include "stream/join.h"

#include <algorithm>

#include "stream/detail/cell_pool.h"

namespace stream {
namespace {

using detail::Cell;
using detail::kNone;

// Cell::state. The first two are Side.
constexpr std::uint8_t kRemembered = 2;

std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }
std::size_t other(std::size_t side) { return 1 - side; }

}  // namespace

struct JoinTable::State {
  State(std::size_t product_words, const JoinOptions& opts)
      : options(opts), words(product_words), slab(2 * product_words), map(cells) {}

  // Finds out what the half is; sets `index` to the customer's cell unless it is a repeat.
  JoinOutcome arrive(std::size_t side, std::int64_t customer, Place place, base::Timestamp now,
                     std::uint32_t& index);
  void wait(std::size_t side, std::uint32_t index, base::Timestamp now);
  void become_pair(std::uint32_t index, base::Timestamp now);
  void release_bits(Cell& cell);
  void forget(std::uint32_t index);
  bool overdue(std::size_t side, const Cell& cell, base::Timestamp now) const;
  void copy_bits(const event::History& half, Cell& cell);
  void hear(std::size_t side, Place place, base::Timestamp now);

  JoinOptions options;
  std::size_t words;
  detail::CellPool cells;
  detail::WordSlab slab;
  detail::CustomerMap map;
  std::array<detail::AgeList, 3> lists;      // By state.
  std::array<std::int64_t, 2> event_time{};  // The latest of each side.
  std::array<std::int64_t, 2> heard{
      -1, -1};  // Wall time of its last record; -1: the table has not been told the time yet.
  std::vector<std::uint64_t>
      pair_bits;  // Of the pair just made, while the slab's row is free again.
};

namespace {

// The time a record speaks of: its own, but never after its arrival, so that one wrong clock cannot
// expire the others.
std::int64_t event_time_of(std::int64_t stamp, std::int64_t arrival) {
  return stamp > 0 ? std::min(stamp, arrival) : arrival;
}

}  // namespace

void JoinTable::State::hear(std::size_t side, Place place, base::Timestamp now) {
  event_time[side] =
      std::max(event_time[side], event_time_of(place.timestamp.micros(), now.micros()));
  heard[side] = now.micros();
  if (heard[other(side)] < 0) heard[other(side)] = now.micros();
}

JoinOutcome JoinTable::State::arrive(std::size_t side, std::int64_t customer, Place place,
                                     base::Timestamp now, std::uint32_t& index) {
  hear(side, place, now);
  index = map.find(customer);
  const std::int64_t stamp = place.timestamp.micros();
  if (index == kNone) {
    index = cells.take();
    cells[index] = Cell{customer, {-1, -1}, {0, 0}, 0, kNone, kNone, kNone, kRemembered, 0, 0, 0};
    cells[index].offset[side] = place.offset;
    cells[index].stamp[side] = stamp;
    map.insert(customer, index);
    wait(side, index, now);
    return JoinOutcome::kWaiting;
  }
  Cell& cell = cells[index];
  if (cell.offset[side] >= 0 &&
      (place.offset <= cell.offset[side] || (stamp != 0 && stamp == cell.stamp[side]))) {
    return JoinOutcome::kRepeat;
  }
  cell.offset[side] = place.offset;
  cell.stamp[side] = stamp;
  if (cell.state == other(side)) return JoinOutcome::kJoined;
  const bool replaces = cell.state == side;
  lists[cell.state].remove(cells, index);
  wait(side, index, now);
  return replaces ? JoinOutcome::kReplaced : JoinOutcome::kWaiting;
}

void JoinTable::State::wait(std::size_t side, std::uint32_t index, base::Timestamp now) {
  cells[index].state = static_cast<std::uint8_t>(side);
  cells[index].since = now.micros();
  lists[side].append(cells, index);
}

void JoinTable::State::become_pair(std::uint32_t index, base::Timestamp now) {
  Cell& cell = cells[index];
  lists[cell.state].remove(cells, index);
  release_bits(cell);
  cell.state = kRemembered;
  cell.since = now.micros();
  lists[kRemembered].append(cells, index);
  if (lists[kRemembered].size() > options.max_remembered) forget(lists[kRemembered].oldest());
}

void JoinTable::State::release_bits(Cell& cell) {
  if (cell.bits != kNone) slab.give_back(cell.bits);
  cell.bits = kNone;
}

void JoinTable::State::forget(std::uint32_t index) {
  Cell& cell = cells[index];
  lists[cell.state].remove(cells, index);
  release_bits(cell);
  map.erase(cell.customer);
  cells.give_back(index);
}

void JoinTable::State::copy_bits(const event::History& half, Cell& cell) {
  if (cell.bits == kNone) cell.bits = slab.take();
  std::uint64_t* const row = slab.row(cell.bits);
  std::ranges::copy(half.known_words(), row);
  std::ranges::copy(half.bought_words(), row + words);
}

bool JoinTable::State::overdue(std::size_t side, const Cell& cell, base::Timestamp now) const {
  const std::int64_t window = options.window.count();
  if (event_time[other(side)] - event_time_of(cell.stamp[side], cell.since) > window) return true;
  return now.micros() - cell.since >= window && now.micros() - heard[other(side)] >= window;
}

JoinTable::JoinTable(std::size_t product_words, const JoinOptions& options)
    : state_(std::make_unique<State>(product_words, options)) {}
JoinTable::~JoinTable() = default;
JoinTable::JoinTable(JoinTable&&) noexcept = default;
JoinTable& JoinTable::operator=(JoinTable&&) noexcept = default;

JoinOutcome JoinTable::add(const event::Demographics& half, Place place, base::Timestamp now,
                           Pair& pair) {
  State& s = *state_;
  std::uint32_t index = kNone;
  const JoinOutcome outcome =
      s.arrive(index_of(Side::kDemographic), half.customer.value(), place, now, index);
  if (outcome == JoinOutcome::kRepeat) return outcome;
  Cell& cell = s.cells[index];
  if (outcome == JoinOutcome::kJoined) {
    const std::uint64_t* const row = s.slab.row(cell.bits);
    s.pair_bits.assign(row, row + 2 * s.words);
    pair = {half, std::span(s.pair_bits).first(s.words), std::span(s.pair_bits).subspan(s.words)};
    s.become_pair(index, now);
    return outcome;
  }
  cell.age = static_cast<std::uint8_t>(half.age);
  cell.man = half.man;
  cell.woman = half.woman;
  return outcome;
}

JoinOutcome JoinTable::add(const event::History& half, Place place, base::Timestamp now,
                           Pair& pair) {
  State& s = *state_;
  std::uint32_t index = kNone;
  const JoinOutcome outcome =
      s.arrive(index_of(Side::kHistoric), half.customer.value(), place, now, index);
  if (outcome == JoinOutcome::kRepeat) return outcome;
  Cell& cell = s.cells[index];
  if (outcome == JoinOutcome::kJoined) {
    pair = {{half.customer, cell.age, cell.man != 0, cell.woman != 0},
            half.known_words(),
            half.bought_words()};
    s.become_pair(index, now);
    return outcome;
  }
  s.copy_bits(half, cell);
  return outcome;
}

JoinTable::Expired JoinTable::expire(base::Timestamp now) {
  State& s = *state_;
  Expired expired;
  for (std::size_t side = 0; side < 2; ++side) {
    if (s.heard[side] < 0) s.heard[side] = now.micros();
  }
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::uint32_t oldest = s.lists[side].oldest();
         oldest != kNone && s.overdue(side, s.cells[oldest], now);
         oldest = s.lists[side].oldest()) {
      s.forget(oldest);
      ++expired.window[side];
    }
  }
  if (full(Side::kDemographic) && full(Side::kHistoric)) {
    const bool historic_is_older =
        s.cells[s.lists[1].oldest()].since < s.cells[s.lists[0].oldest()].since;
    const std::size_t side = historic_is_older ? 1 : 0;
    for (; !roomy(static_cast<Side>(side)); ++expired.overflow[side])
      s.forget(s.lists[side].oldest());
  }
  while (s.lists[kRemembered].oldest() != kNone &&
         now.micros() - s.cells[s.lists[kRemembered].oldest()].since >= s.options.window.count()) {
    s.forget(s.lists[kRemembered].oldest());
  }
  return expired;
}

void JoinTable::silence_means_nothing(Side side, base::Timestamp now) {
  state_->heard[index_of(side)] = std::max(state_->heard[index_of(side)], now.micros());
}

std::size_t JoinTable::waiting(Side side) const { return state_->lists[index_of(side)].size(); }
std::size_t JoinTable::remembered() const { return state_->lists[kRemembered].size(); }
bool JoinTable::full(Side side) const { return waiting(side) >= state_->options.max_waiting; }
bool JoinTable::roomy(Side side) const {
  return waiting(side) <
         std::max<std::size_t>(1, state_->options.max_waiting - state_->options.max_waiting / 8);
}

std::optional<std::int64_t> JoinTable::oldest_offset(Side side) const {
  const std::uint32_t oldest = state_->lists[index_of(side)].oldest();
  if (oldest == kNone) return std::nullopt;
  return state_->cells[oldest].offset[index_of(side)];
}

}  // namespace stream
