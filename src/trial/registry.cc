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
          return std::pair(alive(row.state), std::pair(row.started_at, row.id));
        };
        return rank(a) < rank(b);
      });
  if (last != rows.end() && last->started_at != base::Timestamp(0)) {
    TRY_ASSIGN(registry->live_, Trial::open(store, last->id, now));
  }
  return registry;
}

base::Result<ExperimentId> Registry::create(const Plan& plan, const Caller& caller) {
  TRY(trial::validate(plan));
  TRY_ASSIGN(const ExperimentId id, store_.create(plan, caller.at));
  const AuditRow created{.at = caller.at, .who = caller.who, .action = "created", .detail = ""};
  TRY(store_.write(id, {.audit = std::span(&created, 1)}));
  return id;
}

base::Result<ExperimentRow> Registry::find(ExperimentId id) {
  TRY_ASSIGN(std::optional<ExperimentRow> row, store_.experiment(id));
  if (!row) return base::input_error("there is no " + title(id));
  return *std::move(row);
}

base::Result<Trial*> Registry::find_live(ExperimentId id, std::string_view what) {
  if (live_ != nullptr && live_->id() == id) return live_.get();
  TRY_ASSIGN(const ExperimentRow row, find(id));
  return base::input_error(title(id) + " is " + std::string(name(row.state)) + ": only a running " +
                           "one " + std::string(what));
}

base::Result<void> Registry::write(const ExperimentRow& row, const Caller& caller,
                                   std::string_view action, std::string detail) {
  const AuditRow audit{.at = caller.at,
                       .who = caller.who,
                       .action = std::string(action),
                       .detail = std::move(detail)};
  return store_.write(row.id, {.experiment = &row, .audit = std::span(&audit, 1)});
}

base::Result<void> Registry::change(ExperimentId id, const Plan& plan, const Caller& caller) {
  TRY(trial::validate(plan));
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (row.state != State::kDraft && row.state != State::kValidated) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft's plan can change");
  }
  row.plan = plan;
  row.sampling_share = plan.sampling_share;
  row.state = State::kDraft;
  row.validated_at = {};
  return write(row, caller, "changed", "");
}

StartCheck Registry::check_start(const Plan& plan) const {
  StartCheck check;
  if (const auto valid = trial::validate(plan); !valid)
    check.problems.push_back(valid.error().message);
  if (live_ != nullptr && alive(live_->state())) {
    check.problems.push_back(title(live_->id()) + " is " + std::string(name(live_->state())) +
                             ": the topics carry one experiment at a time; wait for its "
                             "verdict or abort it");
  }
  check.coherence = experiment::check(plan.design);
  return check;
}

base::Result<void> Registry::validate(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kValidated)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft can be validated");
  }
  TRY(trial::validate(row.plan));
  const experiment::Coherence coherence = experiment::check(row.plan.design);
  if (!coherence.accepted())
    return base::input_error(title(id) + " is not coherent: " + coherence.sentence);
  row.state = State::kValidated;
  row.validated_at = caller.at;
  return write(row, caller, "validated", coherence.sentence);
}

base::Result<StartedTokens> Registry::start(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kRunning) || row.state == State::kPaused) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft can start");
  }
  const StartCheck check = check_start(row.plan);
  if (!check.problems.empty())
    return base::input_error(title(id) + " cannot start: " + check.problems.front());
  if (!check.coherence.accepted())
    return base::input_error(title(id) + " cannot start: " + check.coherence.sentence);
  StartedTokens shown;
  std::vector<TokenRow> tokens;
  for (const event::System system : {event::System::kBase, event::System::kCandidate}) {
    TRY_ASSIGN(const IssuedToken issued, trial::issue_token(row.plan.environment));
    (system == event::System::kBase ? shown.base : shown.candidate) = issued.text;
    tokens.push_back({.id = issued.id,
                      .experiment = id,
                      .system = system,
                      .digest = issued.digest,
                      .issued_at = caller.at});
  }
  row.state = State::kRunning;
  row.started_at = caller.at;
  row.plan_hash = plan_hash(row.plan);
  const AuditRow started{
      .at = caller.at, .who = caller.who, .action = "started", .detail = "plan " + row.plan_hash};
  TRY(store_.write(id, {.experiment = &row, .tokens = tokens, .audit = std::span(&started, 1)}));
  TRY_ASSIGN(live_, Trial::open(store_, id, caller.at));
  return shown;
}

base::Result<void> Registry::pause(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "can pause"));
  TRY(trial->pause(caller));
  return trial->commit();
}

base::Result<void> Registry::resume(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "that is paused can go on"));
  TRY(trial->resume(caller));
  return trial->commit();
}

base::Result<void> Registry::ramp(ExperimentId id, double sampling_share, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "samples customers"));
  TRY(trial->ramp(sampling_share, caller));
  return trial->commit();
}

base::Result<std::string> Registry::issue_token(ExperimentId id, event::System system,
                                                const Caller& caller) {
  TRY_ASSIGN(const ExperimentRow row, find(id));
  if (!alive(row.state)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a running one takes decisions");
  }
  TRY_ASSIGN(IssuedToken issued, trial::issue_token(row.plan.environment));
  const TokenRow token{.id = issued.id,
                       .experiment = id,
                       .system = system,
                       .digest = issued.digest,
                       .issued_at = caller.at};
  const AuditRow audit{.at = caller.at,
                       .who = caller.who,
                       .action = "token_issued",
                       .detail = std::string(event::name(system)) + " " + issued.id};
  TRY(store_.write(id, {.tokens = std::span(&token, 1), .audit = std::span(&audit, 1)}));
  if (live_ != nullptr && live_->id() == id) live_->admit_token(token);
  return std::move(issued.text);
}

base::Result<void> Registry::revoke_token(ExperimentId id, const std::string& token,
                                          const Caller& caller) {
  TRY_ASSIGN(std::optional<TokenRow> row, store_.token(token));
  if (!row || row->experiment != id)
    return base::input_error(title(id) + " has no token '" + token + "'");
  if (row->revoked_at != base::Timestamp(0))
    return base::input_error("token '" + token + "' is revoked already");
  row->revoked_at = caller.at;
  const AuditRow audit{.at = caller.at,
                       .who = caller.who,
                       .action = "token_revoked",
                       .detail = std::string(event::name(row->system)) + " " + token};
  TRY(store_.write(id, {.tokens = std::span(&*row, 1), .audit = std::span(&audit, 1)}));
  if (live_ != nullptr && live_->id() == id) live_->revoke_token(token);
  return {};
}

base::Result<std::vector<TokenRow>> Registry::tokens(ExperimentId id) { return store_.tokens(id); }

base::Result<void> Registry::abort(ExperimentId id, std::string reason, const Caller& caller) {
  if (live_ != nullptr && live_->id() == id) {
    TRY(live_->abort(std::move(reason), caller));
    return live_->commit();
  }
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kAborted)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a draft or a running one can be aborted");
  }
  row.state = State::kAborted;
  row.reason = reason;
  row.ended_at = caller.at;
  return write(row, caller, "aborted", std::move(reason));
}

base::Result<void> Registry::conclude(ExperimentId id, const Caller& caller) {
  if (live_ != nullptr && live_->id() == id) {
    TRY(live_->conclude(caller));
    return live_->commit();
  }
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kConcluded)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a complete one can be concluded");
  }
  row.state = State::kConcluded;
  return write(row, caller, "concluded", "");
}

base::Result<std::vector<AuditRow>> Registry::audit(ExperimentId id) { return store_.audit(id); }

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
