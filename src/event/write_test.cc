// SPDX-License-Identifier: Apache-2.0
#include "event/write.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <limits>

#include "event/read.h"

namespace event {
namespace {

constexpr std::int64_t kIds[] = {0,
                                 1,
                                 -1,
                                 404180,
                                 std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()};

template <class T>
std::string written(const T& value) {
  std::string out;
  write(value, out);
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(simdjson::padded_string(out)).error(), simdjson::SUCCESS) << out;
  return out;
}

TEST(Write, spells_the_messages_of_the_documentation) {
  EXPECT_EQ(written(Session{CustomerId(404180), SessionId(17)}),
            R"({"uuid": 404180, "session": 17})");
  EXPECT_EQ(written(Demographics{CustomerId(404180), 41, true, false}),
            R"({"uuid": 404180, "age": 41, "man": 1, "woman": 0})");
  EXPECT_EQ(written(Prediction{CustomerId(1234567), true, "23u84023u4h0"}),
            R"({"uuid": 1234567, "value": 1, "token": "23u84023u4h0"})");
  EXPECT_EQ(
      written(Decision{CustomerId(404180), SessionId(17), true, System::kCandidate,
                       DecisionReason::kDecision}),
      R"({"uuid": 404180, "session": 17, "value": 1, "system": "candidate", "reason": "decision"})");
  EXPECT_EQ(written(Revenue{CustomerId(404180), SessionId(17), base::Cents(2345), true}),
            R"({"uuid": 404180, "session": 17, "revenue": 23.45, "accepted": 1})");
}

TEST(Write, reads_back_equal) {
  Reader reader;
  for (const std::int64_t id : kIds) {
    const Session session{CustomerId(id), SessionId(id)};
    Session session_read;
    ASSERT_EQ(reader.session(written(session), session_read), Outcome::kOk);
    EXPECT_EQ(session_read, session);
    for (const std::int64_t cents :
         {std::int64_t{0}, std::int64_t{5}, std::int64_t{1230}, kMaxRevenue.value()}) {
      const Revenue revenue{CustomerId(id), SessionId(id), base::Cents(cents), cents == 5};
      Revenue revenue_read;
      ASSERT_EQ(reader.revenue(written(revenue), revenue_read), Outcome::kOk);
      EXPECT_EQ(revenue_read, revenue);
    }
  }
  for (const System system : {System::kBase, System::kCandidate, System::kNone}) {
    for (const DecisionReason why :
         {DecisionReason::kDecision, DecisionReason::kTimeout, DecisionReason::kUnsampled}) {
      const Decision decision{CustomerId(1), SessionId(2), true, system, why};
      Decision read;
      ASSERT_EQ(reader.decision(written(decision), read), Outcome::kOk);
      EXPECT_EQ(read, decision);
    }
  }
}

TEST(Write, escapes_a_token_so_that_it_reads_back_equal) {
  Reader reader;
  const std::string odd("a\"b\\c\n\x01'\xc3\xb1/", 12);
  const std::string text = written(Prediction{CustomerId(1), false, odd});
  Prediction read;
  ASSERT_EQ(reader.prediction(text, read), Outcome::kOk);
  EXPECT_EQ(read.token, odd);
}

TEST(Write, names_the_known_products_only) {
  const ProductIndex index = *ProductIndex::make({"cat1", "u\"2", "cat3"});
  History history(3);
  history.customer = CustomerId(9);
  history.set(0, true);
  history.set(1, false);
  std::string out;
  write(history, index, out);
  EXPECT_EQ(out, R"({"uuid": 9, "products": {"cat1": 1, "u\"2": 0}})");
  HistoryReader reader(index);
  History read;
  ASSERT_EQ(reader.read(out, read), Outcome::kOk);
  EXPECT_EQ(read, history);
}

TEST(Write, appends_and_does_not_grow_a_buffer_that_is_large_enough) {
  std::string out = "x";
  out.reserve(4096);
  const std::size_t capacity = out.capacity();
  for (int i = 0; i < 20; ++i) write(Demographics{CustomerId(i), 41, true, false}, out);
  EXPECT_EQ(out.capacity(), capacity);
  EXPECT_TRUE(out.starts_with("x{"));
}

}  // namespace
}  // namespace event
