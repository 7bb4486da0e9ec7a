// SPDX-License-Identifier: Apache-2.0
// Documents of a few lines, for tests: what stands in their middle, scored row by row in texts.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace pmml {

inline std::string pmml_file(const std::string& middle) {
  return "<PMML version=\"4.4\" xmlns=\"http://www.dmg.org/PMML-4_4\"><Header/>" + middle +
         "</PMML>";
}

// What reading or checking the document says against it; empty where it says nothing.
inline std::string refusal(const std::string& middle) {
  const auto document = read(pmml_file(middle));
  if (!document) return document.error().message;
  const auto scorer = Scorer::interpret(*document);
  return scorer ? "" : scorer.error().message;
}

// A document being scored by the interpreter; and by whatever else scores it, to the same bits.
class SmallDocument {
 public:
  explicit SmallDocument(const std::string& middle) {
    const auto document = read(pmml_file(middle));
    if (!document) {
      ADD_FAILURE() << document.error().message;
      return;
    }
    const auto again = read(write(*document));
    if (!again) {
      ADD_FAILURE() << "its own text is refused: " << again.error().message;
      return;
    }
    EXPECT_TRUE(*again == *document) << "its own text reads as another document";
    auto scorer = Scorer::interpret(*document);
    if (!scorer) {
      ADD_FAILURE() << scorer.error().message;
      return;
    }
    scorer_ = std::make_unique<Scorer>(*std::move(scorer));
    workspace_ = std::make_unique<Workspace>(*scorer_);
  }

  using Row = std::vector<std::pair<std::string, std::string>>;

  // The output as text: empty where missing, "refused" where the row is.
  std::string output(const Row& row, const std::string& name) {
    if (score(row) == Status::kRefused) return "refused";
    const auto output = scorer_->output(name);
    if (!output) return "no output '" + name + "'";
    return scorer_->output_text(*output, *workspace_);
  }
  // An output of the row scored last.
  std::string also(const std::string& name) const {
    return scorer_->output_text(*scorer_->output(name), *workspace_);
  }
  double number(const Row& row, const std::string& name) {
    static_cast<void>(score(row));
    return prediction_->outputs[*scorer_->output(name)];
  }
  // The predicted number, NaN where there is none.
  double prediction(const Row& row) {
    static_cast<void>(score(row));
    return prediction_->number;
  }
  const Scorer& scorer() const { return *scorer_; }

 private:
  Status score(const Row& row) {
    std::vector<double> cells(scorer_->inputs().size(), kMissing);
    for (const auto& [name, text] : row) {
      const auto input = scorer_->input(name);
      if (!input) {
        ADD_FAILURE() << "no input '" << name << "'";
        continue;
      }
      cells[*input] = scorer_->encode(*input, text, *workspace_);
    }
    prediction_ = &scorer_->score(cells, *workspace_);
    return prediction_->status;
  }

  std::unique_ptr<Scorer> scorer_;
  std::unique_ptr<Workspace> workspace_;
  const Prediction* prediction_ = nullptr;
};

// A regression that predicts nothing of interest, with one output `result` of an expression over
// the fields x (double), n (integer), s and t (string), d (date), dt (dateTime), c (time).
inline std::string document_of(const std::string& expression, const std::string& before = "") {
  const auto field = [](const std::string& name, const std::string& type) {
    const bool text = type == "string";
    return "<DataField name=\"" + name + "\" optype=\"" + (text ? "categorical" : "continuous") +
           "\" dataType=\"" + type + "\"/>";
  };
  const auto mining = [](const std::string& name) {
    return "<MiningField name=\"" + name + "\"/>";
  };
  return "<DataDictionary>" + field("x", "double") + field("n", "integer") + field("s", "string") +
         field("t", "string") + field("d", "date") + field("dt", "dateTime") + field("c", "time") +
         field("y", "double") + "</DataDictionary>" + before +
         "<RegressionModel functionName=\"regression\"><MiningSchema>" + mining("x") + mining("n") +
         mining("s") + mining("t") + mining("d") + mining("dt") + mining("c") +
         "<MiningField name=\"y\" usageType=\"target\"/></MiningSchema><Output>"
         "<OutputField name=\"result\" feature=\"transformedValue\">" +
         expression + "</OutputField></Output><RegressionTable intercept=\"0\"/></RegressionModel>";
}

inline std::string field_ref(const std::string& name) {
  return "<FieldRef field=\"" + name + "\"/>";
}
inline std::string text_constant(const std::string& text) {
  return "<Constant dataType=\"string\">" + text + "</Constant>";
}
inline std::string call_of(const std::string& function, const std::string& arguments) {
  return "<Apply function=\"" + function + "\">" + arguments + "</Apply>";
}

}  // namespace pmml
