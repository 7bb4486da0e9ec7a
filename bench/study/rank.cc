// SPDX-License-Identifier: Apache-2.0
// Ranking many models of one test set: intervals, the winner under every hypothesis, and a belief,
// from counts alone; then the winner's curse, from decisions.
//   bench_rank [MODELS [CURSED]]     100,000 and 2,266 unless told; prints seconds
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/random.h"
#include "profit/hypothesis.h"
#include "profit/ranking.h"
#include "profit/winners_curse.h"

namespace {

constexpr std::size_t kRows = 22'750, kAccepted = 635;  // The article's test set, 2.79 %.
constexpr double kQ = 35.90;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A model of some skill that offers to some share of the customers.
struct Skill {
  double recall = 0, false_alarm = 0;
};
Skill draw_skill(base::Random& random) {
  const double false_alarm = random.uniform(), skill = 1 + 2 * random.uniform();
  return {std::pow(false_alarm, 1 / skill), false_alarm};
}

metric::Confusion counts_of(const Skill& skill) {
  const auto part = [](double share, std::size_t of) {
    return static_cast<std::int64_t>(std::llround(share * static_cast<double>(of)));
  };
  metric::Confusion c{.tp = part(skill.recall, kAccepted),
                      .fp = part(skill.false_alarm, kRows - kAccepted)};
  c.fn = static_cast<std::int64_t>(kAccepted) - c.tp;
  c.tn = static_cast<std::int64_t>(kRows - kAccepted) - c.fp;
  return c;
}

int run(std::size_t models, std::size_t cursed) {
  base::Random random(1);
  std::vector<metric::Confusion> counts;
  for (std::size_t i = 0; i < models; ++i) counts.push_back(counts_of(draw_skill(random)));
  const auto economics = profit::economics_from_q(kQ);
  const Stopwatch ranking;
  const auto standings = profit::rank(counts, *economics);
  std::printf("%zu models ranked, with intervals: %.3f s\n", models, ranking.seconds());
  const Stopwatch hull;
  const auto sensitivity = profit::sensitivity(counts);
  std::printf("the winner under every hypothesis: %.3f s\n", hull.seconds());
  const Stopwatch weighing;
  const auto prospects = profit::prospects(counts, *profit::uniform_q({20, 50}));
  std::printf("chances and regrets under a belief: %.3f s\n", weighing.seconds());

  std::vector<std::uint8_t> labels(kRows), offers(kRows);
  for (std::size_t row = 0; row < kRows; ++row) labels[row] = row < kAccepted ? 1 : 0;
  auto decisions = profit::Decisions::on(labels);
  for (std::size_t i = 0; i < cursed; ++i) {
    const Skill skill = draw_skill(random);
    for (std::size_t row = 0; row < kRows; ++row)
      offers[row] = random.bernoulli(row < kAccepted ? skill.recall : skill.false_alarm) ? 1 : 0;
    if (!decisions->add(offers)) return 1;
  }
  const Stopwatch curse;
  const auto corrected = profit::correct_winners_curse(*decisions, *economics);
  std::printf("the luck of the best of %zu taken off, 500 resamples: %.3f s\n", cursed,
              curse.seconds());
  return standings && sensitivity && prospects && corrected ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10)) : otherwise;
  };
  return run(number(1, 100'000), number(2, 2'266));
}
