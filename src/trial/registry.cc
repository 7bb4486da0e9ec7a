// SPDX-License-Identifier: Apache-2.0
#include "trial/registry.h"

#include <algorithm>
#include <span>
#include <utility>

namespace trial {
namespace {

std::string title(ExperimentId id) { return "experiment " + std::to_string(id.value()); }

}  // namespace

bool StartCheck::may_start() const { return problems.empty() && coherence.accepted(); }

base::Result<std::unique_ptr<Registry>> Registry::open(Store& store, base::Timestamp now) {
  std::unique_ptr<Registry> registry(new Registry(store));
  TRY_ASSIGN(const std::vector<ExperimentRow> rows, store.experiments());
  const auto last = std::max_element(
      rows.begin(), rows.end(), [](const ExperimentRow& a, const ExperimentRow& b) {
        const auto rank = [](const ExperimentRow& row) {
          return std::pair(row.state == State::kRunning, std::pair(row.started_at, row.id));
        };
        return rank(a) < rank(b);
      });
  if (last != rows.end() && last->started_at != base::Timestamp(0)) {
    TRY_ASSIGN(registry->live_, Trial::open(store, last->id, now));
  }
  return registry;
}

base::Result<ExperimentId> Registry::create(const Plan& plan, base::Timestamp now) {
  TRY(validate(plan));
  return store_.create(plan, now);
}

base::Result<ExperimentRow> Registry::find(ExperimentId id) {
  TRY_ASSIGN(std::optional<ExperimentRow> row, store_.experiment(id));
  if (!row) return base::input_error("there is no " + title(id));
  return *std::move(row);
}

base::Result<void> Registry::change(ExperimentId id, const Plan& plan) {
  TRY(validate(plan));
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (row.state != State::kDraft) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft's plan can change");
  }
  row.plan = plan;
  return store_.write(id, {.experiment = &row});
}

StartCheck Registry::check_start(const Plan& plan) const {
  StartCheck check;
  if (const auto valid = validate(plan); !valid) check.problems.push_back(valid.error().message);
  if (live_ != nullptr && live_->state() == State::kRunning) {
    check.problems.push_back(title(live_->id()) +
                             " is running: the topics carry one experiment at a time; wait for its "
                             "verdict or abort it");
  }
  check.coherence = experiment::check(plan.design);
  return check;
}

base::Result<StartedTokens> Registry::start(ExperimentId id, base::Timestamp now) {
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kRunning)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft can start");
  }
  const StartCheck check = check_start(row.plan);
  if (!check.problems.empty())
    return base::input_error(title(id) + " cannot start: " + check.problems.front());
  if (!check.coherence.accepted())
    return base::input_error(title(id) + " cannot start: " + check.coherence.sentence);
  TRY_ASSIGN(const IssuedToken base_token, trial::issue_token(row.plan.environment));
  TRY_ASSIGN(const IssuedToken candidate_token, trial::issue_token(row.plan.environment));
  const TokenRow tokens[] = {{.id = base_token.id,
                              .experiment = id,
                              .system = event::System::kBase,
                              .digest = base_token.digest,
                              .issued_at = now},
                             {.id = candidate_token.id,
                              .experiment = id,
                              .system = event::System::kCandidate,
                              .digest = candidate_token.digest,
                              .issued_at = now}};
  row.state = State::kRunning;
  row.started_at = now;
  row.plan_hash = plan_hash(row.plan);
  TRY(store_.write(id, {.experiment = &row, .tokens = tokens}));
  TRY_ASSIGN(live_, Trial::open(store_, id, now));
  return StartedTokens{.base = base_token.text, .candidate = candidate_token.text};
}

base::Result<std::string> Registry::issue_token(ExperimentId id, event::System system,
                                                base::Timestamp now) {
  TRY_ASSIGN(const ExperimentRow row, find(id));
  if (row.state != State::kRunning) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a running one takes decisions");
  }
  TRY_ASSIGN(IssuedToken issued, trial::issue_token(row.plan.environment));
  const TokenRow token{.id = issued.id,
                       .experiment = id,
                       .system = system,
                       .digest = issued.digest,
                       .issued_at = now};
  TRY(store_.write(id, {.tokens = std::span(&token, 1)}));
  if (live_ != nullptr && live_->id() == id) live_->admit_token(token);
  return std::move(issued.text);
}

base::Result<void> Registry::abort(ExperimentId id, std::string reason, base::Timestamp now) {
  if (live_ != nullptr && live_->id() == id) {
    TRY(live_->abort(std::move(reason), now));
    return live_->commit();
  }
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kAborted)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft or a running one can be aborted");
  }
  row.state = State::kAborted;
  row.reason = std::move(reason);
  row.ended_at = now;
  return store_.write(id, {.experiment = &row});
}

base::Result<void> Registry::conclude(ExperimentId id) {
  if (live_ != nullptr && live_->id() == id) {
    TRY(live_->conclude());
    return live_->commit();
  }
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kConcluded)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a complete one can be concluded");
  }
  row.state = State::kConcluded;
  return store_.write(id, {.experiment = &row});
}

base::Result<std::vector<ExperimentRow>> Registry::experiments() { return store_.experiments(); }

base::Result<std::optional<ExperimentRow>> Registry::experiment(ExperimentId id) {
  return store_.experiment(id);
}

base::Result<std::shared_ptr<const Progress>> Registry::progress(ExperimentId id,
                                                                 base::Timestamp now) {
  if (live_ != nullptr && live_->id() == id) {
    live_->publish_progress(now);
    return live_->latest();
  }
  TRY_ASSIGN(const std::unique_ptr<Trial> earlier, Trial::open(store_, id, now));
  return earlier->latest();
}

}  // namespace trial
