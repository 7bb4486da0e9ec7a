// SPDX-License-Identifier: Apache-2.0
#include "metric/confusion.h"

#include <cmath>

#include "base/check.h"

namespace metric {
namespace {

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

template <class IsOffered>
Confusion count(std::span<const std::uint8_t> labels, IsOffered is_offered) {
  std::int64_t tp = 0, offered = 0, positives = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t shown = is_offered(i) ? 1 : 0;
    offered += shown;
    positives += labels[i];
    tp += shown & labels[i];
  }
  const auto all = static_cast<std::int64_t>(labels.size());
  return {.tp = tp, .fp = offered - tp, .tn = all - offered - positives + tp, .fn = positives - tp};
}

}  // namespace

Confusion& Confusion::operator+=(const Confusion& more) {
  tp += more.tp;
  fp += more.fp;
  tn += more.tn;
  fn += more.fn;
  return *this;
}

Confusion confusion_at(std::span<const double> probabilities, std::span<const std::uint8_t> labels,
                       double threshold) {
  CHECK(probabilities.size() == labels.size());
  return count(labels, [&](std::size_t i) { return probabilities[i] > threshold; });
}

Confusion confusion_of(std::span<const std::uint8_t> decisions,
                       std::span<const std::uint8_t> labels) {
  CHECK(decisions.size() == labels.size());
  return count(labels, [&](std::size_t i) { return decisions[i] != 0; });
}

std::optional<double> accuracy(const Confusion& c) { return ratio(c.tp + c.tn, c.total()); }
std::optional<double> precision(const Confusion& c) { return ratio(c.tp, c.offered()); }
std::optional<double> recall(const Confusion& c) { return ratio(c.tp, c.positives()); }
std::optional<double> false_alarm(const Confusion& c) { return ratio(c.fp, c.negatives()); }
std::optional<double> specificity(const Confusion& c) { return ratio(c.tn, c.negatives()); }

std::optional<double> f_score(const Confusion& c, double beta) {
  const double square = beta * beta;
  const double hits = (1 + square) * static_cast<double>(c.tp);
  const double whole = hits + square * static_cast<double>(c.fn) + static_cast<double>(c.fp);
  if (whole == 0) return std::nullopt;
  return hits / whole;
}

Confusion always(std::int64_t positives, std::int64_t negatives) {
  return {.tp = positives, .fp = negatives};
}
Confusion never(std::int64_t positives, std::int64_t negatives) {
  return {.tn = negatives, .fn = positives};
}

Confusion random(std::int64_t positives, std::int64_t negatives, double chance) {
  CHECK(chance >= 0 && chance <= 1);
  const std::int64_t tp = std::llround(static_cast<double>(positives) * chance);
  const std::int64_t fp = std::llround(static_cast<double>(negatives) * chance);
  return {.tp = tp, .fp = fp, .tn = negatives - fp, .fn = positives - tp};
}

}  // namespace metric
