// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/open_sessions.h"

#include <algorithm>

#include "base/check.h"

namespace trial::detail {

OpenSession& OpenSessions::add(const SessionRow& row) {
  const auto [place, is_new] = by_id_.emplace(row.session.value(), OpenSession{row});
  CHECK(is_new);
  OpenSession& session = place->second;
  OpenSession** link = &by_customer_[row.customer.value()];
  while (*link != nullptr) link = &(*link)->next_of_customer;
  *link = &session;
  if (row.executed == Word::kNone) undecided_.push_back(row.session.value());
  unclosed_.push_back(row.session.value());
  return session;
}

OpenSession* OpenSessions::find(event::SessionId session) {
  const auto found = by_id_.find(session.value());
  return found == by_id_.end() ? nullptr : &found->second;
}

OpenSession* OpenSessions::oldest_of(event::CustomerId customer) {
  const auto found = by_customer_.find(customer.value());
  return found == by_customer_.end() ? nullptr : found->second;
}

void OpenSessions::touch(OpenSession& session) {
  if (session.dirty) return;
  session.dirty = true;
  dirty_.push_back(&session);
}

void OpenSessions::stored() {
  for (OpenSession* session : dirty_) {
    session->dirty = false;
    if (session->row.closing != Closing::kOpen) remove(*session);
  }
  dirty_.clear();
}

void OpenSessions::remove(OpenSession& session) {
  const auto customer = by_customer_.find(session.row.customer.value());
  OpenSession** link = &customer->second;
  while (*link != &session) link = &(*link)->next_of_customer;
  *link = session.next_of_customer;
  if (customer->second == nullptr) by_customer_.erase(customer);
  by_id_.erase(session.row.session.value());
}

std::vector<const OpenSession*> OpenSessions::all() const {
  std::vector<const OpenSession*> sessions;
  sessions.reserve(by_id_.size());
  for (const auto& [id, session] : by_id_) sessions.push_back(&session);
  std::sort(sessions.begin(), sessions.end(), [](const OpenSession* a, const OpenSession* b) {
    return std::pair(a->row.opened_at, a->row.session) < std::pair(b->row.opened_at, b->row.session);
  });
  return sessions;
}

OpenSession* OpenSessions::oldest_undecided() {
  for (; !undecided_.empty(); undecided_.pop_front()) {
    OpenSession* session = find(event::SessionId(undecided_.front()));
    if (session != nullptr && session->row.executed == Word::kNone) return session;
  }
  return nullptr;
}

OpenSession* OpenSessions::oldest_unclosed() {
  for (; !unclosed_.empty(); unclosed_.pop_front()) {
    OpenSession* session = find(event::SessionId(unclosed_.front()));
    if (session != nullptr && session->row.closing == Closing::kOpen) return session;
  }
  return nullptr;
}

}  // namespace trial::detail
