// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/text.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace pmml::detail {
namespace {

// Line breaks and tabs are written as references, which a reader does not turn into blanks.
void escape(std::string& out, std::string_view text, bool in_attribute) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        if (in_attribute) {
          out += "&quot;";
        } else {
          out += c;
        }
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\n':
      case '\t':
        if (in_attribute) {
          out += c == '\n' ? "&#10;" : "&#9;";
        } else {
          out += c;
        }
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

std::string spell(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  return base::format_double(value);
}

// Beyond some depth blanks help nobody, and would make the text of a deep tree grow with the square
// of its depth.
void XmlText::indent() { text_.append(2 * std::min<std::size_t>(open_.size(), 8), ' '); }

void XmlText::open(std::string_view element) {
  if (tag_is_open_) text_ += ">\n";
  indent();
  text_ += '<';
  text_ += element;
  open_.emplace_back(element);
  tag_is_open_ = true;
}

void XmlText::close() {
  const std::string element = std::move(open_.back());
  open_.pop_back();
  if (tag_is_open_) {
    text_ += "/>\n";
  } else {
    indent();
    text_ += "</" + element + ">\n";
  }
  tag_is_open_ = false;
}

void XmlText::attribute(std::string_view name, std::string_view value) {
  text_ += ' ';
  text_ += name;
  text_ += "=\"";
  escape(text_, value, true);
  text_ += '"';
}

void XmlText::number(std::string_view name, double value) { attribute(name, spell(value)); }

void XmlText::content(std::string_view text) {
  if (text.empty()) {
    close();
    return;
  }
  text_ += '>';
  escape(text_, text, false);
  text_ += "</" + open_.back() + ">\n";
  open_.pop_back();
  tag_is_open_ = false;
}

}  // namespace pmml::detail
