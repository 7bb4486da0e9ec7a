// SPDX-License-Identifier: Apache-2.0
#include "data/table.h"

#include <gtest/gtest.h>

#include "data/csv.h"

namespace data {
namespace {

Table table_of(const std::string& text) { return *parse_csv(text, "test"); }

TEST(Table, joins_rows_in_any_order_by_a_key) {
  const Table joined = *join(table_of("idx,x\n3,30\n1,10\n2,20\n"),
                             table_of("label,idx\n1,1\n0,3\n1,2\n4,9\n"), "idx");
  EXPECT_EQ(joined.find("x")->numbers(), (std::vector<double>{30, 10, 20}));
  EXPECT_EQ(joined.find("label")->numbers(), (std::vector<double>{0, 1, 1}));
  const Table by_text = *join(table_of("k,x\nb,1\na,2\n"), table_of("k,y\na,5\nb,6\n"), "k");
  EXPECT_EQ(by_text.find("y")->numbers(), (std::vector<double>{6, 5}));
}

TEST(Table, refuses_keys_that_do_not_match) {
  const Table left = table_of("idx,x\n3,30\n1,10\n");
  EXPECT_EQ(join(left, table_of("idx,y\n3,1\n"), "idx").error().message,
            "'idx' 1 of row 2 is not in the table to be joined");
  EXPECT_EQ(join(left, table_of("idx,y\n3,1\n3,2\n1,0\n"), "idx").error().message,
            "the key 'idx' holds '3' a second time in row 2 of the table to be joined: each row "
            "must have one partner");
  EXPECT_EQ(join(left, table_of("id,y\n3,1\n"), "idx").error().message,
            "in the table to be joined there is no column 'idx', did you mean 'id'?");
  EXPECT_EQ(join(left, table_of("idx,y\nA,1\n"), "idx").error().message,
            "column 'idx' holds numbers in one table and text in the other");
  EXPECT_EQ(join(left, table_of("idx,x\n3,1\n1,1\n"), "idx").error().message,
            "two columns are named 'x': names must differ");
  EXPECT_EQ(join(table_of("idx,x\n,1\n2,1\n"), table_of("idx,y\n2,1\n"), "idx").error().message,
            "the key 'idx' is missing in row 1");
}

TEST(Table, suggests_the_nearest_name) {
  const Table table = table_of("household_id,spend,bought\n1,2,3\n");
  EXPECT_EQ(table.index_of("bougth").error().message,
            "there is no column 'bougth', did you mean 'bought'?");
  EXPECT_EQ(table.index_of("zzz").error().message,
            "there is no column 'zzz': the columns are 'household_id', 'spend', 'bought'");
  EXPECT_EQ(*table.index_of("spend"), 1U);
}

TEST(Table, takes_rows_in_the_order_asked_for) {
  const Table table = table_of("b,d,t\n1,1.5,x\n2,2.5,y\n,NA,\n");
  const std::vector<std::uint32_t> rows = {2, 0, 0};
  const Table taken = table.take(rows);
  EXPECT_TRUE(taken.find("b")->is_missing(0));
  EXPECT_TRUE(taken.find("d")->is_missing(0));
  EXPECT_EQ(taken.find("d")->number(1), 1.5);
  EXPECT_EQ(taken.find("t")->text(2), "x");
  EXPECT_EQ(taken.find("t")->missing(), 1U);
}

TEST(Table, refuses_columns_that_do_not_fit_together) {
  std::vector<Column> columns;
  columns.push_back(Column::of_numbers("a", {1, 2}));
  columns.push_back(Column::of_numbers("b", {1}));
  EXPECT_EQ(Table::of(columns).error().message, "column 'b' has 1 rows, 'a' has 2");
}

TEST(Column, spells_its_cells) {
  const Column numbers = Column::of_numbers("n", {1, 0.1, kMissingNumber});
  EXPECT_EQ(numbers.text(0), "1");
  EXPECT_EQ(numbers.text(1), "0.1");
  EXPECT_EQ(numbers.text(2), "");
  EXPECT_EQ(numbers.missing(), 1U);
  const std::vector<std::string> cells = {"b", "a", "", "b"};
  const Column text = Column::of_strings("t", cells);
  EXPECT_EQ(text.codes()[3], 0);
  EXPECT_EQ(text.categories()[1], "a");
  EXPECT_EQ(text.missing(), 1U);
}

}  // namespace
}  // namespace data
