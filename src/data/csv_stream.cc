// SPDX-License-Identifier: Apache-2.0
#include "data/csv_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "data/detail/cell.h"
#include "data/detail/layout.h"
#include "data/detail/utf8.h"

namespace data {
namespace {

constexpr const char* kOpenQuote = "a quote is opened and never closed";
constexpr const char* kTextAfterQuote = "text follows a closing quote";
constexpr std::size_t kNowhere = std::string_view::npos;

std::size_t find_byte(std::string_view text, char byte, std::size_t from) {
  if (from >= text.size()) return kNowhere;
  const void* at = std::memchr(text.data() + from, byte, text.size() - from);
  return at == nullptr ? kNowhere
                       : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

// A cell as it stands in the text, and where it ends.
struct Scanned {
  CsvCell cell;
  std::size_t end = 0;  // Of its delimiter or line end, or of the text.
  const char* malformed = nullptr;
};

Scanned scan_quoted(std::string_view text, std::size_t first, char delimiter) {
  Scanned scanned;
  scanned.cell.quoted = true;
  std::size_t end = first;
  for (;; end += 2) {
    end = find_byte(text, '"', end);
    if (end == kNowhere) return scanned.malformed = kOpenQuote, scanned;
    if (end + 1 >= text.size() || text[end + 1] != '"') break;
    scanned.cell.doubled_quotes = true;
  }
  scanned.cell.text = text.substr(first, end - first);
  ++end;
  while (end < text.size() && text[end] == ' ') ++end;
  if (end < text.size() && text[end] == '\r') ++end;
  if (end < text.size() && text[end] != delimiter && text[end] != '\n') {
    scanned.malformed = kTextAfterQuote;
  }
  scanned.end = end;
  return scanned;
}

Scanned scan_cell(std::string_view text, std::size_t at, char delimiter) {
  std::size_t end = at;
  while (end < text.size() && text[end] == ' ' && delimiter != ' ') ++end;
  if (end < text.size() && text[end] == '"') return scan_quoted(text, end + 1, delimiter);
  while (end < text.size() && text[end] != delimiter && text[end] != '\n') ++end;
  Scanned scanned;
  scanned.end = end;
  scanned.cell.text = text.substr(at, end - at);
  if ((end == text.size() || text[end] == '\n') && scanned.cell.text.ends_with('\r')) {
    scanned.cell.text.remove_suffix(1);
  }
  return scanned;
}

// How much of the text is whole rows, without the empty lines at its end; 0 where no row ends.
// `rows` counts them. A malformed row counts as whole: who reads it says so.
std::size_t whole_rows(std::string_view text, char delimiter, std::int64_t& rows) {
  rows = 0;
  std::size_t end = 0;       // Behind the last row that is not an empty line.
  std::int64_t counted = 0;  // Rows up to there.
  const auto row_ends = [&](std::size_t begin, std::size_t line_end) {
    ++rows;
    const std::string_view line = text.substr(begin, line_end - begin);
    if (line.empty() || line == "\r") return;
    end = line_end + 1;
    counted = rows;
  };
  std::size_t begin = 0;
  if (text.find('"') == kNowhere) {
    for (std::size_t at = 0; (at = find_byte(text, '\n', at)) != kNowhere; begin = ++at) {
      row_ends(begin, at);
    }
  } else {
    for (std::size_t at = 0; at < text.size();) {
      const Scanned scanned = scan_cell(text, at, delimiter);
      if (scanned.malformed == kOpenQuote || scanned.end >= text.size()) break;
      if (scanned.malformed != nullptr) return rows = counted + 1, text.size();
      at = scanned.end + 1;
      if (text[scanned.end] != '\n') continue;
      row_ends(begin, scanned.end);
      begin = at;
    }
  }
  rows = counted;
  return end;
}

std::string count_of(std::int64_t bytes) { return std::to_string(bytes) + " bytes"; }

}  // namespace

std::string_view content(const CsvCell& cell, std::string& storage) {
  if (!cell.doubled_quotes) return cell.text;
  storage = detail::unescape(cell.text);
  return storage;
}

bool CsvRows::next(std::vector<CsvCell>& cells) {
  cells.clear();
  if (at_ >= text_.size() || malformed_ != nullptr) return false;
  for (;;) {
    const Scanned scanned = scan_cell(text_, at_, delimiter_);
    if (scanned.malformed != nullptr) return malformed_ = scanned.malformed, false;
    cells.push_back(scanned.cell);
    at_ = scanned.end + 1;
    if (scanned.end >= text_.size() || text_[scanned.end] == '\n') return true;
    if (at_ >= text_.size()) {  // A delimiter ends the text: one more cell, empty.
      cells.emplace_back();
      return true;
    }
  }
}

void append_csv_cell(std::string_view text, char delimiter, std::string& out) {
  const bool plain = std::ranges::none_of(
      text, [&](char c) { return c == delimiter || c == '"' || c == '\n' || c == '\r'; });
  const bool blank_end = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (plain && !blank_end) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

CsvStream::CsvStream(int fd, std::string source, const CsvStreamOptions& options,
                     std::stop_token stop)
    : fd_(fd), source_(std::move(source)), options_(options), stop_(std::move(stop)) {
  struct stat status {};
  if (fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) bytes_total_ = status.st_size;
}

CsvStream::CsvStream(CsvStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      source_(std::move(other.source_)),
      options_(other.options_),
      stop_(std::move(other.stop_)),
      names_(std::move(other.names_)),
      pending_(std::move(other.pending_)),
      bytes_total_(other.bytes_total_),
      bytes_read_(other.bytes_read_),
      next_row_(other.next_row_),
      ended_(other.ended_) {}

CsvStream::~CsvStream() {
  if (fd_ > STDIN_FILENO) close(fd_);
}

base::Error CsvStream::refuse(const std::string& what) const {
  return base::input_error(source_ + ": " + what);
}

base::Result<CsvStream> CsvStream::open(const std::string& path, const CsvStreamOptions& options,
                                        std::stop_token stop) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return base::input_error("cannot open '" + path + "': " + std::string(std::strerror(errno)));
  }
  CsvStream stream(fd, path == "-" ? "standard input" : path, options, std::move(stop));
  TRY(stream.read_header());
  return stream;
}

// One piece of the text, as soon as there is some; false when the wait was broken off. At the end
// of the text `ended_` is set.
base::Result<bool> CsvStream::read_more() {
  constexpr int kLookUpMs = 100;
  while (stop_.stop_possible() && bytes_total_ == 0) {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kLookUpMs) != 0) break;
    if (stop_.stop_requested()) return false;
  }
  const std::size_t before = pending_.size();
  pending_.resize(before + options_.block_bytes);
  ssize_t got = -1;
  do {
    got = read(fd_, pending_.data() + before, options_.block_bytes);
  } while (got < 0 && errno == EINTR);
  pending_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) {
    const int code = errno;
    const std::string what = source_ + ": cannot be read: " + std::strerror(code);
    return code == EISDIR ? base::input_error(what) : base::system_error(what);
  }
  ended_ = got == 0;
  if (pending_.find('\0', before) != std::string::npos) {
    return refuse("holds a zero byte near row " + std::to_string(next_row_) +
                  ": this is not a text file in UTF-8");
  }
  bytes_read_ += got;
  return true;
}

