// SPDX-License-Identifier: Apache-2.0
// Which customers take part and which arm they get: a pure function of experiment and customer, so
// every process gives the same answer, for ever, without storage.
//
// draw = the first 8 bytes, big-endian, of SHA-256(experiment 0x1F purpose 0x1F unit), all UTF-8.
// Purpose "sample" decides inclusion and "arm" the arm: two independent draws, so the sampled share
// can be raised without moving anybody between arms. A share w owns the draws below ⌊w·2^64⌋:
// integer comparison, no modulus. Of the arm draws base owns the lowest, then each candidate in
// order.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace experiment {

// Candidates that one experiment compares with its base, at most.
inline constexpr int kMostCandidates = 7;

// Of several candidates the one of number k, from 0, is Arm(1 + k); kCandidate is the first.
enum class Arm : std::uint8_t { kBase, kCandidate };

constexpr Arm candidate_arm(std::size_t k) { return static_cast<Arm>(1 + k); }
// The candidate's number; nothing for base.
constexpr std::optional<std::size_t> candidate_of(Arm arm) {
  if (arm == Arm::kBase) return std::nullopt;
  return static_cast<std::size_t>(arm) - 1;
}

// Thread-safe; allocates nothing once a thread has called it.
std::uint64_t draw(std::string_view experiment, std::string_view purpose, std::string_view unit);

// The unit as it is hashed: without ASCII white space at its ends. Empty: not a customer; never
// sampled.
std::string_view normalized_unit(std::string_view unit);

// Draws below the threshold belong to the share.
class Share {
 public:
  explicit Share(double share);  // In [0, 1].
  [[nodiscard]] bool owns(std::uint64_t draw) const { return all_ || draw < threshold_; }
  [[nodiscard]] std::uint64_t threshold() const { return threshold_; }

 private:
  std::uint64_t threshold_;
  bool all_;
};

// Immutable and thread-safe. Ids that reach it must be normalised text (UTF-8 NFC) if they are not
// plain ASCII.
class Assignment {
 public:
  // The experiment's id must be non-empty and hold no 0x1F; 0 ≤ sampled share ≤ 1; ratio =
  // customers of each candidate for each base customer, positive and finite; 1 to kMostCandidates.
  static base::Result<Assignment> make(std::string experiment, double sampled_share = 1,
                                       double ratio = 1, int candidates = 1);

  // The customer's arm; nothing if not sampled.
  [[nodiscard]] std::optional<Arm> assign(std::string_view unit) const;
  [[nodiscard]] std::optional<Arm> assign(std::int64_t customer) const;  // Its decimal text.

  [[nodiscard]] bool sampled(std::string_view unit) const;
  [[nodiscard]] Arm arm(std::string_view unit) const;  // Whether sampled or not.

 private:
  Assignment(std::string experiment, Share sample, std::vector<Share> below);
  [[nodiscard]] Arm arm_of(std::string_view normalized) const;
  std::string experiment_;
  Share sample_;
  std::vector<Share>
      below_;  // Draws of the arms up to this one; without the last, whose is the rest.
};

}  // namespace experiment
