// SPDX-License-Identifier: Apache-2.0
// A value or an Error, shaped like std::expected so that it can be replaced by it one day. No
// exception crosses a room.
//
//   base::Result<int> parse(std::string_view text);
//   TRY_ASSIGN(const int rows, parse(text));   // returns the error to the caller
//   TRY(validate(options));                    // the same where there is no value
#pragma once
#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace base {

template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function returns a value or an Error as it is.
  // NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return CHECK(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return CHECK(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return CHECK(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& {
    return CHECK(!has_value()), *std::get_if<1>(&state_);
  }
  Error&& error() && { return CHECK(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const { CHECK(has_value()); }
  [[nodiscard]] const Error& error() const& { return CHECK(!has_value()), *error_; }
  Error&& error() && { return CHECK(!has_value()), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace base

#define PROVECHO_CONCAT_INNER(a, b) a##b
#define PROVECHO_CONCAT(a, b) PROVECHO_CONCAT_INNER(a, b)

#define TRY(expression)                                                \
  do {                                                                 \
    auto try_result = (expression);                                    \
    if (!try_result.has_value()) return std::move(try_result).error(); \
  } while (false)

// A declaration cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses)
#define TRY_ASSIGN_INNER(declaration, expression, result)    \
  auto result = (expression);                                \
  if (!result.has_value()) return std::move(result).error(); \
  declaration = std::move(result).value()
// NOLINTEND(bugprone-macro-parentheses)

#define TRY_ASSIGN(declaration, expression) \
  TRY_ASSIGN_INNER(declaration, expression, PROVECHO_CONCAT(try_result_, __LINE__))
