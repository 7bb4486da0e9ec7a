// SPDX-License-Identifier: Apache-2.0
#include "data/csv_stream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"

namespace data {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class CsvStreamTest : public testing::Test {
 protected:
  void TearDown() override { unlink(path_.c_str()); }

  base::Result<CsvStream> open(const std::string& text, CsvStreamOptions options = {}) {
    EXPECT_TRUE(base::write_file(path_, text));
    return CsvStream::open(path_, options);
  }

  // Every row with its cells as they are, read in blocks of the given length.
  Rows rows(const std::string& text, std::size_t block_bytes = 512 << 10) {
    auto stream = open(text, {.delimiter = '\0', .block_bytes = block_bytes});
    EXPECT_TRUE(stream) << (stream ? "" : stream.error().message);
    if (!stream) return {};
    CsvCursor cursor(*std::move(stream));
    Rows all;
    std::vector<CsvCell> cells;
    std::string storage;
    for (;;) {
      const auto more = cursor.next(cells);
      EXPECT_TRUE(more) << (more ? "" : more.error().message);
      if (!more || !*more) break;
      all.emplace_back();
      for (const CsvCell& cell : cells) all.back().emplace_back(content(cell, storage));
      EXPECT_EQ(cursor.row(), static_cast<std::int64_t>(all.size()));
    }
    return all;
  }

  std::string refusal(const std::string& text, CsvStreamOptions options = {}) {
    auto stream = open(text, options);
    if (!stream) return stream.error().message.substr(path_.size() + 2);
    CsvCursor cursor(*std::move(stream));
    std::vector<CsvCell> cells;
    for (;;) {
      const auto more = cursor.next(cells);
      if (!more) return more.error().message.substr(path_.size() + 2);
      if (!*more) return "accepted";
    }
  }

  std::string path_ = testing::TempDir() + "csv_stream_" + std::to_string(getpid()) + ".csv";
};

TEST_F(CsvStreamTest, gives_the_rows_as_they_stand) {
  EXPECT_EQ(rows("a,b\n1,x\n 2 ,\"y, \"\"z\"\"\"\n,\n"),
            (Rows{{"1", "x"}, {" 2 ", "y, \"z\""}, {"", ""}}));
  EXPECT_EQ(rows("\xEF\xBB\xBF"
                 "a;b\r\n1;2\r\n3;"),
            (Rows{{"1", "2"}, {"3", ""}}));
  EXPECT_EQ(rows("a\n1\n\n2\n\n\n"), (Rows{{"1"}, {""}, {"2"}}));
  EXPECT_EQ(rows("a,b\n"), Rows{});
  EXPECT_EQ(rows("a,b"), Rows{});
  EXPECT_EQ(rows("a,b\n\"two\nlines\",5\" pipe\n"), (Rows{{"two\nlines", "5\" pipe"}}));
}

TEST_F(CsvStreamTest, knows_its_columns_and_its_length) {
  const auto stream = open("\"a b\", c ,\n1,2,3\n").value();
  EXPECT_EQ(std::vector<std::string>(stream.names().begin(), stream.names().end()),
            (std::vector<std::string>{"a b", "c", "column_3"}));
  EXPECT_EQ(stream.delimiter(), ',');
  EXPECT_EQ(stream.bytes_total(), 17);
}

// Where the pieces in which a text is read end makes no difference to its rows.
TEST_F(CsvStreamTest, reads_the_same_rows_in_pieces_of_any_length) {
  base::Random random(7);
  for (int round = 0; round < 30; ++round) {
    std::string text = "first,second\n";
    for (int cell = 0; cell < 40; ++cell) {
      const char* const kCells[] = {"1",        "",           "\"q\"", "\"a,b\"",
                                    "\"c\nd\"", "\"e\"\"f\"", "g\"h",  " i"};
      text += kCells[random.below(std::size(kCells))];
      text += cell % 2 == 0 ? "," : (random.below(3) == 0 ? "\r\n" : "\n");
    }
    if (round % 2 == 0) text.resize(text.size() - 1);
    const Rows whole = rows(text);
    EXPECT_GE(whole.size(), 19U);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) EXPECT_EQ(rows(text, piece), whole);
  }
}

TEST_F(CsvStreamTest, refuses_what_is_no_text_of_rows) {
  EXPECT_EQ(refusal(""), "the file is empty: expected a header line");
  EXPECT_EQ(refusal("\n\n"), "the file is empty: expected a header line");
  EXPECT_EQ(refusal("a,a\n"), "two columns are named 'a'");
  EXPECT_EQ(refusal("a,b\n1,2\n\"3,4\n"), "row 2 is malformed: a quote is opened and never closed");
  EXPECT_EQ(refusal("a,b\n1,2\n\"3\"x,4\n"), "row 2 is malformed: text follows a closing quote");
  EXPECT_NE(refusal(std::string("a,b\n1,\0002\n", 8)).find("zero byte"), std::string::npos);
  EXPECT_NE(refusal("\xFF\xFE"
                    "a")
                .find("UTF-16"),
            std::string::npos);
  EXPECT_NE(
      refusal("a,b\n\"" + std::string(5000, 'x'), {.block_bytes = 100, .max_row_bytes = 1'000})
          .find("row 1 has more than 1000 bytes"),
      std::string::npos);
  for (const std::size_t piece : {1U, 4U, 100U}) {
    EXPECT_TRUE(refusal("a,b\r1,2\r", {.block_bytes = piece}).starts_with("its lines end in CR"));
    EXPECT_EQ(refusal("a,b\r\n1,2\r\n", {.block_bytes = piece}), "accepted");
  }
  EXPECT_EQ(refusal("a,b,c\n", {.max_columns = 2}), "more than 2 columns");
}

TEST_F(CsvStreamTest, writes_cells_that_read_back_the_same) {
  for (const std::string cell : {"", "x", "a,b", "say \"hi\"", "two\nlines", " blank ", "a;b"}) {
    std::string text = "h,i\n";
    append_csv_cell(cell, ',', text);
    text += ",1\n";
    EXPECT_EQ(rows(text), (Rows{{cell, "1"}})) << text;
  }
}

}  // namespace
}  // namespace data
