// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/compiled.h"

#include <algorithm>

#include "pmml/compile/builder.h"
#include "pmml/interpret/value.h"
#include "pmml/score/block.h"
#include "pmml/score/points.h"

namespace pmml {
namespace detail {
namespace {

class CompiledUnits final : public Compiled {
 public:
  CompiledUnits(std::unique_ptr<const Units> units, std::span<const std::string> target_categories)
      : units_(std::move(units)) {
    const ModelUnit& root = units_->models[units_->root];
    for (const std::string& category : root.categories) {
      const auto found = std::ranges::find(target_categories, category);
      positions_.push_back(static_cast<std::size_t>(found - target_categories.begin()));
    }
    for (const std::string& category : target_categories) {
      std::size_t source = kNoCategory;
      for (std::size_t i = 0; i < root.categories.size() && source == kNoCategory; ++i) {
        if (root.categories[i] == category) source = i;
      }
      for (std::size_t i = 0; i < root.categories.size() && source == kNoCategory; ++i) {
        if (same_category(root.categories[i], category)) source = i;
      }
      sources_.push_back(source);
    }
    for (const QuickCell& quick : units_->quick_cells) {
      all_plain_ = all_plain_ && !quick.whole && !quick.single;
      low_.push_back(quick.low);
      high_.push_back(quick.high);
    }
  }

  void prepare(Memory& memory) const override {
    memory.slots.assign(units_->slots, kMissing);
    memory.scratch.assign(units_->scratch, 0.0);
    std::size_t members = 0;
    std::size_t categories = 0;
    for (const ModelUnit& model : units_->models) {
      categories = std::max(categories, model.categories.size());
      if (const auto* mining = std::get_if<MiningUnit>(&model.body))
        members = std::max(members, mining->weights.size());
    }
    memory.order.assign(members, 0);
    memory.floats.assign(categories, 0);
    std::size_t trees = 0;
    for (const Forest& forest : units_->forests.forests)
      trees = std::max(trees, forest.trees.size());
    memory.answers.assign(trees + 1, 0);
    prepare_points(*units_, memory);
    memory.codes.assign(std::max(units_->forests.coding.columns, 1U), 0);
    memory.coded.assign(units_->forests.coding.numbers.size() + units_->forests.coding.sets.size(),
                        0);
  }

  void score(std::span<const double> row, Memory& memory, Prediction& prediction,
             std::span<double> probabilities, std::span<double> outputs) const override {
    const Units& units = *units_;
    double* slots = memory.slots.data();
    bool refused = false;
    const bool plain =
        all_plain_ && kernels().all_within(row.data(), low_.data(), high_.data(), row.size());
    if (plain) std::ranges::copy(row, slots);
    for (std::size_t i = 0; !plain && i < row.size(); ++i) {
      if (!is_quick(units.quick_cells[i], row[i], slots[i]))
        slots[i] = prepare_cell(units.cells[i], row[i], refused);
    }
    // What a link that is passed over puts out is missing.
    std::fill(slots + row.size(), slots + units.slots, kMissing);
    std::ranges::fill(memory.coded, std::uint8_t{0});
    Answer answer;
    if (!refused) answer = run(units, units.root, slots, memory);
    prediction.status =
        refused ? Status::kRefused : (answer.missing ? Status::kNoResult : Status::kOk);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::uint32_t slot = units.output_slots[i];
      outputs[i] = refused || slot == kNowhere ? kMissing : slots[slot];
    }
    const ModelUnit& root = units.models[units.root];
    if (answer.missing) {
      std::ranges::fill(probabilities, kMissing);
    } else if (root.function == MiningFunction::kRegression) {
      prediction.number = answer.number;
    } else {
      prediction.category = positions_[answer.category];
      const double* from = memory.scratch.data() + root.scratch;
      for (std::size_t i = 0; i < probabilities.size(); ++i) {
        probabilities[i] = sources_[i] == kNoCategory ? 0.0 : from[sources_[i]];
      }
    }
  }

  bool takes_blocks() const override { return blocks_; }

  std::uint64_t score_block(std::span<const double* const> columns, std::span<const Wanted> wanted,
                            Memory& memory, std::span<double* const> out) const override {
    if (memory.block == nullptr) memory.block = std::make_shared<Block>(*units_, kernels());
    Block& block = *memory.block;
    memory.wanted_slots.clear();
    for (const Wanted& w : wanted) {
      if (w.figure == Wanted::Figure::kOutput && units_->output_slots[w.index] != kNowhere)
        memory.wanted_slots.push_back(units_->output_slots[w.index]);
    }
    block.run(columns, memory.wanted_slots);
    for (std::size_t w = 0; w < wanted.size(); ++w) put_figure(block, wanted[w], out[w]);
    return block.others();
  }

 private:
  void put_figure(const Block& block, const Wanted& wanted, double* out) const {
    const bool classifies = units_->models[units_->root].function != MiningFunction::kRegression;
    const double* from = nullptr;
    switch (wanted.figure) {
      case Wanted::Figure::kNumber:
        if (!classifies) from = block.numbers();
        break;
      case Wanted::Figure::kCategory:
        for (std::size_t r = 0; classifies && r < kBlockRows; ++r) {
          const auto category = static_cast<std::size_t>(block.categories()[r]);
          out[r] = static_cast<double>(positions_[category]);
        }
        if (classifies) return;
        break;
      case Wanted::Figure::kProbability:
        if (sources_[wanted.index] == kNoCategory) {
          std::fill_n(out, kBlockRows, 0.0);
          return;
        }
        from = block.probabilities(sources_[wanted.index]);
        break;
      case Wanted::Figure::kOutput:
        if (units_->output_slots[wanted.index] != kNowhere)
          from = block.slot(units_->output_slots[wanted.index]);
        break;
    }
    if (from == nullptr) {
      std::fill_n(out, kBlockRows, kMissing);
    } else {
      std::copy_n(from, kBlockRows, out);
    }
  }

  std::unique_ptr<const Units> units_;
  bool blocks_ = detail::takes_blocks(*units_);
  // The bounds of every cell that is as it should be, where no cell is more particular.
  bool all_plain_ = true;
  std::vector<double> low_;
  std::vector<double> high_;
  std::vector<std::size_t> positions_;  // Of the model's categories among the target's.
  std::vector<std::size_t> sources_;    // And back.
};

}  // namespace
}  // namespace detail

std::unique_ptr<const Compiled> Compiled::make(const Frame& frame, std::string& why_not) {
  auto units = detail::build(frame, why_not);
  if (!units) return nullptr;
  return std::make_unique<detail::CompiledUnits>(std::move(units), frame.target_categories);
}

}  // namespace pmml
