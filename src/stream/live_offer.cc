// SPDX-License-Identifier: Apache-2.0
#include "stream/live_offer.h"

#include <utility>

namespace stream {

LiveOffer::LiveOffer(std::shared_ptr<const ServingOffer> first, OfferOptions options)
    : options_(std::move(options)), products_(first->model->products()), live_(std::move(first)) {}

base::Result<std::unique_ptr<LiveOffer>> LiveOffer::start(pmml::Scorer first,
                                                          const OfferOptions& options) {
  const auto serving = std::make_shared<ServingOffer>(std::move(first));
  TRY_ASSIGN(OfferModel model, OfferModel::bind(serving->scorer, options));
  serving->model = std::move(model);
  return std::unique_ptr<LiveOffer>(new LiveOffer(serving, options));
}

base::Result<std::uint64_t> LiveOffer::replace(pmml::Scorer successor) {
  const auto serving = std::make_shared<ServingOffer>(std::move(successor));
  TRY_ASSIGN(OfferModel model, OfferModel::bind_within(serving->scorer, options_, products_));
  serving->model = std::move(model);
  return live_.publish(serving);
}

}  // namespace stream
