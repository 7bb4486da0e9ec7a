// SPDX-License-Identifier: Apache-2.0
package bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pmml4s.common.StructField;
import org.pmml4s.common.StructType;
import org.pmml4s.data.Series;
import org.pmml4s.model.Model;

/** pmml4s as its README has it for Java: a map of values a row, an array in the order of inputNames(), or a Series. */
final class Pmml4s implements Engine {
  enum Form { MAP, ARRAY, SERIES }

  private final Form form;
  private Model model;
  private int at = -1;

  Pmml4s(Form form) {
    this.form = form;
  }

  @Override
  public void load(Path file) {
    model = Model.fromFile(file.toFile());
  }

  @Override
  public Object[] prepare(List<Map<String, String>> rows) {
    String[] names = model.inputNames();
    StructType schema = model.inputSchema();
    return rows.stream().map(row -> {
      Object[] values = new Object[names.length];
      Map<String, Object> map = new HashMap<>();
      for (int i = 0; i < names.length; ++i) {
        StructField field = schema.apply(i);
        String text = row.get(names[i]);
        values[i] = text == null ? null : switch (field.dataType().toString()) {
          case "real", "double", "float" -> (Object) Double.valueOf(text);
          case "integer" -> Long.valueOf((long) Double.parseDouble(text));
          case "boolean" -> Boolean.valueOf(text);
          default -> text;
        };
        map.put(names[i], values[i]);
      }
      return switch (form) {
        case MAP -> map;
        case ARRAY -> values;
        case SERIES -> Series.fromArray(values, schema);
      };
    }).toArray();
  }

  @Override
  @SuppressWarnings("unchecked")
  public double score(Object row, String output) {
    if (form == Form.MAP) {
      return number(model.predict((Map<String, Object>) row).get(output));
    }
    if (at < 0) {
      at = Arrays.asList(model.outputNames()).indexOf(output);
    }
    if (form == Form.ARRAY) {
      return number(model.predict(row)[at]);
    }
    Series result = model.predict((Series) row);
    return result.isNullAt(at) ? Double.NaN : result.getDouble(at);
  }

  private static double number(Object value) {
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }
}
