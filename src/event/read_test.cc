// SPDX-License-Identifier: Apache-2.0
#include "event/read.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/random.h"
#include "event/detail/scanner.h"
#include "event/write.h"

namespace event {
namespace {

Outcome demographics(std::string_view message, Demographics& out) {
  Reader reader;
  return reader.demographics(message, out);
}
Outcome demographics(std::string_view message) {
  Demographics out;
  return demographics(message, out);
}
Outcome revenue(std::string_view amount) {
  Reader reader;
  Revenue out;
  return reader.revenue(
      R"({"uuid": 1, "session": 2, "accepted": 0, "revenue": )" + std::string(amount) + "}", out);
}
Outcome uuid(std::string_view id, std::int64_t& out) {
  Reader reader;
  Session session;
  const Outcome outcome =
      reader.session(R"({"session": 1, "uuid": )" + std::string(id) + "}", session);
  out = session.customer.value();
  return outcome;
}

TEST(Reader, reads_json_and_printed_python_alike) {
  const Demographics expected{CustomerId(404180), 41, true, false};
  for (const std::string_view message : {
           R"({"uuid": 404180, "age": 41, "man": 1, "woman": 0})",
           R"({'uuid': 404180, 'age': 41, 'man': 1, 'woman': 0})",
           R"({"uuid":404180,"age":41,"man":1,"woman":0})",
           "\n\t {\r\"uuid\" : 404180 , \"age\" : 41 ,\n\"man\" : 1 , \"woman\" : 0 } \n",
           R"({'uuid': 404180, 'age': 41.0, 'man': True, 'woman': False})",
           R"({"woman": false, "man": true, "age": 4.1e1, "uuid": 404180.00})",
           R"({'uuid': 404180, 'age': 41, 'man': 1, 'woman': 0,})",
           R"({"\u0075uid": 404180, "a\x67e": 41, "man": 1, "woman": 0})",
       }) {
    Demographics read;
    EXPECT_EQ(demographics(message, read), Outcome::kOk) << message;
    EXPECT_EQ(read, expected) << message;
  }
}

TEST(Reader, passes_over_what_it_does_not_know_and_counts_it) {
  Reader reader;
  Demographics out;
  EXPECT_EQ(
      reader.demographics(
          R"({"x": [1, {"uuid": 5}, []], "uuid": 1, "age": 2, "man": 0, "woman": 1, "y": null})",
          out),
      Outcome::kOk);
  EXPECT_EQ(out, (Demographics{CustomerId(1), 2, false, true}));
  EXPECT_EQ(reader.oddities().unknown, 2U);
  EXPECT_EQ(reader.oddities().conflicts, 0U);
}

TEST(Reader, takes_the_last_of_a_key_given_twice_and_counts_conflicts) {
  Reader reader;
  Demographics out;
  ASSERT_EQ(reader.demographics(
                R"({"uuid": 1, "age": 20, "man": 0, "woman": 1, "age": 20.0, "uuid": 1})", out),
            Outcome::kOk);
  EXPECT_EQ(reader.oddities().conflicts, 0U);
  ASSERT_EQ(reader.demographics(
                R"({"uuid": 1, "age": 20, "man": 0, "woman": 1, "age": 30, "man": 1})", out),
            Outcome::kOk);
  EXPECT_EQ(out, (Demographics{CustomerId(1), 30, true, true}));
  EXPECT_EQ(reader.oddities().conflicts, 2U);
  EXPECT_EQ(
      reader.demographics(R"({"uuid": 1, "age": 20, "man": 0, "woman": 1, "age": null})", out),
      Outcome::kMissingField);
}

TEST(Reader, says_what_is_wrong_with_a_field) {
  EXPECT_EQ(demographics(R"({"uuid": 1, "man": 1, "woman": 0})"), Outcome::kMissingField);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": null, "man": 1, "woman": 0})"),
            Outcome::kMissingField);
  EXPECT_EQ(demographics(R"({'uuid': 1, 'age': None, 'man': 1, 'woman': 0})"),
            Outcome::kMissingField);
  EXPECT_EQ(demographics(R"({"uuid": "1", "age": 41, "man": 1, "woman": 0})"), Outcome::kWrongType);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": 41.5, "man": 1, "woman": 0})"), Outcome::kWrongType);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": [41], "man": 1, "woman": 0})"), Outcome::kWrongType);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": {}, "man": 1, "woman": 0})"), Outcome::kWrongType);
  EXPECT_EQ(demographics(R"({"uuid": true, "age": 41, "man": 1, "woman": 0})"),
            Outcome::kWrongType);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": -1, "man": 1, "woman": 0})"), Outcome::kOutOfRange);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": 151, "man": 1, "woman": 0})"), Outcome::kOutOfRange);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": nan, "man": 1, "woman": 0})"), Outcome::kOutOfRange);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": 41, "man": 2, "woman": 0})"), Outcome::kOutOfRange);
  EXPECT_EQ(demographics(R"({"uuid": 1, "age": 41, "man": -1, "woman": 0})"), Outcome::kOutOfRange);
}

