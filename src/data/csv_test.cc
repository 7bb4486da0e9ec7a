// SPDX-License-Identifier: Apache-2.0
#include "data/csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/number.h"
#include "base/random.h"

namespace data {
namespace {

Table parsed(const std::string& text, const CsvOptions& options = {}) {
  auto table = parse_csv(text, "test.csv", options);
  EXPECT_TRUE(table) << (table ? "" : table.error().message);
  return table ? *std::move(table) : *Table::of({});
}

Column column_of(const std::string& text, const std::string& name, const CsvOptions& options = {}) {
  const Table table = parsed(text, options);
  CHECK(table.find(name) != nullptr);
  return *table.find(name);
}

std::string refusal(const std::string& text, const CsvOptions& options = {}) {
  const auto table = parse_csv(text, "test.csv", options);
  if (table) return "accepted";
  EXPECT_EQ(table.error().kind, base::ErrorKind::kInput);
  return table.error().message;
}

TEST(Csv, infers_a_type_for_each_column) {
  const Table table =
      parsed("age,balance,share,job\n41,-3,0.5,chef\n15,1000000,2,\"cook, senior\"\n");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.find("age")->type(), ColumnType::kInteger);
  EXPECT_EQ(table.find("age")->bytes()[0], 41);
  EXPECT_EQ(table.find("balance")->type(), ColumnType::kInteger);
  EXPECT_EQ(table.find("balance")->numbers(), (std::vector<double>{-3, 1e6}));
  EXPECT_EQ(table.find("share")->type(), ColumnType::kReal);
  EXPECT_EQ(table.find("share")->number(0), 0.5);
  EXPECT_EQ(table.find("job")->type(), ColumnType::kText);
  EXPECT_EQ(table.find("job")->text(1), "cook, senior");
}

TEST(Csv, finds_the_delimiter_in_the_header) {
  for (const std::string delimiter : {",", ";", "\t", "|"}) {
    const Table table = parsed("a" + delimiter + "b\n1" + delimiter + "2\n");
    ASSERT_EQ(table.columns().size(), 2U) << delimiter;
    EXPECT_EQ(table.find("b")->number(0), 2);
  }
  EXPECT_EQ(column_of("\"a;b\",c\n1,2\n", "a;b").number(0), 1);
}

TEST(Csv, takes_marks_line_ends_and_a_missing_last_line_end) {
  const Table table = parsed(
      "\xEF\xBB\xBF"
      "a,b\r\n1,x\r\n2,y");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.columns()[0].name(), "a");
  EXPECT_EQ(table.find("b")->text(1), "y");
  EXPECT_EQ(column_of("a,b\r\n1,\"x\"\r\n2,\"y\"\r\n", "b").text(0), "x");
  EXPECT_EQ(column_of("\"a\rb\",c\n1,2\n", "a\rb").number(0), 1) << "in quotes it is text";
}

TEST(Csv, takes_quotes_with_everything_in_them) {
  const Table table = parsed("a,b\n\"line\none\",\"say \"\"yes\"\"\"\n\"\",\"1\"\n");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.find("a")->text(0), "line\none");
  EXPECT_EQ(table.find("b")->text(0), "say \"yes\"");
  EXPECT_TRUE(table.find("a")->is_missing(1));
}

TEST(Csv, knows_the_spellings_of_missing) {
  const Table table = parsed("n,t\n1,x\n,\nNA,na\nN/A,n/a\nnan,NaN\nNULL,null\n?,?\n");
  EXPECT_EQ(table.find("n")->type(), ColumnType::kInteger);
  EXPECT_EQ(table.find("n")->missing(), 6U);
  EXPECT_EQ(table.find("t")->missing(), 6U);
  EXPECT_TRUE(std::isnan(table.find("n")->number(1)));
  EXPECT_EQ(column_of("n\n1.5\nnull\n", "n", {.delimiter = ','}).missing(), 1U);
}

TEST(Csv, drops_blanks_around_cells_and_names_nameless_columns) {
  const Table table = parsed(" a , b ,\n 7 , x y ,0\n");
  EXPECT_EQ(table.find("a")->number(0), 7);
  EXPECT_EQ(table.find("b")->text(0), "x y");
  EXPECT_NE(table.find("column_3"), nullptr);
}

