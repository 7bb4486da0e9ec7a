// SPDX-License-Identifier: Apache-2.0
// provecho shop: the simulated shop's files, its truth, and its traffic over Kafka.
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/number.h"
#include "cli/kafka_storefront.h"
#include "cli/shop_money.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/transport.h"
#include "shop/simulator.h"
#include "shop/training_data.h"

namespace cli {
namespace {

struct FileOptions {
  shop::TableOptions table;
  std::string path;
};

void add_file_options(CLI::App& command, FileOptions& o, const char* default_path) {
  o.path = default_path;
  command.add_option("-n,--rows", o.table.rows, "Customers")->capture_default_str();
  command.add_option("--seed", o.table.seed, "Seed of the shop's customers")->capture_default_str();
  command
      .add_option("--first-row", o.table.first_row,
                  "Skip this many customers: another part of the same shop")
      ->capture_default_str();
  command.add_option("-o,--output", o.path, "File to write; - for standard output")
      ->capture_default_str();
}

base::Result<void> wrote(const FileOptions& o) {
  if (o.path != "-")
    std::printf("%s: %s customers\n", o.path.c_str(), base::format_count(o.table.rows).c_str());
  return {};
}

base::Result<void> run_training_data(const FileOptions& o) {
  TRY(shop::write_training_csv(o.path, o.table, progress_line("writing " + o.path)));
  return wrote(o);
}

base::Result<void> run_customers(const FileOptions& o) {
  TRY(shop::write_customers_csv(o.path, o.table, progress_line("writing " + o.path)));
  return wrote(o);
}

base::Result<void> run_truth(const ShopMoneyOptions& o) {
  TRY_ASSIGN(const ShopTruth truth, shop_truth(o));
  std::fputs(format_shop_truth(truth).c_str(), stdout);
  return {};
}

struct TrafficOptions {
  TransportOptions transport;
  KafkaStorefrontOptions storefront;
  ShopMoneyOptions money;
  shop::SimulatorOptions simulator;
  double resend_seconds = 10;
  std::int64_t first_session = 0;
};

void add_traffic_options(CLI::App& command, TrafficOptions& o) {
  add_client_options(command, o.transport);
  o.simulator.stop_after_unsampled = 1000;
  command
      .add_option("-n,--sessions", o.simulator.sessions,
                  "Sessions to open; 0: until the experiment takes no more")
      ->capture_default_str();
  command.add_option("--open", o.simulator.open_limit, "Sessions open at a time")
      ->capture_default_str();
  command
      .add_option("--rate", o.simulator.sessions_per_second,
                  "Sessions a second; 0: as fast as they close")
      ->capture_default_str();
  command
      .add_option("--returning", o.simulator.returning_share,
                  "Share of sessions by customers who came before")
      ->capture_default_str();
  command
      .add_option("--stop-after-unsampled", o.simulator.stop_after_unsampled,
                  "Answers 'unsampled' in a row that mean the end; 0: never")
      ->capture_default_str();
  command
      .add_option("--resend-after", o.resend_seconds,
                  "Seconds without a decision until a session is announced again")
      ->check(CLI::Range(0.001, 86'400.0))
      ->capture_default_str();
  command
      .add_option("--first-session", o.first_session,
                  "Number of the first session [where the topics end]")
      ->check(CLI::Range(std::int64_t{1}, shop::kCustomersPerRange));
  command.add_option("--topic-session", o.storefront.session_topic, "Topic of sessions")
      ->capture_default_str();
  command
      .add_option("--topic-decision", o.storefront.decision_topic, "Topic of executed decisions")
      ->capture_default_str();
  command.add_option("--topic-revenue", o.storefront.revenue_topic, "Topic of revenue")
      ->capture_default_str();
  add_shop_money_options(command, o.money);
}

void print_traffic(const shop::Traffic& t) {
  std::printf(
      "%s sessions opened, %s announced again, %s closed with their revenue, %s not sampled, %s "
      "left open\n",
      base::format_count(t.opened).c_str(), base::format_count(t.reopened).c_str(),
      base::format_count(t.closed).c_str(), base::format_count(t.unsampled).c_str(),
      base::format_count(t.open).c_str());
}

base::Result<void> run_traffic(TrafficOptions o) {
  const std::stop_token stop = stop_on_signal();
  o.simulator.seed = o.money.seed;
  o.simulator.resend_after =
      std::chrono::round<base::Duration>(std::chrono::duration<double>(o.resend_seconds));
  TRY(shop::validate(o.simulator));
  TRY_ASSIGN(const ShopTruth truth, shop_truth(o.money));
  TRY_ASSIGN(const auto transport, open_transport(o.transport, ""));
  if (o.first_session > 0) {
    o.simulator.first_session = o.first_session;
  } else {
    TRY_ASSIGN(UnfinishedBusiness business,
               read_unfinished_business(*transport, o.storefront, stop));
    o.simulator.first_session = business.first_session;
    o.simulator.reopen = std::move(business.reopen);
  }
  TRY(shop::validate(o.simulator));
  TRY_ASSIGN(const auto storefront, KafkaStorefront::connect(*transport, o.storefront));
  std::printf(
      "%s true gain over the base is %s $ per customer; sessions from %lld on %s, seed %llu\n",
      o.money.model.empty() ? "the ideal candidate's" : "the candidate's",
      base::format_fixed(shop::gain(truth.money, truth.base, truth.candidate), 4).c_str(),
      static_cast<long long>(o.simulator.first_session), transport->describe().c_str(),
      static_cast<unsigned long long>(o.simulator.seed));
  const base::SystemClock clock;
  const base::Progress progress = progress_line("sessions");
  TRY_ASSIGN(const shop::Traffic traffic,
             shop::Simulator(o.simulator, truth.money, *storefront, clock)
                 .run(stop, {}, [&](const shop::Traffic& t) {
                   if (progress) progress(t.closed + t.unsampled, o.simulator.sessions);
                 }));
  print_traffic(traffic);
  return {};
}

}  // namespace

Run setup_shop(CLI::App& command) {
  command.require_subcommand(1);
  const auto chosen = std::make_shared<Run>();  // Shared by the callbacks below and the answer.

  const auto training = std::make_shared<FileOptions>();
  CLI::App* sub =
      command.add_subcommand("training-data", "Write past customers and what they bought, as CSV");
  add_file_options(*sub, *training, "train.csv");
  sub->callback([=] { *chosen = [=] { return run_training_data(*training); }; });

  const auto customers = std::make_shared<FileOptions>();
  customers->table.rows = 20'000;
  sub = command.add_subcommand(
      "customers", "Write live customers and what is known of them, as CSV, for provecho enrich");
  add_file_options(*sub, *customers, "customers.csv");
  sub->callback([=] { *chosen = [=] { return run_customers(*customers); }; });

  const auto money = std::make_shared<ShopMoneyOptions>();
  sub = command.add_subcommand("truth", "Print what systems are truly worth in this shop");
  add_shop_money_options(*sub, *money);
  sub->callback([=] { *chosen = [=] { return run_truth(*money); }; });

  const auto traffic = std::make_shared<TrafficOptions>();
  sub = command.add_subcommand(
      "run", "Send simulated sessions over Kafka until the experiment takes no more");
  add_traffic_options(*sub, *traffic);
  sub->callback([=] { *chosen = [=] { return run_traffic(*traffic); }; });

  return [chosen] { return (*chosen)(); };
}

}  // namespace cli
