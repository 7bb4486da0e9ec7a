// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

std::string model(const std::string& kernel, const std::string& rows) {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='u' optype='continuous' dataType='double'/>"
         "<DataField name='v' optype='continuous' dataType='double'/>"
         "<DataField name='y' optype='continuous' dataType='double'/></DataDictionary>\n"
         "<GaussianProcessModel functionName='regression'><MiningSchema><MiningField name='u'/>"
         "<MiningField name='v'/><MiningField name='y' usageType='target'/></MiningSchema>" +
         kernel +
         "<TrainingInstances><InstanceFields><InstanceField field='u' column='a'/>"
         "<InstanceField field='v' column='b'/><InstanceField field='y'/></InstanceFields>\n"
         "<InlineTable>" +
         rows + "</InlineTable></TrainingInstances></GaussianProcessModel></PMML>";
}

const char* const kOnePoint = "<row><a>1</a><b>2</b><y>3</y></row>";

Outcome outcome_of(const std::string& xml, const std::string& u, const std::string& v) {
  return interpret_row(read_right(xml), {{"u", u}, {"v", v}}).outcome;
}

// One point (1, 2) with the value 3, the row (2, 5): differences 1 and 3. With gamma 2 and noise
// 0.5 the covariance of the point is 2.5, so with k the covariance of both the mean is
// 3 k / 2.5 and the variance 2 - k² / 2.5 + 0.5.
TEST(GaussianProcess, knows_every_kernel) {
  const auto expect = [](const std::string& kernel, double k) {
    const Outcome outcome = outcome_of(model(kernel, kOnePoint), "2", "5");
    EXPECT_NEAR(outcome.number, 3 * k / 2.5, 1e-15) << kernel;
    ASSERT_TRUE(outcome.standard_error);
    EXPECT_NEAR(*outcome.standard_error, std::sqrt(2.5 - k * k / 2.5), 1e-15) << kernel;
  };
  // (1 + 9) / (2 · 2²) = 1.25.
  expect("<RadialBasisKernel gamma='2' noiseVariance='0.5' lambda='2'/>", 2 * std::exp(-1.25));
  // (1/1)²/2 + (3/2)²/2 = 1.625.
  expect(
      "<ARDSquaredExponentialKernel gamma='2' noiseVariance='0.5'><Lambda><Array>1 2</Array>"
      "</Lambda></ARDSquaredExponentialKernel>",
      2 * std::exp(-1.625));
  // 1/1 + 3/2 = 2.5.
  expect(
      "<AbsoluteExponentialKernel gamma='2' noiseVariance='0.5'><Lambda><Array>1 2</Array>"
      "</Lambda></AbsoluteExponentialKernel>",
      2 * std::exp(-2.5));
  // (1/1)³ + (3/2)³ = 4.375.
  expect(
      "<GeneralizedExponentialKernel gamma='2' noiseVariance='0.5' degree='3'><Lambda>"
      "<Array>1 2</Array></Lambda></GeneralizedExponentialKernel>",
      2 * std::exp(-4.375));
}

// Two points, (0, 0) with 1 and (1, 0) with 2, gamma 1, noise 1, the row (0, 0); e = exp(-1/2) is
// the covariance of both. C = [2 e; e 2], C⁻¹ = [2 -e; -e 2] / (4 - e²), k = (1, e):
// k' C⁻¹ = (2 - e², e) / (4 - e²).
TEST(GaussianProcess, inverts_the_covariance_of_its_points) {
  const Outcome outcome = outcome_of(model("<RadialBasisKernel/>",
                                           "<row><a>0</a><b>0</b><y>1</y></row>"
                                           "<row><a>1</a><b>0</b><y>2</y></row>"),
                                     "0", "0");
  const double e = std::exp(-0.5);
  EXPECT_NEAR(outcome.number, (2 - e * e + 2 * e) / (4 - e * e), 1e-15);
  EXPECT_NEAR(*outcome.standard_error, std::sqrt(2 - (2 - e * e + e * e) / (4 - e * e)), 1e-15);
}

TEST(GaussianProcess, has_no_result_where_an_input_is_missing) {
  EXPECT_TRUE(interpret_row(read_right(model("<RadialBasisKernel/>", kOnePoint)), {{"u", "1"}})
                  .outcome.missing);
}

TEST(GaussianProcess, refuses_what_it_cannot_invert) {
  const std::string twice = std::string(kOnePoint) + kOnePoint;
  EXPECT_NE(
      refusal_of(model("<RadialBasisKernel noiseVariance='0'/>", twice))
          .find("line 2: <GaussianProcessModel>: the covariance of its points is not positive"),
      std::string::npos);
  EXPECT_NE(refusal_of(model("<RadialBasisKernel/>", "<row><a>1</a><y>3</y></row>"))
                .find("line 3: <row>: needs a number for every InstanceField"),
            std::string::npos);
  EXPECT_NE(refusal_of(model("<ARDSquaredExponentialKernel><Lambda><Array>1</Array></Lambda>"
                             "</ARDSquaredExponentialKernel>",
                             kOnePoint))
                .find("has 1 length scales for 2 inputs"),
            std::string::npos);
  EXPECT_NE(refusal_of(model("<RadialBasisKernel/>", "")).find("has 0 rows"), std::string::npos);
}

}  // namespace
}  // namespace pmml
