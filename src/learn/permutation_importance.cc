// SPDX-License-Identifier: Apache-2.0
#include "learn/permutation_importance.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "learn/evaluate.h"
#include "metric/probability.h"
#include "pmml/score/scorer.h"

namespace learn {
namespace {

using Rows = std::vector<std::uint32_t>;

void shuffle(Rows& rows, base::Random& random) {
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
}

// AUC does not depend on how frequent the classes are: the rarer one counts for more if half of the
// rows are of it.
Rows drawn_rows(const Labels& labels, std::size_t wanted, base::Random& random) {
  Rows of[2];
  for (std::size_t row = 0; row < labels.values.size(); ++row)
    of[labels.values[row] != 0 ? 1 : 0].push_back(static_cast<std::uint32_t>(row));
  for (Rows& rows : of) shuffle(rows, random);
  const std::size_t rare = of[0].size() < of[1].size() ? 0 : 1;
  of[rare].resize(std::min(of[rare].size(), wanted / 2));
  of[1 - rare].resize(std::min(of[1 - rare].size(), wanted - of[rare].size()));
  of[0].insert(of[0].end(), of[1].begin(), of[1].end());
  return std::move(of[0]);
}

base::Result<double> auc_of(const pmml::Scorer& scorer, const data::Table& table,
                            const std::string& positive, const std::vector<std::uint8_t>& labels) {
  TRY_ASSIGN(const std::vector<double> p, probabilities(scorer, table, positive, /*threads=*/1));
  return metric::auc(p, labels).value_or(0.5);
}

}  // namespace

base::Result<std::vector<Importance>> permutation_importance(const pmml::Document& document,
                                                             const data::Table& held_out,
                                                             const Labels& labels,
                                                             std::span<const std::string> columns,
                                                             const PermutationOptions& options) {
  TRY_ASSIGN(const pmml::Scorer scorer, pmml::Scorer::compile(document));
  base::Random random(options.seed);
  const std::size_t wanted =
      std::max(options.most_scored / std::max<std::size_t>(columns.size(), 1), options.fewest_rows);
  const Rows rows = drawn_rows(labels, wanted, random);
  const data::Table table = held_out.take(rows);
  std::vector<std::uint8_t> answers;
  for (const std::uint32_t row : rows) answers.push_back(labels.values[row]);
  if (std::ranges::count(answers, 1) == 0 || std::ranges::count(answers, 0) == 0)
    return base::input_error("importance needs rows of both classes");

  TRY_ASSIGN(const double whole, auc_of(scorer, table, labels.positive, answers));
  std::vector<Importance> importance;
  Rows order(rows.size());
  for (const std::string& name : columns) {
    TRY_ASSIGN(const std::size_t at, table.index_of(name));
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, random);
    std::vector<data::Column> dealt(table.columns().begin(), table.columns().end());
    dealt[at] = dealt[at].take(order);
    TRY_ASSIGN(const data::Table changed, data::Table::of(std::move(dealt)));
    TRY_ASSIGN(const double left, auc_of(scorer, changed, labels.positive, answers));
    importance.push_back({name, std::max(0.0, whole - left)});
  }
  double all = 0;
  for (const Importance& one : importance) all += one.share;
  if (all == 0) return std::vector<Importance>();
  for (Importance& one : importance) one.share /= all;
  return importance;
}

}  // namespace learn
