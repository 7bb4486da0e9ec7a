// SPDX-License-Identifier: Apache-2.0
#include "stream/table_directory.h"

#include <gtest/gtest.h>

#include "data/csv.h"
#include "event/read.h"
#include "stream/enrich.h"

namespace stream {
namespace {

base::Result<std::unique_ptr<CustomerDirectory>> directory(std::string_view csv) {
  TRY_ASSIGN(const data::Table table, data::parse_csv(csv, "customers"));
  return make_table_directory(table);
}

TEST(TableDirectory, knows_the_customers_of_the_table) {
  const auto customers = directory(
      "idx,age,man,woman,cat1,u1,target\n404180,41,1,0,1,0,1\n7,20,0,1,,1,0\n8,,0,1,,,0\n");
  ASSERT_TRUE(customers) << customers.error().message;
  event::Demographics person;
  ASSERT_TRUE((*customers)->demographics(event::CustomerId(404180), person));
  EXPECT_EQ(person, (event::Demographics{event::CustomerId(404180), 41, true, false}));
  event::History history;
  ASSERT_TRUE((*customers)->history(event::CustomerId(7), history));
  EXPECT_EQ((*customers)->products().size(), 2U);  // The label is no product.
  EXPECT_FALSE(history.known(0));
  EXPECT_TRUE(history.bought(1));
  EXPECT_FALSE((*customers)->demographics(event::CustomerId(8), person));
  EXPECT_FALSE((*customers)->history(event::CustomerId(8), history));
  EXPECT_FALSE((*customers)->demographics(event::CustomerId(9), person));
}

TEST(TableDirectory, refuses_tables_that_are_not_customers) {
  EXPECT_EQ(directory("id,age,man,woman,cat1\n1,2,0,1,0\n").error().message,
            "the customers have no column 'uuid'");
  EXPECT_NE(
      directory("uuid,age,man,woman,cat1\n1,2,0,1,0\n1,2,0,1,0\n").error().message.find("row 2"),
      std::string::npos);
  EXPECT_NE(directory("uuid,age,man,woman,cat1\n1,200,0,1,0\n")
                .error()
                .message.find("'age' holds '200' in row 1"),
            std::string::npos);
  EXPECT_NE(
      directory("uuid,age,man,woman,cat1\n1,20,0,1,2\n").error().message.find("expected 0 or 1"),
      std::string::npos);
  EXPECT_NE(
      directory("uuid,age,man,woman,cat1\n1.5,20,0,1,1\n").error().message.find("whole number"),
      std::string::npos);
  EXPECT_FALSE(directory("uuid,age,man,woman\n1,20,0,1\n"));
}

TEST(EnrichStep, writes_what_the_readers_read) {
  const auto customers = directory("uuid,age,man,woman,cat1,u1\n404180,41,1,0,1,0\n");
  ASSERT_TRUE(customers);
  std::string out;
  EXPECT_TRUE(
      EnrichStep(**customers, Pipeline::kDemographic).enrich(event::CustomerId(404180), out));
  EXPECT_EQ(out, R"({"uuid": 404180, "age": 41, "man": 1, "woman": 0})");
  out.clear();
  EXPECT_TRUE(EnrichStep(**customers, Pipeline::kHistoric).enrich(event::CustomerId(404180), out));
  EXPECT_EQ(out, R"({"uuid": 404180, "products": {"cat1": 1, "u1": 0}})");
  EXPECT_FALSE(EnrichStep(**customers, Pipeline::kHistoric).enrich(event::CustomerId(1), out));
}

}  // namespace
}  // namespace stream
