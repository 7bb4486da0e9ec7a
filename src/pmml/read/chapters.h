// SPDX-License-Identifier: Apache-2.0
// The chapters that model.cc finds by name. Each function reads what is the chapter's own,
// attributes and children, into model.body; read_model() has read the rest of the model before.
#pragma once
#include "pmml/document/document.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Refuses attributes and children of the model's element that are neither every model's nor the
// chapter's own; every read function below begins with it.
void only_model(const Element& element, std::initializer_list<std::string_view> attributes,
                std::initializer_list<std::string_view> children);

void read_regression_model(const Element& element, Model& model, int nesting);
void read_tree_model(const Element& element, Model& model, int nesting);
void read_mining_model(const Element& element, Model& model, int nesting);
void read_general_regression(const Element& element, Model& model, int nesting);
void read_naive_bayes(const Element& element, Model& model, int nesting);
void read_support_vector_machine(const Element& element, Model& model, int nesting);
void read_neural_network(const Element& element, Model& model, int nesting);
void read_gaussian_process(const Element& element, Model& model, int nesting);
void read_scorecard(const Element& element, Model& model, int nesting);
void read_rule_set(const Element& element, Model& model, int nesting);
void read_clustering(const Element& element, Model& model, int nesting);
void read_nearest_neighbor(const Element& element, Model& model, int nesting);
void read_anomaly_detection(const Element& element, Model& model, int nesting);
void read_association(const Element& element, Model& model, int nesting);
void read_bayesian_network(const Element& element, Model& model, int nesting);
void read_time_series(const Element& element, Model& model, int nesting);
void read_baseline(const Element& element, Model& model, int nesting);
void read_text_model(const Element& element, Model& model, int nesting);

}  // namespace pmml::detail
