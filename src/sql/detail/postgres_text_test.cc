// SPDX-License-Identifier: Apache-2.0
#include "sql/detail/postgres_text.h"

#include <gtest/gtest.h>

#include "sql/detail/postgres_parameters.h"

namespace sql::detail {
namespace {

TEST(postgres_text, numbers_parameters_outside_of_quotes) {
  EXPECT_EQ(numbered_parameters("SELECT a FROM b WHERE c = ? AND d = 'what?' AND e IN (?, ?)"),
            "SELECT a FROM b WHERE c = $1 AND d = 'what?' AND e IN ($2, $3)");
}

TEST(postgres_text, says_tables_in_its_own_words) {
  EXPECT_EQ(
      postgres_tables("CREATE TABLE t (\n  a INTEGER PRIMARY KEY,\n  b REAL, TEXTS BLOB CHECK "
                      "(length(b) = 2)\n) STRICT, WITHOUT ROWID;\nCREATE TABLE u (c TEXT) "
                      "STRICT;"),
      "CREATE TABLE t (\n  a BIGINT PRIMARY KEY,\n  b DOUBLE PRECISION, TEXTS BYTEA CHECK "
      "(length(b) = 2)\n);\nCREATE TABLE u (c TEXT COLLATE \"C\");");
}

TEST(postgres_text, reads_integers_of_any_width) {
  EXPECT_EQ(integer_of(std::string_view("\xff\xff\xff\xfe", 4)), -2);
  EXPECT_EQ(integer_of(std::string_view("\x00\x00\x00\x00\x80\x00\x00\x00", 8)), 0x80000000);
  EXPECT_EQ(integer_of(std::string_view("\x01", 1)), 1);
}

TEST(postgres_text, shows_an_address_without_its_password) {
  EXPECT_EQ(
      *address_without_password("postgresql://ann:s3cret@db.example:5433/shop?sslmode=require"),
      "postgresql://ann@db.example:5433/shop");
  EXPECT_EQ(*address_without_password("postgres://db/shop?password=s3cret"),
            "postgresql://db/shop");
  EXPECT_EQ(*address_without_password("postgresql://ann:s3%40cret@h1,h2/shop"),
            "postgresql://ann@h1,h2/shop");
  EXPECT_EQ(*address_without_password("postgresql://ann:s3cret@/shop?host=/run/postgresql"),
            "postgresql://ann@/shop?host=/run/postgresql");
}

TEST(postgres_text, refuses_addresses_without_repeating_them) {
  for (const char* url :
       {"mysql://ann:s3cret@db/shop", "ann:s3cret@db/shop", "postgresql://ann:s3cret@x@db/shop",
        "postgresql://ann:s3cret/x@db/shop", "postgresql://ann:12/s3cret@db/shop",
        "postgresql://ann:s3cret?x@db/shop", "postgresql://ann:s3cret#x@db/shop",
        "postgresql://s3cret:s3cret/shop", "postgresql://ann:s3cret@db/shop?s3cret=1",
        "postgresql://ann:s3cret%zz@db/shop", "postgresql://ann:s3cret@[db/shop"}) {
    const auto name = address_without_password(url);
    ASSERT_FALSE(name) << url << " as " << *name;
    EXPECT_EQ(name.error().kind, base::ErrorKind::kInput);
    EXPECT_EQ(name.error().message.find("s3cret"), std::string::npos) << name.error().message;
    EXPECT_NE(name.error().message.find("write postgresql://user@host:5432/database"),
              std::string::npos);
  }
}

TEST(postgres_text, refuses_old_servers_and_other_encodings) {
  EXPECT_TRUE(check_server("postgresql://db/shop", 140000, "UTF8"));
  EXPECT_EQ(check_server("postgresql://db/shop", 130014, "UTF8").error().message,
            "the store 'postgresql://db/shop' is kept by PostgreSQL 13; this program needs 14 or "
            "newer");
  EXPECT_NE(check_server("postgresql://db/shop", 150004, "LATIN1")
                .error()
                .message.find("a database in LATIN1"),
            std::string::npos);
}

}  // namespace
}  // namespace sql::detail