base::Result<void> CsvStream::read_header() {
  std::int64_t rows = 0;
  // The delimiter does not matter to where a line ends, unless a quote stands in the header.
  char delimiter = options_.delimiter;
  std::size_t line_end = 0;
  for (;;) {
    TRY_ASSIGN(const bool read, read_more());
    if (!read) return {};
    if (pending_.starts_with("\xFF\xFE") || pending_.starts_with("\xFE\xFF")) {
      return refuse("the text is UTF-16: save it as UTF-8");
    }
    if (detail::ends_lines_in_cr(pending_)) return refuse(detail::kLinesEndInCr);
    if (options_.delimiter == '\0') delimiter = detail::sniff_delimiter(pending_);
    if (whole_rows(pending_, delimiter, rows) > 0) break;
    if (ended_) break;
    if (pending_.size() > options_.max_row_bytes) return refuse("the header does not end");
  }
  options_.delimiter = delimiter;
  std::string_view text = pending_;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find_first_not_of("\r\n") == kNowhere) {
    return refuse("the file is empty: expected a header line");
  }
  Scanned scanned;
  do {
    scanned = scan_cell(text, line_end, delimiter);
    if (scanned.malformed != nullptr) {
      return refuse("the header is malformed: " + std::string(scanned.malformed));
    }
    std::string storage;
    std::string_view name = content(scanned.cell, storage);
    if (!scanned.cell.quoted) name = detail::trim_blanks(name);
    const std::string position = std::to_string(names_.size() + 1);
    if (!detail::is_utf8(name)) return refuse("the name of column " + position + " is not UTF-8");
    names_.push_back(name.empty() ? "column_" + position : std::string(name));
    if (names_.size() > options_.max_columns) {
      return refuse("more than " + std::to_string(options_.max_columns) + " columns");
    }
    line_end = scanned.end + 1;
  } while (scanned.end < text.size() && text[scanned.end] != '\n');
  std::vector<std::string_view> sorted(names_.begin(), names_.end());
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    return refuse("two columns are named '" + std::string(*twice) + "'");
  }
  text.remove_prefix(std::min(line_end, text.size()));
  pending_ = std::string(text);
  return {};
}

base::Result<bool> CsvStream::next(CsvBlock& block) {
  for (;;) {
    std::int64_t rows = 0;
    std::size_t whole = whole_rows(pending_, options_.delimiter, rows);
    if (whole == 0 && ended_) {
      if (pending_.find_first_not_of("\r\n") == kNowhere) return false;
      whole = pending_.size();
      ++rows;
    }
    if (whole > 0) {
      block.text.assign(pending_, 0, whole);
      block.first_row = next_row_;
      pending_.erase(0, whole);
      next_row_ += rows;
      return true;
    }
    if (ended_) return false;
    if (pending_.size() > options_.max_row_bytes) {
      return refuse("row " + std::to_string(next_row_) + " has more than " +
                    count_of(static_cast<std::int64_t>(options_.max_row_bytes)) +
                    ": is a quote opened and never closed?");
    }
    TRY_ASSIGN(const bool read, read_more());
    if (!read) return false;
  }
}

base::Result<bool> CsvCursor::next(std::vector<CsvCell>& cells) {
  while (!rows_.next(cells)) {
    if (rows_.malformed() != nullptr) {
      return base::input_error(stream_.source() + ": row " + std::to_string(row_ + 1) +
                               " is malformed: " + rows_.malformed());
    }
    TRY_ASSIGN(const bool more, stream_.next(block_));
    if (!more) return false;
    rows_ = CsvRows(block_.text, stream_.delimiter());
  }
  ++row_;
  return true;
}

}  // namespace data
