// SPDX-License-Identifier: Apache-2.0
// Rows whose outcome is not known.
#pragma once
#include <string>

#include "base/result.h"
#include "data/table.h"

namespace CLI {
class App;
}

namespace cli {

// --drop-unlabelled.
void add_unlabelled_option(CLI::App& command, bool& drop);

// Where they are to be dropped: leaves out the rows without the target, and says how many they are
// on standard error.
base::Result<data::Table> without_unlabelled(data::Table table, const std::string& path,
                                             const std::string& target, bool drop);

}  // namespace cli
