// SPDX-License-Identifier: Apache-2.0
// From the common words (connection.h) to PostgreSQL's, and what an address may look like.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace sql::detail {

// `?` outside of quotes becomes $1, $2 …
std::string numbered_parameters(std::string_view sql);

// INTEGER, REAL, TEXT and BLOB become BIGINT, DOUBLE PRECISION, TEXT in the order of bytes, and
// BYTEA; STRICT and WITHOUT ROWID go.
std::string postgres_tables(std::string_view sql);

// "postgresql://user@host:port/database" of such an address: without its password, and without the
// options behind a question mark. Refuses what is no such address, and a password that would be
// taken for a part of the host, by a message that holds nothing of the address.
base::Result<std::string> address_without_password(const std::string& url);

// `version` as libpq counts: 150004 is 15.4.
base::Result<void> check_server(const std::string& name, int version, std::string_view encoding);

}  // namespace sql::detail
