// SPDX-License-Identifier: Apache-2.0
#include "stream/decide.h"

#include "stream/detail/decide_worker.h"
#include "stream/detail/workers.h"

namespace stream {

base::Result<void> validate(const DecideOptions& options) {
  if (options.tokens.empty()) return base::input_error("a decision needs a token: none was given");
  for (const std::string& token : options.tokens) {
    if (token.empty() || token.size() > event::kMaxTokenLength) {
      return base::input_error("the token has " + std::to_string(token.size()) +
                               " characters: expected 1 to " +
                               std::to_string(event::kMaxTokenLength));
    }
  }
  if (options.demographic_topic.empty() || options.historic_topic.empty() ||
      options.output_topic.empty()) {
    return base::input_error("a topic has no name");
  }
  if (options.demographic_topic == options.historic_topic) {
    return base::input_error("both halves of the join come from topic '" + options.historic_topic +
                             "': name two topics");
  }
  for (const std::string& input : {options.demographic_topic, options.historic_topic}) {
    if (input == options.output_topic || input == options.rejected_topic) {
      return base::input_error("topic '" + input + "' would be read and written");
    }
  }
  if (options.group.empty()) return base::input_error("the group has no name");
  if (options.threads < 1 || options.threads > 256)
    return base::input_error("threads must be 1 to 256");
  if (options.membership == kafka::Membership::kAlone && options.threads != 1) {
    return base::input_error(
        "a reader outside a group reads everything: it needs exactly one thread");
  }
  if (options.window < std::chrono::milliseconds(1) || options.window > std::chrono::hours(24)) {
    return base::input_error("the window must last 1 ms to 24 hours");
  }
  if (options.max_pending < 1'000)
    return base::input_error("at least 1000 halves must be allowed to wait");
  return {};
}

base::Result<void> run_decide(kafka::Transport& transport, const LiveOffer& model,
                              const DecideOptions& options, const base::Clock& clock, Meter& meter,
                              std::stop_token stop) {
  TRY(validate(options));
  const auto workers = static_cast<std::size_t>(options.threads);
  meter.start(workers);
  return detail::run_workers(
      workers, stop, [&](std::size_t worker, std::stop_token worker_stop) -> base::Result<void> {
        return detail::DecideWorker(transport, model, options, clock, meter, worker)
            .run(worker_stop);
      });
}

}  // namespace stream
