// SPDX-License-Identifier: Apache-2.0
// What a person sees: tables, a progress line that redraws itself on a terminal and stays silent in
// a pipe, Ctrl-C.
#pragma once
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"

namespace cli {

// Columns padded to their widest cell; all but the first right-aligned; the header underlined. Ends
// with a newline.
std::string format_table(const std::vector<std::string>& header,
                         const std::vector<std::vector<std::string>>& rows);

// A progress line "label  [#####     ] 52 %  00:03 left" on standard error, if that is a terminal;
// else nothing. What `note` says, where there is one, stands at its end, and in place of the bare
// number where the total is unknown.
base::Progress progress_line(std::string label, std::function<std::string()> note = {});

// Requested at the first Ctrl-C or SIGTERM; the second ends the process at once.
std::stop_token stop_on_signal();

}  // namespace cli
