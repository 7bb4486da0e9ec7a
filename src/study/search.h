// SPDX-License-Identifier: Apache-2.0
// Which trials to run next. Trials come in batches: a batch depends on the results of the batches
// before it and on the seed alone, so a search is the same whatever the number of threads, and goes
// on after a stop as if there had been none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/space.h"
#include "study/tpe.h"

namespace study {

enum class Method {
  kRandom,
  kGrid,
  kTpe,
  kHalving,  // Successive halving (Jamieson & Talwalkar 2016): many on few rows, the best on more.
  kHyperband,  // Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar (JMLR 2018): halving from several
               // starts, its points proposed by TPE (as in BOHB, Falkner et al. 2018).
};
base::Result<Method> method_from(const std::string& name);  // "random", "grid", "tpe", …
std::string name_of(Method method);

struct SearchOptions {
  Method method = Method::kTpe;
  std::size_t trials = 100;  // At most; a grid may have fewer.
  std::uint64_t seed = 1;
  int grid_steps = 4;
  std::size_t batch = 8;
  // Halving and Hyperband: the smallest share of the training rows, and by how much shares grow
  // while the number of trials shrinks.
  double least_share = 1.0 / 9;
  int eta = 3;
  TpeOptions tpe = {};
};

struct Trial {
  std::size_t number = 0;  // From 0, in the order they are asked for.
  Point point;
  double row_share = 1;  // Of the training rows, in (0, 1].
};

struct TrialResult {
  Trial trial;
  std::optional<double> value;  // Larger is better; nothing: it failed.
};

class Search {
 public:
  // Refuses no trials, an empty batch, shares outside (0, 1], eta below 2, a grid that is too
  // large.
  static base::Result<Search> of(Space space, const SearchOptions& options);

  // The trials that may run now, given every result of all batches before, in their order of
  // number. Empty: the search is over.
  [[nodiscard]] std::vector<Trial> next(const std::vector<TrialResult>& so_far) const;
  // How many trials there will be in all.
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  // Trials of one rung run together; all but the first rung of a bracket take the best of the one
  // before.
  struct Rung {
    std::size_t first = 0, count = 0;
    double row_share = 1;
    bool promoted = false;
  };
  Search(Space space, const SearchOptions& options) : space_(std::move(space)), options_(options) {}
  void plan_rungs();
  void add_bracket(std::size_t first_rung_trials, int rungs);
  [[nodiscard]] Point fresh_point(std::size_t number, const std::vector<TrialResult>& so_far) const;

  Space space_;
  SearchOptions options_;
  std::vector<Rung> rungs_;
  std::vector<Point> grid_;
  std::size_t total_ = 0;
};

}  // namespace study
