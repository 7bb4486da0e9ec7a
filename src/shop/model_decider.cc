// SPDX-License-Identifier: Apache-2.0
#include "shop/model_decider.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/number.h"
#include "pmml/document/decision.h"
#include "pmml/score/scorer.h"

namespace shop {
namespace {

// Where an input of the model comes from: a flag's index, or one of these.
constexpr int kAge = -1;
constexpr int kMan = -2;
constexpr int kWoman = -3;

std::optional<int> source_of(std::string_view name) {
  if (name == "age") return kAge;
  if (name == "man") return kMan;
  if (name == "woman") return kWoman;
  for (int j = 0; j < kFlagCount; ++j) {
    if (flag_name(j) == name) return j;
  }
  return {};
}

double value_of(const Customer& customer, int source) {
  switch (source) {
    case kAge:
      return customer.age;
    case kMan:
      return customer.man ? 1 : 0;
    case kWoman:
      return customer.man ? 0 : 1;
    default:
      return customer.flags.test(source) ? 1 : 0;
  }
}

struct Loaded {
  explicit Loaded(pmml::Scorer&& compiled) : scorer(std::move(compiled)), workspace(scorer) {}

  bool shows(const Customer& customer) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const double value = value_of(customer, sources[i]);
      row[i] = texts[i].empty() ? value : texts[i][static_cast<std::size_t>(value)];
    }
    const pmml::Prediction& prediction = scorer.score(row, workspace);
    if (prediction.status != pmml::Status::kOk) return false;
    if (offer) return prediction.outputs[*offer] == 1;
    return prediction.probabilities[*positive] > threshold;
  }

  pmml::Scorer scorer;
  pmml::Workspace workspace;
  std::vector<int> sources;  // By input.
  std::vector<std::vector<double>>
      texts;  // By input; where it wants categories, the cell of each whole number.
  std::vector<double> row;
  std::optional<std::size_t> offer;
  std::optional<std::size_t> positive;
  double threshold = 0;
};

base::Result<void> connect_inputs(Loaded& loaded) {
  for (std::size_t i = 0; i < loaded.scorer.inputs().size(); ++i) {
    const pmml::InputField& input = loaded.scorer.inputs()[i];
    const std::optional<int> source = source_of(input.name);
    if (!source) {
      return base::input_error(
          "the model needs '" + input.name +
          "', which this shop does not know: it has age, man, woman, cat0 to cat99 and u0 to u9");
    }
    loaded.sources.push_back(*source);
    loaded.texts.emplace_back();
    if (input.encoding == pmml::Encoding::kNumber) continue;
    for (int whole = 0; whole <= kOldest; ++whole) {
      loaded.texts.back().push_back(loaded.scorer.encode(i, std::to_string(whole)));
    }
  }
  loaded.row.resize(loaded.sources.size());
  return {};
}

}  // namespace

base::Result<Decider> model_decider(const pmml::Document& document, double threshold) {
  TRY_ASSIGN(pmml::Scorer scorer, pmml::Scorer::compile(document));
  // Shared because a Decider must be copyable; the copies score one after another.
  const auto loaded = std::make_shared<Loaded>(std::move(scorer));
  TRY(connect_inputs(*loaded));
  loaded->offer = loaded->scorer.output(pmml::kOfferOutput);
  loaded->positive = loaded->scorer.target_category("1");
  loaded->threshold = threshold;
  if (!loaded->offer && !loaded->positive) {
    return base::input_error(
        "the model has neither an output 'offer' nor a target category '1': it decides nothing");
  }
  return Decider([loaded](const Customer& customer) { return loaded->shows(customer); });
}

}  // namespace shop
