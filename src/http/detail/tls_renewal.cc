// SPDX-License-Identifier: Apache-2.0
#include "http/detail/tls_renewal.h"

#include <sys/stat.h>

#include <utility>

namespace http {

TlsRenewal::TlsRenewal(std::string certificate, std::string key)
    : certificate_(std::move(certificate)), key_(std::move(key)), used_(stamps()), seen_(used_) {}

// By a link to what it leads to: a renewal often only turns the link.
TlsRenewal::Stamp TlsRenewal::stamp(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {.there = true,
          .file = found.st_ino,
          .size = found.st_size,
          .seconds = found.st_mtim.tv_sec,
          .nanoseconds = found.st_mtim.tv_nsec};
}

base::Result<std::unique_ptr<Tls>> TlsRenewal::look() {
  const Stamps now = stamps();
  const bool settled = now == std::exchange(seen_, now);
  if (now == used_ || !settled) return std::unique_ptr<Tls>();
  auto renewed = load_tls(certificate_, key_);
  if (renewed) {
    used_ = now;
    fault_.clear();
    return renewed;
  }
  const bool said = renewed.error().message == fault_ && now == faulty_;
  if (said) return std::unique_ptr<Tls>();
  fault_ = renewed.error().message;
  faulty_ = now;
  return renewed;
}

}  // namespace http
