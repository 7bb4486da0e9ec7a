// SPDX-License-Identifier: Apache-2.0
#include "study/detail/uplift_sample.h"

namespace study::detail {
namespace {

template <class T, class U>
void append(std::vector<T>& to, const std::vector<U>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void UpliftSample::add(const Rows& rows, bool treated, const std::vector<double>& keys,
                       const std::vector<std::uint8_t>& offers) {
  const std::size_t count = rows.labels.values.size();
  append(keys_, keys);
  append(offers_, offers);
  append(labels_, rows.labels.values);
  treated_.insert(treated_.end(), count, treated ? 1 : 0);
  if (rows.have_amounts()) {
    append(incomes_, rows.incomes);
    append(costs_, rows.costs);
  } else {
    incomes_.insert(incomes_.end(), count, economics_.income);
    costs_.insert(costs_.end(), count, economics_.cost);
  }
}

base::Result<learn::Uplift> UpliftSample::measure(std::uint64_t seed) const {
  return learn::measure_uplift({labels_, treated_, incomes_, costs_}, offers_, keys_, seed);
}

}  // namespace study::detail
