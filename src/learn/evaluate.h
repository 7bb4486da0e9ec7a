// SPDX-License-Identifier: Apache-2.0
// A document on rows it has not seen, scored by the very scorer that serves the stream.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/labels.h"
#include "metric/confusion.h"
#include "pmml/document/document.h"
#include "pmml/score/scorer.h"
#include "profit/economics.h"

namespace learn {

struct Scores {
  std::vector<double> probabilities;  // Of the positive value, for each row.
  std::vector<std::uint8_t>
      offers;  // The document's own decision where it has an `offer`, else probability > threshold.
  std::vector<double> uplifts = {};  // Of a document whose `offer` asks its `uplift`; else empty.

  // What the rows are ordered by, those to offer to first.
  [[nodiscard]] const std::vector<double>& keys() const {
    return uplifts.empty() ? probabilities : uplifts;
  }
};

// Refuses a document without probabilities of the positive value, a column that the document needs
// and the table lacks, and a row that the document cannot score (naming the row).
base::Result<Scores> score(const pmml::Document& document, const data::Table& table,
                           const std::string& positive, double threshold = 0.5, int threads = 2);

// The probabilities of the positive value alone, by a scorer that is compiled already; the same
// refusals.
base::Result<std::vector<double>> probabilities(const pmml::Scorer& scorer,
                                                const data::Table& table,
                                                const std::string& positive, int threads = 2);

// The value whose probability the document's `offer` looks at, alone or in an uplift; or nothing.
std::optional<std::string> offered_value(const pmml::Document& document);

struct Evaluation {
  std::string name;
  metric::Confusion confusion;
  // The document's own, of the probability or the uplift; nothing for models that look at nobody.
  std::optional<double> threshold;
  // Of the probabilities; nothing where there are none or they are not defined.
  std::optional<double> auc, brier, log_loss, calibration_error;
  // Of the money; nothing without economics.
  std::optional<double> rap, roi, profit_per_customer, profit_per_offer;
};

// One model's figures. Money is computed for the decisions as the document takes them.
base::Result<Evaluation> evaluate(const pmml::Document& document, const std::string& name,
                                  const data::Table& table, const Labels& labels,
                                  const std::optional<profit::Economics>& economics,
                                  double threshold = 0.5);

// The figures of a decision without probabilities.
Evaluation evaluate_decisions(const std::string& name, const metric::Confusion& confusion,
                              const std::optional<profit::Economics>& economics);

struct Candidate {
  std::string name;
  const pmml::Document* document = nullptr;  // Borrowed for the call.
};

// The value that the candidates' `offer`s look at, or the one given; empty where there is none.
// Refuses candidates whose offers look at another one.
base::Result<std::string> common_positive(std::span<const Candidate> candidates,
                                          const std::string& given);

// Every candidate and the models "always" and "never", best RAP first (equal ones in the order
// given). All are measured on the same rows with the same money. The target is read by the
// candidates' common_positive().
base::Result<std::vector<Evaluation>> rank(std::span<const Candidate> candidates,
                                           const data::Table& table, const std::string& target,
                                           const profit::Economics& economics,
                                           const std::string& positive = {});

}  // namespace learn
