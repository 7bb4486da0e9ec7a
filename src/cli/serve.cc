// SPDX-License-Identifier: Apache-2.0
// The platform alone: its topics, its store, its page. Systems and shops connect from outside.
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/file.h"
#include "cli/model_reload.h"
#include "cli/running_platform.h"
#include "cli/score_rows.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "data/csv.h"
#include "stream/table_directory.h"

namespace cli {
namespace {

struct ServeOptions {
  std::string folder = ".provecho/serve";
  std::string store;
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  TransportOptions transport;
  std::string customers;
  std::string base;
  std::string study;
  bool open = false;
  bool open_metrics = false;
  bool private_webhooks = false;
  std::string tls_certificate;
  std::string tls_key;
  double rate = 1000;
};

base::Result<void> run(const ServeOptions& options) {
  const auto hangups = count_hangups();
  const std::stop_token stop = stop_on_signal();
  RunningPlatformOptions house{.folder = options.folder,
                               .store = options.store,
                               .host = options.host,
                               .port = options.port,
                               .open = options.open,
                               .open_metrics = options.open_metrics,
                               .private_webhooks = options.private_webhooks,
                               .tls_certificate = options.tls_certificate,
                               .tls_key = options.tls_key,
                               .requests_per_second = options.rate,
                               .transport = options.transport};
  std::unique_ptr<stream::CustomerDirectory> customers;
  if (!options.customers.empty()) {
    TRY_ASSIGN(const data::Table table, data::read_csv(options.customers));
    TRY_ASSIGN(customers, stream::make_table_directory(table));
    house.customers = customers.get();
  }
  std::optional<ModelFile> base;
  if (!options.base.empty()) {
    TRY_ASSIGN(base, load_model(options.base));
    house.base = &base->document;
    house.base_digest = base->digest;
  }
  if (!options.study.empty()) {
    TRY_ASSIGN(house.study, base::read_file(options.study + "/report.html"));
  }
  TRY_ASSIGN(const std::unique_ptr<RunningPlatform> platform, RunningPlatform::start(house));
  std::printf("Topics:      %s\n", platform->transport().describe().c_str());
  std::printf("Addresses:   %s\n", platform->transport().bootstrap().c_str());
  std::printf("Store:       %s\n", platform->store().c_str());
  std::printf("Enrichment:  %s\n",
              customers == nullptr ? "none here (--customers)" : options.customers.c_str());
  std::printf("Base system: %s\n",
              house.base == nullptr ? "none here (--base)" : options.base.c_str());
  std::printf("Page:        %s\nCtrl-C ends it.\n", platform->page().c_str());
  std::fflush(stdout);
  std::unique_ptr<ModelReload> watch;
  if (base && options.base != "-") {
    watch = std::make_unique<ModelReload>(options.base, "the base system", Reload::kNever, hangups);
  }
  while (!stop.stop_requested()) {
    TRY(platform->health());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::printf("Stopping: what is under way is stored first.\n");
  return platform->stop();
}

}  // namespace

Run setup_serve(CLI::App& command) {
  auto options = std::make_shared<ServeOptions>();
  ServeOptions& o = *options;
  command.footer(
      "Then open the page and configure an experiment; its token lets `provecho decide`, or any "
      "program that writes\n"
      "topic_student_prediction, take part. `provecho shop run` sends simulated customers.");
  command.add_option("--folder", o.folder, "Where the store is kept")->capture_default_str();
  command
      .add_option("--store", o.store,
                  "Keeps the store on a PostgreSQL server instead; its password comes from "
                  "PGPASSWORD or ~/.pgpass")
      ->type_name("postgresql://USER@HOST/DATABASE");
  command
      .add_option(
          "--host", o.host,
          "Address of the page; anything but loopback needs users (`provecho user add`), and "
          "should have TLS")
      ->capture_default_str();
  command.add_option("--port", o.port, "Port of the page; 0 takes any free one")
      ->capture_default_str();
  command
      .add_option("--customers", o.customers,
                  "What is known of the customers (uuid, age, man, woman, purchase flags): runs "
                  "both enrichment pipelines")
      ->type_name("FILE.csv");
  command
      .add_option("--base", o.base,
                  "The base system's model: runs it here. It is read once: an experiment's "
                  "systems stay what they are")
      ->type_name("FILE.pmml");
  command
      .add_option("--study", o.study,
                  "Folder of the study that chose the candidate: its report stands beside the page")
      ->type_name("FOLDER");
  CLI::Option* certificate =
      command.add_option("--tls-certificate", o.tls_certificate, "Serves https: the certificate")
          ->type_name("FILE.pem");
  CLI::Option* key = command.add_option("--tls-key", o.tls_key, "Its key")->type_name("FILE.pem");
  certificate->needs(key);
  key->needs(certificate);
  command.add_flag(
      "--open", o.open,
      "Serves other machines although there are no users: everybody may do everything");
  command.add_flag("--open-metrics", o.open_metrics, "/metrics asks for no token");
  command.add_flag("--private-webhooks", o.private_webhooks,
                   "Webhooks may lead to this machine and into private networks");
  command
      .add_option("--rate", o.rate,
                  "Requests a second of one user or address, five times as many at once; 0: any")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_platform_options(command, o.transport);
  return [options] { return run(*options); };
}

}  // namespace cli
