// SPDX-License-Identifier: Apache-2.0
#include "http/detail/idempotency.h"

#include <optional>
#include <utility>

#include "http/problem.h"
#include "trial/token.h"

namespace http {
namespace {

constexpr std::size_t kLongestKey = 255;

Response refuse_key(int status, std::string detail) {
  return problem_response(Problem{
      .status = status,
      .code = "idempotency-key",
      .title = "The Idempotency-Key does not fit",
      .detail = detail,
      .reasons = {
          {.code = "idempotency_key", .field = "Idempotency-Key", .detail = std::move(detail)}}});
}

std::string fingerprint(const Request& request) {
  std::string text = request.method + '\n' + request.path + '\n';
  for (const auto& [name, value] : request.query) text += name + '=' + value + '\n';
  return trial::sha256_hex(text + '\n' + request.if_match + '\n' + request.body);
}

std::size_t size_of(const std::string& key, const Response& response) {
  std::size_t bytes = 2 * key.size() + response.body.size() + 256;
  for (const auto& [name, value] : response.headers) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

void IdempotencyKeys::State::forget_old() {
  while (!order.empty()) {
    const auto oldest = entries.find(order.front());
    if (bytes <= options.max_bytes && oldest->second.at + options.keep > now()) return;
    bytes -= oldest->second.bytes;
    entries.erase(oldest);
    order.pop_front();
  }
}

void IdempotencyKeys::State::keep(const std::string& key, const Response& response) {
  const std::lock_guard lock(mutex);
  if (response.status >= 500) {
    entries.erase(key);
    return;
  }
  Entry& entry = entries.at(key);
  entry.answered = true;
  entry.response = response;
  entry.at = now();
  entry.bytes = size_of(key, response);
  bytes += entry.bytes;
  order.push_back(key);
  forget_old();
}

Handler IdempotencyKeys::once(Handler handler) const {
  return
      [state = state_, handler = std::move(handler)](const Request& request, const Reply& reply) {
        if (!request.idempotency_key) return handler(request, reply);
        if (request.idempotency_key->empty() || request.idempotency_key->size() > kLongestKey)
          return reply(refuse_key(400, "a key holds 1 to 255 bytes"));
        const std::string key =
            (request.user.empty() ? request.peer : request.user) + '\n' + *request.idempotency_key;
        const std::string print = fingerprint(request);
        std::optional<Response> known;
        {
          const std::lock_guard lock(state->mutex);
          state->forget_old();
          const auto [entry, fresh] = state->entries.try_emplace(key, Entry{.fingerprint = print});
          if (!fresh) {
            if (entry->second.fingerprint != print) {
              known = refuse_key(422, "the key came with another request: use a new key for each");
            } else if (!entry->second.answered) {
              known = refuse_key(409, "the first request of this key is still under way");
            } else {
              known = entry->second.response;
              known->headers.emplace_back("Idempotency-Replayed", "true");
            }
          }
        }
        if (known) return reply(*std::move(known));
        handler(request, Reply([state, key, reply](Response response) {
                  state->keep(key, response);
                  reply(std::move(response));
                }));
      };
}

}  // namespace http
