// SPDX-License-Identifier: Apache-2.0
#include "stream/score.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/number.h"

namespace stream {
namespace {

constexpr const char* kCarried =
    "the topics carry age, man, woman and the products' 0/1 indicators";

base::Error not_carried(const std::string& field) {
  return base::input_error("the model needs field '" + field +
                           "', which no topic carries: " + kCarried);
}

bool usable(double cell) { return !pmml::is_invalid(cell); }

}  // namespace

base::Result<OfferModel> OfferModel::bind(const pmml::Scorer& scorer, const OfferOptions& options) {
  return bind_all(scorer, options, nullptr);
}

base::Result<OfferModel> OfferModel::bind_within(const pmml::Scorer& scorer,
                                                 const OfferOptions& options,
                                                 const event::ProductIndex& products) {
  return bind_all(scorer, options, &products);
}

base::Result<OfferModel> OfferModel::bind_all(const pmml::Scorer& scorer,
                                              const OfferOptions& options,
                                              const event::ProductIndex* products) {
  OfferModel model(scorer);
  if (products != nullptr) model.products_ = *products;
  std::vector<std::string> names;  // Of the products, where the model says which they are.
  for (std::size_t input = 0; input < scorer.inputs().size(); ++input) {
    const std::string& name = scorer.inputs()[input].name;
    const double no = scorer.encode(input, "0");
    const double yes = scorer.encode(input, "1");
    if (name == "age") {
      model.age_ = DemographicInput{input, {}};
      for (int years = 0; years <= event::kMaxAge; ++years) {
        model.age_->cells.push_back(scorer.encode(input, std::to_string(years)));
      }
      if (std::ranges::none_of(model.age_->cells, usable)) {
        return base::input_error(
            "the model's field 'age' takes no whole number of years from 0 to 150");
      }
      continue;
    }
    // Some tools write the type of a flag as boolean: then its values are spelt true and false.
    const bool spelt = !usable(no) && !usable(yes);
    const double off = spelt ? scorer.encode(input, "false") : no;
    const double on = spelt ? scorer.encode(input, "true") : yes;
    if (!usable(off) && !usable(on)) return not_carried(name);
    if (name == "man" || name == "woman") {
      (name == "man" ? model.man_ : model.woman_) = DemographicInput{input, {off, on}};
      continue;
    }
    TRY(model.bind_product(input, off, on, options));
    names.push_back(name);
  }
  if (products == nullptr) {
    TRY_ASSIGN(model.products_, event::ProductIndex::make(std::move(names)));
  }
  TRY(model.choose_rule(options));
  return model;
}

base::Result<void> OfferModel::bind_product(std::size_t input, double off, double on,
                                            const OfferOptions& options) {
  const std::string& name = scorer_->inputs()[input].name;
  if (!options.products.empty() &&
      std::ranges::find(options.products, name) == options.products.end()) {
    return not_carried(name);
  }
  std::size_t slot = product_inputs_.size();
  if (products_) {
    const std::optional<std::size_t> found = products_->slot(name);
    if (!found) {
      return base::input_error("the model needs product '" + name +
                               "', which the running pipeline does not read: start it anew");
    }
    slot = *found;
  }
  product_inputs_.push_back({.slot = slot, .input = input, .no = off, .yes = on});
  return {};
}

base::Result<void> OfferModel::choose_rule(const OfferOptions& options) {
  if (options.threshold && !std::isfinite(*options.threshold)) {
    return base::input_error("the threshold must be a finite number");
  }
  threshold_ = options.threshold.value_or(0.5);
  const std::optional<std::size_t> offer = scorer_->output("offer");
  if (offer && !options.threshold) {
    rule_ = Rule::kOutput;
    rule_index_ = *offer;
    return {};
  }
  if (scorer_->function() == pmml::MiningFunction::kRegression) {
    rule_ = Rule::kNumber;
    return {};
  }
  for (const char* const positive : {"1", "1.0", "true", "True", "yes"}) {
    const std::optional<std::size_t> category = scorer_->target_category(positive);
    if (!category) continue;
    rule_ = Rule::kProbability;
    rule_index_ = *category;
    return {};
  }
  return base::input_error(
      "the model says neither whether to make the offer nor how probable its acceptance is: it "
      "needs an output named "
      "'offer', or a target category '1' (or 'true', 'yes')");
}

std::string OfferModel::describe() const {
  const std::string above = " > " + base::format_double(threshold_);
  switch (rule_) {
    case Rule::kOutput:
      return "output 'offer' of the model";
    case Rule::kProbability:
      return "probability(" + scorer_->target_categories()[rule_index_] + ")" + above;
    case Rule::kNumber:
      return "predicted value" + above;
  }
  return {};
}

OfferDecider::OfferDecider(const OfferModel& model)
    : model_(&model),
      workspace_(*model.scorer_),
      row_(model.scorer_->inputs().size(), pmml::kMissing) {}

Offer OfferDecider::decide(const event::Demographics& demographics,
                           std::span<const std::uint64_t> known,
                           std::span<const std::uint64_t> bought) {
  const auto fill = [&](const std::optional<OfferModel::DemographicInput>& field,
                        std::size_t value) {
    if (field) row_[field->input] = field->cells[value];
  };
  fill(model_->age_, static_cast<std::size_t>(demographics.age));
  fill(model_->man_, demographics.man ? 1 : 0);
  fill(model_->woman_, demographics.woman ? 1 : 0);
  for (const OfferModel::ProductInput& product : model_->product_inputs_) {
    const bool is_known = (known[product.slot / 64] >> (product.slot % 64)) & 1;
    const bool is_bought = (bought[product.slot / 64] >> (product.slot % 64)) & 1;
    row_[product.input] = is_known ? (is_bought ? product.yes : product.no) : pmml::kMissing;
  }
  const pmml::Prediction& prediction = model_->scorer_->score(row_, workspace_);
  if (prediction.status != pmml::Status::kOk) return Offer::kUnscorable;
  double figure = pmml::kMissing;
  switch (model_->rule_) {
    case OfferModel::Rule::kOutput:
      figure = prediction.outputs[model_->rule_index_] - 0.5;
      break;
    case OfferModel::Rule::kProbability:
      figure = prediction.probabilities[model_->rule_index_] - model_->threshold_;
      break;
    case OfferModel::Rule::kNumber:
      figure = prediction.number - model_->threshold_;
      break;
  }
  if (std::isnan(figure)) return Offer::kUnscorable;
  return figure > 0 ? Offer::kShow : Offer::kHide;
}

}  // namespace stream
