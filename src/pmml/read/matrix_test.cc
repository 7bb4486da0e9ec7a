// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/matrix.h"

#include <gtest/gtest.h>

#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

struct Parsed {
  explicit Parsed(const std::string& xml) : source(xml) {
    document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  }
  [[nodiscard]] Element root() { return {document.document_element(), source}; }
  [[nodiscard]] std::string refusal() const {
    return source.error() ? source.error()->message : "";
  }
  pugi::xml_document document;
  Source source;
};

Matrix matrix_of(const std::string& xml) {
  Parsed parsed(xml);
  const Matrix matrix = read_matrix(parsed.root());
  EXPECT_EQ(parsed.refusal(), "");
  return matrix;
}

std::string refusal_of_matrix(const std::string& xml) {
  Parsed parsed(xml);
  static_cast<void>(read_matrix(parsed.root()));
  return parsed.refusal();
}

SparseArray sparse_of(const std::string& xml) {
  Parsed parsed(xml);
  const SparseArray array = read_sparse_array(parsed.root());
  EXPECT_EQ(parsed.refusal(), "");
  return array;
}

std::string refusal_of_sparse(const std::string& xml) {
  Parsed parsed(xml);
  static_cast<void>(read_sparse_array(parsed.root()));
  return parsed.refusal();
}

TEST(Matrix, is_read_from_each_kind_of_the_standard) {
  EXPECT_EQ(matrix_of("<Matrix><Array>1 2 3</Array><Array>4 5 6</Array></Matrix>"),
            (Matrix{2, 3, {1, 2, 3, 4, 5, 6}}));
  EXPECT_EQ(matrix_of("<Matrix kind='diagonal'><Array>7 8</Array></Matrix>"),
            (Matrix{2, 2, {7, 0, 0, 8}}));
  EXPECT_EQ(matrix_of("<Matrix kind='symmetric'><Array>1</Array><Array>2 3</Array></Matrix>"),
            (Matrix{2, 2, {1, 2, 2, 3}}));
  EXPECT_EQ(matrix_of("<Matrix nbRows='2' nbCols='3' diagDefault='1' offDiagDefault='0.5'>"
                      "<MatCell row='1' col='3'>9</MatCell></Matrix>"),
            (Matrix{2, 3, {1, 0.5, 9, 0.5, 1, 0.5}}));
  // A word of some writers for cells, of which those that are not listed are 0.
  EXPECT_EQ(matrix_of("<Matrix kind='sparse' nbRows='1' nbCols='2'><MatCell row='1' col='2'>9"
                      "</MatCell></Matrix>"),
            (Matrix{1, 2, {0, 9}}));
}

TEST(Matrix, is_refused_where_its_sizes_do_not_fit) {
  EXPECT_NE(refusal_of_matrix("<Matrix>\n<Array>1 2</Array>\n<Array>3</Array></Matrix>")
                .find("line 3: <Array>: has 1 numbers; row 2 of this Matrix needs 2"),
            std::string::npos);
  EXPECT_NE(refusal_of_matrix("<Matrix nbRows='4000000' nbCols='4000000'/>").find("cells"),
            std::string::npos);
  EXPECT_NE(refusal_of_matrix("<Matrix nbRows='2' nbCols='2'><MatCell row='3' col='1'>1</MatCell>"
                              "</Matrix>")
                .find("expected an integer from 1 to 2"),
            std::string::npos);
  EXPECT_NE(refusal_of_matrix("<Matrix nbRows='3'><Array>1</Array></Matrix>").find("give 1"),
            std::string::npos);
  EXPECT_NE(refusal_of_matrix("<Matrix kind='sparse'><Array>1</Array></Matrix>").find("MatCells"),
            std::string::npos);
  EXPECT_NE(refusal_of_matrix("<Matrix><Array>1 x</Array></Matrix>").find("'x'"),
            std::string::npos);
}

TEST(SparseArray, is_read_in_the_order_of_its_indices) {
  const SparseArray array = sparse_of(
      "<REAL-SparseArray n='7'><Indices>5 2</Indices><REAL-Entries>4 -3.5</REAL-Entries>"
      "</REAL-SparseArray>");
  EXPECT_EQ(array, (SparseArray{7, 0, {{1, -3.5}, {4, 4}}}));
  XmlText xml;
  write_sparse_array(array, xml);
  EXPECT_EQ(sparse_of(xml.take()), array);
  EXPECT_EQ(sparse_of("<REAL-SparseArray n='3'/>"), (SparseArray{3, 0, {}}));
}

TEST(SparseArray, is_refused_where_it_contradicts_itself) {
  EXPECT_NE(refusal_of_sparse("<REAL-SparseArray n='2'><Indices>3</Indices>"
                              "<REAL-Entries>1</REAL-Entries></REAL-SparseArray>")
                .find("from 1 to 2"),
            std::string::npos);
  EXPECT_NE(refusal_of_sparse("<REAL-SparseArray><Indices>1 1</Indices>"
                              "<REAL-Entries>1 2</REAL-Entries></REAL-SparseArray>")
                .find("twice"),
            std::string::npos);
  EXPECT_NE(refusal_of_sparse("<REAL-SparseArray><Indices>1</Indices></REAL-SparseArray>")
                .find("1 indices for 0 entries"),
            std::string::npos);
}

}  // namespace
}  // namespace pmml::detail
