// SPDX-License-Identifier: Apache-2.0
// A compiled model bound to what the topics carry: age, man, woman, and the products of the
// history.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/history.h"
#include "event/message.h"
#include "pmml/score/scorer.h"

namespace stream {

struct OfferOptions {
  // Show where the probability of accepting (or the value of a regression) exceeds this. Nothing:
  // the document's own output "offer" decides, and where it has none, 0.5.
  std::optional<double> threshold;
  // The products that topic_historic carries, if they are known: a model that needs any other field
  // is refused. Empty: every field but age, man and woman is taken to be a product.
  std::vector<std::string> products;
};

enum class Offer : std::uint8_t {
  kHide,
  kShow,
  kUnscorable
};  // kUnscorable: the model refuses the row or gives no result.

// Immutable and shared by all threads; borrows the scorer.
class OfferModel {
 public:
  // Refuses a model with an input that no topic can carry, and one that gives neither an offer nor
  // a probability nor a number, naming what is amiss.
  static base::Result<OfferModel> bind(const pmml::Scorer& scorer,
                                       const OfferOptions& options = {});
  static base::Result<OfferModel> bind(pmml::Scorer&&, const OfferOptions&) = delete;
  // The same for a pipeline that already reads the histories of these products: their slots are
  // kept, and a model that needs another product is refused.
  static base::Result<OfferModel> bind_within(const pmml::Scorer& scorer,
                                              const OfferOptions& options,
                                              const event::ProductIndex& products);

  // The model's product inputs: the slots of the histories to be scored.
  [[nodiscard]] const event::ProductIndex& products() const { return *products_; }
  // For people: how the decision is taken.
  [[nodiscard]] std::string describe() const;

 private:
  friend class OfferDecider;
  // What a row's cell becomes for each value of a demographic field.
  struct DemographicInput {
    std::size_t input = 0;
    std::vector<double> cells;  // By value: 0, 1, or the age.
  };
  struct ProductInput {
    std::size_t slot = 0;
    std::size_t input = 0;
    double no = 0;
    double yes = 0;
  };
  enum class Rule : std::uint8_t { kOutput, kProbability, kNumber };
  explicit OfferModel(const pmml::Scorer& scorer) : scorer_(&scorer) {}
  static base::Result<OfferModel> bind_all(const pmml::Scorer& scorer, const OfferOptions& options,
                                           const event::ProductIndex* products);
  base::Result<void> bind_product(std::size_t input, double off, double on,
                                  const OfferOptions& options);
  base::Result<void> choose_rule(const OfferOptions& options);

  const pmml::Scorer* scorer_;
  std::optional<event::ProductIndex> products_;  // Always there once bound.
  std::optional<DemographicInput> age_, man_, woman_;
  std::vector<ProductInput> product_inputs_;
  Rule rule_ = Rule::kOutput;
  std::size_t rule_index_ = 0;  // Of the output or the target category.
  double threshold_ = 0.5;
};

// Takes decisions; one per thread; allocates nothing once made (documents that Scorer compiles).
// The model outlives it.
class OfferDecider {
 public:
  explicit OfferDecider(const OfferModel& model);
  Offer decide(const event::Demographics& demographics, std::span<const std::uint64_t> known,
               std::span<const std::uint64_t> bought);

 private:
  const OfferModel* model_;
  pmml::Workspace workspace_;
  std::vector<double> row_;
};

}  // namespace stream
