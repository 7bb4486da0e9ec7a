// SPDX-License-Identifier: Apache-2.0
// The model by which a running pipeline decides, and which may be exchanged under it.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "pmml/score/live.h"
#include "pmml/score/scorer.h"
#include "stream/score.h"

namespace stream {

// What serves at a time: a scorer and its binding to the topics.
struct ServingOffer {
  explicit ServingOffer(pmml::Scorer its_scorer) : scorer(std::move(its_scorer)) {}
  ServingOffer(const ServingOffer&) = delete;
  ServingOffer& operator=(const ServingOffer&) = delete;

  pmml::Scorer scorer;
  std::optional<OfferModel> model;  // Borrows the scorer.
};

class LiveOffer {
 public:
  static base::Result<std::unique_ptr<LiveOffer>> start(pmml::Scorer first,
                                                        const OfferOptions& options = {});

  // The pipeline's histories are read for the products of the first model: a successor that needs
  // another is refused. Workers take it up at their next batch of records.
  base::Result<std::uint64_t> replace(pmml::Scorer successor);

  [[nodiscard]] const pmml::Live<ServingOffer>& live() const { return live_; }
  // Of the first model, and so of every one.
  [[nodiscard]] const event::ProductIndex& products() const { return products_; }

 private:
  LiveOffer(std::shared_ptr<const ServingOffer> first, OfferOptions options);

  OfferOptions options_;
  event::ProductIndex products_;
  pmml::Live<ServingOffer> live_;
};

}  // namespace stream
