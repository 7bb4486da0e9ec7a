// SPDX-License-Identifier: Apache-2.0
// The oracle's sections d (moments and Welch), f (sample ratio) and assign.
#include <algorithm>

#include "experiment/assignment.h"
#include "experiment/distribution.h"
#include "experiment/health.h"
#include "experiment/moments.h"
#include "experiment/oracle_for_test.h"
#include "experiment/welch.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;
using Cents = std::vector<std::int64_t>;

// The generator that the check describes.
Cents generated(std::uint64_t seed, std::size_t n) {
  Cents cents;
  for (std::uint64_t x = seed; cents.size() < n;) {
    x = (1103515245 * x + 12345) % (std::uint64_t{1} << 31);
    const std::uint64_t h = x >> 8;
    const std::uint64_t a = h % 1000;
    const std::uint64_t b = h / 1000 % 1000;
    cents.push_back(a < 700 ? 0 : static_cast<std::int64_t>(b * b * b / 200000 + 100));
  }
  return cents;
}

struct Data {
  Cents base;
  Cents candidate;
};
Data data_of(const std::string& id) {
  const Json& inputs = oracle::check(id).at("inputs");
  if (inputs.contains("base_cents")) return {inputs.at("base_cents"), inputs.at("cand_cents")};
  return {generated(inputs.at("base_seed"), inputs.at("base_n")),
          generated(inputs.at("cand_seed"), inputs.at("cand_n"))};
}

MoneyMoments exact(const Cents& cents) {
  MoneyMoments moments;
  for (const std::int64_t each : cents) moments.add(base::Cents(each));
  return moments;
}
Moments floating(const Cents& cents, double offset = 0) {
  Moments moments;
  for (const std::int64_t each : cents) moments.add(static_cast<double>(each) / 100 + offset);
  return moments;
}

void compare_sums(Expected* expected, std::int64_t n, double mean, double m2, double m3, double m4,
                  double tolerance) {
  EXPECT_EQ(n, expected->take("n").get<std::int64_t>());
  expected->is("mean", mean, tolerance);
  expected->is("M2", m2, tolerance);
  expected->is("M3", m3, tolerance);
  expected->is("M4", m4, tolerance);
}
void compare_rest(Expected* expected, const SampleSummary& summary, double tolerance) {
  expected->is("var", summary.variance, tolerance);
  expected->is("skew_g1", summary.skew, tolerance);
  expected->is("skew_G1", summary.adjusted_skew, tolerance);
  expected->is("kurtosis", summary.kurtosis, tolerance);
}
void compare_moments(const Json& values, const Cents& cents) {
  const MoneyMoments money = exact(cents);
  Expected by_money(values);
  compare_sums(&by_money, money.n(), money.summary().mean, money.central_sums().m2,
               money.central_sums().m3, money.central_sums().m4, 1e-15);
  compare_rest(&by_money, money.summary(), 2e-15);
  const Moments moments = floating(cents);
  Expected by_doubles(values);
  compare_sums(&by_doubles, moments.n(), moments.mean(), moments.m2(), moments.m3(), moments.m4(),
               1e-12);
  compare_rest(&by_doubles, moments.summary(), 1e-12);
}

void compare_welch(const Json& values, const Data& data, double margin, double alpha) {
  const Welch test = *welch(exact(data.base).summary(), exact(data.candidate).summary());
  Expected expected(values);
  expected.is("diff", test.difference, 1e-14);
  expected.is("se", test.standard_error, 1e-14);
  expected.is("df", test.dof, 1e-14);
  expected.is("t", test.t(margin), 1e-13);
  expected.is("p_greater", test.p_greater(margin), 1e-12);
  expected.is("p_two_sided", test.p_two_sided(margin), 1e-12);
  expected.is("lower_one_sided", test.lower(alpha), 1e-12);
  expected.is("upper_one_sided", test.upper(alpha), 1e-12);
  expected.is("ci2_low", test.interval(alpha).low, 1e-12);
  expected.is("ci2_high", test.interval(alpha).high, 1e-12);
}

