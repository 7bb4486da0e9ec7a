// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>

#include "pmml/compile/units.h"

namespace pmml::detail {

// The flat form of a document; null for one with a construct that only the interpreter scores,
// which `why_not` names.
std::unique_ptr<const Units> build(const Compiled::Frame& frame, std::string& why_not);

}  // namespace pmml::detail
