// SPDX-License-Identifier: Apache-2.0
#include "http/detail/json_words.h"

#include <chrono>
#include <cstdio>

namespace http {

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response json_response(const Json& json, int status) {
  return {.status = status, .content_type = "application/json", .body = dump(json)};
}

std::string utc(base::Timestamp time) {
  if (time.micros() == 0) return {};
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds(time.millis())};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock(at - day);
  char text[40];
  std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace http
