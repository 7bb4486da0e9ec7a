// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/nearest_kernel.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace learn::detail {
namespace {

// The oracle is the sum of each row by itself, to the last bit.
TEST(NearestKernel, sums_the_same_on_every_instruction_set) {
  base::Random random(1);
  for (const std::size_t numbers : {0U, 1U, 7U}) {
    for (const std::size_t texts : {0U, 1U, 5U}) {
      const std::size_t width = numbers + texts;
      std::vector<float> block(width * kNeighbourBlock), row(width);
      for (std::size_t c = 0; c < width; ++c) {
        const auto draw = [&] {
          return c < numbers ? static_cast<float>(random.normal())
                             : static_cast<float>(random.below(3));
        };
        row[c] = draw();
        for (std::size_t r = 0; r < kNeighbourBlock; ++r) block[c * kNeighbourBlock + r] = draw();
      }
      std::vector<float> sums(kNeighbourBlock, 0.0F);
      for (std::size_t r = 0; r < kNeighbourBlock; ++r) {
        for (std::size_t c = 0; c < width; ++c) {
          const float other = block[c * kNeighbourBlock + r];
          const float difference = other - row[c];
          sums[r] += c < numbers ? difference * difference : (other != row[c] ? 1.0F : 0.0F);
        }
      }
      for (const AddDistances add : runnable_distances()) {
        std::vector<float> out(kNeighbourBlock, -1.0F);
        add(block.data(), row.data(), numbers, texts, out.data());
        EXPECT_EQ(out, sums) << numbers << " numbers, " << texts << " texts";
      }
    }
  }
}

}  // namespace
}  // namespace learn::detail
