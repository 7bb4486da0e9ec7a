// SPDX-License-Identifier: Apache-2.0
#include "cli/verdict_report.h"

#include <cstdio>
#include <string>
#include <vector>

#include "base/number.h"
#include "cli/terminal.h"
#include "experiment/money_words.h"

namespace cli {

void print_verdict(const trial::Progress& progress) {
  const experiment::MoneyWords money;
  std::printf("%s\n\n", progress.sentence.c_str());
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < progress.arms.size(); ++i) {
    const trial::ArmProgress& arm = progress.arms[i];
    const trial::SystemProgress& system = progress.systems[i];
    const auto share = [&](std::int64_t part) {
      return arm.closed == 0 ? std::string("-")
                             : experiment::percent(
                                   static_cast<double>(part) / static_cast<double>(arm.closed), 1);
    };
    rows.push_back({event::name(static_cast<event::System>(i)), base::format_count(arm.closed),
                    experiment::amount(arm.revenue.mean, money),
                    experiment::amount(arm.revenue.deviation, money), share(arm.shown),
                    share(arm.accepted), base::format_count(system.timeouts),
                    base::format_fixed(system.latency_p50_ms, 1) + " ms",
                    base::format_fixed(system.latency_p99_ms, 1) + " ms"});
  }
  std::printf("%s\n", format_table({"arm", "customers", "per customer", "deviation", "shown",
                                    "accepted", "time-outs", "decided p50", "p99"},
                                   rows)
                          .c_str());
  for (std::size_t k = 0; k < progress.agreement.size(); ++k) {
    const trial::Agreement& a = progress.agreement[k];
    const auto total = static_cast<double>(a.agree + a.add + a.remove);
    if (total == 0) continue;
    std::printf(
        "Base and %s decide alike for %s of the customers; it adds the offer for %s and removes it "
        "for %s.\n",
        event::name(event::candidate(k)),
        experiment::percent(static_cast<double>(a.agree) / total, 1).c_str(),
        experiment::percent(static_cast<double>(a.add) / total, 1).c_str(),
        experiment::percent(static_cast<double>(a.remove) / total, 1).c_str());
  }
  std::printf("Sample ratio: p = %s (an alarm below 0.001). Plan %s.\n",
              base::format_fixed(progress.leading().sample_ratio.p, 3).c_str(),
              progress.experiment.plan_hash.substr(0, 12).c_str());
}

}  // namespace cli
