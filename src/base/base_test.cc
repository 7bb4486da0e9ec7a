// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <clocale>
#include <cmath>

#include "base/file.h"
#include "base/money.h"
#include "base/number.h"
#include "base/random.h"
#include "base/result.h"
#include "base/strong.h"

namespace base {
namespace {

Result<int> half(int x) {
  if (x % 2 != 0) return input_error("odd");
  return x / 2;
}
Result<int> quarter(int x) {
  TRY_ASSIGN(const int h, half(x));
  TRY(half(h));
  return half(h);
}

TEST(Result, try_passes_values_on_and_errors_up) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
}

TEST(Money, reads_and_prints_cents_exactly) {
  for (const char* text : {"0.00", "12.34", "-0.05", "100000000000.00"}) {
    EXPECT_EQ(format_cents(*parse_cents(text)), text);
  }
  EXPECT_EQ(parse_cents("12")->value(), 1200);
  EXPECT_EQ(parse_cents("12.5")->value(), 1250);
  for (const char* text :
       {"", "-", ".", "1.", ".5", "1.234", "1e3", "nan", " 1", "1,5", "999999999999999"}) {
    EXPECT_FALSE(parse_cents(text)) << text;
  }
  EXPECT_FALSE(cents_from_dollars(std::nan("")));
  EXPECT_EQ(cents_from_dollars(0.285)->value(), 28);  // 0.285 is below 0.285 in binary.
}

TEST(Number, is_the_same_under_a_comma_locale) {
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(parse_double("1234.5"), 1234.5);
  EXPECT_EQ(format_double(1234.5), "1234.5");
  EXPECT_EQ(format_fixed(-0.001, 2), "0.00");
  std::setlocale(LC_ALL, "C");
  for (const char* text : {"", " 1", "1 ", "nan", "inf", "0x1", "1,5", "--1", "+-1", "1e999"}) {
    EXPECT_FALSE(parse_double(text)) << text;
  }
  EXPECT_EQ(format_count(-1234567), "-1,234,567");
  EXPECT_EQ(format_count(335), "335");
}

TEST(Random, has_the_moments_it_promises) {
  // Seed 1, 200,000 draws: mean 0 ± 4/√n, variance 1 ± 4·√(2/n).
  Random random(1);
  constexpr int n = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
}

TEST(Random, streams_of_one_seed_differ_and_repeat) {
  EXPECT_NE(Random(1, 0).bits(), Random(1, 1).bits());
  EXPECT_EQ(Random(7, 3).bits(), Random(7, 3).bits());
}

TEST(File, names_the_path_that_cannot_be_read) {
  const auto missing = read_file("/nonexistent/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kInput);
  EXPECT_NE(missing.error().message.find("/nonexistent/file"), std::string::npos);
}

}  // namespace
}  // namespace base
