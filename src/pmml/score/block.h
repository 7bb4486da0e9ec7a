// SPDX-License-Identifier: Apache-2.0
// A block of 64 rows through a document, column by column. What few rows need — a missing answer, a
// refused cell — is left to the row's own way.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "pmml/compile/units.h"
#include "pmml/score/kernels.h"
#include "pmml/score/scorer.h"

namespace pmml::detail {

// Can blocks of rows go through these units?
[[nodiscard]] bool takes_blocks(const Units& units);

// Room for one block, and what it found.
class Block {
 public:
  Block(const Units& units, const Kernels& kernels);

  // columns[i] are the 64 cells of input i. Of the document's outputs only those are computed that
  // are asked for, by slot, and what they need.
  void run(std::span<const double* const> columns, std::span<const std::uint32_t> outputs);

  // The rows that must go their own way; what follows is not theirs.
  [[nodiscard]] std::uint64_t others() const { return others_; }
  [[nodiscard]] const double* numbers() const;
  [[nodiscard]] const double* categories() const;  // As positions among the root's.
  [[nodiscard]] const double* probabilities(std::size_t category) const;
  [[nodiscard]] const double* slot(std::uint32_t slot) const { return columns_[slot]; }

 private:
  // The answers of one model.
  struct Answers {
    double* number = nullptr;         // Regression.
    double* category = nullptr;       // Classification: the best category,
    double* probabilities = nullptr;  // and kBlockRows for each.
  };
  Answers answers_of(std::uint32_t model);
  void prepare(std::span<const double* const> columns);
  void run_model(std::uint32_t model);
  template <class Real>
  void run_regression(const RegressionUnit& regression, const ModelUnit& model,
                      const Answers& answers);
  template <class Real>
  void add_table(const TableUnit& table, Real* y);
  void add_linear(const TableUnit& table, double* y);
  void add_linear(const TableUnit& table, float* y);
  template <class Real>
  void run_forest(const Forest& forest, const MiningUnit* mining, const ModelUnit& model,
                  const Answers& answers);
  void run_chain(const MiningUnit& mining, const ModelUnit& model, const Answers& answers);
  void choose(const ModelUnit& model, const Answers& answers);
  void apply_target(const ModelUnit& model, const Answers& answers);
  void put_outputs(const ModelUnit& model, const Answers& answers);
  void decide(const Forest& forest);
  void decide_numbers(std::uint32_t coder);
  void decide_sets(std::uint32_t coder);
  double* own(std::uint32_t slot);

  const Units& units_;
  const Kernels& kernels_;
  std::uint64_t others_ = 0;
  std::vector<const double*> columns_;  // Of each slot: the caller's column, or our own.
  std::vector<double> own_;
  std::vector<double> answers_;  // Of each model, see answers_of().
  std::vector<std::size_t> first_answer_;
  std::vector<std::uint8_t> codes_;
  std::vector<std::uint8_t> decided_;  // Coders whose masks are there.
  std::vector<std::uint64_t> masks_;
  std::vector<std::uint64_t> sets_;
  std::vector<std::uint64_t> category_rows_;
  std::vector<double> wide_;  // Scratch: the predictors of a regression's tables.
  std::vector<float> narrow_;
  std::vector<const double*> predictors_;  // Of a regression's table.
  std::vector<std::uint8_t> read_;         // Slots that the document's outputs are computed from,
  std::vector<std::uint8_t> wanted_;       // and those that are asked for.
};

}  // namespace pmml::detail