void welch_whole(const Json& inputs, const Json& outputs, const std::string& id) {
  const Data data = data_of(id);
  Expected expected(outputs);
  compare_moments(expected.take("base"), data.base);
  compare_moments(expected.take("cand"), data.candidate);
  compare_welch(expected.take("welch"), data, inputs.at("margin"), inputs.at("alpha"));
  if (!outputs.contains("base_sum_cents")) return;
  for (const auto& [name, cents] :
       {std::pair("base", &data.base), std::pair("cand", &data.candidate)}) {
    const std::string prefix = name;
    EXPECT_EQ(Cents(cents->begin(), cents->begin() + 10),
              expected.take(prefix + "_first10_cents").get<Cents>());
    EXPECT_EQ(exact(*cents).total().value(),
              expected.take(prefix + "_sum_cents").get<std::int64_t>());
    std::int64_t squares = 0;
    for (const std::int64_t x : *cents) squares += x * x;
    EXPECT_EQ(squares, expected.take(prefix + "_sumsq_cents").get<std::int64_t>());
  }
}

void welch_with_margin(const Json& inputs, const Json& outputs) {
  compare_welch(outputs, data_of(inputs.at("same_data")), inputs.at("margin"), inputs.at("alpha"));
}

void merged(const Json& inputs, const Json& outputs) {
  const Cents all = data_of("d.welch.lcg").base;
  Expected expected(outputs);
  const Json& chunks = expected.take("chunks");
  Moments moments;
  MoneyMoments money;
  auto from = all.begin();
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const auto to = from + inputs.at("chunks").at(i).get<std::ptrdiff_t>();
    const Cents part(from, to);
    Expected chunk(chunks.at(i));
    const MoneyMoments part_money = exact(part);
    compare_sums(&chunk, part_money.n(), part_money.summary().mean, part_money.central_sums().m2,
                 part_money.central_sums().m3, part_money.central_sums().m4, 1e-15);
    moments.merge(floating(part));
    money.merge(part_money);
    from = to;
  }
  const Json& whole = expected.take("merged");
  Expected by_doubles(whole);
  compare_sums(&by_doubles, moments.n(), moments.mean(), moments.m2(), moments.m3(), moments.m4(),
               1e-12);
  Expected by_money(whole);
  compare_sums(&by_money, money.n(), money.summary().mean, money.central_sums().m2,
               money.central_sums().m3, money.central_sums().m4, 1e-15);
}

