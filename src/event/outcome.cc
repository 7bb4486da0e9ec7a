// SPDX-License-Identifier: Apache-2.0
#include "event/outcome.h"

namespace event {

const char* reason(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kTooLong:
      return "too_long";
    case Outcome::kTooDeep:
      return "too_deep";
    case Outcome::kNotJson:
      return "not_json";
    case Outcome::kNotObject:
      return "not_object";
    case Outcome::kMissingField:
      return "missing_field";
    case Outcome::kWrongType:
      return "wrong_type";
    case Outcome::kOutOfRange:
      return "out_of_range";
    case Outcome::kNotCents:
      return "not_cents";
    case Outcome::kUnknownWord:
      return "unknown_word";
    case Outcome::kNoProducts:
      return "no_products";
  }
  return "unknown";
}

}  // namespace event
