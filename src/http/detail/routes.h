// SPDX-License-Identifier: Apache-2.0
// The routes, one group a file.
#pragma once
#include <functional>

#include "http/detail/decision_watch.h"
#include "http/detail/event_feed.h"
#include "http/detail/gatekeeper.h"
#include "http/detail/webhook_worker.h"
#include "http/detail/worker.h"
#include "http/router.h"
#include "http/service.h"

namespace http {

// What routes stand on; outlives the router's server.
struct Ground {
  trial::Desk& desk;
  Worker& worker;
  EventFeed& feed;
  DecisionWatch& watch;
  Gatekeeper& gate;
  WebhookWorker& webhooks;
  const ServiceOptions& options;
  std::function<PlatformStatus()> status;
  std::function<ServerCounts()> counts;
};

void add_design_routes(Router& router, const Ground& ground);      // /v1/designs:solve
void add_experiment_routes(Router& router, const Ground& ground);  // /v1/experiments…
void add_life_routes(Router& router, const Ground& ground);        // /v1/experiments/{id}:…
void add_token_routes(Router& router, const Ground& ground);       // /v1/experiments/{id}/tokens…
void add_session_routes(Router& router, const Ground& ground);     // /v1/sessions…
void add_export_routes(Router& router, const Ground& ground);  // /v1/experiments/{id}/export.csv…
void add_user_routes(Router& router, const Ground& ground);    // /v1/me, /v1/users…
void add_webhook_routes(Router& router, const Ground& ground);   // /v1/webhooks…
void add_platform_routes(Router& router, const Ground& ground);  // /v1/platform, /healthz, /metrics
void add_page_routes(Router& router, const Ground& ground);      // /, the files of web/, /study

// A handler that runs on the worker; 503 when too much waits there already, 500 when it throws.
Handler on_worker(Worker& worker, std::function<Response(const Request&)> work);

Response refuse_overload();

// Who asks, for the audit log.
std::string who(const Request& request);

}  // namespace http
