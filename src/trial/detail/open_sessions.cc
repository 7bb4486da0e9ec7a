// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/open_sessions.h"

#include <algorithm>

#include "base/check.h"

namespace trial::detail {

bool OpenSessions::waits_for_word(const OpenSession& session) const {
  return !session.given_up && !session.row.heard(systems_);
}

bool OpenSessions::waits(const OpenSession& session) const {
  return session.row.closing == Closing::kOpen || waits_for_word(session);
}

OpenSession& OpenSessions::add(const SessionRow& row) {
  const auto [place, is_new] = by_id_.emplace(row.session.value(), OpenSession{row});
  CHECK(is_new);
  OpenSession& session = place->second;
  OpenSession** link = &by_customer_[row.customer.value()];
  while (*link != nullptr) link = &(*link)->next_of_customer;
  *link = &session;
  if (!row.heard(systems_)) unheard_.push_back(row.session.value());
  if (row.closing != Closing::kOpen) note_close(session);
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
    if (!waits(*session)) remove(*session);
  }
  dirty_.clear();
}

void OpenSessions::note_close(const OpenSession& session) {
  if (waits_for_word(session)) ++awaiting_;
}

void OpenSessions::note_word_after_close(const OpenSession& session) {
  if (session.row.heard(systems_)) --awaiting_;
}

void OpenSessions::give_up_words(base::Timestamp opened_before) {
  for (OpenSession* session;
       (session = oldest_unheard()) != nullptr && session->row.opened_at < opened_before;) {
    unheard_.pop_front();
    session->given_up = true;
    if (session->row.closing == Closing::kOpen) continue;
    --awaiting_;
    if (!session->dirty) remove(*session);
  }
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
    return std::pair(a->row.opened_at, a->row.session) <
           std::pair(b->row.opened_at, b->row.session);
  });
  return sessions;
}

OpenSession* OpenSessions::oldest_unheard() {
  for (; !unheard_.empty(); unheard_.pop_front()) {
    OpenSession* session = find(event::SessionId(unheard_.front()));
    if (session != nullptr && waits_for_word(*session)) return session;
  }
  return nullptr;
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
