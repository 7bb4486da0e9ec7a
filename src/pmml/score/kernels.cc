// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/kernels.h"

#include <atomic>
#include <vector>

namespace pmml::detail {

extern const Kernels kPlainKernels;
#ifdef PROVECHO_X86_KERNELS
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

std::span<const Kernels* const> runnable_kernels() {
  static const std::vector<const Kernels*> kRunnable = [] {
    std::vector<const Kernels*> found = {&kPlainKernels};
#ifdef PROVECHO_X86_KERNELS
    if (__builtin_cpu_supports("avx2") != 0) found.push_back(&kAvx2Kernels);
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0)
      found.push_back(&kAvx512Kernels);
#endif
    return found;
  }();
  return kRunnable;
}

namespace {
std::atomic<const Kernels*> chosen = nullptr;
}

void use_kernels(const Kernels* kernels) { chosen = kernels; }

const Kernels& kernels() {
  const Kernels* kernels = chosen;
  return kernels != nullptr ? *kernels : *runnable_kernels().back();
}

}  // namespace pmml::detail
