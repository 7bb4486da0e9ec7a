// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "event/detail/scanner.h"
#include "event/detail/shape.h"
#include "event/read.h"

namespace event {
namespace {

using detail::Scanner;
using detail::Shape;
using detail::Trace;
using detail::Value;

constexpr std::size_t kMaxShapes = 8;
constexpr std::uint64_t kRelearnEvery =
    64;  // Misses; a topic without any shape must not pay for learning each time.

}  // namespace

struct HistoryReader::State {
  State(const ProductIndex& products, Engine wanted)
      : index(products),
        shapes_used(wanted != Engine::kReference),
        avx2(wanted == Engine::kFastest && detail::has_avx2()) {}

  Outcome scan(std::string_view message, History& out);
  bool scan_products(Scanner& scanner, std::string_view message, History& out, Outcome& outcome);
  bool scan_product(const Value& value, std::uint32_t slot, std::string_view message, History& out,
                    Outcome& outcome);
  std::uint32_t slot_of(std::string_view product, std::size_t place);
  void learn(std::string_view message);

  const ProductIndex& index;
  const bool shapes_used;
  const bool avx2;
  std::vector<Shape> shapes;  // The one that fitted last stands first.
  std::size_t replaced_next = 0;
  std::string scratch;
  Trace trace;
  std::vector<std::uint32_t>
      order;  // The slots of the previous message: the next one most likely has the same order.
  Oddities oddities;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
};

std::uint32_t HistoryReader::State::slot_of(std::string_view product, std::size_t place) {
  if (place < order.size() && order[place] != Trace::kNoSlot &&
      index.name(order[place]) == product) {
    return order[place];
  }
  const std::optional<std::size_t> found = index.slot(product);
  const std::uint32_t slot = found ? static_cast<std::uint32_t>(*found) : Trace::kNoSlot;
  if (place >= order.size() && place < 2 * kMaxProducts) order.resize(place + 1, Trace::kNoSlot);
  if (place < order.size()) order[place] = slot;
  return slot;
}

// One indicator of a known product.
bool HistoryReader::State::scan_product(const Value& value, std::uint32_t slot,
                                        std::string_view message, History& out, Outcome& outcome) {
  const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
  const bool before_known = out.known(slot);
  const bool before = out.bought(slot);
  if (value.kind == Value::Kind::kNull) {
    trace.plain = false;
    if (before_known) ++oddities.conflicts;
    out.known_words()[slot / 64] &= ~bit;
    out.bought_words()[slot / 64] &= ~bit;
    return true;
  }
  bool bought = false;
  outcome = to_flag(value, bought);
  if (outcome != Outcome::kOk) return false;
  if (before_known && before != bought) ++oddities.conflicts;
  out.set(slot, bought);
  if (value.kind == Value::Kind::kNumber && value.text.size() == 1) {
    trace.indicators.push_back(
        {static_cast<std::uint32_t>(value.text.data() - message.data()), slot});
  } else {
    trace.plain = false;
  }
  return true;
}

bool HistoryReader::State::scan_products(Scanner& scanner, std::string_view message, History& out,
                                         Outcome& outcome) {
  std::string_view product;
  for (std::size_t place = 0; scanner.next_key(product); ++place) {
    const std::uint32_t slot = slot_of(product, place);
    Value value;
    if (!scanner.value(value)) return false;
    if (value.kind == Value::Kind::kObject || value.kind == Value::Kind::kArray) {
      if (!scanner.skip(value)) return false;
    }
    if (slot != Trace::kNoSlot) {
      // A value that is no indicator is remembered, but the rest must still be read: is it JSON at
      // all?
      Outcome fault = Outcome::kOk;
      if (!scan_product(value, slot, message, out, fault) && outcome == Outcome::kOk)
        outcome = fault;
      continue;
    }
    ++oddities.unknown;
    if (value.kind == Value::Kind::kNumber && (value.text == "0" || value.text == "1")) {
      trace.indicators.push_back(
          {static_cast<std::uint32_t>(value.text.data() - message.data()), slot});
    }
  }
  return scanner.outcome() == Outcome::kOk;
}

// The reference: what this reads is right by definition.
Outcome HistoryReader::State::scan(std::string_view message, History& out) {
  oddities = {};
  trace.indicators.clear();
  trace.plain = true;
  if (out.slots() != index.size()) {
    out.reset(index.size());
  } else {
    std::ranges::fill(out.known_words(), 0);
    std::ranges::fill(out.bought_words(), 0);
  }
  Scanner scanner(message, scratch);
  if (!scanner.begin_object()) return scanner.outcome();
  Value uuid;
  Value products;
  Outcome fault = Outcome::kOk;
  std::string_view key;
  while (scanner.next_key(key)) {
    Value value;
    const bool is_uuid = key == "uuid";
    const bool is_products = key == "products";
    if (!scanner.value(value)) return scanner.outcome();
    if (is_products) {
      if (products.kind != Value::Kind::kAbsent) {  // Again: the last one wins, as a whole.
        ++oddities.conflicts;
        trace.plain = false;
        fault = Outcome::kOk;
        std::ranges::fill(out.known_words(), 0);
        std::ranges::fill(out.bought_words(), 0);
      }
      products = value;
    }
    if (is_products && value.kind == Value::Kind::kObject) {
      if (!scan_products(scanner, message, out, fault)) return scanner.outcome();
    } else if (value.kind == Value::Kind::kObject || value.kind == Value::Kind::kArray) {
      if (!scanner.skip(value)) return scanner.outcome();
    }
    if (is_uuid) {
      if (uuid.kind != Value::Kind::kAbsent) {
        trace.plain = false;
        if (!same(uuid, value)) ++oddities.conflicts;
      }
      uuid = value;
    } else if (!is_products) {
      ++oddities.unknown;
    }
  }
  if (!scanner.finish()) return scanner.outcome();

  std::int64_t id = 0;
  const Outcome uuid_outcome = to_whole(uuid, id);
  if (uuid_outcome != Outcome::kOk) return uuid_outcome;
  if (products.kind == Value::Kind::kAbsent || products.kind == Value::Kind::kNull)
    return Outcome::kMissingField;
  if (products.kind != Value::Kind::kObject) return Outcome::kWrongType;
  if (fault != Outcome::kOk) return fault;
  if (index.size() > 0 &&
      std::ranges::all_of(out.known_words(), [](std::uint64_t word) { return word == 0; })) {
    return Outcome::kNoProducts;
  }
  out.customer = CustomerId(id);
  trace.uuid_at = static_cast<std::uint32_t>(uuid.text.data() - message.data());
  trace.uuid_length = static_cast<std::uint32_t>(uuid.text.size());
  trace.unknown = oddities.unknown;
  for (const char c : uuid.text) trace.plain = trace.plain && c >= '0' && c <= '9';
  if (uuid.text.size() > 1 && uuid.text[0] == '0') trace.plain = false;
  return Outcome::kOk;
}

void HistoryReader::State::learn(std::string_view message) {
  if (shapes.size() == kMaxShapes && misses % kRelearnEvery != 0) return;
  std::optional<Shape> shape = Shape::learn(message, trace, index);
  if (!shape) return;
  if (shapes.size() < kMaxShapes) {
    shapes.push_back(std::move(*shape));
  } else {
    replaced_next = 1 + replaced_next % (kMaxShapes - 1);  // Never the first, which fitted last.
    shapes[replaced_next] = std::move(*shape);
  }
}

HistoryReader::HistoryReader(const ProductIndex& index, Engine engine)
    : state_(std::make_unique<State>(index, engine)) {}
HistoryReader::~HistoryReader() = default;
HistoryReader::HistoryReader(HistoryReader&&) noexcept = default;

Outcome HistoryReader::read(std::string_view message, History& out) {
  State& s = *state_;
  if (message.size() > kMaxMessageBytes) return s.oddities = {}, Outcome::kTooLong;
  for (std::size_t i = 0; i < s.shapes.size(); ++i) {
    if (!s.shapes[i].read(message, s.avx2, out, s.oddities)) continue;
    if (i != 0) std::swap(s.shapes[i], s.shapes[0]);
    ++s.hits;
    return Outcome::kOk;
  }
  ++s.misses;
  const Outcome outcome = s.scan(message, out);
  if (outcome == Outcome::kOk && s.shapes_used) s.learn(message);
  return outcome;
}

const Oddities& HistoryReader::oddities() const { return state_->oddities; }
std::uint64_t HistoryReader::shape_hits() const { return state_->hits; }
std::uint64_t HistoryReader::shape_misses() const { return state_->misses; }

}  // namespace event
