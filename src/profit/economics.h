// SPDX-License-Identifier: Apache-2.0
// What being right is worth. Income i of an accepted offer, cost c of a shown one, and the unit
// profitability q = i/c. The method (q from a hypothesis on the old system, RAP as the measure to
// rank by) is that of Hernández Marcos et al., "Enseñándole negocios a nuestra IA" (BBVA AI
// Innovation Labs).
#pragma once
#include <optional>

#include "base/result.h"
#include "metric/confusion.h"

namespace profit {

// The money of one offer. Where only q is known, cost is 1 and income q: amounts are then in units
// of one offer's cost. Made by the functions below, which refuse what is not money: finite, cost >
// 0, income > cost.
struct Economics {
  double income = 0;
  double cost = 0;
  [[nodiscard]] double q() const { return income / cost; }
};

base::Result<Economics> economics_from_money(double income, double cost);
// Refuses q ≤ 1: an offer that earns no more than it costs is never worth showing.
base::Result<Economics> economics_from_q(double q);
// The old system reached a known precision and is supposed to have returned roi (0: it broke even;
// −0.15: it lost 15 %).
base::Result<Economics> economics_from_hypothesis(double old_precision, double roi);

// q = (1 + ROI) / precision, for a precision in (0, 1] and ROI > −1. Precision 0.027856 and ROI 0
// give 35.90.
base::Result<double> q_from_roi(double roi, double old_precision);

// ROI = precision · q − 1; nothing where nothing was offered.
std::optional<double> roi(const metric::Confusion& c, double q);
double roi_from_precision(double precision, double q);

// P = TP·i − (TP + FP)·c.
double profit(const metric::Confusion& c, const Economics& e);
// P / customers, the money that a customer of the population is worth; nothing without customers.
std::optional<double> profit_per_customer(const metric::Confusion& c, const Economics& e);
// P / offers shown; nothing where nothing was offered.
std::optional<double> profit_per_offer(const metric::Confusion& c, const Economics& e);
// TAP = (TP + FN)(i − c): an offer to each customer who accepts, and to nobody else.
double theoretically_achievable_profit(const metric::Confusion& c, const Economics& e);

// RAP = P / TAP = [TP·q − (TP + FP)] / [(TP + FN)(q − 1)], at most 1. Needs q > 1; nothing without
// positives.
std::optional<double> relative_achieved_profit(const metric::Confusion& c, double q);
// The precision that a model with this recall needs for this RAP (the inverse of RAP in precision);
// nothing where no precision in (0, 1] gives it.
std::optional<double> precision_for_rap(double rap, double recall, double q);

// A calibrated probability p is worth an offer exactly when p·i > c, that is p > 1/q.
double break_even_threshold(const Economics& e);
// What one customer with probability p brings if shown the offer: p·i − c.
double expected_profit(double probability, const Economics& e);

}  // namespace profit
