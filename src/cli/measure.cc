// SPDX-License-Identifier: Apache-2.0
// provecho measure: what an experiment says of the assumption with which its candidate was chosen.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/sessions.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "experiment/economics.h"
#include "experiment/money_words.h"
#include "profit/hypothesis.h"

namespace cli {
namespace {

using experiment::MeasuredEconomics;
using Json = nlohmann::ordered_json;

struct Options {
  std::string sessions, study;
  double alpha = 0.05;
  experiment::MoneyWords words;
  bool json = false;
};

// The models of a study as its report lists them, and the q that it assumed.
struct Ranked {
  std::vector<std::string> names;
  std::vector<metric::Confusion> test;
  double assumed_q = 0;
};

base::Result<Ranked> read_report(const std::string& folder) {
  const std::string path = folder + "/report.json";
  TRY_ASSIGN(const std::string text, base::read_file(path));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto refuse = [&](const char* what) {
    return base::input_error("'" + path + "' is no report of a study: " + what);
  };
  if (json.is_discarded() || json.value("format", "") != "provecho-study-report")
    return refuse("run provecho study again");
  Ranked ranked;
  try {
    ranked.assumed_q = json.at("economics").at("q").get<double>();
    for (const auto& model : json.at("ranking")) {
      const auto& counts = model.at("test");
      ranked.names.push_back(model.at("name").get<std::string>());
      ranked.test.push_back({.tp = counts.at("tp").get<std::int64_t>(),
                             .fp = counts.at("fp").get<std::int64_t>(),
                             .tn = counts.at("tn").get<std::int64_t>(),
                             .fn = counts.at("fn").get<std::int64_t>()});
    }
  } catch (const nlohmann::json::exception& error) {
    return refuse(error.what());
  }
  if (ranked.names.empty()) return refuse("it has no models");
  return ranked;
}

// The ranking repeated under the measured q, anywhere in its interval.
struct Repeated {
  Ranked ranked;
  profit::Prospects prospects;
  std::size_t assumed = 0;   // Best at the q that was assumed,
  std::size_t measured = 0;  // and at the one measured.
  bool held = false;         // The assumed q lies within the interval.
};

base::Result<Repeated> repeat(const Options& options, const MeasuredEconomics& measured) {
  Repeated repeated;
  TRY_ASSIGN(repeated.ranked, read_report(options.study));
  const double low = std::max(measured.q_interval->low, 1 + 1e-6);
  const double high = measured.q_interval->high;
  if (!(high > low))
    return base::input_error("the measured q lies below 1: no offer is worth showing");
  const double mode = std::clamp(*measured.q, low, high);
  TRY_ASSIGN(const profit::Belief belief, profit::triangular_q(low, mode, high));
  TRY_ASSIGN(repeated.prospects, profit::prospects(repeated.ranked.test, belief));
  TRY_ASSIGN(const profit::Sensitivity everywhere, profit::sensitivity(repeated.ranked.test));
  repeated.assumed = profit::winner_at(everywhere, std::max(1.0, repeated.ranked.assumed_q)).model;
  repeated.measured = profit::winner_at(everywhere, mode).model;
  repeated.held = repeated.ranked.assumed_q >= measured.q_interval->low &&
                  repeated.ranked.assumed_q <= measured.q_interval->high;
  return repeated;
}

std::string between(const experiment::Interval& interval, int decimals) {
  return base::format_fixed(interval.low, decimals) + " to " +
         base::format_fixed(interval.high, decimals);
}

void print(const MeasuredEconomics& m, const Options& options) {
  const std::string level = experiment::percent(1 - options.alpha);
  std::printf(
      "customers on whom the systems differ: %s hidden from, %s shown and refused, %s accepted\n",
      base::format_count(m.hidden.n).c_str(), base::format_count(m.refused.n).c_str(),
      base::format_count(m.accepted.n).c_str());
  const auto line = [&](const char* what, double value, const experiment::Interval& interval) {
    std::printf("%-34s %s   (%s: %s)\n", what, experiment::amount(value, options.words).c_str(),
                level.c_str(), between(interval, options.words.decimals).c_str());
  };
  line("income of an accepted offer, i", m.income, m.income_interval);
  line("cost of a shown offer, c", m.cost, m.cost_interval);
  if (m.q) {
    std::printf("%-34s %s   (%s)\n", "q = i/c", base::format_fixed(*m.q, 3).c_str(),
                m.q_interval ? (level + ": " + between(*m.q_interval, 3)).c_str()
                             : "not bounded: the cost is not told from 0");
  } else {
    std::printf("%-34s nothing: showing cost nothing that is seen\n", "q = i/c");
  }
  std::printf("%-34s %s; showing to them %s per offer\n", "of the shown accepted",
              experiment::percent(m.acceptance, 1).c_str(),
              experiment::signed_amount(m.gain_of_showing, options.words).c_str());
}

void print(const Repeated& r) {
  const auto& names = r.ranked.names;
  const profit::Prospect& chosen = r.prospects.models[r.assumed];
  std::printf("\nThe study assumed q = %s: the assumption %s.\n",
              base::format_fixed(r.ranked.assumed_q, 3).c_str(), r.held ? "held" : "did not hold");
  if (r.assumed == r.measured) {
    std::printf("The same model is best at the measured q: '%s'", names[r.assumed].c_str());
  } else {
    std::printf("At the measured q '%s' is best, not '%s'", names[r.measured].c_str(),
                names[r.assumed].c_str());
  }
  std::printf(
      "; over the interval the one chosen is best with a chance of %s, and loses %s of what "
      "could be earned on average.\n",
      experiment::percent(chosen.probability_best, 0).c_str(),
      experiment::percent(chosen.expected_regret, 2).c_str());
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> order(names.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return r.prospects.models[a].expected_rap > r.prospects.models[b].expected_rap;
  });
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < std::min(kShown, order.size()); ++i) {
    const profit::Prospect& prospect = r.prospects.models[order[i]];
    rows.push_back({names[order[i]], experiment::percent(prospect.expected_rap, 1),
                    experiment::percent(prospect.probability_best, 0),
                    experiment::percent(prospect.expected_regret, 2)});
  }
  std::printf(
      "\n%s",
      format_table({"model", "expected RAP", "best with", "expected regret"}, rows).c_str());
}

