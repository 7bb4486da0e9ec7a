// SPDX-License-Identifier: Apache-2.0
// Lists in pages, exports in parts, the report.
#include <gtest/gtest.h>

#include <algorithm>

#include "http/detail/service_fixture_test.h"

namespace http {
namespace {

using Json = nlohmann::json;

class ExportTest : public ServiceFixture {
 protected:
  // A whole answer without Content-Length.
  std::string get_to_the_end(const std::string& target, const std::string& version = "1.1") {
    WireClient client(service_->port());
    client.send("GET " + target + " HTTP/" + version +
                "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.closed());
    return client.unread();
  }
  // Takes the chunks apart; "cut off" where the last one is missing.
  static std::string unchunked(const std::string& answer) {
    std::string rest = body_of(answer);
    std::string body;
    for (;;) {
      const std::size_t line = rest.find("\r\n");
      if (line == std::string::npos) return "cut off";
      const std::size_t size = std::stoul(rest.substr(0, line), nullptr, 16);
      if (size == 0) return body;
      body += rest.substr(line + 2, size);
      rest.erase(0, line + 2 + size + 2);
    }
  }
  // So many counted customers, straight into the store.
  void fill(std::int64_t customers) {
    EXPECT_EQ(status_of(post("/v1/experiments", plan().dump())), 201);
    std::vector<trial::SessionRow> rows;
    for (std::int64_t i = 1; i <= customers; ++i) {
      trial::SessionRow row;
      row.session = event::SessionId(i);
      row.customer = event::CustomerId(1000 + i);
      row.counted = i != 2;
      row.opened_at = clock_.now();
      rows.push_back(row);
    }
    rows[0].of(event::System::kBase) = {trial::Word::kShow, false, base::Duration(12'500)};
    rows[0].executed = trial::Word::kShow;
    rows[0].executed_at = clock_.now();
    rows[0].closing = trial::Closing::kRevenue;
    rows[0].closed_at = clock_.now();
    rows[0].revenue = base::Cents(2345);
    rows[0].accepted = true;
    ASSERT_TRUE(store_->write(trial::ExperimentId(1), {.sessions = rows}));
  }
};

TEST_F(ExportTest, pages_lists_by_cursor) {
  for (int i = 0; i < 5; ++i) post("/v1/experiments", plan().dump());
  std::vector<int> ids;
  std::string target = "/v1/experiments?limit=2";
  for (int page = 0; page < 3; ++page) {
    const Json json = ServiceFixture::json(get(target));
    for (const Json& each : json["experiments"]) ids.push_back(each["id"]);
    EXPECT_EQ(json["next"].is_null(), page == 2);
    if (page < 2) target = "/v1/experiments?limit=2&cursor=" + json["next"].get<std::string>();
  }
  EXPECT_EQ(ids, (std::vector<int>{1, 2, 3, 4, 5}));
  const Json audit = json(get("/v1/experiments/1/audit?limit=1"));
  EXPECT_EQ(audit["audit"].size(), 1U);
  EXPECT_TRUE(audit["next"].is_null());
  for (const char* wrong : {"limit=0", "limit=1001", "limit=x", "cursor=5", "cursor=k"}) {
    EXPECT_EQ(status_of(get(std::string("/v1/experiments?") + wrong)), 400) << wrong;
    EXPECT_EQ(status_of(get(std::string("/v1/experiments/1/sessions?") + wrong)), 400) << wrong;
  }
}

TEST_F(ExportTest, pages_sessions) {
  fill(5);
  const Json first = json(get("/v1/experiments/1/sessions?limit=3"));
  ASSERT_EQ(first["sessions"].size(), 3U);
  EXPECT_EQ(first["sessions"][0]["base"]["latency_ms"], 12.5);
  EXPECT_EQ(first["sessions"][1]["counted"], false);
  const Json rest =
      json(get("/v1/experiments/1/sessions?limit=3&cursor=" + first["next"].get<std::string>()));
  EXPECT_EQ(rest["sessions"].size(), 2U);
  EXPECT_EQ(rest["sessions"][0]["session"], 4);
  EXPECT_TRUE(rest["next"].is_null());
}

TEST_F(ExportTest, exports_every_counted_session_as_csv) {
  fill(4500);  // Three parts.
  const std::string answer = get_to_the_end("/v1/experiments/1/export.csv");
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(field_of(answer, "Content-Disposition"), "attachment; filename=\"experiment-1.csv\"");
  const std::string csv = unchunked(answer);
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 4499);
  EXPECT_TRUE(csv.starts_with("session,customer,counted,arm,"));
  EXPECT_NE(csv.find("\n1,1001,1,base,1790000000000000,1,0,in_time,never,12.5,,1,decision,revenue,"
                     "23.45,1,\n"),
            std::string::npos)
      << csv.substr(0, 400);
  EXPECT_EQ(csv.find("\n2,"), std::string::npos) << "not counted";
  EXPECT_NE(csv.find("\n4500,5500,"), std::string::npos);
  // HTTP/1.0 knows no chunks.
  const std::string old = get_to_the_end("/v1/experiments/1/export.csv", "1.0");
  EXPECT_EQ(old.find("chunked"), std::string::npos);
  EXPECT_EQ(body_of(old), csv);
}

TEST_F(ExportTest, keeps_the_connection_after_parts_and_answers_head) {
  fill(3);
  WireClient client(service_->port());
  client.send(
      "HEAD /v1/experiments/1/export.csv HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /v1/experiments/1/export.csv HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.closed());
  const std::string all = client.unread();
  EXPECT_NE(all.find("\r\n0\r\n\r\nHTTP/1.1 200 OK"), std::string::npos);
  EXPECT_TRUE(all.ends_with("{\"status\":\"ok\"}"));
}

TEST_F(ExportTest, exports_all_as_json) {
  fill(4500);
  const Json json = Json::parse(unchunked(get_to_the_end("/v1/experiments/1/export.json")));
  EXPECT_EQ(json["experiment"]["id"], 1);
  EXPECT_TRUE(json["results"].is_null()) << "it never started";
  EXPECT_EQ(json["audit"].size(), 1U);
  ASSERT_EQ(json["sessions"].size(), 4499U);
  EXPECT_EQ(json["sessions"][0]["revenue"], "23.45");
  const std::string empty = (post("/v1/experiments", plan().dump()), "/v1/experiments/2/export");
  EXPECT_TRUE(Json::parse(unchunked(get_to_the_end(empty + ".json")))["sessions"].empty());
  EXPECT_EQ(std::ranges::count(unchunked(get_to_the_end(empty + ".csv")), '\n'), 1);
}

TEST_F(ExportTest, reports_on_one_page_that_needs_nothing_else) {
  Json named = plan();
  named["name"] = "<script>alert(1)</script> & more";
  EXPECT_EQ(status_of(post("/v1/experiments", named.dump())), 201);
  EXPECT_EQ(status_of(get("/v1/experiments/1/report.html")), 409);
  const Json tokens = json(post("/v1/experiments/1:start"))["tokens"];
  EXPECT_NE(get("/v1/experiments/1/report.html").find("No interval is shown before"),
            std::string::npos);
  live_to_the_end(tokens);
  const std::string answer = get("/v1/experiments/1/report.html");
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_TRUE(field_of(answer, "Content-Security-Policy").starts_with("default-src 'none'"));
  const Json results = json(get("/v1/experiments/1/results"));
  for (const std::string& part :
       {std::string("BETTER BY THE DESIRED EFFECT"), std::string("<svg"), std::string("interval"),
        results["experiment"]["plan_hash"].get<std::string>(), std::string("started"),
        std::string("Distribution of revenue"), std::string("class=\"arm1\""),
        std::string("prefers-color-scheme: dark"), std::string("@media print")})
    EXPECT_NE(answer.find(part), std::string::npos) << part;
  EXPECT_EQ(answer.find("<script"), std::string::npos);
  EXPECT_EQ(answer.find("http://"), std::string::npos);
  for (const char* system : {"base", "candidate"})
    EXPECT_EQ(answer.find(tokens[system].get<std::string>()), std::string::npos);
}

}  // namespace
}  // namespace http
