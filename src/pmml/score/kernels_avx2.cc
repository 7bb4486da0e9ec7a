// SPDX-License-Identifier: Apache-2.0
#ifdef __AVX2__
#include <immintrin.h>

#include "pmml/score/kernels.h"

namespace pmml::detail {
namespace {

struct Isa {
  static constexpr const char* kName = "AVX2";
  static constexpr int kVectorBytes = 32;
  static std::uint64_t below(const std::uint8_t* codes, std::uint8_t bound) {
    // code < bound where the smaller of code and bound - 1 is the code; bounds are 1 or more.
    const __m256i last = _mm256_set1_epi8(static_cast<char>(bound - 1));
    std::uint64_t rows = 0;
    for (int half = 0; half < 2; ++half) {
      const __m256i x =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + std::size_t{32} * half));
      const __m256i is = _mm256_cmpeq_epi8(_mm256_min_epu8(x, last), x);
      rows |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(is)))
              << (32 * half);
    }
    return rows;
  }
  static std::uint64_t within(const double* x, double low, double high) {
    const __m256d from = _mm256_set1_pd(low);
    const __m256d to = _mm256_set1_pd(high);
    std::uint64_t rows = 0;
    for (std::size_t r = 0; r < kBlockRows; r += 4) {
      const __m256d v = _mm256_loadu_pd(x + r);
      const __m256d is =
          _mm256_and_pd(_mm256_cmp_pd(v, from, _CMP_GE_OQ), _mm256_cmp_pd(v, to, _CMP_LE_OQ));
      rows |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_pd(is))) << r;
    }
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

extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels = kKernels;

}  // namespace pmml::detail
#endif
