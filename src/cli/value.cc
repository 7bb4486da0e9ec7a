// SPDX-License-Identifier: Apache-2.0
// provecho value: what a model that was never run would have brought, from the records of an
// experiment between two others.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/sessions.h"
#include "cli/subcommand.h"
#include "data/csv.h"
#include "experiment/money_words.h"
#include "experiment/off_policy.h"
#include "learn/evaluate.h"
#include "pmml/read/read.h"

namespace cli {
namespace {

struct Options {
  std::string sessions, model, customers, key = "uuid";
  double alpha = 0.05;
  experiment::MoneyWords words;
  bool json = false;
};

using Decisions = std::unordered_map<std::int64_t, bool>;

// What the model would have done with each customer.
base::Result<Decisions> decide(const Options& options) {
  TRY_ASSIGN(const std::string text, base::read_file(options.model));
  const auto document = pmml::read(text);
  if (!document)
    return base::Error{document.error().kind, options.model + ": " + document.error().message};
  const auto positive = learn::offered_value(*document);
  if (!positive) {
    return base::input_error(options.model +
                             " has no output 'offer' that says which value it is about: train or "
                             "study writes one");
  }
  TRY_ASSIGN(const data::Table table, data::read_csv(options.customers));
  TRY_ASSIGN(const std::size_t at, table.index_of(options.key));
  TRY_ASSIGN(const learn::Scores scores, learn::score(*document, table, *positive));
  Decisions decisions;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string id = table.columns()[at].text(row);
    const auto customer = base::parse_int(id);
    if (!customer) {
      return base::input_error("column '" + options.key + "' holds '" + id + "' in row " +
                               std::to_string(row + 1) + ": expected a whole number");
    }
    if (!decisions.emplace(*customer, scores.offers[row] != 0).second)
      return base::input_error("customer " + id + " stands twice in " + options.customers);
  }
  return decisions;
}

std::string count(std::int64_t n) { return base::format_count(n); }

std::string share(std::int64_t part, std::int64_t all) {
  return experiment::percent(all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all),
                             1);
}

void print(const experiment::PolicyRecords& records, std::int64_t unknown, const Options& options) {
  const std::int64_t all = records.customers();
  std::printf("%s customers; the model decides as base for %s of them,\n", count(all).c_str(),
              share(records.as_base(), all).c_str());
  std::printf("as the candidate against base for %s: the estimate rests on these;\n",
              share(records.as_candidate(), all).c_str());
  std::printf("against both for %s: nobody was ever treated so\n",
              share(records.unsupported(), all).c_str());
  if (unknown > 0)
    std::printf("%s customers are not in %s and are left out\n", count(unknown).c_str(),
                options.customers.c_str());
  std::printf("overlap       %s of those whom it treats otherwise than base\n",
              experiment::percent(records.overlap(), 1).c_str());
  const auto gain = records.gain();
  if (!gain) {
    std::printf("gain          not known: too few customers with support\n");
    return;
  }
  std::printf("gain over base, where it has support: %s per customer, between %s and %s (%s)\n",
              experiment::signed_amount(gain->effect, options.words).c_str(),
              experiment::signed_amount(gain->lower(options.alpha), options.words).c_str(),
              experiment::signed_amount(gain->upper(options.alpha), options.words).c_str(),
              experiment::percent(1 - 2 * options.alpha).c_str());
  if (records.unsupported() > 0) {
    std::printf(
        "note: what it would do to the other %s is not in it; a dry run or a new experiment "
        "tells\n",
        share(records.unsupported(), all).c_str());
  }
}

void print_json(const experiment::PolicyRecords& records, std::int64_t unknown,
                const Options& options) {
  nlohmann::ordered_json json = {{"customers", records.customers()},
                                 {"as_base", records.as_base()},
                                 {"as_candidate", records.as_candidate()},
                                 {"unsupported", records.unsupported()},
                                 {"unknown", unknown},
                                 {"overlap", records.overlap()},
                                 {"gain", nullptr}};
  if (const auto gain = records.gain()) {
    json["gain"] = {{"estimate", gain->effect},
                    {"standard_error", gain->standard_error},
                    {"at_least", gain->lower(options.alpha)},
                    {"at_most", gain->upper(options.alpha)}};
  }
  std::printf("%s\n", json.dump(2).c_str());
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const RecordedSessions sessions, read_sessions(options.sessions));
  TRY_ASSIGN(const Decisions decisions, decide(options));
  experiment::PolicyRecords records;
  std::int64_t unknown = 0;
  for (const RecordedSession& session : sessions.rows) {
    const auto found = decisions.find(session.customer);
    if (found == decisions.end()) {
      ++unknown;
      continue;
    }
    records.add(session.arm, session.base_offers, session.candidate_offers, found->second,
                session.revenue);
  }
  if (records.customers() == 0) {
    return base::input_error("none of the recorded customers is in " + options.customers +
                             " (column '" + options.key + "')");
  }
  if (options.json)
    print_json(records, unknown, options);
  else
    print(records, unknown, options);
  return {};
}

}  // namespace

Run setup_value(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "Where the model decides as base it changes nothing; where it decides as the candidate did, "
      "chance has tried both;\nwhere it differs from both nothing is known. Example:\n  provecho "
      "value sessions.csv --model next.pmml --customers customers.csv");
  command.add_option("sessions", options->sessions, "Recorded sessions (provecho export)")
      ->required();
  command.add_option("--model", options->model, "The model that was never run")
      ->required()
      ->type_name("FILE.pmml");
  command
      .add_option("--customers", options->customers,
                  "What was known of the customers when they were decided on")
      ->required()
      ->type_name("FILE.csv");
  command.add_option("--key", options->key, "Its column with the customer's id")
      ->capture_default_str();
  command.add_option("--alpha", options->alpha, "Level of each one-sided bound")
      ->check(CLI::Range(1e-9, 0.49))
      ->capture_default_str();
  command.add_option("--unit", options->words.unit, "Written after amounts")->capture_default_str();
  command.add_flag("--json", options->json, "Print JSON");
  return [options] { return run(*options); };
}

}  // namespace cli
