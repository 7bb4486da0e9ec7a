// SPDX-License-Identifier: Apache-2.0
// What the routes below /v1/experiments/{id} share: finding the experiment, and their refusals.
#pragma once
#include <functional>
#include <string>

#include "http/detail/routes.h"

namespace http {

// Finds the experiment that the path names and hands it on, on the worker; 404 where there is none,
// 412 where the request's If-Match names another representation than the one it has now.
using WithExperiment =
    std::function<Response(trial::Desk&, const trial::ExperimentRow&, const Request&)>;
Handler for_experiment(const Ground& ground, WithExperiment work);

// The experiment as JSON under its ETag.
Response experiment_response(const trial::ExperimentRow& row, int status = 200);
// As it is now, read again.
Response saved_experiment(trial::Desk& desk, trial::ExperimentId id, int status = 200);

Response refuse_unknown_experiment(const std::string& id);  // 404
// 409: `wish` is what would be right.
Response refuse_state(const trial::ExperimentRow& row, const std::string& wish);
// 409, or 503 where the system failed: valid in form, but the state of things forbids it.
Response refuse_conflict(const base::Error& error);

}  // namespace http
