// SPDX-License-Identifier: Apache-2.0
// Whose token is it? The work done does not depend on how much of a secret is right.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trial/outcome.h"
#include "trial/store.h"

namespace trial::detail {

class TokenDesk {
 public:
  TokenDesk(Store& store, ExperimentId experiment, std::vector<TokenRow> tokens)
      : store_(store), experiment_(experiment), tokens_(std::move(tokens)) {}

  // Who speaks, where the outcome is kRecorded.
  struct Bearer {
    DecisionOutcome outcome = DecisionOutcome::kUnknownToken;
    event::System system = event::System::kNone;
  };
  // `topic`: kBase or kCandidate, by whose topic the token came. Other experiments' tokens are
  // looked up in the store, whose failure is the error.
  base::Result<Bearer> check(std::string_view token, event::System topic);

  // Whether it names one of this experiment's tokens, whatever its secret.
  [[nodiscard]] bool issued(std::string_view token) const;

  // A token issued since.
  void admit(const TokenRow& token) { tokens_.push_back(token); }
  void revoke(const std::string& id, base::Timestamp now);

 private:
  Store& store_;
  ExperimentId experiment_;
  std::vector<TokenRow> tokens_;  // This experiment's.
};

}  // namespace trial::detail
