// SPDX-License-Identifier: Apache-2.0
// What callers rely on beyond a restart of the platform: that a request which they repeat is not
// done twice, and that a browser which has logged in stays so.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace trial {

// A request that came under a key of its caller's own.
struct ReceiptRow {
  std::string key;      // A digest of the caller and the key.
  std::string request;  // A digest of what was asked.
  base::Timestamp at;
  std::string answer;  // Empty: not known, or not to be written down.
  friend bool operator==(const ReceiptRow&, const ReceiptRow&) = default;
};

struct LoginRow {
  std::string digest;  // Of the cookie.
  std::string user;    // UserRow::id
  base::Timestamp until;
  friend bool operator==(const LoginRow&, const LoginRow&) = default;
};

// As the store: one thread.
class Callers {
 public:
  virtual ~Callers() = default;
  virtual base::Result<std::vector<ReceiptRow>> receipts() = 0;  // Oldest first.
  // One transaction: those forgotten are removed by their keys, then the rows inserted or replaced.
  virtual base::Result<void> write_receipts(std::span<const ReceiptRow> rows,
                                            std::span<const std::string> forgotten) = 0;
  virtual base::Result<std::vector<LoginRow>> logins() = 0;
  // The same, by digest.
  virtual base::Result<void> write_logins(std::span<const LoginRow> rows,
                                          std::span<const std::string> forgotten) = 0;
};

}  // namespace trial
