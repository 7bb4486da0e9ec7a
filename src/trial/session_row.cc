// SPDX-License-Identifier: Apache-2.0
#include "trial/session_row.h"

namespace trial {

std::string_view name(Closing closing) {
  switch (closing) {
    case Closing::kOpen:
      return "open";
    case Closing::kRevenue:
      return "revenue";
    case Closing::kTimeout:
      return "timeout";
  }
  return "";
}

}  // namespace trial
