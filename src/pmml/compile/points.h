// SPDX-License-Identifier: Apache-2.0
// Points stored for the comparison of one row with all of them: a feature of many points lies side
// by side, so that one operation takes a step for each. What belongs to a point is added up in the
// order of its features, as if it were alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmml::detail {

inline constexpr std::size_t kPointLanes = 32;

// One feature of kPointLanes points.
struct alignas(64) PointLanes {
  double values[kPointLanes];
};

class Points {
 public:
  Points() = default;
  Points(std::size_t points, std::size_t features)
      : points_(points),
        features_(features),
        lanes_((points + kPointLanes - 1) / kPointLanes * features) {}

  [[nodiscard]] std::size_t size() const { return points_; }
  [[nodiscard]] std::size_t features() const { return features_; }
  // Room that one figure for each point takes: theirs, and those of lanes without a point.
  [[nodiscard]] std::size_t room() const {
    return (points_ + kPointLanes - 1) / kPointLanes * kPointLanes;
  }
  // Block by block, and within a block feature by feature.
  [[nodiscard]] const PointLanes* lanes() const { return lanes_.data(); }
  double& at(std::size_t point, std::size_t feature) {
    return lanes_[point / kPointLanes * features_ + feature].values[point % kPointLanes];
  }

 private:
  std::size_t points_ = 0;
  std::size_t features_ = 0;
  std::vector<PointLanes> lanes_;
};

// The same for the kernels, which call no function that other files compile too.
struct PointsView {
  const PointLanes* lanes = nullptr;
  std::size_t blocks = 0;
  std::size_t features = 0;
};
[[nodiscard]] inline PointsView view(const Points& points) {
  return {points.lanes(), points.room() / kPointLanes, points.features()};
}

// What one feature adds to the distance of a point y from a row x: weight · (x − y)², or where it
// `differs` only, the weight for x ≠ y.
struct Difference {
  std::uint32_t feature = 0;
  bool differs = false;
  double weight = 1;
};

// A record by its distance from the row; of equally near ones the first in the table is nearer.
struct NearRecord {
  double distance = 0;
  std::size_t record = 0;
};

}  // namespace pmml::detail
