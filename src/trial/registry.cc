// SPDX-License-Identifier: Apache-2.0
#include "trial/registry.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/number.h"
#include "trial/detail/audit_log.h"

namespace trial {
namespace {

std::string title(ExperimentId id) { return "experiment " + std::to_string(id.value()); }

std::uint64_t after(const experiment::Slots& slots) {
  return slots.empty() ? 0 : slots.ranges().back().last + 1;
}

std::string percent(double share) { return base::format_fixed(100 * share, 1) + " %"; }

}  // namespace

bool StartCheck::may_start() const { return problems.empty() && coherence.accepted(); }

base::Result<std::unique_ptr<Registry>> Registry::open(Store& store, base::Timestamp now) {
  std::unique_ptr<Registry> registry(new Registry(store));
  TRY_ASSIGN(std::vector<ExperimentRow> rows, store.experiments());
  std::erase_if(rows, [](const auto& row) { return row.started_at == base::Timestamp(0); });
  std::sort(rows.begin(), rows.end(), [](const ExperimentRow& a, const ExperimentRow& b) {
    return std::pair(a.started_at, a.id) < std::pair(b.started_at, b.id);
  });
  const bool running =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return alive(row.state); });
  for (const ExperimentRow& row : rows) {
    if (running ? !alive(row.state) : row.id != rows.back().id) continue;
    TRY_ASSIGN(std::unique_ptr<Trial> trial, Trial::open(store, row.id, now));
    registry->live_.add(std::move(trial));
  }
  return registry;
}

base::Result<ExperimentId> Registry::create(const Plan& plan, const Caller& caller) {
  TRY(trial::validate(plan));
  return store_.create(plan,
                       {.at = caller.at, .who = caller.who, .action = "created", .detail = ""});
}

base::Result<ExperimentRow> Registry::find(ExperimentId id) {
  TRY(take_back_doubtful());
  TRY_ASSIGN(std::optional<ExperimentRow> row, store_.experiment(id));
  if (!row) return base::input_error("there is no " + title(id));
  return *std::move(row);
}

base::Result<Trial*> Registry::find_live(ExperimentId id, std::string_view what) {
  if (Trial* const trial = live_.find(id)) return trial;
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

// Goes round: the customers that the last start took are the last to be taken again.
base::Result<experiment::Slots> Registry::allocate(double share) const {
  const std::vector<experiment::Slots> taken = live_.taken();
  const std::uint64_t from = live_.empty() ? 0 : after(live_.all().back()->slots());
  if (auto slots = experiment::allocate(taken, share, from)) return *std::move(slots);
  std::string holders;
  for (const auto& trial : live_.all()) {
    if (!alive(trial->state())) continue;
    holders += (holders.empty() ? "" : ", ") + title(trial->id()) + " holds " +
               percent(trial->slots().share());
  }
  return base::input_error("it asks for " + percent(share) + " of the customers and " +
                           percent(experiment::free_share(taken)) + " are free: " + holders +
                           "; lower its sampling share, wait for a verdict, or abort one");
}

StartCheck Registry::check_start(const Plan& plan) const {
  StartCheck check;
  if (const auto valid = trial::validate(plan); !valid)
    check.problems.push_back(valid.error().message);
  if (const auto slots = allocate(plan.sampling_share); !slots)
    check.problems.push_back(slots.error().message);
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
  DoubtfulStart start{.before = row, .tokens = {}, .entry = {}, .why = {}};
  shown.further_candidates.resize(row.plan.further_candidates.size());
  for (std::size_t i = 0; i < systems_of(row.plan); ++i) {
    const auto system = static_cast<event::System>(i);
    TRY_ASSIGN(const IssuedToken issued, trial::issue_token(row.plan.environment));
    (i == 0   ? shown.base
     : i == 1 ? shown.candidate
              : shown.further_candidates[i - 2]) = issued.text;
    start.tokens.push_back({.id = issued.id,
                            .experiment = id,
                            .system = system,
                            .digest = issued.digest,
                            .issued_at = caller.at});
  }
  row.state = State::kRunning;
  row.started_at = caller.at;
  row.plan_hash = plan_hash(row.plan);
  TRY_ASSIGN(row.slots, allocate(row.plan.sampling_share));
  start.entry = {
      .at = caller.at, .who = caller.who, .action = "started", .detail = "plan " + row.plan_hash};
  TRY_ASSIGN(std::unique_ptr<Trial> trial, Trial::begin(store_, row, start.tokens));
  TRY(store_start(row, std::move(start)));
  live_.drop_ended();
  earlier_.reset();
  live_.add(std::move(trial));
  return shown;
}

// A server may have stored it although its answer was lost: then the log knows.
base::Result<void> Registry::store_start(const ExperimentRow& row, DoubtfulStart start) {
  const auto written = store_.write(
      row.id, {.experiment = &row, .tokens = start.tokens, .audit = std::span(&start.entry, 1)});
  if (written) return {};
  const auto log = store_.audit(row.id);
  if (log && detail::stands_in(*log, start.entry)) return {};
  if (!log) {
    start.why = written.error().message;
    doubtful_.push_back(std::move(start));
  }
  return written;
}

base::Result<void> Registry::take_back_doubtful() {
  for (; !doubtful_.empty(); doubtful_.pop_back()) {
    DoubtfulStart& start = doubtful_.back();
    TRY_ASSIGN(const std::vector<AuditRow> log, store_.audit(start.before.id));
    if (!detail::stands_in(log, start.entry)) continue;
    const AuditRow taken_back{.at = start.entry.at,
                              .who = "platform",
                              .action = "taken_back",
                              .detail = "started: " + start.why};
    for (TokenRow& token : start.tokens) token.revoked_at = start.entry.at;
    TRY(store_.write(
        start.before.id,
        {.experiment = &start.before, .tokens = start.tokens, .audit = std::span(&taken_back, 1)}));
  }
  return {};
}

base::Result<void> Registry::pause(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "can pause"));
  return trial->pause(caller);
}

