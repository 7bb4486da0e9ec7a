// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

std::string baseline(const std::string& distribution,
                     const std::string& attributes = "testStatistic='zValue'") {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='x' optype='continuous' dataType='double'/>"
         "<DataField name='z' optype='continuous' dataType='double'/></DataDictionary>"
         "<BaselineModel functionName='regression'><MiningSchema><MiningField name='x'/>"
         "<MiningField name='z' usageType='target'/></MiningSchema>\n<TestDistributions "
         "field='x' " +
         attributes + "><Baseline>" + distribution +
         "</Baseline></TestDistributions></BaselineModel></PMML>";
}

double z_of(const std::string& distribution, const std::string& x) {
  const Interpretation result = interpret_row(read_right(baseline(distribution)), {{"x", x}});
  EXPECT_FALSE(result.outcome.missing);
  return result.outcome.number;
}

// (x - mean) / sqrt(variance), with the distributions' own moments.
TEST(Baseline, counts_standard_deviations_from_the_mean) {
  EXPECT_EQ(z_of("<GaussianDistribution mean='35' variance='100'/>", "42"), 0.7);
  EXPECT_EQ(z_of("<AnyDistribution mean='35' variance='100'/>", "15"), -2);
  // Poisson: its variance is its mean; (13 - 9) / 3.
  EXPECT_EQ(z_of("<PoissonDistribution mean='9'/>", "13"), 4.0 / 3.0);
  // Uniform from 0 to 12: mean 6, variance 12² / 12 = 12; (9.5 - 6) / sqrt(12).
  EXPECT_DOUBLE_EQ(z_of("<UniformDistribution lower='0' upper='12'/>", "9.5"), 3.5 / std::sqrt(12));
}

TEST(Baseline, knows_the_statistic_by_both_its_names) {
  const std::string gaussian = "<GaussianDistribution mean='35' variance='100'/>";
  EXPECT_TRUE(read_right(baseline(gaussian, "testStatistic='zScore'")) ==
              read_right(baseline(gaussian)));
}

TEST(Baseline, has_no_answer_for_a_missing_value) {
  const Document document = read_right(baseline("<GaussianDistribution mean='0' variance='1'/>"));
  EXPECT_TRUE(interpret_row(document, {}).outcome.missing);
}

TEST(Baseline, refuses_what_one_row_cannot_tell) {
  const std::string gaussian = "<GaussianDistribution mean='0' variance='1'/>";
  const auto refuses = [](const std::string& xml, const std::string& part) {
    const std::string message = refusal_of(xml);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  refuses(baseline(gaussian, "testStatistic='CUSUM'"),
          "line 2: <TestDistributions>: testStatistic");
  refuses(baseline(gaussian, "testStatistic='chiSquareDistribution'"), "adds up the events");
  refuses(baseline(gaussian, "testStatistic='tScore'"), "knows zValue");
  refuses(baseline(gaussian, "testStatistic='zValue' windowSize='10'"), "windowSize");
  refuses(baseline("<GaussianDistribution mean='0' variance='0'/>"), "not above 0");
  refuses(baseline("<CountTable/>"), "needs a mean and a variance");
}

}  // namespace
}  // namespace pmml
