// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/indicators.h"

#include <algorithm>

namespace learn::detail {
namespace {

const Indicator* indicator(std::span<const FeatureValues> features, std::size_t j) {
  return std::get_if<Indicator>(&features[j]);
}

// The end of the run of different indicators of one column that begins at `begin`.
std::size_t end_of_run(std::span<const FeatureValues> features, std::span<const std::size_t> chosen,
                       std::size_t begin) {
  const Indicator* const first = indicator(features, chosen[begin]);
  std::vector<std::int32_t> seen;
  std::size_t end = begin;
  for (; end < chosen.size(); ++end) {
    const Indicator* const next = indicator(features, chosen[end]);
    if (next == nullptr || next->codes.data() != first->codes.data()) break;
    if (std::ranges::find(seen, next->code) != seen.end()) break;
    seen.push_back(next->code);
  }
  return end;
}

}  // namespace

IndicatorSlots::IndicatorSlots(std::span<const FeatureValues> features,
                               std::span<const std::size_t> chosen, std::size_t least) {
  for (std::size_t begin = 0; begin < chosen.size();) {
    const Indicator* const first = indicator(features, chosen[begin]);
    const std::size_t end = first == nullptr ? begin + 1 : end_of_run(features, chosen, begin);
    if (first != nullptr && end - begin >= least) {
      std::int32_t highest = -1;
      for (const std::int32_t code : first->codes) highest = std::max(highest, code);
      const auto none = static_cast<std::uint32_t>(size() + (end - begin));
      Column& column = columns_.emplace_back(Column{
          first->codes, std::vector<std::uint32_t>(static_cast<std::size_t>(highest + 2), none)});
      for (std::size_t at = begin; at < end; ++at) {
        const std::int32_t code = indicator(features, chosen[at])->code;
        if (code <= highest)
          column.slot_of_code[static_cast<std::size_t>(code) + 1] =
              static_cast<std::uint32_t>(size());
        place_of_slot_.push_back(at);
      }
      place_of_slot_.push_back(kNone);
    }
    begin = end;
  }
}

void IndicatorSlots::find(std::size_t first, std::size_t n, std::uint32_t* slots) const {
  for (const Column& column : columns_) {
    const std::int32_t* const codes = column.codes.data() + first;
    const std::uint32_t* const slot_of = column.slot_of_code.data();
    for (std::size_t i = 0; i < n; ++i) slots[i] = slot_of[codes[i] + 1];
    slots += n;
  }
}

}  // namespace learn::detail
