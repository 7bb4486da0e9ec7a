// SPDX-License-Identifier: Apache-2.0
#include "profit/decisions.h"

#include <cmath>
#include <string>

#include "base/check.h"
#include "profit/detail/bit_count.h"

namespace profit {
namespace {

base::Error wrong_rows(std::size_t given, std::size_t wanted) {
  return base::input_error("a model decided on " + std::to_string(given) + " rows of " +
                           std::to_string(wanted) + ": one decision for each row is needed");
}

std::size_t words_for(std::size_t bits) { return (bits + 63) / 64; }

}  // namespace

base::Result<Decisions> Decisions::on(std::span<const std::uint8_t> labels) {
  if (labels.size() < 2) return base::input_error("a test set needs at least two rows");
  Decisions d;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] > 1) {
      return base::input_error("the label of row " + std::to_string(row) + " is " +
                               std::to_string(labels[row]) + ": labels are 0 or 1");
    }
    d.positives_ += labels[row];
  }
  d.positive_words_ = words_for(d.positives_);
  d.words_ = d.positive_words_ + words_for(labels.size() - d.positives_);
  std::uint64_t next[2] = {64 * d.positive_words_, 0};
  d.place_.reserve(labels.size());
  for (const std::uint8_t label : labels) d.place_.push_back(next[label]++);
  return d;
}

template <class IsOffered>
std::size_t Decisions::add_bits(IsOffered is_offered) {
  bits_.resize(bits_.size() + words_);
  std::uint64_t* const words = bits_.data() + models_ * words_;
  for (std::size_t row = 0; row < rows(); ++row) {
    const std::uint64_t place = place_[row];
    words[place / 64] |= std::uint64_t{is_offered(row)} << (place % 64);
  }
  return models_++;
}

base::Result<std::size_t> Decisions::add(std::span<const std::uint8_t> decisions) {
  if (decisions.size() != rows()) return wrong_rows(decisions.size(), rows());
  return add_bits([&](std::size_t row) { return decisions[row] != 0; });
}

base::Result<std::size_t> Decisions::add(std::span<const double> probabilities, double threshold) {
  if (probabilities.size() != rows()) return wrong_rows(probabilities.size(), rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    if (std::isnan(probabilities[row])) {
      return base::input_error("the probability of row " + std::to_string(row) +
                               " is not a number");
    }
  }
  return add_bits([&](std::size_t row) { return probabilities[row] > threshold; });
}

metric::Confusion Decisions::confusion(std::size_t model) const {
  const std::int64_t tp = detail::count_ones(on_positives(model));
  const std::int64_t fp = detail::count_ones(on_negatives(model));
  return {.tp = tp,
          .fp = fp,
          .tn = static_cast<std::int64_t>(negatives()) - fp,
          .fn = static_cast<std::int64_t>(positives()) - tp};
}

std::span<const std::uint64_t> Decisions::on_positives(std::size_t model) const {
  CHECK(model < models_);
  return {bits_.data() + model * words_, positive_words_};
}

std::span<const std::uint64_t> Decisions::on_negatives(std::size_t model) const {
  CHECK(model < models_);
  return {bits_.data() + model * words_ + positive_words_, words_ - positive_words_};
}

}  // namespace profit
