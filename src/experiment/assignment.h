// SPDX-License-Identifier: Apache-2.0
// Which customers take part and which arm they get: a pure function of experiment and customer, so
// every process gives the same answer, for ever, without storage.
//
// draw = the first 8 bytes, big-endian, of SHA-256(experiment 0x1F purpose 0x1F unit), all UTF-8.
// Purpose "sample" decides inclusion and "arm" the arm: two independent draws, so the sampled share
// can be raised without moving anybody between arms. A share w owns the draws below ⌊w·2^64⌋:
// integer comparison, no modulus.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace experiment {

enum class Arm : std::uint8_t { kBase, kCandidate };

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
  // candidate customers for each base customer, positive and finite.
  static base::Result<Assignment> make(std::string experiment, double sampled_share = 1,
                                       double ratio = 1);

  // The customer's arm; nothing if not sampled.
  [[nodiscard]] std::optional<Arm> assign(std::string_view unit) const;
  [[nodiscard]] std::optional<Arm> assign(std::int64_t customer) const;  // Its decimal text.

  [[nodiscard]] bool sampled(std::string_view unit) const;
  [[nodiscard]] Arm arm(std::string_view unit) const;  // Whether sampled or not.

 private:
  Assignment(std::string experiment, Share sample, Share base);
  std::string experiment_;
  Share sample_;
  Share base_;
};

}  // namespace experiment
