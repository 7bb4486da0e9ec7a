// SPDX-License-Identifier: Apache-2.0
// The rows before the one being scored, as Lag and Aggregate look back on them.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/interpret/value.h"

namespace pmml {

class Scope;

// What a document wants to be remembered of its rows.
struct Memories {
  std::vector<std::string> fields = {};  // Of Lag and BlockIndicator.
  std::size_t depth = 0;                 // Rows.
  std::vector<Aggregate> aggregates = {};
  bool counts = false;  // How many rows there were; of a time series without a horizon.

  // Beyond kMost fields or aggregates nothing more is taken up; check() refuses such a document.
  static constexpr std::size_t kMost = 1'000;
  void add(const Expression& expression);
  [[nodiscard]] bool empty() const { return fields.empty() && aggregates.empty() && !counts; }
};

// Of the whole document.
Memories memories_of(const Document& document);

// Of one sequence of rows, in the order in which they were scored.
class History {
 public:
  // To be called when a row has been scored. Fields that the row did not come to are missing.
  void remember(const Memories& memories, Scope& scope);
  void remember_refused(const Memories& memories);

  // How many rows have been scored.
  [[nodiscard]] std::size_t rows() const { return count_; }

  [[nodiscard]] Value lag(const Lag& lag, const Memories& memories, Scope& scope) const;
  // With the row that is being scored.
  [[nodiscard]] Value aggregate(const Aggregate& aggregate, const Memories& memories,
                                Scope& scope) const;

 private:
  struct Running {
    double count = 0;
    double sum = 0;
    double least = 0;
    double greatest = 0;
    bool is_integer = true;
  };
  static bool add(const Aggregate& aggregate, Scope& scope, Running& running);

  std::size_t count_ = 0;
  std::deque<std::vector<Value>> rows_;                 // One value per field; the newest last.
  std::vector<std::map<std::string, Running>> groups_;  // Of each aggregate.
};

}  // namespace pmml
