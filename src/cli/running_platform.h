// SPDX-License-Identifier: Apache-2.0
// The whole platform in one process: brokers, store, the platform's loop, the two enrichment
// pipelines, the base system, the page. `serve` is this and nothing else; `demo` adds a candidate
// and a shop.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/transport.h"
#include "pmml/document/document.h"
#include "stream/directory.h"
#include "trial/desk.h"

namespace cli {

struct RunningPlatformOptions {
  std::string folder;              // Store, and the topics of a Kafka of ours; made if absent.
  std::string store;               // "postgresql://…": the store is there; empty: in the folder.
  std::string host = "127.0.0.1";  // Of the page.
  std::uint16_t port = 8080;       // 0: any free one.
  bool any_port_if_taken = false;
  bool open = false;              // Serves other machines although there are no users.
  bool open_metrics = false;      // /metrics without a token.
  bool private_webhooks = false;  // Webhooks may lead into private networks.
  std::string tls_certificate;    // PEM files, both or none.
  std::string tls_key;
  double requests_per_second = 1'000;  // Of one user or address; 0: any.
  TransportOptions transport;
  const stream::CustomerDirectory* customers = nullptr;  // Null: somebody else enriches.
  const pmml::Document* base = nullptr;  // Null: somebody else runs the base system.
  std::string study;                     // The report of a study, for the page; empty: none.
  std::string base_digest;               // SHA-256 of its file; empty: not held against anything.
};

class RunningPlatform {
 public:
  // Takes up what an earlier run in the folder left: a running experiment goes on. Refused where
  // it was started with another base model than this one. The options' pointers outlive it.
  static base::Result<std::unique_ptr<RunningPlatform>> start(
      const RunningPlatformOptions& options);
  virtual ~RunningPlatform() = default;

  virtual trial::Desk& desk() = 0;
  virtual kafka::Transport& transport() = 0;
  virtual const base::Clock& clock() = 0;
  [[nodiscard]] virtual std::string page() const = 0;   // "http://127.0.0.1:8080"
  [[nodiscard]] virtual std::string store() const = 0;  // Where it is, without a password.

  // The first thing that has stopped working by itself. Thread-safe.
  [[nodiscard]] virtual base::Result<void> health() const = 0;

  // Everything drained and committed, in the order of the stream. Idempotent.
  virtual base::Result<void> stop() = 0;
};

}  // namespace cli
