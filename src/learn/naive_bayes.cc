// SPDX-License-Identifier: Apache-2.0
#include "learn/naive_bayes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/number.h"
#include "learn/detail/design.h"
#include "learn/detail/frame.h"
#include "learn/detail/outputs.h"
#include "learn/detail/parallel.h"
#include "learn/detail/problem.h"

namespace learn {
namespace {

using data::Column;
using PerClass = std::array<double, 2>;  // The negative class first, as the labels count.

struct Gaussians {
  PerClass weight = {}, mean = {}, variance = {};
  double whole_variance = 0;  // Of both classes together.
};

struct Counts {
  PerClass weight = {};
  std::vector<PerClass> of_code;
};

template <class Visit>
void for_each_number(const Column& column, const Visit& visit) {
  for (std::size_t row = 0; row < column.bytes().size(); ++row) {
    if (column.bytes()[row] != data::kMissingByte)
      visit(row, static_cast<double>(column.bytes()[row]));
  }
  for (std::size_t row = 0; row < column.doubles().size(); ++row) {
    if (!std::isnan(column.doubles()[row])) visit(row, column.doubles()[row]);
  }
}

// In two passes, and in units of the largest value, so that squares neither cancel nor overflow.
Gaussians gaussians_of(const Column& column, const TrainingSet& set) {
  const std::vector<std::uint8_t>& labels = set.labels->values;
  const auto weight = [&](std::size_t row) { return set.weights.empty() ? 1 : set.weights[row]; };
  Gaussians found;
  double unit = 0;
  for_each_number(column, [&](std::size_t row, double x) {
    found.weight[labels[row]] += weight(row);
    unit = std::max(unit, std::fabs(x));
  });
  if (unit == 0) unit = 1;
  for_each_number(column, [&](std::size_t row, double x) {
    found.mean[labels[row]] += weight(row) * (x / unit);
  });
  for (const std::size_t c : {0U, 1U}) found.mean[c] /= found.weight[c];
  for_each_number(column, [&](std::size_t row, double x) {
    const double d = x / unit - found.mean[labels[row]];
    found.variance[labels[row]] += weight(row) * (d * d);
  });
  const double all = found.weight[0] + found.weight[1], apart = found.mean[1] - found.mean[0];
  found.whole_variance = (found.variance[0] + found.variance[1]) / all +
                         found.weight[0] / all * (found.weight[1] / all) * apart * apart;
  found.whole_variance *= unit * unit;
  for (const std::size_t c : {0U, 1U}) {
    found.variance[c] *= unit * unit / found.weight[c];
    found.mean[c] *= unit;
  }
  return found;
}

Counts counts_of(const Column& column, const TrainingSet& set) {
  Counts counts;
  counts.of_code.resize(column.categories().size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::int32_t code = column.codes()[row];
    if (code == data::kMissingCode) continue;
    const double weight = set.weights.empty() ? 1 : set.weights[row];
    counts.of_code[static_cast<std::size_t>(code)][set.labels->values[row]] += weight;
    counts.weight[set.labels->values[row]] += weight;
  }
  return counts;
}

// One column's part; which of the two depends on its type.
struct Learned {
  Gaussians gaussians;
  Counts counts;
};

bool seen_in_both(const Column& column, const Learned& learned) {
  const PerClass& weight = column.numeric() ? learned.gaussians.weight : learned.counts.weight;
  return weight[0] > 0 && weight[1] > 0;
}

// Categories stand as the positive value, then the negative one.
pmml::NaiveBayesModel::Input gaussian_input(const Column& column, const Gaussians& learned,
                                            double smoothing) {
  // Where nothing varies and nothing is added, a variance still has to be above 0.
  const double added = std::max(smoothing * learned.whole_variance, 1e-200);
  pmml::NaiveBayesModel::Input input;
  input.field = column.name();
  for (const std::size_t c : {1U, 0U}) {
    input.distributions.emplace_back(pmml::NaiveBayesModel::Gaussian{
        .mean = learned.mean[c], .variance = learned.variance[c] + added});
  }
  return input;
}

pmml::NaiveBayesModel::Input count_input(const Column& column, const Counts& learned,
                                         double laplace) {
  pmml::NaiveBayesModel::Input input;
  input.field = column.name();
  input.totals = {0, 0};
  for (std::size_t code = 0; code < learned.of_code.size(); ++code) {
    const PerClass& count = learned.of_code[code];
    if (count[0] + count[1] == 0) continue;  // Of rows that are not in this set.
    input.pairs.push_back(
        {.value = column.categories()[code], .counts = {count[1] + laplace, count[0] + laplace}});
    for (const std::size_t c : {0U, 1U}) input.totals[c] += input.pairs.back().counts[c];
  }
  return input;
}

base::Result<void> check(const NaiveBayesOptions& options) {
  TRY(detail::check_positive("laplace", options.laplace));
  if (options.variance_smoothing >= 0 && std::isfinite(options.variance_smoothing)) return {};
  return base::input_error("variance_smoothing is " +
                           base::format_double(options.variance_smoothing) +
                           ": it must be finite and not negative");
}

}  // namespace

base::Result<Trained> train_naive_bayes(const TrainingSet& set, const NaiveBayesOptions& options,
                                        const LearnerSettings& settings) {
  TRY(check(options));
  TRY(detail::check(set));
  std::vector<detail::ColumnNote> notes;
  TRY_ASSIGN(const std::vector<const Column*> columns,
             detail::usable_columns(set.columns, settings.most_categories, notes));
  std::vector<Learned> learned(columns.size());
  detail::for_each_piece(columns.size(), settings.threads, [&](std::size_t i) {
    if (columns[i]->numeric()) learned[i].gaussians = gaussians_of(*columns[i], set);
    if (!columns[i]->numeric()) learned[i].counts = counts_of(*columns[i], set);
  });

  Trained trained;
  trained.notes = detail::texts_of(notes);
  pmml::NaiveBayesModel body;
  body.threshold = kLeastDensity;
  body.target_field = set.labels->column;
  std::vector<detail::Input> inputs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = *columns[i];
    if (!seen_in_both(column, learned[i])) {
      trained.notes.push_back("column '" + column.name() +
                              "' is left out: one of the classes has no value of it");
      continue;
    }
    inputs.push_back({column.name(), column.numeric(), std::nullopt});
    body.inputs.push_back(
        column.numeric() ? gaussian_input(column, learned[i].gaussians, options.variance_smoothing)
                         : count_input(column, learned[i].counts, options.laplace));
  }
  if (inputs.empty())
    return base::input_error("no column has anything to tell: all are constant or empty");
  PerClass weight = {};
  for (std::size_t row = 0; row < set.labels->values.size(); ++row)
    weight[set.labels->values[row]] += set.weights.empty() ? 1 : set.weights[row];
  body.categories = {{.value = set.labels->positive, .count = weight[1]},
                     {.value = set.labels->negative, .count = weight[0]}};
  trained.document = detail::frame(inputs, *set.labels, "naive Bayes", settings.name);
  trained.document.model.body = std::move(body);
  detail::add_outputs(trained.document, *set.labels);
  return trained;
}

}  // namespace learn
