// SPDX-License-Identifier: Apache-2.0
// /v1/sessions: a shop without Kafka opens a session, asks what to do, and reports the money.
#include <cmath>

#include "base/number.h"
#include "http/detail/json_words.h"
#include "http/detail/routes.h"

namespace http {
namespace {

using trial::OpenOutcome;
using trial::RevenueOutcome;

Response refuse(int status, std::string code, std::string title, std::string detail) {
  return problem_response(Problem{.status = status,
                                  .code = std::move(code),
                                  .title = std::move(title),
                                  .detail = std::move(detail)});
}

std::int64_t read_id(Body& body, const std::string& name) {
  body.required(name);
  return body.integer(name).value_or(0);
}

// A session that is not part of an experiment is decided at once.
Json fallback_json(const event::Session& session, bool show) {
  return {{"uuid", session.customer.value()},
          {"session", session.session.value()},
          {"value", show ? 1 : 0},
          {"system", "none"},
          {"reason", "unsampled"}};
}

Response opened(const event::Session& session, const base::Result<trial::Opening>& opening) {
  if (!opening) return problem_response(opening.error());
  const OpenOutcome outcome = opening->outcome;
  Json json = {{"uuid", session.customer.value()},
               {"session", session.session.value()},
               {"outcome", trial::name(outcome)},
               {"decision", nullptr}};
  switch (outcome) {
    case OpenOutcome::kSampled:
    case OpenOutcome::kRepeat:
      return json_response(json, 201);
    case OpenOutcome::kDuplicate:
      return json_response(json);
    case OpenOutcome::kNotSampled:
    case OpenOutcome::kEnrolmentFull:
    case OpenOutcome::kNotRunning:
      json["decision"] = fallback_json(session, opening->fallback_show);
      return json_response(json);
    case OpenOutcome::kInvalid:
      break;
  }
  return refuse(409, "session-taken", "The session belongs to another customer",
                "session " + std::to_string(session.session.value()) +
                    " was opened before; a session id is never used twice");
}

// 23.45 or "23.45": whole cents, never rounded silently.
base::Cents read_amount(Body& body, const std::string& name) {
  const nlohmann::json value = body.raw(name);
  if (value.is_null()) return {};
  auto amount =
      value.is_string() ? base::parse_cents(value.get<std::string>())
      : value.is_number()
          ? base::cents_from_dollars(value.get<double>())
          : base::Result<base::Cents>(base::input_error("'" + name + "' must be an amount"));
  if (!amount) {
    body.fault("not_an_amount", name, amount.error().message,
               "an amount with at most two decimals");
    return {};
  }
  if (value.is_number() &&
      std::abs(amount->dollars() - value.get<double>()) > 1e-9 * std::max(1.0, amount->dollars())) {
    body.fault("not_an_amount", name, "'" + name + "' has more than two decimals",
               "an amount with at most two decimals");
  }
  return *amount;
}

// As on the topic.
base::Cents read_before(Body& body) {
  const base::Cents amount = read_amount(body, "before");
  if (amount < base::Cents(0) || amount > event::kMaxRevenue) {
    body.fault("before_out_of_range", "before",
               "'before' must lie between 0 and " + base::format_cents(event::kMaxRevenue));
  }
  return amount;
}

event::Segment read_segment(Body& body) {
  const auto segment = event::Segment::make(body.text("segment"));
  if (!segment) {
    body.fault("segment_out_of_range", "segment",
               "'segment' has 1 to " + std::to_string(event::kMaxSegmentLength) +
                   " bytes, without control characters");
  }
  return segment.value_or(event::Segment());
}

void open_session(trial::Desk& desk, const Request& request, const Reply& reply) {
  auto parsed = parse_body(request.body);
  if (!parsed) return reply(problem_response(parsed.error()));
  Body body(*std::move(parsed));
  const std::int64_t customer = read_id(body, "uuid");
  event::Session session{event::CustomerId(customer), event::SessionId(read_id(body, "session"))};
  if (body.has("before")) session.before = read_before(body);
  if (body.has("segment")) session.segment = read_segment(body);
  if (auto faults = body.faults(); !faults.empty()) return reply(refuse_fields(std::move(faults)));
  desk.open_session(session, [session, reply](base::Result<trial::Opening> opening) {
    reply(opened(session, opening));
  });
}

Response recorded(const event::Revenue& revenue, const base::Result<RevenueOutcome>& outcome) {
  if (!outcome) return problem_response(outcome.error());
  const std::string session = "session " + std::to_string(revenue.session.value());
  switch (*outcome) {
    case RevenueOutcome::kRecorded:
    case RevenueOutcome::kDuplicate:
    case RevenueOutcome::kOutside:
      return json_response({{"uuid", revenue.customer.value()},
                            {"session", revenue.session.value()},
                            {"outcome", trial::name(*outcome)}},
                           *outcome == RevenueOutcome::kRecorded ? 201 : 200);
    case RevenueOutcome::kLate:
      return refuse(409, "session-closed", "The session was closed before",
                    session + " timed out; its revenue counts as 0");
    case RevenueOutcome::kUnknownSession:
      return refuse(404, "unknown-session", "There is no such session",
                    session + " was never opened, or by another customer");
    case RevenueOutcome::kNotExecuted:
      return refuse(409, "not-executed", "No decision has been executed yet",
                    session + " waits for its decision; report the revenue when the session ends");
    case RevenueOutcome::kNegative:
      return refuse(422, "negative-revenue", "The revenue is negative",
                    "expected an amount of 0 or more");
    case RevenueOutcome::kAbsurd:
      break;
  }
  return refuse(
      422, "absurd-revenue", "The revenue is above the plan's cap",
      base::format_cents(revenue.revenue) + " in one session; the cap was fixed before the start");
}

void record_revenue(trial::Desk& desk, const Request& request, const Reply& reply) {
  auto parsed = parse_body(request.body);
  if (!parsed) return reply(problem_response(parsed.error()));
  Body body(*std::move(parsed));
  event::Revenue revenue;
  revenue.session = event::SessionId(*base::parse_int(request.parameters.at("id")));
  revenue.customer = event::CustomerId(read_id(body, "uuid"));
  body.required("revenue");
  revenue.revenue = read_amount(body, "revenue");
  revenue.accepted = body.flag("accepted", false);
  if (auto faults = body.faults(); !faults.empty()) return reply(refuse_fields(std::move(faults)));
  desk.record_revenue(revenue, [revenue, reply](base::Result<RevenueOutcome> outcome) {
    reply(recorded(revenue, outcome));
  });
}

void await_decision(const Ground& ground, const Request& request, const Reply& reply) {
  std::chrono::milliseconds wait = ground.options.longest_wait;
  if (const auto asked = request.query.find("wait_ms"); asked != request.query.end()) {
    const auto milliseconds = base::parse_int(asked->second);
    if (!milliseconds || *milliseconds < 0) {
      return reply(problem_response(base::input_error("wait_ms is '" + asked->second +
                                                      "': expected milliseconds, 0 or more")));
    }
    wait = std::min(wait, std::chrono::milliseconds(*milliseconds));
  }
  const event::SessionId session(*base::parse_int(request.parameters.at("id")));
  if (!ground.watch.add(session, wait, reply)) reply(refuse_overload());
}

// A session id that is no number names no session.
Handler for_session(Handler handler) {
  return [handler = std::move(handler)](const Request& request, const Reply& reply) {
    const std::string& text = request.parameters.at("id");
    if (!base::parse_int(text)) {
      return reply(refuse(404, "unknown-session", "There is no such session",
                          "'" + text + "' is not a session's number"));
    }
    handler(request, reply);
  };
}

}  // namespace

void add_session_routes(Router& router, const Ground& ground) {
  trial::Desk& desk = ground.desk;
  router.post(
      "/v1/sessions",
      [&desk](const Request& request, const Reply& reply) { open_session(desk, request, reply); },
      Access::kSell);
  router.get("/v1/sessions/{id}/decision",
             for_session([&ground](const Request& request, const Reply& reply) {
               await_decision(ground, request, reply);
             }),
             Access::kSell);
  router.post("/v1/sessions/{id}/revenue",
              for_session([&desk](const Request& request, const Reply& reply) {
                record_revenue(desk, request, reply);
              }),
              Access::kSell);
}

}  // namespace http
