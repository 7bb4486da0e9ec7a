// SPDX-License-Identifier: Apache-2.0
package bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One engine used in one way: how it is loaded, and in which form it is given its rows. */
interface Engine {
  /** From a file to a model that is ready to score. */
  void load(Path file) throws Exception;

  /** The rows in the form that score() takes; null is missing. Not part of any time. */
  Object[] prepare(List<Map<String, String>> rows);

  /** The named output field of a row; NaN where it has none. */
  double score(Object row, String output);

  static Engine of(String way) {
    return switch (way) {
      case "jpmml-values" -> new Jpmml(false);
      case "jpmml-prepared" -> new Jpmml(true);
      case "pmml4s-map" -> new Pmml4s(Pmml4s.Form.MAP);
      case "pmml4s-array" -> new Pmml4s(Pmml4s.Form.ARRAY);
      case "pmml4s-series" -> new Pmml4s(Pmml4s.Form.SERIES);
      default -> throw new IllegalArgumentException(way);
    };
  }
}
