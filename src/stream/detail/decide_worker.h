// SPDX-License-Identifier: Apache-2.0
// One consumer of the decision pipeline, on one thread, with the joins of the partitions it is
// assigned.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "event/read.h"
#include "stream/decide.h"
#include "stream/join.h"

namespace stream::detail {

class DecideWorker {
 public:
  DecideWorker(kafka::Transport& transport, const LiveOffer& model, const DecideOptions& options,
               const base::Clock& clock, Meter& meter, std::size_t worker);
  base::Result<void> run(std::stop_token stop);

 private:
  // What is kept of one partition number of both topics.
  struct Partition {
    explicit Partition(JoinTable fresh) : join(std::move(fresh)) {}
    JoinTable join;
    std::array<std::int64_t, 2> next{
        -1, -1};  // The next offset to read of each side; -1: nothing read yet.
    std::array<std::int64_t, 2> committed{-1, -1};
    std::array<bool, 2> paused{};
    bool assigned = true;
  };

  base::Result<void> open();
  void take_up_model();
  base::Result<void> assigned(kafka::Consumer& consumer,
                              std::span<const kafka::TopicOffset> partitions);
  void revoked(bool lost);
  base::Result<void> take(const kafka::Record& record, Partition& partition, base::Timestamp now);
  base::Result<void> decide(const Pair& pair, const kafka::Record& record);
  base::Result<void> reject(const kafka::Record& record, const char* reason);
  base::Result<void> tend(base::Timestamp now);
  base::Result<void> balance(std::int32_t number, Partition& partition);
  base::Result<void> deliver_and_commit();
  Partition* find(std::int32_t number);
  [[nodiscard]] const std::string& topic(std::size_t side) const;
  void count(event::Outcome outcome, const event::Oddities& oddities);
  void publish();

  kafka::Transport& transport_;
  const DecideOptions& options_;
  const base::Clock& clock_;
  Meter& meter_;
  const std::size_t worker_;
  const std::size_t product_words_;
  event::Reader demographic_reader_;
  event::HistoryReader history_reader_;
  event::Demographics demographics_;
  event::History history_;
  pmml::Live<ServingOffer>::Reader serving_;
  OfferDecider decider_;  // Of what serves.
  std::string key_;
  std::string message_;
  std::map<std::int32_t, Partition> partitions_;
  std::int64_t transient_errors_ = 0;
  std::optional<base::Error> revoke_error_;
  Counters counters_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;  // Ends first: its callbacks use what stands above.
};

}  // namespace stream::detail
