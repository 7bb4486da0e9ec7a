// SPDX-License-Identifier: Apache-2.0
// A value that only mixes with its own kind: ids and amounts of different meaning do not compile
// together.
//   using CustomerId = base::Strong<struct CustomerIdTag, std::int64_t>;
#pragma once
#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace base {

template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const Rep& value() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

}  // namespace base

template <class Tag, class Rep>
struct std::hash<base::Strong<Tag, Rep>> {
  std::size_t operator()(const base::Strong<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value());
  }
};
