// SPDX-License-Identifier: Apache-2.0
// /v1/webhooks: who is told what happens to experiments.
#include <algorithm>

#include "base/number.h"
#include "http/detail/json_words.h"
#include "http/detail/page.h"
#include "http/detail/routes.h"
#include "http/detail/webhook_signature.h"
#include "http/detail/webhook_worker.h"

namespace http {
namespace {

using trial::DeliveryRow;
using trial::DeliveryState;
using trial::WebhookRow;

// Never a secret.
Json webhook_json(const WebhookRow& row) {
  return {{"id", row.id},
          {"url", row.url},
          {"events", row.events},
          {"created_at", utc(row.created_at)},
          {"created_by", row.created_by},
          {"secrets", row.older_secret.empty() ? 1 : 2}};
}

Json delivery_json(const DeliveryRow& row) {
  return {{"experiment", row.experiment.value()},
          {"number", row.number},
          {"attempts", row.attempts},
          {"queued_at", utc(row.first_at)},
          {"error", row.error}};
}

template <class Work>
auto with_webhooks(trial::Desk& desk, Work work) {
  return desk.ask([&](trial::Registry& registry, base::Timestamp now) {
    return work(registry.store().webhooks(), now);
  });
}

// Finds the webhook that the path names and hands it on.
using WithWebhook = std::function<Response(const Ground&, const WebhookRow&)>;

Handler for_webhook(const Ground& ground, WithWebhook work) {
  return on_worker(ground.worker, [&ground, work = std::move(work)](const Request& request) {
    const std::string& text = request.parameters.at("id");
    const auto all =
        with_webhooks(ground.desk, [](auto& book, base::Timestamp) { return book.all(); });
    if (!all) return problem_response(all.error());
    const auto id = base::parse_int(text);
    const auto row =
        std::ranges::find_if(*all, [&](const WebhookRow& each) { return id && each.id == *id; });
    if (row != all->end()) return work(ground, *row);
    return problem_response(
        Problem{.status = 404,
                .code = "unknown-webhook",
                .title = "There is no such webhook",
                .detail = "no webhook '" + text + "'; GET /v1/webhooks lists them"});
  });
}

std::vector<std::string> read_events(Body& body) {
  std::vector<std::string> events;
  const nlohmann::json given = body.raw("events");
  const std::string known = [] {
    std::string all;
    for (const std::string_view event : kWebhookEvents)
      all += (all.empty() ? "" : ", ") + std::string(event);
    return all;
  }();
  if (!given.is_null() && !given.is_array())
    body.fault("not_a_list", "events", "'events' must be a list of texts", known);
  if (!given.is_array()) return events;
  for (const auto& each : given) {
    const std::string event = each.is_string() ? each.get<std::string>() : "";
    if (std::ranges::find(kWebhookEvents, event) == kWebhookEvents.end()) {
      body.fault("unknown_event", "events", "'events' holds what is no event", known);
      break;
    }
    if (std::ranges::find(events, event) == events.end()) events.push_back(event);
  }
  return events;
}

std::string read_url(Body& body, bool private_targets) {
  body.required("url");
  const std::string url = body.text("url");
  if (!body.has("url") || url.empty()) {
    if (body.has("url")) body.fault("not_a_url", "url", "'url' is empty", "https://host/path");
    return url;
  }
  const auto target = parse_web_target(url);
  if (!target) {
    body.fault("not_a_url", "url", target.error().message, "https://host/path");
    return url;
  }
  // A name's address is looked at when it is used.
  const bool literal = target->host.find_first_not_of("0123456789.") == std::string::npos ||
                       target->host.find(':') != std::string::npos;
  const bool own = target->host == "localhost" || (literal && is_private_address(target->host));
  if (own && !private_targets) {
    body.fault("private_target", "url", "'url' leads into a private network",
               "an address of the internet, or the platform served with --private-webhooks");
  }
  return url;
}

Response add_webhook(const Ground& ground, const Request& request) {
  auto parsed = parse_body(request.body);
  if (!parsed) return problem_response(parsed.error());
  Body body(*std::move(parsed));
  WebhookRow row;
  row.url = read_url(body, ground.options.private_webhooks);
  row.events = read_events(body);
  if (auto faults = body.faults(); !faults.empty()) return refuse_fields(std::move(faults));
  auto secret = make_webhook_secret();
  if (!secret) return problem_response(secret.error());
  row.secret = *std::move(secret);
  row.created_by = who(request);
  const auto id = with_webhooks(ground.desk, [&](auto& book, base::Timestamp now) {
    row.created_at = now;
    return book.add(row);
  });
  if (!id) return problem_response(id.error());
  row.id = *id;
  ground.webhooks.wake();
  Json json = webhook_json(row);
  json["secret"] = webhook_secret_text(row.secret);
  return shown_once(json_response(json, 201));
}

Response list_webhooks(trial::Desk& desk) {
  const auto all = with_webhooks(desk, [](auto& book, base::Timestamp) { return book.all(); });
  if (!all) return problem_response(all.error());
  Json json = {{"webhooks", Json::array()}};
  for (const WebhookRow& row : *all) json["webhooks"].push_back(webhook_json(row));
  return json_response(json);
}

Response remove_webhook(const Ground& ground, const WebhookRow& row) {
  const auto removed =
      with_webhooks(ground.desk, [&](auto& book, base::Timestamp) { return book.remove(row.id); });
  if (!removed) return problem_response(removed.error());
  return {.status = 204, .content_type = ""};
}

// The new secret signs, and the one before too, until the next rotation.
Response rotate(const Ground& ground, const WebhookRow& row) {
  auto secret = make_webhook_secret();
  if (!secret) return problem_response(secret.error());
  WebhookRow rotated = row;
  rotated.older_secret = row.secret;
  rotated.secret = *std::move(secret);
  const auto replaced = with_webhooks(
      ground.desk, [&](auto& book, base::Timestamp) { return book.replace_secrets(rotated); });
  if (!replaced) return problem_response(replaced.error());
  Json json = webhook_json(rotated);
  json["secret"] = webhook_secret_text(rotated.secret);
  return shown_once(json_response(json));
}

base::Result<std::vector<DeliveryRow>> dead_of(trial::Desk& desk, const WebhookRow& row) {
  auto rows =
      with_webhooks(desk, [&](auto& book, base::Timestamp) { return book.deliveries(row.id); });
  if (rows) {
    std::erase_if(*rows,
                  [](const DeliveryRow& each) { return each.state != DeliveryState::kDead; });
  }
  return rows;
}

Response list_failures(const Ground& ground, const WebhookRow& row) {
  const auto dead = dead_of(ground.desk, row);
  if (!dead) return problem_response(dead.error());
  Json json = {{"failures", Json::array()}};
  for (const DeliveryRow& each : *dead) json["failures"].push_back(delivery_json(each));
  return json_response(json);
}

Response retry_failures(const Ground& ground, const WebhookRow& row) {
  auto dead = dead_of(ground.desk, row);
  if (!dead) return problem_response(dead.error());
  const auto queued = with_webhooks(ground.desk, [&](auto& book, base::Timestamp now) {
    for (DeliveryRow& each : *dead) {
      each.state = DeliveryState::kPending;
      each.attempts = 0;
      each.first_at = each.next_at = now;
    }
    return book.write(*dead);
  });
  if (!queued) return problem_response(queued.error());
  ground.webhooks.wake();
  return json_response({{"queued", dead->size()}});
}

}  // namespace

void add_webhook_routes(Router& router, const Ground& ground) {
  router.get("/v1/webhooks",
             on_worker(ground.worker,
                       [&desk = ground.desk](const Request&) { return list_webhooks(desk); }),
             Access::kOwn);
  router.post("/v1/webhooks", on_worker(ground.worker, [&ground](const Request& request) {
                return add_webhook(ground, request);
              }));
  router.remove("/v1/webhooks/{id}", for_webhook(ground, remove_webhook));
  router.post("/v1/webhooks/{id}:rotate", for_webhook(ground, rotate));
  router.get("/v1/webhooks/{id}/failures", for_webhook(ground, list_failures), Access::kOwn);
  router.post("/v1/webhooks/{id}/failures:retry", for_webhook(ground, retry_failures));
}

}  // namespace http
