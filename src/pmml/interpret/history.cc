// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/history.h"

#include <algorithm>
#include <span>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/functions.h"
#include "pmml/interpret/scope.h"

namespace pmml {
namespace {

// Groups of one Aggregate; a row that opens another is refused.
constexpr std::size_t kMostGroups = 1'000'000;

std::size_t index_in(const std::vector<std::string>& fields, const std::string& field) {
  return static_cast<std::size_t>(std::ranges::find(fields, field) - fields.begin());
}

bool same(const Value& a, const Value& b) {
  if (a.missing || b.missing) return a.missing && b.missing;
  return compare(a, b) == 0;
}

// The actual value of a target, where the row holds it, rather than the prediction.
Value actual_or_known(const std::string& field, Scope& scope) {
  const Value* actual = scope.actual(field);
  return actual != nullptr ? *actual : scope.lookup(field);
}

std::string_view function_of(LagAggregate aggregate) {
  switch (aggregate) {
    case LagAggregate::kAverage:
      return "avg";
    case LagAggregate::kMax:
      return "max";
    case LagAggregate::kMedian:
      return "median";
    case LagAggregate::kMin:
      return "min";
    case LagAggregate::kProduct:
      return "product";
    case LagAggregate::kSum:
    case LagAggregate::kNone:
      break;
  }
  return "sum";
}

}  // namespace

void Memories::add(const Expression& expression) {
  if (fields.size() + aggregates.size() > kMost) return;
  if (const auto* apply = std::get_if<Apply>(&expression.is)) {
    for (const Expression& argument : apply->arguments) add(argument);
  } else if (const auto* index = std::get_if<TextFrequency>(&expression.is)) {
    for (const Expression& term : index->term) add(term);
  } else if (const auto* lag = std::get_if<Lag>(&expression.is)) {
    depth = std::max(depth, static_cast<std::size_t>(lag->n));
    std::vector<std::string> wanted = lag->block_indicators;
    wanted.push_back(lag->field);
    for (const std::string& field : wanted) {
      if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    }
  } else if (const auto* aggregate = std::get_if<Aggregate>(&expression.is)) {
    if (std::ranges::find(aggregates, *aggregate) == aggregates.end())
      aggregates.push_back(*aggregate);
  }
}

namespace {

class Collector final : public Mentions {
 public:
  [[nodiscard]] bool cares_for(std::string_view) const override { return false; }
  void value(std::string_view, const std::string&) override {}
  void predicate(const Predicate&) override {}
  void expression(const Expression& expression) override { memories.add(expression); }
  void model(const Model& model) override {
    for (const DerivedField& field : model.local_transformations) memories.add(field.expression);
    for (const OutputField& field : model.output) {
      if (field.expression) memories.add(*field.expression);
    }
    std::visit([&](const auto& body) { mention(body, *this); }, model.body);
  }
  void text(std::string_view) override {}
  Memories memories;
};

}  // namespace

Memories memories_of(const Document& document) {
  Collector collector;
  for (const DerivedField& field : document.transformations)
    collector.memories.add(field.expression);
  collector.model(document.model);
  const auto* series = std::get_if<TimeSeriesModel>(&document.model.body);
  collector.memories.counts = series != nullptr && series->horizon_field.empty();
  return std::move(collector.memories);
}

void History::remember(const Memories& memories, Scope& scope) {
  ++count_;
  for (std::size_t i = 0; i < memories.aggregates.size(); ++i) {
    const Aggregate& aggregate = memories.aggregates[i];
    groups_.resize(memories.aggregates.size());
    const std::string group =
        aggregate.group_field ? to_text(actual_or_known(*aggregate.group_field, scope)) : "";
    if (groups_[i].size() >= kMostGroups && !groups_[i].contains(group)) continue;
    add(aggregate, scope, groups_[i][group]);
  }
  if (memories.depth == 0) return;
  std::vector<Value> row;
  for (const std::string& field : memories.fields) row.push_back(actual_or_known(field, scope));
  rows_.push_back(std::move(row));
  if (rows_.size() > memories.depth) rows_.pop_front();
}

void History::remember_refused(const Memories& memories) {
  ++count_;
  if (memories.depth == 0) return;
  rows_.emplace_back(memories.fields.size());
  if (rows_.size() > memories.depth) rows_.pop_front();
}

Value History::lag(const Lag& lag, const Memories& memories, Scope& scope) const {
  const std::size_t field = index_in(memories.fields, lag.field);
  const auto in_block = [&](const std::vector<Value>& row) {
    return std::ranges::all_of(lag.block_indicators, [&](const std::string& indicator) {
      return same(row[index_in(memories.fields, indicator)], actual_or_known(indicator, scope));
    });
  };
  std::vector<Value> values;  // The newest first, as far back as the block goes.
  for (auto row = rows_.rbegin();
       row != rows_.rend() && values.size() < static_cast<std::size_t>(lag.n) && in_block(*row);
       ++row)
    values.push_back((*row)[field]);
  if (lag.aggregate == LagAggregate::kNone)
    return values.size() == static_cast<std::size_t>(lag.n) ? values.back() : Value{};
  if (values.empty()) return Value{};
  const auto result = find_function(function_of(lag.aggregate))->body(values);
  if (!result) scope.fail("Lag of field '" + lag.field + "' aggregates values that are no numbers");
  return result.value_or(Value{});
}

// False for a value that is no number.
bool History::add(const Aggregate& aggregate, Scope& scope, Running& running) {
  const Value value = actual_or_known(aggregate.field, scope);
  if (value.missing) return true;
  const bool counts_only = aggregate.function == AggregateFunction::kCount;
  const auto number = counts_only ? Value{} : cast(value, DataType::kDouble);
  if (!number) return false;
  running.least = running.count == 0 ? number->number : std::min(running.least, number->number);
  running.greatest =
      running.count == 0 ? number->number : std::max(running.greatest, number->number);
  running.sum += number->number;
  running.count += 1;
  running.is_integer = running.is_integer && value.type == DataType::kInteger;
  return true;
}

Value History::aggregate(const Aggregate& aggregate, const Memories& memories, Scope& scope) const {
  const auto index = static_cast<std::size_t>(std::ranges::find(memories.aggregates, aggregate) -
                                              memories.aggregates.begin());
  const std::string group =
      aggregate.group_field ? to_text(actual_or_known(*aggregate.group_field, scope)) : "";
  Running running;
  if (index < groups_.size()) {
    const auto found = groups_[index].find(group);
    if (found != groups_[index].end()) {
      running = found->second;
    } else if (groups_[index].size() >= kMostGroups) {
      scope.fail("Aggregate of field '" + aggregate.field + "' has seen more than " +
                 std::to_string(kMostGroups) + " groups");
    }
  }
  if (!add(aggregate, scope, running))
    scope.fail("Aggregate of field '" + aggregate.field + "' meets a value that is no number");
  if (aggregate.function == AggregateFunction::kCount)
    return number_value(DataType::kInteger, running.count);
  if (running.count == 0) return Value{};
  const DataType type = running.is_integer ? DataType::kInteger : DataType::kDouble;
  switch (aggregate.function) {
    case AggregateFunction::kSum:
      return number_value(type, running.sum);
    case AggregateFunction::kMin:
      return number_value(type, running.least);
    case AggregateFunction::kMax:
      return number_value(type, running.greatest);
    case AggregateFunction::kAverage:
    case AggregateFunction::kCount:
      break;
  }
  return number_value(DataType::kDouble, running.sum / running.count);
}

}  // namespace pmml
