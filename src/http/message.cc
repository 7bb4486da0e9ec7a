// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <atomic>

#include "http/problem.h"

namespace http {

struct Reply::Once {
  explicit Once(Sink to) : sink(std::move(to)) {}
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  ~Once() {
    answer(problem_response(Problem{
        .status = 500,
        .code = "unanswered",
        .title = "The request was not answered",
        .detail =
            "the server gave the request up; it is safe to look at the state and ask again"}));
  }

  void answer(Response response) {
    if (!answered.exchange(true)) sink(std::move(response));
  }

  Sink sink;
  std::atomic<bool> answered = false;
};

Reply::Reply(Sink sink) : once_(std::make_shared<Once>(std::move(sink))) {}

void Reply::operator()(Response response) const { once_->answer(std::move(response)); }

}  // namespace http
