// SPDX-License-Identifier: Apache-2.0
#include "http/detail/idempotency.h"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/detail/routes.h"
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

bool has_length(const std::string& key) { return !key.empty() && key.size() <= kLongestKey; }

Response refuse_length() { return refuse_key(400, "a key holds 1 to 255 bytes"); }

std::string digest_of_key(const Request& request) {
  return trial::sha256_hex((request.user.empty() ? request.peer : request.user) + '\n' +
                           *request.idempotency_key);
}

std::string digest_of(const Request& request) {
  std::string text = request.method + '\n' + request.path + '\n';
  for (const auto& [name, value] : request.query) text += name + '=' + value + '\n';
  return trial::sha256_hex(text + '\n' + request.if_match + '\n' + request.body);
}

std::size_t size_of(const std::string& key, const Response& response) {
  std::size_t bytes = 2 * key.size() + response.body.size() + 256;
  for (const auto& [name, value] : response.headers) bytes += name.size() + value.size();
  return bytes;
}

std::string text_of(const Response& response) {
  const nlohmann::json json = {{"status", response.status},
                               {"content_type", response.content_type},
                               {"headers", response.headers},
                               {"body", response.body}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Response> response_of(const std::string& text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  Response response{.status = json.at("status"),
                    .content_type = json.at("content_type"),
                    .body = json.at("body")};
  json.at("headers").get_to(response.headers);
  return response;
} catch (const nlohmann::json::exception&) {
  return std::nullopt;
}

}  // namespace

void IdempotencyKeys::State::forget_old() {
  while (!order.empty()) {
    const auto oldest = entries.find(order.front());
    if (bytes <= options.max_bytes && oldest->second.at + options.keep > now()) return;
    bytes -= oldest->second.bytes;
    if (oldest->second.stored) forgotten.push_back(oldest->first);
    entries.erase(oldest);
    order.pop_front();
  }
}

void IdempotencyKeys::State::settle(const std::string& key, Answer answer, Response response) {
  Entry& entry = entries.at(key);
  entry.answer = answer;
  entry.bytes = size_of(key, response);
  entry.response = std::move(response);
  bytes += entry.bytes;
  order.push_back(key);
  forget_old();
}

std::optional<Response> IdempotencyKeys::State::begin(const std::string& key,
                                                      const std::string& request, bool stored) {
  const std::lock_guard lock(mutex);
  forget_old();
  const auto [entry, fresh] =
      entries.try_emplace(key, Entry{.request = request, .stored = stored, .at = now()});
  if (fresh) return std::nullopt;
  if (entry->second.request != request)
    return refuse_key(422, "the key came with another request: use a new key for each");
  switch (entry->second.answer) {
    case Answer::kAwaited:
      return refuse_key(409, "the first request of this key is still under way");
    case Answer::kLost:
      return refuse_key(409,
                        "a request with this key came before the platform was started anew, and "
                        "its answer is not kept: it may have been done. Look at what it was to "
                        "change; where the answer held a token, issue another one");
    case Answer::kKnown:
      break;
  }
  Response known = entry->second.response;
  known.headers.emplace_back("Idempotency-Replayed", "true");
  return known;
}

// Once more where it fails: what is forgotten.
base::Result<void> IdempotencyKeys::State::put(std::span<const trial::ReceiptRow> rows) {
  std::vector<std::string> gone;
  {
    const std::lock_guard lock(mutex);
    gone.swap(forgotten);
  }
  auto written = write(rows, gone);
  if (!written) {
    const std::lock_guard lock(mutex);
    forgotten.insert(forgotten.end(), gone.begin(), gone.end());
  }
  return written;
}

base::Result<void> IdempotencyKeys::State::note(const std::string& key) {
  trial::ReceiptRow row{.key = key, .request = {}, .at = {}, .answer = ""};
  {
    const std::lock_guard lock(mutex);
    row.request = entries.at(key).request;
    row.at = entries.at(key).at;
  }
  return put(std::span(&row, 1));
}

void IdempotencyKeys::State::drop(const std::string& key) {
  const std::lock_guard lock(mutex);
  const auto entry = entries.find(key);
  if (entry->second.stored) forgotten.push_back(key);
  entries.erase(entry);
}

void IdempotencyKeys::State::keep(const std::string& key, const Response& response) {
  std::vector<trial::ReceiptRow> rows;
  bool stored = false;
  {
    const std::lock_guard lock(mutex);
    const Entry& entry = entries.at(key);
    stored = entry.stored;
    if (stored && response.status < 500 && !response.shown_once)
      rows.push_back({key, entry.request, entry.at, text_of(response)});
    if (response.status < 500) settle(key, Answer::kKnown, response);
  }
  if (response.status >= 500) drop(key);
  if (!stored) return;
  if (const auto written = put(rows); !written)
    spdlog::warn("http: an answer is not kept beyond a restart: {}", written.error().message);
}

void IdempotencyKeys::load(std::span<const trial::ReceiptRow> rows) const {
  const std::lock_guard lock(state_->mutex);
  for (const trial::ReceiptRow& row : rows) {
    auto response = response_of(row.answer);
    state_->entries.try_emplace(row.key,
                                Entry{.request = row.request, .stored = true, .at = row.at});
    state_->settle(row.key, response ? Answer::kKnown : Answer::kLost,
                   response ? *std::move(response) : Response{});
  }
}

Handler IdempotencyKeys::once(Handler handler) const {
  return
      [state = state_, handler = std::move(handler)](const Request& request, const Reply& reply) {
        if (!request.idempotency_key) return handler(request, reply);
        if (!has_length(*request.idempotency_key)) return reply(refuse_length());
        const std::string key = digest_of_key(request);
        if (auto known = state->begin(key, digest_of(request), false))
          return reply(*std::move(known));
        handler(request, Reply([state, key, reply](Response response) {
                  state->keep(key, response);
                  reply(std::move(response));
                }));
      };
}

Handler IdempotencyKeys::once_for_good(Handler handler) const {
  return [state = state_, defer = defer_, handler = std::move(handler)](const Request& request,
                                                                        const Reply& reply) {
    if (!request.idempotency_key) return handler(request, reply);
    if (!has_length(*request.idempotency_key)) return reply(refuse_length());
    const std::string key = digest_of_key(request);
    if (auto known = state->begin(key, digest_of(request), true)) return reply(*std::move(known));
    const Reply kept([state, key, reply](Response response) {
      state->keep(key, response);
      reply(std::move(response));
    });
    const bool taken = defer([state, key, request, kept, handler] {
      if (const auto noted = state->note(key); !noted) return kept(problem_response(noted.error()));
      handler(request, kept);
    });
    if (!taken) kept(refuse_overload());
  };
}

}  // namespace http
