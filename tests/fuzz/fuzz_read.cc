// SPDX-License-Identifier: Apache-2.0
// Any bytes: they are refused with a reason, or they are a document that is written and read back
// as itself, and that compiles or says why not.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = pmml::read({reinterpret_cast<const char*>(data), size});
  if (!document) {
    CHECK(!document.error().message.empty());
    return 0;
  }
  const auto again = pmml::read(pmml::write(*document));
  CHECK(again);
  CHECK(*again == *document);
  const auto scorer = pmml::Scorer::compile(*document);
  if (!scorer) return 0;
  pmml::Workspace workspace(*scorer);
  const std::vector<double> row(scorer->inputs().size(), pmml::kMissing);
  scorer->score(row, workspace);
  return 0;
}
