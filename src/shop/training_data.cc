// SPDX-License-Identifier: Apache-2.0
#include "shop/training_data.h"

#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/number.h"
#include "shop/law.h"

namespace shop {
namespace {

constexpr std::size_t kFlushAt = 1 << 20;
constexpr std::int64_t kProgressEvery = 4096;

base::Error failed(const std::string& path) {
  return base::system_error("cannot write '" + path + "': " + std::strerror(errno));
}

// A file that takes its name only when it is complete; "-" is standard output.
class Output {
 public:
  static base::Result<Output> open(const std::string& path) {
    Output out;
    out.path_ = path;
    if (path == "-") {
      out.file_ = stdout;
      return out;
    }
    out.partial_ = path + ".partial";
    out.file_ = std::fopen(out.partial_.c_str(), "wb");
    if (out.file_ == nullptr) return failed(path);
    return out;
  }
  Output(Output&& other) noexcept
      : path_(std::move(other.path_)),
        partial_(std::move(other.partial_)),
        file_(std::exchange(other.file_, nullptr)) {}
  Output(const Output&) = delete;
  ~Output() {
    if (file_ == nullptr || file_ == stdout) return;
    std::fclose(file_);
    std::remove(partial_.c_str());
  }

  base::Result<void> write(std::string& buffer) {
    if (std::fwrite(buffer.data(), 1, buffer.size(), file_) != buffer.size()) return failed(path_);
    buffer.clear();
    return {};
  }

  base::Result<void> finish() {
    if (std::fflush(file_) != 0) return failed(path_);
    if (file_ == stdout) return {};
    const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
    if (closed && std::rename(partial_.c_str(), path_.c_str()) == 0) return {};
    base::Error error = failed(path_);
    std::remove(partial_.c_str());
    return error;
  }

 private:
  Output() = default;
  std::string path_;
  std::string partial_;
  std::FILE* file_ = nullptr;
};

void append_int(std::string& out, std::int64_t value) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_row(std::string& out, const Customer& customer, bool with_label) {
  append_int(out, customer.uuid);
  out += ',';
  append_int(out, customer.age);
  out += customer.man ? ",1,0" : ",0,1";
  const std::size_t flags = out.size() + 1;  // The first flag's place.
  for (int j = 0; j < kFlagCount; ++j) out.append(",0", 2);
  for (std::size_t w = 0; w < customer.flags.words.size(); ++w) {
    for (std::uint64_t word = customer.flags.words[w]; word != 0; word &= word - 1) {
      out[flags + 2 * (64 * w + static_cast<std::size_t>(std::countr_zero(word)))] = '1';
    }
  }
  if (with_label) out += customer.would_accept ? ",1" : ",0";
  out += '\n';
}

base::Result<void> write_csv(const std::string& path, const TableOptions& options,
                             std::int64_t first_uuid, bool with_label,
                             const base::Progress& progress) {
  if (options.first_row < 0 || options.first_row >= kCustomersPerRange) {
    return base::input_error("the first row must be from 0 to " +
                             base::format_count(kCustomersPerRange - 1) + ", not " +
                             std::to_string(options.first_row));
  }
  const std::int64_t most = kCustomersPerRange - options.first_row;
  if (options.rows < 1 || options.rows > most) {
    return base::input_error("the number of rows must be from 1 to " + base::format_count(most) +
                             ", not " + std::to_string(options.rows));
  }
  TRY_ASSIGN(Output out, Output::open(path));
  std::string buffer = "uuid,age,man,woman";
  for (int j = 0; j < kFlagCount; ++j) buffer.append(",").append(flag_name(j));
  buffer += with_label ? ",bought\n" : "\n";
  const Population population(options.seed);
  for (std::int64_t row = 0; row < options.rows; ++row) {
    append_row(buffer, population.customer(first_uuid + options.first_row + row), with_label);
    if (buffer.size() >= kFlushAt) TRY(out.write(buffer));
    if (progress && row % kProgressEvery == 0) progress(row, options.rows);
  }
  TRY(out.write(buffer));
  TRY(out.finish());
  if (progress) progress(options.rows, options.rows);
  return {};
}

}  // namespace

base::Result<void> write_training_csv(const std::string& path, const TableOptions& options,
                                      const base::Progress& progress) {
  return write_csv(path, options, kFirstTrainingUuid, true, progress);
}

base::Result<void> write_customers_csv(const std::string& path, const TableOptions& options,
                                       const base::Progress& progress) {
  return write_csv(path, options, kFirstLiveUuid, false, progress);
}

}  // namespace shop
