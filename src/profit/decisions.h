// SPDX-License-Identifier: Apache-2.0
// What many models decided on the same rows, a bit each: 100,000 models on the article's 22,750
// rows are 285 MB, and comparing two of them is some 360 words.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/confusion.h"

namespace profit {

// Not changed while another thread reads it.
class Decisions {
 public:
  // Labels of the test rows, 0 or 1. Refuses other values, and fewer than two rows.
  static base::Result<Decisions> on(std::span<const std::uint8_t> labels);

  // Adds a model and answers its index, from 0. One value for each row: a decision (0 or other), or
  // a probability, with an offer wherever probability > threshold. Refuses another number of rows,
  // and a probability that is not a number.
  base::Result<std::size_t> add(std::span<const std::uint8_t> decisions);
  base::Result<std::size_t> add(std::span<const double> probabilities, double threshold);

  [[nodiscard]] std::size_t models() const { return models_; }
  [[nodiscard]] std::size_t rows() const { return place_.size(); }
  [[nodiscard]] std::size_t positives() const { return positives_; }
  [[nodiscard]] std::size_t negatives() const { return rows() - positives_; }

  [[nodiscard]] metric::Confusion confusion(std::size_t model) const;

  // A model's words: first those of the positive rows, then those of the negative ones, in the
  // order of the rows; unused bits at the end of both are 0.
  [[nodiscard]] std::span<const std::uint64_t> on_positives(std::size_t model) const;
  [[nodiscard]] std::span<const std::uint64_t> on_negatives(std::size_t model) const;

 private:
  Decisions() = default;
  template <class IsOffered>
  std::size_t add_bits(IsOffered is_offered);

  std::size_t models_ = 0, positives_ = 0, positive_words_ = 0, words_ = 0;
  std::vector<std::uint64_t> place_;  // Of each row, its bit within a model's words.
  std::vector<std::uint64_t> bits_;   // models × words.
};

}  // namespace profit
