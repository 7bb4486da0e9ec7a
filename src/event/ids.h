// SPDX-License-Identifier: Apache-2.0
// Who and which visit: the two ids that travel on every topic.
#pragma once
#include <cstdint>

#include "base/strong.h"

namespace event {

using CustomerId = base::Strong<struct CustomerIdTag,
                                std::int64_t>;  // "uuid" on the wire; the record key, in decimal.
using SessionId = base::Strong<struct SessionIdTag,
                               std::int64_t>;  // The shop's id of one visit, never used twice.

}  // namespace event
