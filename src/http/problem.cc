// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

#include <nlohmann/json.hpp>

namespace http {
namespace {

using Json = nlohmann::ordered_json;

Json reason_json(const Reason& reason) {
  Json json = {{"code", reason.code}, {"field", reason.field}, {"detail", reason.detail},
               {"have", reason.have}, {"need", reason.need},   {"repair", Json::array()}};
  for (const Repair& repair : reason.repair) {
    json["repair"].push_back(
        {{"field", repair.field}, {"value", repair.value}, {"label", repair.label}});
  }
  return json;
}

}  // namespace

Response problem_response(const Problem& problem) {
  Json json = {{"type", "/problems/" + problem.code},
               {"title", problem.title},
               {"status", problem.status},
               {"detail", problem.detail},
               {"reasons", Json::array()}};
  for (const Reason& reason : problem.reasons) json["reasons"].push_back(reason_json(reason));
  if (!problem.members.empty()) json.update(Json::parse(problem.members));
  // What a client sent may be quoted in a message: bytes that are not UTF-8 are replaced, never an
  // exception.
  return {.status = problem.status,
          .content_type = "application/problem+json",
          .body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Response problem_response(const base::Error& error) {
  if (error.kind == base::ErrorKind::kInput) {
    return problem_response(Problem{.status = 400,
                                    .code = "invalid-request",
                                    .title = "The request is not valid",
                                    .detail = error.message});
  }
  return problem_response(Problem{.status = 503,
                                  .code = "unavailable",
                                  .title = "The platform cannot answer now",
                                  .detail = error.message});
}

}  // namespace http
