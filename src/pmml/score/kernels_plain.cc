// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/kernels.h"

namespace pmml::detail {
namespace {

struct Isa {
  static constexpr const char* kName = "portable";
  static constexpr int kVectorBytes = 16;
  static std::uint64_t below(const std::uint8_t* codes, std::uint8_t bound) {
    std::uint64_t rows = 0;
    for (std::size_t r = 0; r < kBlockRows; ++r)
      rows |= static_cast<std::uint64_t>(codes[r] < bound) << r;
    return rows;
  }
  static std::uint64_t within(const double* x, double low, double high) {
    std::uint64_t rows = 0;
    for (std::size_t r = 0; r < kBlockRows; ++r)
      rows |= static_cast<std::uint64_t>(x[r] >= low && x[r] <= high) << r;
    return rows;
  }
  template <class Real>
  struct Sums {
    explicit Sums(Real* sums) : sums_(sums) {}
    void add(std::uint64_t rows, Real number) {
      for (; rows != 0; rows &= rows - 1) sums_[__builtin_ctzll(rows)] += number;
    }
    void store() {}
    Real* sums_;
  };
};

#include "pmml/score/kernels_body.inc"

}  // namespace

extern const Kernels kPlainKernels;
const Kernels kPlainKernels = kKernels;

}  // namespace pmml::detail
