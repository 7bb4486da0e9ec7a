// SPDX-License-Identifier: Apache-2.0
// Scores <folder>/<case>/model.pmml over input.csv with JPMML-Evaluator and compares every column of expected.csv.
package parity;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.EvaluatorUtil;
import org.jpmml.evaluator.InputField;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;

public class Parity {
  private static final double RELATIVE = 1e-12;

  public static void main(String[] arguments) throws Exception {
    List<Path> cases;
    try (Stream<Path> found = Files.list(Path.of(arguments[0]))) {
      cases = found.filter(Files::isDirectory).sorted().toList();
    }
    boolean good = !cases.isEmpty();
    for (Path folder : cases) {
      good &= agrees(folder);
    }
    System.exit(good ? 0 : 1);
  }

  private static boolean agrees(Path folder) throws Exception {
    Evaluator evaluator = new LoadingModelEvaluatorBuilder().load(folder.resolve("model.pmml").toFile()).build();
    evaluator.verify();
    List<String> input = Files.readAllLines(folder.resolve("input.csv"));
    List<String> expected = Files.readAllLines(folder.resolve("expected.csv"));
    String[] names = input.get(0).split(",", -1);
    String[] columns = expected.get(0).split(",", -1);
    boolean single = Files.readString(folder.resolve("model.pmml")).contains("x-mathContext=\"float\"");
    double worst = 0;
    int cells = 0;
    List<String> wrong = new ArrayList<>();
    for (int r = 1; r < input.size(); ++r) {
      Map<String, Object> row = new LinkedHashMap<>();
      String[] values = input.get(r).split(",", -1);
      for (int c = 0; c < names.length; ++c) {
        row.put(names[c], values[c].isEmpty() ? null : values[c]);
      }
      String[] ours = expected.get(r).split(",", -1);
      Map<String, ?> theirs;
      try {
        Map<String, Object> prepared = new LinkedHashMap<>();
        for (InputField field : evaluator.getInputFields()) {
          prepared.put(field.getName(), field.prepare(row.get(field.getName())));
        }
        theirs = EvaluatorUtil.decodeAll(evaluator.evaluate(prepared));
      } catch (RuntimeException refusal) {
        theirs = Map.of();
      }
      for (int c = 0; c < columns.length; ++c, ++cells) {
        Object value = theirs.get(columns[c]);
        String text = value == null ? "" : value.toString();
        double distance = distance(ours[c], text, single);
        worst = Math.max(worst, distance);
        if (distance > RELATIVE) {
          wrong.add("row " + r + ", " + columns[c] + ": ours '" + ours[c] + "', JPMML '" + text + "'");
        }
      }
    }
    System.out.printf("%-28s %6d cells, %d differ, largest relative difference %.2e%n", folder.getFileName(), cells, wrong.size(), worst);
    wrong.stream().limit(3).forEach(line -> System.out.println("  " + line));
    return wrong.isEmpty() && cells > 0;
  }

  // Of models in single precision, the same float is asked for.
  private static double distance(String ours, String theirs, boolean single) {
    if (ours.equals(theirs)) return 0;
    try {
      double a = Double.parseDouble(ours);
      double b = Double.parseDouble(theirs);
      if (single && (float) a == (float) b) return 0;
      return a == b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    } catch (NumberFormatException notNumbers) {
      return Double.POSITIVE_INFINITY;
    }
  }
}
