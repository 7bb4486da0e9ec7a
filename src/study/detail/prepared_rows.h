// SPDX-License-Identifier: Apache-2.0
// What is made of the training rows for several models at once, each piece when a first model asks
// for it.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/ground.h"

namespace study::detail {

// The functions may be called from several threads: one makes, with all threads, what the others
// wait for. What is pointed to lives as long as this.
class PreparedRows {
 public:
  // Borrows the rows, their attributes and the options.
  PreparedRows(const Rows& train, const std::vector<std::string>& attributes,
               const GroundOptions& options)
      : train_(train), attributes_(attributes), options_(options) {}

  base::Result<Ground::TrainingRows> training_rows(const Preparation& preparation);
  base::Result<const std::vector<std::string>*> ranked_attributes(const Preparation& preparation);

 private:
  struct Made {
    Rows rows;
    std::vector<std::string> attributes;
    std::optional<learn::DerivedFeatures> encoding = {};
  };

  [[nodiscard]] std::vector<std::string> texts_of(const data::Table& table) const;
  [[nodiscard]] Preparation plainest(Preparation preparation) const;
  [[nodiscard]] base::Result<Made> sampled(double row_share) const;
  base::Result<Made> resampled(const Preparation& preparation);
  base::Result<Made> encoded(const Preparation& preparation);
  base::Result<Ground::TrainingRows> rows_of(const Preparation& preparation);
  base::Result<Ground::TrainingRows> prepared(const Preparation& preparation);

  const Rows& train_;
  const std::vector<std::string>& attributes_;
  const GroundOptions& options_;
  std::mutex mutex_;
  std::map<Preparation, Made> made_;
  std::map<Preparation, learn::Prepared> prepared_;
  std::map<Preparation, std::vector<std::string>> ranked_;
};

}  // namespace study::detail