void offset(const Json&, const Json& outputs) {
  const Cents cents = data_of("d.welch.lcg").base;
  const Moments moments = floating(cents, 1e9);
  // A double near 1e9 holds the value to 1e-7 only, so the variance of what was given is off by
  // about 1e-9.
  Expected by_doubles(outputs);
  by_doubles.is("mean", moments.mean(), 1e-15);
  by_doubles.is("M2", moments.m2(), 2e-9);
  by_doubles.is("var", moments.summary().variance, 2e-9);
  by_doubles.set_aside("naive_sumsq_double_var_is_garbage", "what we do not compute");
  MoneyMoments money;
  for (const std::int64_t each : cents) money.add(base::Cents(each + 100'000'000'000));
  Expected by_money(outputs);
  by_money.is("mean", money.summary().mean, 1e-15);
  by_money.is("M2", money.central_sums().m2, 1e-15);
  by_money.is("var", money.summary().variance, 1e-15);
  by_money.set_aside("naive_sumsq_double_var_is_garbage", "what we do not compute");
}

void student(const Json& inputs, const Json& outputs) {
  const double dof = inputs.at("df");
  Expected expected(outputs);
  expected.is("t0_95", student_quantile(0.95, dof), 1e-12);
  expected.is("t0_975", student_quantile(0.975, dof), 1e-12);
  expected.is("t0_995", student_quantile(0.995, dof), 1e-12);
  expected.is("sf_2", student_sf(2, dof), 1e-12);
  expected.is("sf_5", student_sf(5, dof), 1e-12);
}

void relative(const Json& inputs, const Json& outputs) {
  const Data data = data_of(inputs.at("data"));
  const RelativeLift lift = *relative_lift(exact(data.base).summary(),
                                           exact(data.candidate).summary(), inputs.at("alpha"));
  Expected expected(outputs);
  expected.is("lift", lift.lift, 1e-12);
  expected.is("se_delta", lift.standard_error, 1e-12);
  const auto compare = [&](const char* key, const Interval& interval) {
    const Json& ends = expected.take(key);
    EXPECT_NEAR(interval.low, ends.at(0).get<double>(), 1e-12) << key;
    EXPECT_NEAR(interval.high, ends.at(1).get<double>(), 1e-12) << key;
  };
  compare("ci_delta", lift.delta);
  compare("ci_fieller", *lift.fieller);
}

void ratio(const Json& inputs, const Json& outputs) {
  const std::vector<std::int64_t> observed = inputs.at("observed");
  const std::vector<double> weights = inputs.at("weights");
  const SampleRatio result = sample_ratio(observed, weights);
  Expected expected(outputs);
  expected.is("chi2", result.chi_squared, 1e-12);
  EXPECT_EQ(result.dof, expected.take("df").get<int>());
  expected.is("p", result.p, 1e-11);
}

void binomial(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  expected.is("p_two_sided", binomial_two_sided_p(inputs.at("k"), inputs.at("n"), inputs.at("p")));
}

void critical(const Json& inputs, const Json& outputs) {
  for (const auto& [key, values] : outputs.items()) {
    SCOPED_TRACE(key);
    const ImbalanceLimit limit = imbalance_limit(std::stoll(key.substr(2)), inputs.at("threshold"));
    Expected expected(values);
    expected.is("critical_abs_count_difference", limit.difference, 1e-13);
    expected.is("critical_share", limit.share, 1e-13);
  }
}

void sequential(const Json& inputs, const Json& outputs) {
  const std::vector<std::int64_t> counts = inputs.at("counts");
  const std::vector<double> theta = inputs.at("theta");
  Expected expected(outputs);
  expected.is("log_e_conc1", sequential_sample_ratio(counts, theta, 1).log_e, 1e-11);
  expected.is("log_e_conc2_uniform", sequential_sample_ratio(counts, theta, 2).log_e, 1e-11);
  expected.is("log_e_conc100", sequential_sample_ratio(counts, theta).log_e, 1e-11);
  expected.is_if_present("p_always_valid_conc100", sequential_sample_ratio(counts, theta).p);
}

void vectors(const Json& inputs, const Json& outputs) {
  const std::string experiment = inputs.at("seed_or_salt");
  Expected expected(outputs);
  const Json& sample = expected.take("proposed_sample_u64");
  const Json& arm = expected.take("proposed_arm_u64");
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const std::string unit = inputs.at("units").at(i);
    EXPECT_EQ(std::to_string(draw(experiment, "sample", unit)), sample.at(i).get<std::string>())
        << unit;
    EXPECT_EQ(std::to_string(draw(experiment, "arm", unit)), arm.at(i).get<std::string>()) << unit;
  }
  for (const char* other :
       {"growthbook_v2", "growthbook_v1", "statsig_u64", "statsig_bucket10000", "eppo_shard10000",
        "planout_hash60", "planout_uniform", "optimizely_bucket", "murmur3_32_seed0"}) {
    expected.set_aside(other, "another platform's scheme");
  }
}

double independence(const std::vector<std::vector<double>>& table, double total) {
  std::vector<double> rows(table.size()), columns(table[0].size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j)
      rows[i] += table[i][j], columns[j] += table[i][j];
  }
  double chi_squared = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const double expected = rows[i] * columns[j] / total;
      chi_squared += (table[i][j] - expected) * (table[i][j] - expected) / expected;
    }
  }
  return chi_squared_sf(chi_squared, static_cast<double>((rows.size() - 1) * (columns.size() - 1)));
}

