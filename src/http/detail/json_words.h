// SPDX-License-Identifier: Apache-2.0
// How values of the experiment and trial rooms look in JSON. Members keep the order in which they
// are written.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/coherence.h"
#include "experiment/operating_characteristics.h"
#include "http/detail/body.h"
#include "http/problem.h"
#include "trial/desk.h"

namespace http {

using Json = nlohmann::ordered_json;

// The text, with bytes that are not UTF-8 replaced.
std::string dump(const Json& json);
Response json_response(const Json& json, int status = 200);

std::string utc(base::Timestamp time);  // "2026-11-22T06:40:00.123Z"; "" for time 0.

// Design. The four numbers, deviation and the rest, all optional in the body: what is absent keeps
// its default.
experiment::PlannedDesign read_design(Body& body);
Json design_json(const experiment::PlannedDesign& plan);

// A chance row of "what this experiment will say".
Json chances_json(const experiment::OutcomeChances& chances);

// Everything that can be said of a design: achieved power, totals, the table, the curve, remarks.
// Figures are left out where the numbers are not valid enough to compute them.
Json outlook_json(const experiment::PlannedDesign& plan, const experiment::Coherence& coherence);

// The reasons with the coherence's repairs on the first that lacks customers.
std::vector<Reason> reasons_of(const experiment::Coherence& coherence);

// 422: the design is incoherent; 409: it is not, but something else forbids the start. With the
// outlook's members beside the reasons.
Response refuse_design(const experiment::PlannedDesign& plan,
                       const experiment::Coherence& coherence,
                       const std::vector<std::string>& problems = {});

// Plans and experiments.
trial::Plan read_plan(Body& body);
Json experiment_json(const trial::ExperimentRow& row);

Json audit_json(const trial::AuditRow& row);

// What a system publishes, ready to be copied.
Json example_json(event::System system, const std::string& token);

// Everything a page shows of a running or ended experiment.
Json progress_json(const trial::Progress& progress);

}  // namespace http