TEST(Reader, leaves_the_output_alone_when_it_refuses) {
  Demographics out{CustomerId(7), 7, true, true};
  EXPECT_NE(demographics(R"({"uuid": 1, "age": 41, "man": 1, "woman": 3})", out), Outcome::kOk);
  EXPECT_EQ(out, (Demographics{CustomerId(7), 7, true, true}));
}

TEST(Reader, takes_ids_of_64_bits_exactly_and_no_more) {
  std::int64_t id = 0;
  EXPECT_EQ(uuid("9223372036854775807", id), Outcome::kOk);
  EXPECT_EQ(id, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(uuid("-9223372036854775808", id), Outcome::kOk);
  EXPECT_EQ(id, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(uuid("9007199254740993.000", id), Outcome::kOk);  // Not representable as a double.
  EXPECT_EQ(id, 9007199254740993);
  for (const std::string_view beyond :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e19", "1e400",
        "99999999999999999999999999", "1e99999999999999999999", "nan", "-inf", "Infinity"}) {
    EXPECT_EQ(uuid(beyond, id), Outcome::kOutOfRange) << beyond;
  }
  EXPECT_EQ(uuid("1e-1", id), Outcome::kWrongType);
  EXPECT_EQ(uuid("0e99999999999999999999", id), Outcome::kOk);
  EXPECT_EQ(id, 0);
}

TEST(Reader, takes_money_in_whole_cents_only) {
  for (const std::string_view fine :
       {"0", "-0", "23", "23.4", "23.45", "23.4500", "1e3", "2345e-2", "1000000000.00"}) {
    EXPECT_EQ(revenue(fine), Outcome::kOk) << fine;
  }
  Reader reader;
  Revenue out;
  ASSERT_EQ(
      reader.revenue(
          R"({"uuid": 1, "session": 2, "revenue": 2345.67e-1, "accepted": 0, "revenue": 0.29})",
          out),
      Outcome::kOk);
  EXPECT_EQ(out.revenue, base::Cents(29));
  EXPECT_EQ(revenue("23.455"), Outcome::kNotCents);
  EXPECT_EQ(revenue("0.30000000000000004"), Outcome::kNotCents);
  EXPECT_EQ(revenue("-0.01"), Outcome::kOutOfRange);
  EXPECT_EQ(revenue("1000000000.01"), Outcome::kOutOfRange);
  EXPECT_EQ(revenue("1e300"), Outcome::kOutOfRange);
  EXPECT_EQ(revenue("NaN"), Outcome::kOutOfRange);
  EXPECT_EQ(revenue("\"12.30\""), Outcome::kWrongType);
  EXPECT_EQ(revenue("null"), Outcome::kMissingField);
}

TEST(Reader, bounds_segments) {
  Reader reader;
  Session out;
  const auto read = [&](const std::string& value) {
    return reader.session(R"({"uuid": 1, "session": 2, "segment": )" + value + "}", out);
  };
  EXPECT_EQ(read("\"returning\""), Outcome::kOk);
  EXPECT_EQ(out.segment.text(), "returning");
  std::string written;
  write(out, written);
  EXPECT_EQ(written, R"({"uuid": 1, "session": 2, "segment": "returning"})");
  EXPECT_EQ(read("\"" + std::string(23, 'x') + "\""), Outcome::kOk);
  EXPECT_EQ(read("null"), Outcome::kOk);
  EXPECT_TRUE(out.segment.none());
  EXPECT_EQ(read("\"" + std::string(24, 'x') + "\""), Outcome::kOutOfRange);
  EXPECT_EQ(read("\"\""), Outcome::kOutOfRange);
  EXPECT_EQ(read("\"a\\u0000b\""), Outcome::kOutOfRange);
  EXPECT_EQ(read("7"), Outcome::kWrongType);
}

TEST(Reader, bounds_tokens_and_words) {
  Reader reader;
  Prediction out;
  std::string message;  // The token borrows from it.
  const auto read = [&](const std::string& token) {
    message = R"({"uuid": 1, "value": 1, "token": ")" + token + "\"}";
    return reader.prediction(message, out);
  };
  EXPECT_EQ(read("23u84023u4h0"), Outcome::kOk);
  EXPECT_EQ(out.token, "23u84023u4h0");
  EXPECT_EQ(read(std::string(256, 'x')), Outcome::kOk);
  EXPECT_EQ(read(std::string(257, 'x')), Outcome::kOutOfRange);
  EXPECT_EQ(read(""), Outcome::kOutOfRange);
  EXPECT_EQ(reader.prediction(R"({"uuid": 1, "value": 1, "token": 7})", out), Outcome::kWrongType);
  EXPECT_EQ(reader.prediction(R"({"uuid": 1, "value": 0.5, "token": "x"})", out),
            Outcome::kWrongType);
  Decision decision;
  EXPECT_EQ(reader.decision(
                R"({"uuid": 1, "session": 1, "value": 1, "system": "both", "reason": "decision"})",
                decision),
            Outcome::kUnknownWord);
}

