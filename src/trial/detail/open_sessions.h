// SPDX-License-Identifier: Apache-2.0
// The sessions that are not yet closed and stored, or still wait for another system's word: by
// id, by customer in the order of opening, and by age.
#pragma once
#include <cstdint>
#include <deque>
#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "trial/session_row.h"

namespace trial::detail {

struct OpenSession {
  SessionRow row;
  bool dirty = false;                       // Listed in dirty().
  bool given_up = false;                    // Its missing words are not waited for any longer.
  OpenSession* next_of_customer = nullptr;  // Opened later by the same customer.
};

// Pointers stay valid until the session is removed. Memory of removed sessions is used again.
class OpenSessions {
 public:
  // `systems` decide on each session, base and its candidates.
  explicit OpenSessions(std::size_t systems) : systems_(systems) {}
  OpenSession& add(const SessionRow& row);  // The id must be new.
  [[nodiscard]] OpenSession* find(event::SessionId session);
  [[nodiscard]] OpenSession* oldest_of(event::CustomerId customer);

  // Remembers that the store does not know the row as it is now.
  void touch(OpenSession& session);
  [[nodiscard]] const std::vector<OpenSession*>& dirty() const { return dirty_; }
  // After they are stored: forgets those that wait for nothing, the others are clean.
  void stored();

  // A session was closed, or a closed one heard a word: tells whether it waits for a word still.
  void note_close(const OpenSession& session);
  void note_word_after_close(const OpenSession& session);
  // Closed sessions that wait for a word.
  [[nodiscard]] std::int64_t awaiting() const { return awaiting_; }
  // No word is waited for in sessions opened before.
  void give_up_words(base::Timestamp opened_before);

  [[nodiscard]] std::size_t size() const { return by_id_.size(); }
  // In the order of opening.
  [[nodiscard]] std::vector<const OpenSession*> all() const;

  // The oldest session that still waits: for a word, for its decision, or for its end. Null:
  // none.
  OpenSession* oldest_unheard();
  OpenSession* oldest_undecided();
  OpenSession* oldest_unclosed();

 private:
  [[nodiscard]] bool waits_for_word(const OpenSession& session) const;
  [[nodiscard]] bool waits(const OpenSession& session) const;
  void remove(OpenSession& session);
  std::size_t systems_;
  std::pmr::unsynchronized_pool_resource pool_;
  std::pmr::unordered_map<std::int64_t, OpenSession> by_id_{&pool_};
  std::pmr::unordered_map<std::int64_t, OpenSession*> by_customer_{&pool_};
  std::vector<OpenSession*> dirty_;
  // Session ids in the order of opening; those that wait no longer are dropped when they reach the
  // front.
  std::deque<std::int64_t> unheard_;
  std::deque<std::int64_t> undecided_;
  std::deque<std::int64_t> unclosed_;
  std::int64_t awaiting_ = 0;
};

}  // namespace trial::detail
