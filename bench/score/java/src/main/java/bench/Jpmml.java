// SPDX-License-Identifier: Apache-2.0
package bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.InputField;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;

/**
 * JPMML-Evaluator as its README has it: the loading builder (which by default optimises the model with the
 * ModelEvaluatorVisitorBattery), verify(), one map of arguments a row.
 */
final class Jpmml implements Engine {
  private final boolean prepared;
  private Evaluator evaluator;

  /**
   * @param prepared whether the arguments are FieldValues (InputField.prepare() is done beforehand) or plain values
   */
  Jpmml(boolean prepared) {
    this.prepared = prepared;
  }

  @Override
  public void load(Path file) throws Exception {
    evaluator = new LoadingModelEvaluatorBuilder().load(file.toFile()).build();
    evaluator.verify();
  }

  @Override
  public Object[] prepare(List<Map<String, String>> rows) {
    Object[] result = new Object[rows.size()];
    for (int r = 0; r < result.length; ++r) {
      Map<String, Object> arguments = new HashMap<>();
      for (InputField field : evaluator.getInputFields()) {
        String text = rows.get(r).get(field.getName());
        Object value = text == null ? null : switch (field.getDataType()) {
          case INTEGER -> (Object) Integer.valueOf((int) Double.parseDouble(text));
          case FLOAT -> Float.valueOf(text);
          case DOUBLE -> Double.valueOf(text);
          case BOOLEAN -> Boolean.valueOf(text);
          default -> text;
        };
        arguments.put(field.getName(), prepared ? field.prepare(value) : value);
      }
      result[r] = arguments;
    }
    return result;
  }

  @Override
  @SuppressWarnings("unchecked")
  public double score(Object row, String output) {
    Object value = evaluator.evaluate((Map<String, ?>) row).get(output);
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }
}
