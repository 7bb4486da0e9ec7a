// SPDX-License-Identifier: Apache-2.0
#include "http/detail/routes.h"

#include <spdlog/spdlog.h>

#include "http/detail/embedded.h"
#include "http/detail/json_words.h"
#include "http/detail/metrics_text.h"
#include "http/detail/openapi.h"
#include "http/detail/refusal.h"

namespace http {
namespace {

Response serve_file(const EmbeddedFile& file, const Request& request) {
  Response response{.content_type = std::string(file.content_type),
                    .headers = {{"ETag", std::string(file.etag)}, {"Cache-Control", "no-cache"}}};
  if (request.if_none_match.find(file.etag) != std::string::npos) {
    response.status = 304;
    response.content_type.clear();
  } else {
    response.body = file.content;
  }
  return response;
}

}  // namespace

Handler on_worker(Worker& worker, std::function<Response(const Request&)> work) {
  return [&worker, work = std::move(work)](const Request& request, const Reply& reply) {
    const bool taken = worker.post([work, request, reply] {
      try {
        reply(work(request));
      } catch (const std::exception& failure) {
        spdlog::error("http: {} {} failed: {}", request.method, request.path, failure.what());
        reply(refusal_failed());
      }
    });
    if (!taken) reply(refuse_overload());
  };
}

Response refuse_overload() {
  Response response = problem_response(Problem{.status = 503,
                                               .code = "overloaded",
                                               .title = "Too much waits already",
                                               .detail = "try again in a second"});
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

namespace {

// Null for what is no calibration.
Json calibration_json(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  const bool known = json.is_object() && json.value("format", "") == "provecho-calibration";
  return known ? json : Json();
}

}  // namespace

void add_platform_routes(Router& router, const Ground& ground) {
  const bool study = !ground.options.study.empty();
  router.get("/v1/platform", [status = ground.status, study](const Request&, const Reply& reply) {
    const PlatformStatus now = status();
    reply(json_response({{"transport", now.transport},
                         {"durable_transport", now.durable_transport},
                         {"addresses", now.addresses},
                         {"trouble", now.trouble},
                         {"calibration", calibration_json(now.calibration)},
                         {"study", study}}));
  });
  router.get(
      "/v1/openapi.json",
      [](const Request&, const Reply& reply) { reply({.body = std::string(openapi_document())}); },
      Access::kEverybody);
  router.get(
      "/healthz",
      [status = ground.status](const Request&, const Reply& reply) {
        const PlatformStatus now = status();
        if (now.trouble.empty()) return reply(json_response({{"status", "ok"}}));
        reply(problem_response(base::system_error(now.trouble)));
      },
      Access::kEverybody);
  router.get(
      "/metrics",
      [&desk = ground.desk, status = ground.status, counts = ground.counts](const Request&,
                                                                            const Reply& reply) {
        reply({.content_type = kMetricsType,
               .body = metrics_text(counts(), status(), desk.latest())});
      },
      ground.options.open_metrics ? Access::kEverybody : Access::kRead);
}

void add_page_routes(Router& router, const Ground& ground) {
  if (const std::string& report = ground.options.study; !report.empty()) {
    // One page with its style and script inside, which asks for nothing else.
    static constexpr const char* kPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri "
        "'none'; form-action 'none'; frame-ancestors 'none'";
    router.get("/study", [&report](const Request&, const Reply& reply) {
      reply({.content_type = "text/html; charset=utf-8",
             .body = report,
             .headers = {{"Content-Security-Policy", kPolicy}, {"Cache-Control", "no-cache"}}});
    });
  }
  for (const EmbeddedFile& file : embedded_files()) {
    const Handler serve = [&file](const Request& request, const Reply& reply) {
      reply(serve_file(file, request));
    };
    router.get(std::string(file.path), serve, Access::kEverybody);
    if (file.path == "/index.html") router.get("/", serve, Access::kEverybody);
  }
}

// While there are no users: whoever reaches the page.
std::string who(const Request& request) { return request.user.empty() ? "page" : request.user; }

}  // namespace http
