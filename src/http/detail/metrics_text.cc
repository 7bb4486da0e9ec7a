// SPDX-License-Identifier: Apache-2.0
#include "http/detail/metrics_text.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/number.h"

namespace http {
namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

class Exposition {
 public:
  void family(std::string_view name, std::string_view meaning) {
    name_ = "provecho_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(meaning) + "\n# TYPE " + name_ +
             (name_.ends_with("_total") ? " counter\n" : " gauge\n");
  }

  void sample(double value, Labels labels = {}) {
    text_ += name_;
    char separator = '{';
    for (const auto& [label, content] : labels) {
      text_ += separator + std::string(label) + "=\"" + escaped(content) + "\"";
      separator = ',';
    }
    if (labels.size() > 0) text_ += '}';
    text_ += ' ' + base::format_double(value) + '\n';
  }

  void sample(std::uint64_t value, Labels labels = {}) {
    sample(static_cast<double>(value), labels);
  }
  void sample(std::int64_t value, Labels labels = {}) {
    sample(static_cast<double>(value), labels);
  }

  void single(std::string_view name, std::string_view meaning, std::uint64_t value) {
    family(name, meaning);
    sample(value);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

void write_server(Exposition& to, const ServerCounts& counts) {
  to.single("http_requests_total", "Requests answered.", counts.requests_total);
  to.single("http_client_errors_total", "Answers 400 to 499.", counts.client_errors_total);
  to.single("http_server_errors_total", "Answers 500 to 599.", counts.server_errors_total);
  to.single("http_connections_total", "Connections accepted.", counts.connections_total);
  to.single("http_connections_refused_total", "Connections beyond the limit.",
            counts.connections_refused_total);
  to.single("http_connections", "Connections open now.", counts.connections);
  to.single("http_listeners", "Clients listening to events now.", counts.listeners);
  to.single("http_listeners_dropped_total", "Listeners dropped for being too slow.",
            counts.listeners_dropped_total);
}

std::string number(const trial::Progress& progress) {
  return std::to_string(progress.experiment.id.value());
}

using Live = std::vector<std::shared_ptr<const trial::Progress>>;

void write_arms(Exposition& to, const Live& live) {
  const auto arms = [&](std::string_view name, std::string_view meaning, auto figure) {
    to.family(name, meaning);
    for (const auto& progress : live) {
      const std::string experiment = number(*progress);
      for (std::size_t i = 0; i < progress->arms.size(); ++i)
        to.sample(figure(*progress, i), {{"experiment", experiment},
                                         {"system", event::name(static_cast<event::System>(i))}});
    }
  };
  using trial::Progress;
  arms("trial_customers_planned", "Customers planned in the arm.",
       [](const Progress& p, std::size_t i) { return p.arms[i].target; });
  arms("trial_customers_enrolled", "Customers sampled into the arm.",
       [](const Progress& p, std::size_t i) { return p.arms[i].enrolled; });
  arms("trial_customers_closed", "Customers whose first session is closed.",
       [](const Progress& p, std::size_t i) { return p.arms[i].closed; });
  arms("trial_decisions", "Decisions in time for counted sessions.",
       [](const Progress& p, std::size_t i) { return p.systems[i].decisions; });
  arms("trial_decisions_late", "Decisions after their deadline.",
       [](const Progress& p, std::size_t i) { return p.systems[i].late; });
  arms("trial_decisions_missing", "Closed sessions for which no decision came.",
       [](const Progress& p, std::size_t i) { return p.systems[i].missing; });
  arms("trial_fallbacks", "Sessions of the arm that got the fallback.",
       [](const Progress& p, std::size_t i) { return p.systems[i].timeouts; });
  arms("trial_decision_latency_p99_seconds", "From a session's opening to its decision.",
       [](const Progress& p, std::size_t i) { return p.systems[i].latency_p99_ms / 1000; });
}

}  // namespace

std::string metrics_text(const ServerCounts& counts, const PlatformStatus& status,
                         const Live& live) {
  Exposition to;
  to.family("up", "1 while the platform works.");
  to.sample(status.trouble.empty() ? 1.0 : 0.0);
  for (const auto& [name, value] : status.counters) {
    to.family("platform_" + name, "Counted by the platform's loop.");
    to.sample(value);
  }
  write_server(to, counts);
  if (live.empty()) return to.take();
  to.family("trial_sessions_open", "Sessions open now.");
  for (const auto& progress : live)
    to.sample(progress->sessions_open, {{"experiment", number(*progress)}});
  write_arms(to, live);
  to.family("trial_records_total", "Records by topic and what became of them.");
  for (const auto& progress : live) {
    const std::string experiment = number(*progress);
    for (const trial::CounterRow& row : progress->counters)
      to.sample(row.count,
                {{"experiment", experiment}, {"topic", row.topic}, {"outcome", row.outcome}});
  }
  return to.take();
}

}  // namespace http
