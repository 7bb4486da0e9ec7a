// SPDX-License-Identifier: Apache-2.0
// One function per chapter: the elements of its own; write_model() adds what every model has.
#pragma once
#include "pmml/document/document.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_model(const Model& model, XmlText& xml);
// As <Regression> or <DecisionTree>.
void write_embedded_model(const Model& model, XmlText& xml);
void write_targets(const std::vector<Target>& targets, XmlText& xml);
void write_output(const std::vector<OutputField>& fields, XmlText& xml);

}  // namespace pmml::detail