Json interval_json(const std::optional<experiment::Interval>& interval) {
  if (!interval) return nullptr;
  return {{"low", interval->low}, {"high", interval->high}};
}

void print_json(const MeasuredEconomics& m, const std::optional<Repeated>& r) {
  Json json = {{"hidden", m.hidden.n},
               {"refused", m.refused.n},
               {"accepted", m.accepted.n},
               {"acceptance", m.acceptance},
               {"income", m.income},
               {"income_interval", interval_json(m.income_interval)},
               {"cost", m.cost},
               {"cost_interval", interval_json(m.cost_interval)},
               {"q", m.q ? Json(*m.q) : Json()},
               {"q_interval", interval_json(m.q_interval)},
               {"gain_of_showing", m.gain_of_showing}};
  if (r) {
    json["assumed_q"] = r->ranked.assumed_q;
    json["held"] = r->held;
    json["best_as_assumed"] = r->ranked.names[r->assumed];
    json["best_as_measured"] = r->ranked.names[r->measured];
    json["models"] = Json::array();
    for (std::size_t i = 0; i < r->ranked.names.size(); ++i) {
      const profit::Prospect& p = r->prospects.models[i];
      json["models"].push_back({{"name", r->ranked.names[i]},
                                {"expected_rap", p.expected_rap},
                                {"probability_best", p.probability_best},
                                {"expected_regret", p.expected_regret}});
    }
  }
  std::printf("%s\n", json.dump(2).c_str());
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const RecordedSessions sessions, read_sessions(options.sessions));
  experiment::OfferMoments offers;
  for (const RecordedSession& session : sessions.rows) {
    if (session.base_offers == session.candidate_offers) continue;
    offers.add(session.shown, session.accepted, session.revenue);
  }
  const auto measured = experiment::measure_economics(offers, options.alpha);
  if (!measured) {
    return base::input_error(
        "the systems differ for too few customers: two are needed whom the offer was hidden from, "
        "two who refused it and two who accepted it");
  }
  std::optional<Repeated> repeated;
  if (!options.study.empty()) {
    if (!measured->q_interval) {
      return base::input_error(
          "the cost of an offer is not told from 0 by these customers, so q has no upper end and "
          "the ranking cannot be repeated: record more of them");
    }
    TRY_ASSIGN(repeated, repeat(options, *measured));
  }
  if (options.json) {
    print_json(*measured, repeated);
    return {};
  }
  print(*measured, options);
  if (repeated) print(*repeated);
  return {};
}

}  // namespace

Run setup_measure(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "Among customers on whom the systems differ, chance decided who was shown the offer: what "
      "the shown spent less\ngives the cost of an offer, what the accepting spent more its "
      "income. Assumed: that those who refuse and those\nwho accept would spend alike if nothing "
      "were shown.");
  command.add_option("sessions", options->sessions, "Recorded sessions (provecho export)")
      ->required();
  command
      .add_option("--study", options->study,
                  "Folder of the study that chose the candidate: repeats its ranking")
      ->type_name("FOLDER");
  command.add_option("--alpha", options->alpha, "Intervals hold with 1 - alpha, two-sided")
      ->check(CLI::Range(1e-9, 0.5))
      ->capture_default_str();
  command.add_option("--unit", options->words.unit, "Written after amounts")->capture_default_str();
  command.add_flag("--json", options->json, "Print JSON");
  return [options] { return run(*options); };
}

}  // namespace cli
