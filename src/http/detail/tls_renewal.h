// SPDX-License-Identifier: Apache-2.0
// A certificate that is renewed while the server runs.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/detail/tls.h"

namespace http {

// Looks at the two files of the pair in use. To be made before that pair is loaded, so that no
// change slips in between. Of one thread.
class TlsRenewal {
 public:
  TlsRenewal(std::string certificate, std::string key);

  // The renewed pair, once the files have changed, have stayed the same for two looks (whoever
  // writes them writes one after the other) and load_tls takes them; null where there is nothing
  // new. A pair that it does not take is tried again at each look; the error comes once, until it
  // is another one or the files have changed again.
  base::Result<std::unique_ptr<Tls>> look();

 private:
  struct Stamp {
    bool there = false;
    ino_t file = 0;
    off_t size = 0;
    std::int64_t seconds = 0;  // Of its last change.
    std::int64_t nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  using Stamps = std::array<Stamp, 2>;
  static Stamp stamp(const std::string& path);
  [[nodiscard]] Stamps stamps() const { return {stamp(certificate_), stamp(key_)}; }

  const std::string certificate_;
  const std::string key_;
  Stamps used_;
  Stamps seen_;
  std::string fault_;
  Stamps faulty_;  // The files that it was about.
};

}  // namespace http
