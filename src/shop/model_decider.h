// SPDX-License-Identifier: Apache-2.0
// A PMML model as a decider of the shop's customers: what the same file decides on the stream.
#pragma once
#include <memory>

#include "base/result.h"
#include "pmml/document/document.h"
#include "shop/truth.h"

namespace shop {

// Shows the offer where the document's own output "offer" is 1; a document without it must tell the
// probability of category "1", and shows the offer above `threshold`. Refuses a model whose inputs
// the shop does not know. The decider keeps the model alive; one thread.
base::Result<Decider> model_decider(const pmml::Document& document, double threshold);

}  // namespace shop
