// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/live.h"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "base/file.h"
#include "pmml/read/read.h"

namespace pmml {
namespace {

base::Result<Scorer> load(const std::string& path) {
  TRY_ASSIGN(const std::string xml, base::read_file(path));
  base::Result<Scorer> scorer = make_ready(xml);
  if (!scorer) return base::Error{scorer.error().kind, path + ": " + scorer.error().message};
  return scorer;
}

}  // namespace

FileWatch::FileWatch(std::string path) : path_(std::move(path)), known_(look()), seen_(known_) {}

std::optional<FileWatch::Signature> FileWatch::look() const {
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0) return std::nullopt;
  return Signature{.device = static_cast<std::int64_t>(status.st_dev),
                   .inode = static_cast<std::int64_t>(status.st_ino),
                   .size = status.st_size,
                   .modified_s = status.st_mtim.tv_sec,
                   .modified_ns = status.st_mtim.tv_nsec};
}

bool FileWatch::changed() {
  const std::optional<Signature> now = look();
  const bool settled = now && now == seen_;
  seen_ = now;
  if (!settled || now == known_) return false;
  known_ = now;
  return true;
}

void FileWatch::accept() { known_ = seen_ = look(); }

void warm(const Scorer& scorer) {
  constexpr std::size_t kRows = 256;
  constexpr double kNumbers[] = {0, 1, -1, 0.5, 10, 100, 1e4, 1e6};
  Workspace workspace(scorer);
  std::vector<double> row(scorer.inputs().size());
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const InputField& input = scorer.inputs()[i];
      const std::size_t step = r + 7 * i;  // Neighbours differ.
      if (input.encoding == Encoding::kNumber) {
        row[i] = kNumbers[step % std::size(kNumbers)];
      } else {
        row[i] = input.categories.empty() ? kMissing
                                          : static_cast<double>(step % input.categories.size());
      }
    }
    scorer.score(row, workspace);
  }
}

base::Result<Scorer> make_ready(std::string_view xml) {
  TRY_ASSIGN(const Document document, read(xml));
  TRY_ASSIGN(Scorer scorer, Scorer::compile(document));
  warm(scorer);
  return scorer;
}

LiveModel::LiveModel(std::string path, Accept accept, FileWatch watch, Scorer first)
    : path_(std::move(path)),
      accept_(std::move(accept)),
      watch_(std::move(watch)),
      live_(std::make_shared<const Scorer>(std::move(first))) {}

base::Result<std::unique_ptr<LiveModel>> LiveModel::open(std::string path, Accept accept) {
  FileWatch watch(path);  // Before the file is read: what is written from here on is a change.
  TRY_ASSIGN(Scorer first, load(path));
  return std::unique_ptr<LiveModel>(
      new LiveModel(std::move(path), std::move(accept), std::move(watch), std::move(first)));
}

base::Result<std::uint64_t> LiveModel::reload() {
  watch_.accept();
  TRY_ASSIGN(Scorer scorer, load(path_));
  if (accept_) TRY(accept_(scorer, *live_.value()));
  return live_.publish(std::make_shared<const Scorer>(std::move(scorer)));
}

base::Result<std::optional<std::uint64_t>> LiveModel::reload_if_changed() {
  if (!watch_.changed()) return std::optional<std::uint64_t>{};
  TRY_ASSIGN(const std::uint64_t number, reload());
  return std::optional(number);
}

base::Result<void> same_layout(const Scorer& successor, const Scorer& serving) {
  const auto same_input = [](const InputField& a, const InputField& b) {
    return a.name == b.name && a.encoding == b.encoding && a.categories == b.categories;
  };
  if (!std::ranges::equal(successor.inputs(), serving.inputs(), same_input)) {
    return base::input_error("the inputs are not those of the model that serves");
  }
  const auto same_output = [](const OutputInfo& a, const OutputInfo& b) {
    return a.name == b.name && a.type == b.type;
  };
  if (!std::ranges::equal(successor.outputs(), serving.outputs(), same_output) ||
      !std::ranges::equal(successor.target_categories(), serving.target_categories())) {
    return base::input_error("the results are not those of the model that serves");
  }
  return {};
}

LiveReader::LiveReader(const LiveModel& model) : reader_(model.live()), workspace_(*reader_) {}

const Scorer& LiveReader::refresh() {
  // The old workspace is taken down while its scorer still stands.
  if (reader_.outdated()) {
    const Live<Scorer>::Reader old = reader_;
    reader_.refresh();
    workspace_ = Workspace(*reader_);
  }
  return *reader_;
}

}  // namespace pmml
