// SPDX-License-Identifier: Apache-2.0
#include "event/write.h"

#include <charconv>

#include "event/detail/quote.h"

namespace event {
namespace {

void put(std::int64_t value, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void put(bool value, std::string& out) { out += value ? '1' : '0'; }

void put_cents(base::Cents amount, std::string& out) {
  const std::int64_t value = amount.value();
  const std::uint64_t magnitude = value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                                            : static_cast<std::uint64_t>(value);
  if (value < 0) out += '-';
  put(static_cast<std::int64_t>(magnitude / 100), out);
  out += '.';
  out += static_cast<char>('0' + magnitude % 100 / 10);
  out += static_cast<char>('0' + magnitude % 10);
}

void begin(CustomerId customer, std::string& out) {
  out += R"({"uuid": )";
  put(customer.value(), out);
}

void begin(CustomerId customer, SessionId session, std::string& out) {
  begin(customer, out);
  out += R"(, "session": )";
  put(session.value(), out);
}

}  // namespace

void write(const Session& session, std::string& out) {
  begin(session.customer, session.session, out);
  if (session.before) {
    out += R"(, "before": )";
    put_cents(*session.before, out);
  }
  if (!session.segment.none()) {
    out += R"(, "segment": )";
    detail::quote(session.segment.text(), out);
  }
  out += '}';
}

void write(const Demographics& demographics, std::string& out) {
  begin(demographics.customer, out);
  out += R"(, "age": )";
  put(std::int64_t{demographics.age}, out);
  out += R"(, "man": )";
  put(demographics.man, out);
  out += R"(, "woman": )";
  put(demographics.woman, out);
  out += '}';
}

void write(const Prediction& prediction, std::string& out) {
  begin(prediction.customer, out);
  out += R"(, "value": )";
  put(prediction.show, out);
  out += R"(, "token": )";
  detail::quote(prediction.token, out);
  out += '}';
}

void write(const Decision& decision, std::string& out) {
  begin(decision.customer, decision.session, out);
  out += R"(, "value": )";
  put(decision.show, out);
  out += R"(, "system": ")";
  out += name(decision.system);
  out += R"(", "reason": ")";
  out += name(decision.reason);
  out += R"("})";
}

void write(const Revenue& revenue, std::string& out) {
  begin(revenue.customer, revenue.session, out);
  out += R"(, "revenue": )";
  put_cents(revenue.revenue, out);
  out += R"(, "accepted": )";
  put(revenue.accepted, out);
  out += '}';
}

void write(const History& history, const ProductIndex& index, std::string& out) {
  begin(history.customer, out);
  out += R"(, "products": {)";
  bool first = true;
  for (std::size_t slot = 0; slot < index.size(); ++slot) {
    if (!history.known(slot)) continue;
    if (!first) out += ", ";
    first = false;
    out += index.json_key(slot);
    put(history.bought(slot), out);
  }
  out += "}}";
}

void write_key(CustomerId customer, std::string& out) { put(customer.value(), out); }

}  // namespace event
