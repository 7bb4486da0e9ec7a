// SPDX-License-Identifier: Apache-2.0
// The inner loops of the solver, written once on vectors of fixed width and compiled for several
// instruction sets. All variants add and multiply in the same order without contraction, so their
// results agree bit for bit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace learn::detail {

inline constexpr std::size_t kTileRows =
    256;  // Rows of a Hessian tile; a multiple of every vector width.

struct Kernels {
  const char* name;
  // z[i] += w[0] x[0][i] + … + w[3] x[3][i].
  void (*add_four_bytes)(const std::uint8_t* const* x, const double* w, double* z, std::size_t n);
  void (*add_bytes)(const std::uint8_t* x, double w, double* z, std::size_t n);
  void (*add_doubles)(const double* x, double w, double* z, std::size_t n);
  // sums[k] = Σ r[i] x[k][i], in eight interleaved partial sums.
  void (*dot_four_bytes)(const std::uint8_t* const* x, const double* r, std::size_t n,
                         double* sums);
  double (*dot_bytes)(const std::uint8_t* x, const double* r, std::size_t n);
  double (*dot_doubles)(const double* x, const double* r, std::size_t n);
  // For margins z and labels y: residual[i] = p − y, loss[i] = −ln P(y), curvature[i] = p (1 − p).
  // Errors of a few ulp. n is at most the arrays' length; they may be read and written up to the
  // next multiple of eight.
  void (*logistic)(const double* z, const double* y, double* residual, double* loss,
                   double* curvature, std::size_t n);
  // out[i] = scale[i] · (x[i] − shift) · factor in single precision.
  void (*scale_bytes)(const std::uint8_t* x, const float* scale, double shift, double factor,
                      float* out, std::size_t n);
  void (*scale_doubles)(const double* x, const float* scale, double shift, double factor,
                        float* out, std::size_t n);
  // hessian[j * d + k] += Σ over kTileRows of tile[j] tile[k] for k ≤ j; tile is d × kTileRows.
  void (*add_outer_products)(const float* tile, std::size_t d, double* hessian);
  // sums[slots[i] * width + k] += rows[i * width + k] for k < width, a multiple of eight.
  void (*add_rows)(const double* rows, std::size_t width, const std::uint32_t* slots, std::size_t n,
                   double* sums);
  // z[i] += w[0] x[0][i] + … + w[3] x[3][i].
  void (*add_four_floats)(const float* const* x, const float* w, float* z, std::size_t n);
  // z[i] becomes exp(−gamma · max(0, square + squares[i] − 2 z[i])), to 2e-7. n is a multiple
  // of 16.
  void (*radial)(const float* squares, float square, float gamma, float* z, std::size_t n);
};

// The best for this processor.
const Kernels& kernels();
// All that this processor can run, the plainest first.
std::span<const Kernels* const> runnable_kernels();

}  // namespace learn::detail
