// SPDX-License-Identifier: Apache-2.0
// Messages to text: strict JSON in the layout of docs/ARCHITECTURE.md, appended to the caller's
// buffer, which is reused: nothing allocates once it has grown. What is written reads back equal.
#pragma once
#include <string>

#include "event/history.h"
#include "event/message.h"

namespace event {

void write(const Session& session, std::string& out);
void write(const Demographics& demographics, std::string& out);
void write(const Prediction& prediction, std::string& out);
void write(const Decision& decision, std::string& out);
void write(const Revenue& revenue, std::string& out);

// The known products in slot order; the history has index.size() slots.
void write(const History& history, const ProductIndex& index, std::string& out);

// The record key: the id in decimal.
void write_key(CustomerId customer, std::string& out);

}  // namespace event