base::Result<void> Registry::resume(ExperimentId id, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "that is paused can go on"));
  return trial->resume(caller);
}

base::Result<void> Registry::ramp(ExperimentId id, double sampling_share, const Caller& caller) {
  TRY_ASSIGN(Trial* const trial, find_live(id, "samples customers"));
  // What rises by nothing, or beyond all, the trial refuses.
  experiment::Slots slots = trial->slots();
  const double more = sampling_share - slots.share();
  if (alive(trial->state()) && more > 0 && sampling_share <= 1) {
    TRY_ASSIGN(const experiment::Slots added, allocate(more));
    slots = experiment::merge(slots, added);
  }
  return trial->ramp(sampling_share, std::move(slots), caller);
}

base::Result<std::string> Registry::issue_token(ExperimentId id, event::System system,
                                                const Caller& caller) {
  TRY_ASSIGN(const ExperimentRow row, find(id));
  if (!alive(row.state)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a running one takes decisions");
  }
  if (static_cast<std::size_t>(system) >= systems_of(row.plan))
    return base::input_error(title(id) + " has no " + event::name(system));
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
  if (Trial* const trial = live_.find(id)) trial->admit_token(token);
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
  if (Trial* const trial = live_.find(id)) trial->revoke_token(token, caller.at);
  return {};
}

base::Result<std::vector<TokenRow>> Registry::tokens(ExperimentId id) { return store_.tokens(id); }

base::Result<void> Registry::abort(ExperimentId id, std::string reason, const Caller& caller) {
  if (Trial* const trial = live_.find(id)) return trial->abort(std::move(reason), caller);
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
  if (Trial* const trial = live_.find(id)) return trial->conclude(caller);
  TRY_ASSIGN(ExperimentRow row, find(id));
  if (!may_become(row.state, State::kConcluded)) {
    return base::input_error(title(id) + " is " + std::string(name(row.state)) +
                             ": only a complete one can be concluded");
  }
  row.state = State::kConcluded;
  return write(row, caller, "concluded", "");
}

base::Result<std::vector<AuditRow>> Registry::audit(ExperimentId id) { return store_.audit(id); }

base::Result<std::vector<ExperimentRow>> Registry::experiments() {
  TRY(take_back_doubtful());
  return store_.experiments();
}

base::Result<std::optional<ExperimentRow>> Registry::experiment(ExperimentId id) {
  TRY(take_back_doubtful());
  return store_.experiment(id);
}

base::Result<std::optional<bool>> Registry::left_out(const event::Session& session) {
  const std::optional<bool> fallback = live_.left_out(session);
  if (!fallback) return fallback;
  if (!earlier_) {
    TRY_ASSIGN(earlier_, earlier());
  }
  for (const auto& [id, range] : *earlier_) {
    if (session.session < range.first || range.last < session.session) continue;
    TRY_ASSIGN(const std::optional<SessionRow> known, store_.session(id, session.session));
    if (known) return std::optional<bool>();
  }
  return fallback;
}

base::Result<std::vector<Registry::Earlier>> Registry::earlier() {
  std::vector<Earlier> all;
  TRY_ASSIGN(const std::vector<ExperimentRow> rows, store_.experiments());
  for (const ExperimentRow& row : rows) {
    if (row.started_at == base::Timestamp(0) || live_.find(row.id) != nullptr) continue;
    TRY_ASSIGN(const std::optional<SessionRange> range, store_.session_range(row.id));
    if (range) all.push_back({row.id, *range});
  }
  return all;
}

base::Result<std::shared_ptr<const Progress>> Registry::progress(ExperimentId id,
                                                                 base::Timestamp now) {
  if (Trial* const trial = live_.find(id)) {
    trial->publish_progress(now);
    return trial->latest();
  }
  TRY(take_back_doubtful());
  TRY_ASSIGN(const std::unique_ptr<Trial> earlier, Trial::open(store_, id, now));
  return earlier->latest();
}

}  // namespace trial
