// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/random.h"
#include "event/read.h"
#include "event/write.h"

namespace event {
namespace {

using Engine = HistoryReader::Engine;

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back((i % 2 == 0 ? "cat" : "u") + std::to_string(i));
  return names;
}

// One reader of each engine; all must agree on every message, in the order they are given.
class Readers {
 public:
  explicit Readers(const ProductIndex& index)
      : fastest_(index, Engine::kFastest),
        portable_(index, Engine::kPortable),
        reference_(index, Engine::kReference) {}

  Outcome read(const std::string& message) {
    const Outcome outcome = reference_.read(message, history);
    agree(fastest_, message, outcome, "fastest");
    agree(portable_, message, outcome, "portable");
    return outcome;
  }

  History history;
  Oddities oddities() const { return reference_.oddities(); }
  std::uint64_t shape_hits() const { return fastest_.shape_hits(); }

 private:
  void agree(HistoryReader& reader, const std::string& message, Outcome expected,
             const char* engine) {
    History other;
    // From a copy of exactly its length, so that a read past the end is seen by the address
    // sanitizer.
    const std::unique_ptr<char[]> bytes(new char[message.size() + 1]);
    message.copy(bytes.get() + 1, message.size());
    ASSERT_EQ(reader.read({bytes.get() + 1, message.size()}, other), expected)
        << engine << ": " << message;
    if (expected != Outcome::kOk) return;
    ASSERT_EQ(other, history) << engine << ": " << message;
    ASSERT_EQ(reader.oddities().conflicts, reference_.oddities().conflicts)
        << engine << ": " << message;
    ASSERT_EQ(reader.oddities().unknown, reference_.oddities().unknown)
        << engine << ": " << message;
  }

  HistoryReader fastest_;
  HistoryReader portable_;
  HistoryReader reference_;
};

// The exercise's own sample, as printed there.
constexpr const char* kSample =
    "{'uuid': 404180, 'products': {'cat17': 0, 'cat74': 0, 'cat41': 0, 'cat16': 1, 'cat59': 0, "
    "'cat91': 1, 'cat14': 1, "
    "'cat91': 0, 'cat59': 1, 'cat65': 0, 'cat14': 1, 'cat12': 1, 'cat82': 0, 'cat12': 1, 'u4': 0}}";

TEST(HistoryReader, reads_the_sample_with_quotes_duplicates_and_conflicts) {
  const ProductIndex index =
      *ProductIndex::make({"cat17", "cat16", "cat59", "cat91", "cat14", "cat12", "u4", "cat99"});
  Readers readers(index);
  for (int again = 0; again < 3; ++again) {
    ASSERT_EQ(readers.read(kSample), Outcome::kOk);
    EXPECT_EQ(readers.history.customer, CustomerId(404180));
    const bool expected[] = {false, true, true, false,
                             true,  true, false};  // The last one wins: cat59 1, cat91 0.
    for (std::size_t slot = 0; slot < 7; ++slot) {
      EXPECT_TRUE(readers.history.known(slot));
      EXPECT_EQ(readers.history.bought(slot), expected[slot]) << index.name(slot);
    }
    EXPECT_FALSE(readers.history.known(7));
    EXPECT_EQ(readers.oddities().conflicts, 2U);
    EXPECT_EQ(readers.oddities().unknown, 4U);  // cat74, cat41, cat65, cat82.
  }
  EXPECT_EQ(readers.shape_hits(), 2U);
}

TEST(HistoryReader, says_what_is_wrong) {
  const ProductIndex index = *ProductIndex::make({"a", "b"});
  Readers readers(index);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": 0, "b": 1}})"), Outcome::kOk);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {}})"), Outcome::kNoProducts);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"z": 1}})"), Outcome::kNoProducts);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": null}})"), Outcome::kNoProducts);
    EXPECT_EQ(readers.read(R"({"uuid": 1})"), Outcome::kMissingField);
    EXPECT_EQ(readers.read(R"({"products": {"a": 0, "b": 1}})"), Outcome::kMissingField);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": null})"), Outcome::kMissingField);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": [0, 1]})"), Outcome::kWrongType);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": "1", "b": 1}})"), Outcome::kWrongType);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": {}, "b": 1}})"), Outcome::kWrongType);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": 2, "b": 1}})"), Outcome::kOutOfRange);
    EXPECT_EQ(readers.read(R"({"uuid": 9223372036854775808, "products": {"a": 0, "b": 1}})"),
              Outcome::kOutOfRange);
    EXPECT_EQ(readers.read(R"({"uuid": 01, "products": {"a": 0, "b": 1}})"), Outcome::kNotJson);
    EXPECT_EQ(readers.read(R"({"uuid": , "products": {"a": 0, "b": 1}})"), Outcome::kNotJson);
    EXPECT_EQ(readers.read(R"({"uuid": 1, "products": {"a": 2, "b": )"), Outcome::kNotJson);
    EXPECT_EQ(readers.read(""), Outcome::kNotJson);
  }
  EXPECT_EQ(readers.read(std::string(10'000'000, '[')), Outcome::kTooLong);
}

