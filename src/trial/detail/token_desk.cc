// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/token_desk.h"

#include <algorithm>

namespace trial::detail {

base::Result<TokenDesk::Bearer> TokenDesk::check(std::string_view text, event::System topic) {
  const auto token = parse_token(text);
  if (!token) return Bearer{DecisionOutcome::kMalformedToken};
  const Digest digest = digest_secret(token->secret);
  const auto own = std::find_if(tokens_.begin(), tokens_.end(),
                                [&](const TokenRow& row) { return row.id == token->id; });
  if (own != tokens_.end()) {
    const bool revoked = own->revoked_at != base::Timestamp(0);
    if (!same_digest(own->digest, digest) || revoked) return Bearer{};
    const bool right = (own->system == event::System::kBase) == (topic == event::System::kBase);
    return Bearer{right ? DecisionOutcome::kRecorded : DecisionOutcome::kWrongSystem, own->system};
  }
  TRY_ASSIGN(const std::optional<TokenRow> foreign, store_.token(std::string(token->id)));
  // An unknown id is compared too, with a digest that nothing hashes to in practice.
  constexpr Digest kDummy{};
  const bool same = same_digest(foreign ? foreign->digest : kDummy, digest);
  return Bearer{foreign && same && foreign->experiment != experiment_
                    ? DecisionOutcome::kWrongExperiment
                    : DecisionOutcome::kUnknownToken};
}

bool TokenDesk::issued(std::string_view text) const {
  const auto token = parse_token(text);
  return token && std::any_of(tokens_.begin(), tokens_.end(),
                              [&](const TokenRow& row) { return row.id == token->id; });
}

void TokenDesk::revoke(const std::string& id, base::Timestamp now) {
  for (TokenRow& row : tokens_) {
    if (row.id == id) row.revoked_at = now;
  }
}

}  // namespace trial::detail
