// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/text_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {

void write_attributes(const TextModel& model, XmlText& xml) {
  xml.attribute("numberOfTerms", std::to_string(model.terms.size()));
  xml.attribute("numberOfDocuments", std::to_string(model.documents.size()));
}

void write_body(const TextModel& model, XmlText& xml) {
  xml.open("TextDictionary");
  write_string_array(model.terms, xml);
  xml.close();
  xml.open("TextCorpus");
  for (const TextModel::TextDocument& document : model.documents) {
    xml.open("TextDocument");
    xml.attribute("id", document.id);
    xml.optional("name", document.name);
    xml.optional_number("length", document.length);
    xml.optional("file", document.file);
    xml.close();
  }
  xml.close();
  xml.open("DocumentTermMatrix");
  write_matrix(model.counts, xml);
  xml.close();
  xml.open("TextModelNormalization");
  xml.choice("localTermWeights", kLocalTermWeights, model.local);
  xml.choice("globalTermWeights", kGlobalTermWeights, model.global);
  xml.attribute("documentNormalization", model.normalized ? "cosine" : "none");
  xml.close();
  xml.open(kSimilarity);
  xml.choice("similarityType", kTextSimilarities, model.similarity);
  xml.close();
  if (model.labels.empty()) return;
  xml.open(kClassLabels);
  write_string_array(model.labels, xml);
  xml.close();
}

}  // namespace pmml::detail
