// SPDX-License-Identifier: Apache-2.0
// A refusal a person and a program can act on: application/problem+json (RFC 9457) with one entry
// for each reason.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace http {

// A value that would make the request acceptable, and the words for a button that fills it in.
struct Repair {
  std::string field;  // "customers"
  double value = 0;   // 5679
  std::string label;  // "5,679 customers per arm"
};

struct Reason {
  std::string code;       // "underpowered": stable, for programs.
  std::string field;      // The field of the request that is at fault; empty where it is the whole.
  std::string detail;     // One sentence for a person.
  std::string have = {};  // What the request holds, as text; may be empty.
  std::string need = {};  // What would be right, as text; may be empty.
  std::vector<Repair> repair = {};
};

struct Problem {
  int status = 400;
  std::string code;    // The last part of "type": "/problems/<code>".
  std::string title;   // Short and the same for all problems of the code.
  std::string detail;  // This one.
  std::vector<Reason> reasons = {};
  std::string members = {};  // Further members, as the text of a JSON object; may be empty.
};

// The problem as an answer, with its media type.
Response problem_response(const Problem& problem);

// kInput becomes 400, kSystem 503; the message is the detail.
Response problem_response(const base::Error& error);

}  // namespace http
