// SPDX-License-Identifier: Apache-2.0
#include "experiment/assignment.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cmath>
#include <memory>

#include "base/check.h"
#include "base/number.h"

namespace experiment {
namespace {

constexpr char kSeparator = '\x1f';

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One digest context a thread, set up once: starting it again neither allocates nor looks the
// algorithm up.
EVP_MD_CTX* sha256() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  CHECK(context != nullptr);
  const EVP_MD* algorithm = EVP_MD_CTX_get0_md(context.get()) == nullptr ? EVP_sha256() : nullptr;
  CHECK(EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1);
  return context.get();
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::uint64_t draw(std::string_view experiment, std::string_view purpose, std::string_view unit) {
  EVP_MD_CTX* digest = sha256();
  CHECK(EVP_DigestUpdate(digest, experiment.data(), experiment.size()) == 1);
  CHECK(EVP_DigestUpdate(digest, &kSeparator, 1) == 1);
  CHECK(EVP_DigestUpdate(digest, purpose.data(), purpose.size()) == 1);
  CHECK(EVP_DigestUpdate(digest, &kSeparator, 1) == 1);
  CHECK(EVP_DigestUpdate(digest, unit.data(), unit.size()) == 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  CHECK(EVP_DigestFinal_ex(digest, bytes.data(), nullptr) == 1);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

std::string_view normalized_unit(std::string_view unit) {
  while (!unit.empty() && is_space(unit.front())) unit.remove_prefix(1);
  while (!unit.empty() && is_space(unit.back())) unit.remove_suffix(1);
  return unit;
}

Share::Share(double share) {
  CHECK(share >= 0 && share <= 1);
  const double scaled =
      std::ldexp(share, 64);  // Exact: a change of exponent. Its floor below 2^64 fits.
  all_ = scaled >= 0x1p64;
  threshold_ = all_ ? ~std::uint64_t{0} : static_cast<std::uint64_t>(scaled);
}

base::Result<Assignment> Assignment::make(std::string experiment, double sampled_share,
                                          double ratio, int candidates) {
  if (experiment.empty()) return base::input_error("the experiment's id is empty");
  if (experiment.find(kSeparator) != std::string::npos) {
    return base::input_error("the experiment's id '" + experiment +
                             "' holds the control character 0x1F");
  }
  if (!(sampled_share >= 0 && sampled_share <= 1)) {
    return base::input_error("the sampled share must lie between 0 and 1, not " +
                             base::format_double(sampled_share));
  }
  if (!(ratio > 0 && std::isfinite(kMostCandidates * ratio))) {
    return base::input_error("the ratio must be a positive number, not " +
                             base::format_double(ratio));
  }
  if (candidates < 1 || candidates > kMostCandidates) {
    return base::input_error("there must be 1 to " + std::to_string(kMostCandidates) +
                             " candidates, not " + std::to_string(candidates));
  }
  std::vector<Share> below;
  for (int k = 0; k < candidates; ++k)
    below.emplace_back((1 + k * ratio) / (1 + candidates * ratio));
  return Assignment(std::move(experiment), Share(sampled_share), std::move(below));
}

Assignment::Assignment(std::string experiment, Share sample, std::vector<Share> below)
    : experiment_(std::move(experiment)), sample_(sample), below_(std::move(below)) {}

Arm Assignment::arm_of(std::string_view normalized) const {
  const std::uint64_t value = draw(experiment_, "arm", normalized);
  std::size_t arm = 0;
  while (arm < below_.size() && !below_[arm].owns(value)) ++arm;
  return static_cast<Arm>(arm);
}

std::optional<Arm> Assignment::assign(std::string_view unit) const {
  const std::string_view normalized = normalized_unit(unit);
  if (normalized.empty() || !sample_.owns(draw(experiment_, "sample", normalized)))
    return std::nullopt;
  return arm_of(normalized);
}

std::optional<Arm> Assignment::assign(std::int64_t customer) const {
  std::array<char, 24> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), customer);
  CHECK(error == std::errc());
  return assign(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

bool Assignment::sampled(std::string_view unit) const {
  const std::string_view normalized = normalized_unit(unit);
  return !normalized.empty() && sample_.owns(draw(experiment_, "sample", normalized));
}

Arm Assignment::arm(std::string_view unit) const { return arm_of(normalized_unit(unit)); }

}  // namespace experiment
