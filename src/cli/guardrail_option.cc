// SPDX-License-Identifier: Apache-2.0
#include "cli/guardrail_option.h"

#include "base/number.h"

namespace cli {

base::Result<std::optional<double>> read_share(const char* option, std::string_view text) {
  if (text.empty()) return std::optional<double>();
  const bool percent = text.back() == '%';
  if (percent) text.remove_suffix(1);
  while (percent && !text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (const auto value = base::parse_double(text))
    return std::optional<double>(percent ? *value / 100 : *value);
  return base::input_error(std::string(option) + " '" + std::string(text) +
                           "' is not a share such as 0.05 or 5%");
}

base::Result<experiment::Guardrail> read_guardrail(const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto metric = experiment::secondary_metric(text.substr(0, equals));
  if (!metric || equals == text.npos) {
    std::string names;
    for (const auto each : experiment::kSecondaryMetrics)
      names += (names.empty() ? "" : ", ") + std::string(experiment::name(each));
    return base::input_error("--guardrail '" + text + "' is not METRIC=WORST with a metric of " +
                             names);
  }
  const std::size_t colon = text.find(':', equals);
  TRY_ASSIGN(const auto worst,
             read_share("--guardrail", text.substr(equals + 1, colon - equals - 1)));
  if (!worst) return base::input_error("--guardrail '" + text + "' lacks what may be lost");
  experiment::Guardrail guardrail{.metric = *metric, .worst = *worst};
  if (colon != text.npos) {
    TRY_ASSIGN(guardrail.deviation, read_share("--guardrail", text.substr(colon + 1)));
  }
  return guardrail;
}

}  // namespace cli
