// SPDX-License-Identifier: Apache-2.0
// What one may carry away of an experiment: its sessions page by page or as a whole, its report.
#include <memory>
#include <utility>

#include "http/detail/json_words.h"
#include "http/detail/named_experiment.h"
#include "http/detail/page.h"
#include "http/detail/report_html.h"
#include "http/detail/session_rows.h"
#include "trial/session_csv.h"

namespace http {
namespace {

using Rows = base::Result<std::vector<trial::SessionRow>>;

// Long enough to be quick, short enough that nobody waits for it.
constexpr std::int64_t kRowsOfPart = 2000;

Rows sessions(trial::Desk& desk, trial::ExperimentId id, const trial::SessionPage& page) {
  return desk.ask([&](trial::Registry& registry, base::Timestamp) {
    return registry.store().sessions(id, page);
  });
}

Response list_sessions(trial::Desk& desk, const trial::ExperimentRow& row, const Request& request) {
  const auto wish = read_page(request);
  if (!wish) return problem_response(wish.error());
  trial::SessionPage page{.limit = wish->limit + 1};
  if (wish->after) page.after = event::SessionId(*wish->after);
  const Rows rows = sessions(desk, row.id, page);
  if (!rows) return problem_response(rows.error());
  Json json = {{"sessions", Json::array()}, {"next", nullptr}};
  for (const trial::SessionRow& each : *rows) {
    if (std::ssize(json["sessions"]) == wish->limit) {
      json["next"] = cursor_after(json["sessions"].back()["session"].get<std::int64_t>());
      break;
    }
    json["sessions"].push_back(session_json(each));
  }
  return json_response(json);
}

// The counted sessions, part by part, each asked for on the worker.
class Export : public std::enable_shared_from_this<Export> {
 public:
  using Format = std::function<std::string(const trial::SessionRow&, bool first)>;

  Export(const Ground& ground, trial::ExperimentId id, std::string head, Format format,
         std::string tail)
      : ground_(ground),
        id_(id),
        head_(std::move(head)),
        format_(std::move(format)),
        tail_(std::move(tail)) {}

  void next(std::function<void(Part)> take) {
    const bool taken =
        ground_.worker.post([self = shared_from_this(), take] { take(self->part()); });
    if (!taken) take(std::nullopt);
  }

 private:
  Part part() {
    if (done_) return std::string();
    const Rows rows = sessions(ground_.desk, id_, page_);
    if (!rows) return std::nullopt;
    std::string text = std::exchange(head_, {});
    for (const trial::SessionRow& row : *rows)
      text += format_(row, !page_.after && &row == &rows->front());
    done_ = std::ssize(*rows) < page_.limit;
    if (done_) {
      text += tail_;
    } else {
      page_.after = rows->back().session;
    }
    return text;
  }

  const Ground& ground_;
  const trial::ExperimentId id_;
  std::string head_;
  const Format format_;
  const std::string tail_;
  trial::SessionPage page_{.limit = kRowsOfPart, .counted_only = true};
  bool done_ = false;
};

Response in_parts(std::shared_ptr<Export> rows, std::string type, const std::string& file) {
  return {.content_type = std::move(type),
          .headers = {{"Content-Disposition", "attachment; filename=\"" + file + "\""}},
          .parts = [rows = std::move(rows)](std::function<void(Part)> take) {
            rows->next(std::move(take));
          }};
}

std::string file_name(const trial::ExperimentRow& row, const char* ending) {
  return "experiment-" + std::to_string(row.id.value()) + ending;
}

Response export_csv(const Ground& ground, const trial::ExperimentRow& row) {
  const auto line = [plan = row.plan](const trial::SessionRow& each, bool) {
    std::string text;
    trial::append_session_csv(each, plan, text);
    return text;
  };
  std::string head = trial::session_csv_header(row.plan);
  return in_parts(std::make_shared<Export>(ground, row.id, std::move(head), line, ""),
                  "text/csv; charset=utf-8", file_name(row, ".csv"));
}

base::Result<std::vector<trial::AuditRow>> audit_of(trial::Desk& desk, trial::ExperimentId id) {
  return desk.ask([&](trial::Registry& registry, base::Timestamp) { return registry.audit(id); });
}

// {"experiment": …, "results": …, "audit": […], "sessions": […]}
Response export_json(const Ground& ground, const trial::ExperimentRow& row) {
  Json results;
  if (row.started_at != base::Timestamp()) {
    const auto progress = ground.desk.progress(row.id);
    if (!progress) return problem_response(progress.error());
    results = progress_json(**progress);
  }
  const auto audit = audit_of(ground.desk, row.id);
  if (!audit) return problem_response(audit.error());
  Json json = {
      {"experiment", experiment_json(row)}, {"results", results}, {"audit", Json::array()}};
  for (const trial::AuditRow& each : *audit) json["audit"].push_back(audit_json(each));
  std::string head = dump(json);
  head.pop_back();
  head += ",\"sessions\":[\n";
  const auto item = [](const trial::SessionRow& each, bool first) {
    return (first ? "" : ",\n") + dump(session_json(each));
  };
  return in_parts(std::make_shared<Export>(ground, row.id, std::move(head), item, "\n]}\n"),
                  "application/json", file_name(row, ".json"));
}

Response report(const Ground& ground, const trial::ExperimentRow& row) {
  if (row.started_at == base::Timestamp())
    return refuse_state(row, "it has no report, for it never started");
  const auto progress = ground.desk.progress(row.id);
  if (!progress) return problem_response(progress.error());
  const auto audit = audit_of(ground.desk, row.id);
  if (!audit) return problem_response(audit.error());
  // One page with its style inside, which asks for nothing else and runs nothing.
  static constexpr const char* kPolicy =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'";
  return {.content_type = "text/html; charset=utf-8",
          .body = report_html(**progress, *audit),
          .headers = {{"Content-Security-Policy", kPolicy}}};
}

}  // namespace

void add_export_routes(Router& router, const Ground& ground) {
  const auto with_ground = [&ground](Response (*make)(const Ground&, const trial::ExperimentRow&)) {
    return for_experiment(ground, [&ground, make](trial::Desk&, const trial::ExperimentRow& row,
                                                  const Request&) { return make(ground, row); });
  };
  router.get("/v1/experiments/{id}/sessions", for_experiment(ground, list_sessions));
  router.get("/v1/experiments/{id}/export.csv", with_ground(export_csv));
  router.get("/v1/experiments/{id}/export.json", with_ground(export_json));
  router.get("/v1/experiments/{id}/report.html", with_ground(report));
}

}  // namespace http
