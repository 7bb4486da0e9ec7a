// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "pmml/read/chapters.h"
#include "pmml/read/field.h"

namespace pmml::detail {
namespace {

using Body = NaiveBayesModel;

class Reader {
 public:
  Body body;

  void read_output(const Element& element) {
    element.only({"fieldName", "targetField"});
    body.target_field = element.find("targetField").value_or(element.text("fieldName"));
    if (body.target_field.empty()) element.refuse("attribute fieldName is required");
    for (const Element& child : only_counts(element)) {
      Body::Category category{child.required("value"), read_count(child)};
      if (!categories_.emplace(category.value, body.categories.size()).second)
        child.refuse("the category '" + category.value + "' is counted twice");
      body.categories.push_back(std::move(category));
    }
  }

  // Before 4.2 no BayesInput was continuous; makers of models wrote those inside an Extension.
  void read_inputs(const Element& element) {
    for (const pugi::xml_node node : element.node().children()) {
      if (node.type() != pugi::node_element) continue;
      const Element child(node, element.source());
      if (child.is("BayesInput")) {
        body.inputs.push_back(read_input(child));
      } else if (child.is("Extension")) {
        for (const Element& inner : child.children()) {
          if (inner.is("BayesInput")) body.inputs.push_back(read_input(inner));
        }
      } else if (child.name().find(':') == std::string_view::npos) {
        child.refuse_here();
      }
    }
  }

 private:
  // The TargetValueCount elements in the one TargetValueCounts of an element.
  static std::vector<Element> only_counts(const Element& parent) {
    const auto children = parent.children();
    if (children.size() != 1 || !children[0].is("TargetValueCounts")) {
      parent.refuse("exactly one TargetValueCounts is needed");
      return {};
    }
    auto counts = children[0].children();
    for (const Element& child : counts) {
      if (!child.is("TargetValueCount")) child.refuse_here();
      child.only({"value", "count"});
    }
    return counts;
  }

  static double read_count(const Element& element) {
    const double count = element.required_number("count");
    if (count < 0) element.refuse("a count must be 0 or more");
    return count;
  }

  [[nodiscard]] std::optional<std::size_t> category_of(const Element& element) const {
    const auto found = categories_.find(element.required("value"));
    if (found != categories_.end()) return found->second;
    element.refuse("the category '" + element.text("value") + "' is not in the BayesOutput");
    return std::nullopt;
  }

  Body::PairCounts read_pair(const Element& element) {
    element.only({"value"});
    Body::PairCounts pair{.value = element.required("value"),
                          .counts = std::vector<double>(body.categories.size(), 0)};
    std::vector<bool> seen(body.categories.size(), false);
    for (const Element& child : only_counts(element)) {
      const auto category = category_of(child);
      if (!category) continue;
      if (seen[*category]) child.refuse("the category is counted twice");
      seen[*category] = true;
      pair.counts[*category] = read_count(child);
    }
    return pair;
  }

  static std::optional<Body::Distribution> read_distribution(const Element& stat) {
    const auto children = stat.children();
    if (children.size() != 1) {
      stat.refuse("exactly one distribution is needed");
      return std::nullopt;
    }
    const Element& element = children[0];
    if (element.is("GaussianDistribution")) {
      element.only({"mean", "variance"});
      const Body::Gaussian gaussian{element.required_number("mean"),
                                    element.required_number("variance")};
      if (!(gaussian.variance > 0)) element.refuse("the variance must be positive");
      return gaussian;
    }
    if (element.is("PoissonDistribution")) {
      element.only({"mean"});
      const Body::Poisson poisson{element.required_number("mean")};
      if (!(poisson.mean >= 0)) element.refuse("the mean must be 0 or more");
      return poisson;
    }
    element.refuse_here();
    return std::nullopt;
  }

  std::vector<Body::Distribution> read_distributions(const Element& element) {
    std::vector<std::optional<Body::Distribution>> by_category(body.categories.size());
    for (const Element& child : element.children()) {
      if (!child.is("TargetValueStat")) {
        child.refuse_here();
        continue;
      }
      child.only({"value"});
      const auto category = category_of(child);
      if (!category) continue;
      if (by_category[*category]) child.refuse("the category has two distributions");
      by_category[*category] = read_distribution(child);
    }
    std::vector<Body::Distribution> result;
    for (std::size_t i = 0; i < by_category.size(); ++i) {
      if (by_category[i]) {
        result.push_back(*by_category[i]);
      } else {
        element.refuse("the category '" + body.categories[i].value + "' has no distribution");
      }
    }
    return result;
  }

  Body::Input read_input(const Element& element) {
    element.only({"fieldName"});
    Body::Input input{.field = element.required("fieldName")};
    input.totals.assign(body.categories.size(), 0);
    for (const Element& child : element.children()) {
      if (child.is("TargetValueStats")) {
        input.distributions = read_distributions(child);
      } else if (child.is("DerivedField")) {
        input.discretize = read_inner_derived_field(child);
        if (!std::holds_alternative<Discretize>(input.discretize->expression.is))
          child.refuse("only Discretize may stand here");
      } else if (child.is("PairCounts")) {
        input.pairs.push_back(read_pair(child));
        for (std::size_t i = 0; i < input.totals.size(); ++i)
          input.totals[i] += input.pairs.back().counts[i];
      } else {
        child.refuse_here();
      }
    }
    if (input.distributions.empty() == input.pairs.empty() ||
        (input.discretize && input.pairs.empty()))
      element.refuse("either TargetValueStats or PairCounts are needed");
    return input;
  }

  std::unordered_map<std::string, std::size_t> categories_;
};

}  // namespace

void read_naive_bayes(const Element& element, Model& model, int) {
  only_model(element, {"threshold"}, {"BayesInputs", "BayesOutput"});
  Reader reader;
  reader.body.threshold = element.required_number("threshold");
  if (reader.body.threshold < 0) element.refuse("threshold must be 0 or more");
  for (const Element& child : element.children()) {
    if (child.is("BayesOutput")) reader.read_output(child);
  }
  for (const Element& child : element.children()) {
    if (child.is("BayesInputs")) reader.read_inputs(child);
  }
  model.body = std::move(reader.body);
}

}  // namespace pmml::detail
