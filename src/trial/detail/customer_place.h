// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <charconv>
#include <cstdint>
#include <string_view>

#include "event/message.h"
#include "experiment/traffic.h"

namespace trial::detail {

// Where the experiments' slots find the customer: by the decimal text of its id.
inline std::uint64_t place_of(event::CustomerId customer) {
  char text[24];
  const char* const end = std::to_chars(text, text + sizeof text, customer.value()).ptr;
  return experiment::layer_draw(std::string_view(text, static_cast<std::size_t>(end - text)));
}

}  // namespace trial::detail