TEST(Csv, keeps_every_byte_value_and_its_neighbours) {
  std::string text = "v,w\n";
  for (int value = -1; value <= 300; ++value) text += std::to_string(value) + ",1\n";
  const Table table = parsed(text);
  for (int value = -1; value <= 300; ++value) {
    EXPECT_EQ(table.find("v")->number(static_cast<std::size_t>(value + 1)), value);
  }
  const Table bytes = parsed("v,w\n254,0\n255,00\n007,-0\n");
  EXPECT_EQ(bytes.find("v")->numbers(), (std::vector<double>{254, 255, 7}));
  EXPECT_TRUE(std::signbit(bytes.find("w")->number(2)));
}

TEST(Csv, reads_numbers_to_the_last_bit) {
  base::Random random(7);
  std::string text = "v,w\n";
  std::vector<double> expected;
  for (int i = 0; i < 2000; ++i) {
    const double scale = std::pow(10.0, static_cast<double>(random.below(30)) - 15);
    const double value =
        i % 2 == 0 ? std::round(random.normal() * 1e6) / 1e4 : random.normal() * scale;
    expected.push_back(value);
    text += base::format_double(value) + ",1\n";
  }
  EXPECT_EQ(column_of(text, "v").numbers(), expected);
}

TEST(Csv, widens_a_column_whose_late_rows_need_it) {
  std::string text = "v,w,x\n";
  for (int i = 0; i < 100'000; ++i) text += "1,1,1\n";
  text += "1000.5,abc,2\n";
  const Table table = parsed(text, {.threads = 3});
  EXPECT_EQ(table.rows(), 100'001U);
  EXPECT_EQ(table.find("v")->number(100'000), 1000.5);
  EXPECT_EQ(table.find("v")->number(50'000), 1);
  EXPECT_EQ(table.find("w")->type(), ColumnType::kText);
  EXPECT_EQ(table.find("w")->text(0), "1");
  EXPECT_EQ(table.find("w")->text(100'000), "abc");
  EXPECT_FALSE(table.find("x")->bytes().empty());
}

TEST(Csv, reads_the_same_with_any_number_of_threads_and_with_quotes) {
  base::Random random(3);
  std::string plain = "flag,count,price,city\n", quoted = plain;
  for (int i = 0; i < 120'000; ++i) {
    const std::string flag = std::to_string(random.below(2)),
                      count = std::to_string(random.below(300)),
                      price = base::format_fixed(random.uniform() * 100, 2),
                      city = "c" + std::to_string(random.below(40));
    plain += flag + "," + count + "," + price + "," + city + "\n";
    quoted += flag + ",\"" + count + "\"," + price + ",\"" + city + "\"\n";
  }
  const Table one = parsed(plain, {.threads = 1}), three = parsed(plain, {.threads = 3}),
              other = parsed(quoted);
  for (const Table* table : {&three, &other}) {
    ASSERT_EQ(table->rows(), one.rows());
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_EQ(table->columns()[c].numbers(), one.columns()[c].numbers());
    const auto codes = table->columns()[3].codes(), expected = one.columns()[3].codes();
    EXPECT_TRUE(std::equal(codes.begin(), codes.end(), expected.begin(), expected.end()));
  }
}

TEST(Csv, refuses_rows_of_another_length_with_their_number) {
  EXPECT_EQ(refusal("a,b\n1,2\n3\n"), "test.csv: row 2 has 1 cell, the header has 2");
  EXPECT_EQ(refusal("a,b\n1,2\n3,4,5\n"), "test.csv: row 2 has 3 cells, the header has 2");
  EXPECT_EQ(refusal("a,b\n1,2,\n"), "test.csv: row 1 has 3 cells, the header has 2");
  EXPECT_EQ(refusal("a,b\n\"1\",2\n\"3\"\n"), "test.csv: row 2 has 1 cell, the header has 2");
  EXPECT_EQ(refusal("a,b\n1,2\n\n3,4\n"), "test.csv: row 2 has 1 cell, the header has 2");
  std::string flags = "a,b,c,d,e\n0,0,0,0,0\n1,1,1,1,1,1,1,1,1\n";
  EXPECT_EQ(refusal(flags), "test.csv: row 2 has 9 cells, the header has 5");
}

TEST(Csv, reports_the_first_bad_row_of_a_long_file) {
  std::string text = "a,b\n";
  for (int i = 0; i < 600'000; ++i) text += i % 250'000 == 249'999 ? "1\n" : "1,2\n";
  EXPECT_EQ(refusal(text, {.threads = 3}), "test.csv: row 250000 has 1 cell, the header has 2");
}

TEST(Csv, refuses_text_in_a_column_of_numbers) {
  EXPECT_EQ(refusal("age,x\n1,1\nabc,1\n", {.number_columns = {"age"}}),
            "test.csv: column 'age' holds 'abc' in row 2: expected a number");
  std::string text = "age,x\n";
  for (int i = 0; i < 500; ++i) text += std::to_string(i) + ",1\n";
  text += "12a,1\n";
  EXPECT_EQ(refusal(text),
            "test.csv: column 'age' holds '12a' in row 501: expected a number; if it is meant as "
            "text, say so");
  EXPECT_EQ(column_of(text, "age", {.text_columns = {"age"}}).text(3), "3");
}

TEST(Csv, keeps_a_category_that_is_mostly_numbers) {
  std::string text = "kids,x\n";
  for (int i = 0; i < 500; ++i) text += std::to_string(i % 3) + ",1\n";
  const Column kids = column_of(text + "3+,1\n", "kids");
  EXPECT_EQ(kids.categories().size(), 4U);
}

TEST(Csv, refuses_what_is_no_table) {
  EXPECT_EQ(refusal(""), "test.csv: the file is empty: expected a header line and rows");
  EXPECT_EQ(refusal("\n\r\n\n"), "test.csv: the file is empty: expected a header line and rows");
  EXPECT_EQ(refusal("a,b"), "test.csv: there are no rows below the header");
  EXPECT_EQ(refusal("a,b\r\n"), "test.csv: there are no rows below the header");
  EXPECT_EQ(refusal("a,b,a\n1,2,3\n"), "test.csv: two columns are named 'a'");
  EXPECT_EQ(refusal(std::string("a,b\n1,2\n3,\0\n", 12)),
            "test.csv: line 3 holds a zero byte: this is not a text file");
  EXPECT_EQ(refusal("\xFF\xFE"
                    "a,b\n1,2\n"),
            "test.csv: the text is UTF-16: save it as UTF-8");
  for (const char* text : {"a,b\r1,2\r3,4\r", "a,b\r1,2", "\"a\",\"b\"\r\"1\",2\r", "a\r1\n"}) {
    EXPECT_EQ(refusal(text),
              "test.csv: its lines end in CR alone, as those of old Macintosh programs do: save it "
              "with lines that end in LF or CR LF (tr '\\r' '\\n' < old.csv > new.csv)");
  }
  EXPECT_EQ(refusal("a,b\nx,caf\xE9\n"),
            "test.csv: column 'b' holds bytes in row 1 that are not UTF-8: convert the file first");
}

TEST(Csv, refuses_quotes_that_do_not_close) {
  EXPECT_EQ(refusal("a,b\n1,\"x\n2,y\n"),
            "test.csv: row 1 is malformed: a quote is opened and never closed");
  EXPECT_EQ(refusal("\"a,b\n1,2\n"),
            "test.csv: the header is malformed: a quote is opened and never closed");
  EXPECT_EQ(refusal("a,b\n1,\"x\"y\n"),
            "test.csv: row 1 is malformed: text follows a closing quote");
}

TEST(Csv, refuses_what_is_beyond_its_limits) {
  const std::string line(10'000'000, 'x');
  EXPECT_EQ(refusal(line + "\n1\n"), "test.csv: the name of column 1 has 10,000,000 bytes");
  EXPECT_EQ(refusal("a,b\n1," + line + "\n"),
            "test.csv: row 1 holds a cell of 10000000 bytes in column 'b', the limit is 1000000");
  EXPECT_EQ(refusal("a,b\n1," + std::string(2'000'000, '1') + "\n"),
            "test.csv: row 1 holds a cell of 2000000 bytes in column 'b', the limit is 1000000");
  EXPECT_EQ(refusal("a,b\n1,2\n3,4\n", {.max_rows = 1}), "test.csv: 2 rows, the limit is 1");
  EXPECT_EQ(refusal("a,b,c\n1,2,3\n", {.max_columns = 2}), "test.csv: more than 2 columns");
}

TEST(Csv, survives_every_truncation_of_a_file) {
  const std::string text = "a;\"b\";c\n1;\"x\"\"y\";-2.5e3\n;?;\r\n7;\"z\n\";9\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    (void)parse_csv(std::string(text.data(), length), "test.csv");
  }
}

TEST(Csv, refuses_a_declared_column_that_is_not_there) {
  EXPECT_EQ(refusal("age,x\n1,2\n", {.text_columns = {"agee"}}),
            "test.csv: there is no column 'agee', did you mean 'age'?");
}

TEST(Csv, names_the_file_it_cannot_read) {
  const auto table = read_csv("/no/such/file.csv");
  ASSERT_FALSE(table);
  EXPECT_NE(table.error().message.find("/no/such/file.csv"), std::string::npos);
}

}  // namespace
}  // namespace data