std::vector<std::vector<double>> grid(std::size_t size) {
  return std::vector<std::vector<double>>(size, std::vector<double>(size));
}

void uniformity(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  const double chi_squared = expected.take("chi2");
  expected.is("p", chi_squared_sf(chi_squared, expected.take("df").get<double>()));
  // The same table for our own units: a fixed computation, so it passes always or never.
  const std::int64_t units = inputs.at("units");
  auto table = grid(20);
  const double bin = 0x1p64 / 20;
  for (std::int64_t i = 0; i < units; ++i) {
    const std::string unit = std::to_string(i);
    const auto place = [&](const char* purpose) {
      return std::min<std::size_t>(
          19,
          static_cast<std::size_t>(static_cast<double>(draw("exp-2026-01", purpose, unit)) / bin));
    };
    table[place("sample")][place("arm")] += 1;
  }
  EXPECT_GT(independence(table, static_cast<double>(units)), 0.001);
  double uniform = 0;
  const double cell = static_cast<double>(units) / 400;
  for (const auto& row : table) {
    for (const double count : row) uniform += (count - cell) * (count - cell) / cell;
  }
  EXPECT_GT(chi_squared_sf(uniform, 399), 0.001);
}

// FNV-1a as one platform used it: the arms of two experiments depend on each other. Ours must not.
void parallel_experiments(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  const auto fnv = [](const std::string& text) {
    std::uint32_t hash = 0x811c9dc5;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
    return hash;
  };
  const std::int64_t units = inputs.at("units");
  const std::vector<std::string> seeds = inputs.at("seeds");
  const Assignment first = Assignment::make(seeds[0]).value();
  const Assignment second = Assignment::make(seeds[1]).value();
  auto theirs = grid(2);
  auto ours = grid(2);
  for (std::int64_t i = 0; i < units; ++i) {
    const std::string unit = std::to_string(i);
    theirs[fnv(unit + seeds[0]) % 1000 < 500 ? 0 : 1][fnv(unit + seeds[1]) % 1000 < 500 ? 0 : 1] +=
        1;
    ours[static_cast<std::size_t>(first.arm(unit))][static_cast<std::size_t>(second.arm(unit))] +=
        1;
  }
  EXPECT_EQ(theirs, expected.take("v1_table").get<std::vector<std::vector<double>>>());
  EXPECT_LT(independence(theirs, static_cast<double>(units)), 1e-30);
  EXPECT_GT(independence(ours, static_cast<double>(units)), 0.001);
  expected.set_aside("v1_p", "with a continuity correction; the table says the same");
  expected.set_aside("v2_table", "another platform's scheme");
  expected.set_aside("v2_p", "another platform's scheme");
}

const oracle::Handlers& handlers() {
  const auto whole = [](const char* id) {
    return [id](const Json& inputs, const Json& outputs) { welch_whole(inputs, outputs, id); };
  };
  static const oracle::Handlers all = {
      {"d.welch.tiny", whole("d.welch.tiny")},
      {"d.welch.tiny.margin0.7", welch_with_margin},
      {"d.welch.lcg", whole("d.welch.lcg")},
      {"d.merge", merged},
      {"d.offset", offset},
      {"t.", student},
      {"d.relative", relative},
      {"f.srm.", ratio},
      {"f.srm.exact_binomial", binomial},
      {"f.srm.critical", critical},
      {"f.ssrm.", sequential},
      {"assign.vectors", vectors},
      {"assign.uniformity", uniformity},
      {"assign.fnv_flaw", parallel_experiments},
  };
  return all;
}

class AnalysisOracle : public testing::TestWithParam<std::string> {};
TEST_P(AnalysisOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, AnalysisOracle,
                         testing::ValuesIn(oracle::ids({"d", "f", "assign"})), oracle::test_name);

TEST(AnalysisOracleFile, holds_the_checks_we_know_of) {
  EXPECT_EQ(oracle::ids({"d", "f", "assign"}).size(), 28U);
}

}  // namespace
}  // namespace experiment
