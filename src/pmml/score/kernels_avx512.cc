// SPDX-License-Identifier: Apache-2.0
#ifdef __AVX512DQ__
#include <immintrin.h>

#include "pmml/score/kernels.h"

namespace pmml::detail {
namespace {

struct Isa {
  static constexpr const char* kName = "AVX-512";
  static constexpr int kVectorBytes = 64;
  static std::uint64_t below(const std::uint8_t* codes, std::uint8_t bound) {
    return _mm512_cmplt_epu8_mask(_mm512_loadu_si512(codes),
                                  _mm512_set1_epi8(static_cast<char>(bound)));
  }
  static std::uint64_t within(const double* x, double low, double high) {
    const __m512d from = _mm512_set1_pd(low);
    const __m512d to = _mm512_set1_pd(high);
    std::uint64_t rows = 0;
    for (std::size_t r = 0; r < kBlockRows; r += 8) {
      const __m512d v = _mm512_loadu_pd(x + r);
      const __mmask8 above = _mm512_cmp_pd_mask(v, from, _CMP_GE_OQ);
      rows |= static_cast<std::uint64_t>(_mm512_mask_cmp_pd_mask(above, v, to, _CMP_LE_OQ)) << r;
    }
    return rows;
  }
  template <class Real>
  struct Sums;
};

template <>
struct Isa::Sums<double> {
  explicit Sums(double* sums) : sums_(sums) {
    for (std::size_t i = 0; i < 8; ++i) parts[i] = _mm512_loadu_pd(sums + 8 * i);
  }
  void add(std::uint64_t rows, double number) {
    const __m512d part = _mm512_set1_pd(number);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 8; ++i)
      parts[i] =
          _mm512_mask_add_pd(parts[i], static_cast<__mmask8>(rows >> (8 * i)), parts[i], part);
  }
  void store() {
    for (std::size_t i = 0; i < 8; ++i) _mm512_storeu_pd(sums_ + 8 * i, parts[i]);
  }
  double* sums_;
  __m512d parts[8];
};

template <>
struct Isa::Sums<float> {
  explicit Sums(float* sums) : sums_(sums) {
    for (std::size_t i = 0; i < 4; ++i) parts[i] = _mm512_loadu_ps(sums + 16 * i);
  }
  void add(std::uint64_t rows, float number) {
    const __m512 part = _mm512_set1_ps(number);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i)
      parts[i] =
          _mm512_mask_add_ps(parts[i], static_cast<__mmask16>(rows >> (16 * i)), parts[i], part);
  }
  void store() {
    for (std::size_t i = 0; i < 4; ++i) _mm512_storeu_ps(sums_ + 16 * i, parts[i]);
  }
  float* sums_;
  __m512 parts[4];
};

#include "pmml/score/kernels_body.inc"

}  // namespace

extern const Kernels kAvx512Kernels;
const Kernels kAvx512Kernels = kKernels;

}  // namespace pmml::detail
#endif
