// SPDX-License-Identifier: Apache-2.0
#include "cli/unlabelled.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <utility>

#include "base/number.h"
#include "learn/labels.h"

namespace cli {

void add_unlabelled_option(CLI::App& command, bool& drop) {
  command.add_flag("--drop-unlabelled", drop,
                   "Leaves rows out whose target is missing (else they are refused)");
}

base::Result<data::Table> without_unlabelled(data::Table table, const std::string& path,
                                             const std::string& target, bool drop) {
  if (!drop) return table;
  const std::size_t rows = table.rows();
  TRY_ASSIGN(data::Table labelled, learn::labelled_rows(std::move(table), target));
  const std::size_t dropped = rows - labelled.rows();
  if (dropped > 0) {
    std::fprintf(stderr, "note: %s of %s rows of %s hold no '%s' and are left out\n",
                 base::format_count(static_cast<std::int64_t>(dropped)).c_str(),
                 base::format_count(static_cast<std::int64_t>(rows)).c_str(), path.c_str(),
                 target.c_str());
  }
  return labelled;
}

}  // namespace cli