TEST(Reader, refuses_what_is_not_json) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view text : {
           ""sv,
           " "sv,
           "{"sv,
           "}"sv,
           R"({"uuid")"sv,
           R"({"uuid":)"sv,
           R"({"uuid": 1)"sv,
           R"({"uuid": 1,)"sv,
           R"({"uuid" 1})"sv,
           R"({uuid: 1})"sv,
           R"({"uuid": 01})"sv,
           R"({"uuid": +1})"sv,
           R"({"uuid": .5})"sv,
           R"({"uuid": 1.})"sv,
           R"({"uuid": 1e})"sv,
           R"({"uuid": -})"sv,
           R"({"uuid": 0x1})"sv,
           R"({"uuid": tru})"sv,
           R"({"uuid": nul})"sv,
           R"({"a": 1 "b": 2})"sv,
           R"({"a": 1,, "b": 2})"sv,
           R"({,})"sv,
           R"({"a": 1} x)"sv,
           R"({"a": 1}{)"sv,
           R"({"a": [1, 2})"sv,
           R"({"a": [1 2]})"sv,
           R"({"a": "x)"sv,
           R"({"a': 1})"sv,
           R"({"a": "\q"})"sv,
           R"({"a": "\u12"})"sv,
           R"({"a": "\ud800"})"sv,
           R"({"a": "\ud800\u0041"})"sv,
           R"({"a": "\udc00"})"sv,
           "{\"a\": \"x\0y\"}"sv,
           "{\"a\": 1}\0"sv,
           "\0"sv,
           "{\"a\": \"\n\"}"sv,
           "{\"a\": \"\x80\"}"sv,
           "{\"a\": \"\xc0\xaf\"}"sv,
           "{\"a\": \"\xed\xa0\x80\"}"sv,
           "{\"a\": \"\xf4\x90\x80\x80\"}"sv,
           "{\"a\": \"\xe2\x82\"}"sv,
           "{\"a\": \"\xff\"}"sv,
           "\xef\xbb\xbf{}"sv,
           "#"sv,
           "[1, "sv,
           "nonsense"sv,
       }) {
    EXPECT_EQ(demographics(text), Outcome::kNotJson) << text;
  }
  for (const std::string_view text :
       {"[]", "[1, 2]", "7", "\"uuid\"", "null", "true", "[{\"uuid\": 1}]", "None"}) {
    EXPECT_EQ(demographics(text), Outcome::kNotObject) << text;
  }
}

