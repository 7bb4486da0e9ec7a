// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/write.h"

#include "pmml/write/field.h"
#include "pmml/write/model.h"
#include "pmml/write/text.h"

namespace pmml {
namespace {

void write_header(const Header& header, detail::XmlText& xml) {
  xml.open("Header");
  if (!header.copyright.empty()) xml.attribute("copyright", header.copyright);
  if (!header.description.empty()) xml.attribute("description", header.description);
  if (!header.application.empty()) {
    xml.open("Application");
    xml.attribute("name", header.application);
    if (!header.application_version.empty()) xml.attribute("version", header.application_version);
    xml.close();
  }
  if (!header.timestamp.empty()) {
    xml.open("Timestamp");
    xml.content(header.timestamp);
  }
  xml.close();
}

}  // namespace

std::string write(const Document& document) {
  detail::XmlText xml;
  xml.open("PMML");
  xml.attribute("xmlns", "http://www.dmg.org/PMML-4_4");
  xml.attribute("version", "4.4");
  write_header(document.header, xml);
  detail::write_data_dictionary(document.data_dictionary, xml);
  detail::write_transformation_dictionary(document, xml);
  detail::write_model(document.model, xml);
  xml.close();
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml.take();
}

}  // namespace pmml