TEST(HistoryReader, that_looks_for_no_product_takes_any_history) {
  const ProductIndex index = *ProductIndex::make({});
  Readers readers(index);
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(readers.read(R"({"uuid": 7, "products": {"a": 0, "b": 1}})"), Outcome::kOk);
    EXPECT_EQ(readers.history.customer, CustomerId(7));
    EXPECT_EQ(readers.read(R"({"uuid": 7, "products": {}})"), Outcome::kOk);
  }
}

TEST(HistoryReader, takes_the_last_of_everything_given_twice) {
  const ProductIndex index = *ProductIndex::make({"a", "b"});
  Readers readers(index);
  for (int again = 0; again < 2; ++again) {
    ASSERT_EQ(readers.read(R"({"uuid": 1, "products": {"a": 1}, "uuid": 2, "products": {"b": 1}})"),
              Outcome::kOk);
    EXPECT_EQ(readers.history.customer, CustomerId(2));
    EXPECT_FALSE(readers.history.known(0));
    EXPECT_EQ(readers.oddities().conflicts, 2U);
    ASSERT_EQ(readers.read(R"({"uuid": 1, "products": {"a": 1, "b": 0, "a": null}})"),
              Outcome::kOk);
    EXPECT_FALSE(readers.history.known(0));
    EXPECT_EQ(readers.oddities().conflicts, 1U);
  }
}

// Messages of a writer with a habit, mutated: every engine gives what the scanner gives.
class Mutations : public testing::TestWithParam<int> {};

TEST_P(Mutations, are_read_alike_by_every_engine) {
  base::Random random(7, static_cast<std::uint64_t>(GetParam()));
  const std::size_t slots = std::size_t{1} << random.below(8);
  const ProductIndex index = *ProductIndex::make(numbered(slots));
  Readers readers(index);
  // The writer's habit.
  const char quote = random.bernoulli(0.5) ? '"' : '\'';
  const std::string gap = random.bernoulli(0.5) ? " " : "";
  const bool uuid_last = random.bernoulli(0.3);
  const bool extra = random.bernoulli(0.3);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < slots; ++i) {
    for (std::uint64_t times = 1 + random.below(8) / 7; times > 0; --times) order.push_back(i);
    if (random.bernoulli(0.1)) order.push_back(slots + i);  // Unknown to the index.
  }
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  const auto quoted = [&](const std::string& text) { return quote + text + quote + ":" + gap; };
  const std::vector<std::string> names = numbered(2 * slots);

  int fine = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string products = quoted("products") + "{";
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i != 0) products += "," + gap;
      products += quoted(names[order[i]]) + (random.bernoulli(0.2) ? '1' : '0');
    }
    products += "}";
    const std::string uuid =
        quoted("uuid") + std::to_string(random.bits() >> (1 + random.below(63)));
    std::string message = "{" +
                          (uuid_last ? products + "," + gap + uuid : uuid + "," + gap + products) +
                          (extra ? "," + gap + quoted("version") + "1.0" : "") + "}";
    if (random.bernoulli(0.5)) {
      const std::size_t at = random.below(message.size());
      constexpr std::string_view kAlphabet = "012.eE-{}[],:\"'\\ tfnTNx\xc3";
      const char byte = kAlphabet[random.below(kAlphabet.size())];
      switch (random.below(5)) {
        case 0:
          message[at] = byte;
          break;
        case 1:
          message.insert(at, 1, byte);
          break;
        case 2:
          message.erase(at, 1);
          break;
        case 3:
          message.resize(at);
          break;
        default:
          std::swap(message[at], message[random.below(message.size())]);
          break;
      }
    }
    fine += readers.read(message) == Outcome::kOk ? 1 : 0;
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(fine, 1'400);
  EXPECT_GT(readers.shape_hits(), 1'000U);
}

INSTANTIATE_TEST_SUITE_P(Habits, Mutations, testing::Range(0, 40));

TEST(HistoryReader, keeps_reading_a_topic_without_any_order) {
  base::Random random(3);
  const ProductIndex index = *ProductIndex::make(numbered(20));
  Readers readers(index);
  std::vector<std::size_t> order(20);
  for (std::size_t i = 0; i < 20; ++i) order[i] = i;
  for (int round = 0; round < 2'000; ++round) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    std::string message = "{\"uuid\": " + std::to_string(round) + ", \"products\": {";
    for (std::size_t i = 0; i < 20; ++i)
      message += (i == 0 ? "" : ", ") + ("\"" + index.name(order[i]) + "\": ") +
                 (random.bernoulli(0.5) ? "1" : "0");
    ASSERT_EQ(readers.read(message + "}}"), Outcome::kOk);
    if (HasFatalFailure()) return;
  }
}

TEST(HistoryReader, reads_what_the_writer_writes_at_every_width) {
  base::Random random(11);
  for (const std::size_t slots : {1U, 63U, 64U, 65U, 110U, 300U, 4096U}) {
    const ProductIndex index = *ProductIndex::make(numbered(slots));
    Readers readers(index);
    for (int round = 0; round < 10; ++round) {
      History history(slots);
      history.customer = CustomerId(round);
      for (std::size_t slot = 0; slot < slots; ++slot) history.set(slot, random.bernoulli(0.3));
      std::string message;
      write(history, index, message);
      ASSERT_EQ(readers.read(message), Outcome::kOk);
      ASSERT_EQ(readers.history, history);
    }
    EXPECT_EQ(readers.shape_hits(), 9U) << slots;
  }
}

}  // namespace
}  // namespace event