TEST(Reader, bounds_hostile_input) {
  EXPECT_EQ(demographics(std::string(10'000'000, '[')), Outcome::kTooLong);
  EXPECT_EQ(demographics(std::string(1'000'000, '[')), Outcome::kTooDeep);
  const auto nested = [](int levels) {
    return R"({"uuid": 1, "age": 2, "man": 0, "woman": 1, "x": )" +
           std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']') + "}";
  };
  EXPECT_EQ(demographics(nested(kMaxDepth - 1)), Outcome::kOk);
  EXPECT_EQ(demographics(nested(kMaxDepth)), Outcome::kTooDeep);
  EXPECT_EQ(demographics(std::string(900'000, ' ')), Outcome::kNotJson);
  EXPECT_EQ(demographics("{\"uuid\": " + std::string(900'000, '9') +
                         ", \"age\": 1, \"man\": 1, \"woman\": 1}"),
            Outcome::kOutOfRange);
}

TEST(Outcome, has_a_reason_of_its_own) {
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < kOutcomes; ++i) seen.emplace_back(reason(static_cast<Outcome>(i)));
  std::ranges::sort(seen);
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

// Any bytes: no crash, no hang; and what simdjson takes for a JSON object, the scanner takes too.
TEST(Scanner, takes_every_mutation_that_is_json) {
  base::Random random(20'240'501);
  const std::string seeds[] = {
      R"({"uuid": 404180, "age": 41.0, "man": 1, "woman": 0})",
      R"({"a": [1, -2.5e-3, "x\u00e9\n\ud83d\ude00", {"b": []}], "b": {"c": null, "d": true}, "ñ": "€"})",
  };
  simdjson::dom::parser parser;
  std::string scratch;
  int taken = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = seeds[random.below(2)];
    for (std::uint64_t edits = 1 + random.below(3); edits > 0; --edits) {
      const std::size_t at = random.below(text.size());
      constexpr std::string_view kAlphabet = "{}[],:\"\\0123456789.eE+-tfn u\x01\xc3\xa9";
      const char byte = kAlphabet[random.below(kAlphabet.size())];
      switch (random.below(4)) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        case 2:
          text.erase(at, 1);
          break;
        default:
          text.resize(at);
          break;
      }
      if (text.empty()) text = " ";
    }
    detail::Scanner scanner(text, scratch);
    bool whole = scanner.begin_object();
    std::string_view key;
    while (whole && scanner.next_key(key)) {
      detail::Value value;
      whole = scanner.value(value) && ((value.kind != detail::Value::Kind::kObject &&
                                        value.kind != detail::Value::Kind::kArray) ||
                                       scanner.skip(value));
    }
    whole = whole && scanner.finish();
    simdjson::dom::element parsed;
    const auto error = parser.parse(simdjson::padded_string(text)).get(parsed);
    // A number beyond a double is JSON, but not to simdjson.
    if (error == simdjson::SUCCESS && parsed.is_object()) {
      ++taken;
      ASSERT_TRUE(whole) << text;
    } else if (whole) {  // Taken by us alone: a trailing comma, or a number that no double holds.
      std::string dense = text;
      std::erase(dense, ' ');
      ASSERT_TRUE(error == simdjson::NUMBER_ERROR || dense.find(",}") != std::string::npos ||
                  dense.find(",]") != std::string::npos)
          << text << " " << error;
    }
  }
  EXPECT_GT(taken, 2'000);
}

}  // namespace
}  // namespace event
