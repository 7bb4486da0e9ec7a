// SPDX-License-Identifier: Apache-2.0
package bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A peer's side of the comparison: Score WAY answers each line of standard input with one line of JSON. Times are those of
 * the thread.
 *
 * <ul>
 *   <li>load FILE: seconds from the file to a model that is ready to score
 *   <li>rows FOLDER OUTPUT: reads the rows and the library's predictions
 *   <li>check RELATIVE ABSOLUTE: how far the engine is from the library
 *   <li>warm SECONDS: scores rows for so long
 *   <li>row: nanoseconds a row, one row at a time
 * </ul>
 */
public final class Score {
  private static final double LONG = 0.25; // Seconds that one measurement takes at least.

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Engine engine;
  private Object[] rows;
  private double[] expected;
  private double[] out;
  private String output;

  private Score(Engine engine) {
    this.engine = engine;
  }

  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    Score score = new Score(Engine.of(arguments[0]));
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(score.answer(line.split(" ")));
      System.out.flush();
    }
  }

  private String answer(String[] words) {
    try {
      return switch (words[0]) {
        case "load" -> load(Path.of(words[1]));
        case "rows" -> readRows(Path.of(words[1]), words[2]);
        case "check" -> check(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
        case "warm" -> warm(Double.parseDouble(words[1]));
        case "row" -> String.format("{\"ns\": %.3f}", fastest());
        default -> "{\"error\": \"unknown command\"}";
      };
    } catch (Exception | StackOverflowError error) {
      return "{\"error\": \"" + error.toString().replaceAll("[\"\\\\\\p{Cntrl}]", " ") + "\"}";
    }
  }

  private String load(Path file) throws Exception {
    long clock = System.nanoTime();
    double start = threadSeconds();
    engine.load(file);
    return String.format("{\"seconds\": %.6f, \"wall\": %.6f}", threadSeconds() - start, (System.nanoTime() - clock) * 1e-9);
  }

  private String readRows(Path folder, String name) throws Exception {
    List<String> lines = Files.readAllLines(folder.resolve("rows.csv"));
    String[] header = lines.get(0).split(",", -1);
    List<Map<String, String>> texts = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < header.length; ++i) {
        row.put(header[i], cells[i].isEmpty() ? null : cells[i]);
      }
      texts.add(row);
    }
    rows = engine.prepare(texts);
    output = name;
    expected = Files.readAllLines(folder.resolve("expected.csv")).stream().skip(1).mapToDouble(Double::parseDouble).toArray();
    out = new double[rows.length];
    return String.format("{\"rows\": %d}", rows.length);
  }

  private void pass() {
    for (int r = 0; r < rows.length; ++r) {
      out[r] = engine.score(rows[r], output);
    }
  }

  private String check(double relative, double absolute) {
    pass();
    int beyond = 0;
    double largest = 0;
    for (int r = 0; r < out.length; ++r) {
      double distance = Math.abs(out[r] - expected[r]);
      if (!(distance <= absolute + relative * Math.abs(expected[r]))) {
        ++beyond;
      }
      if (distance > 0) {
        largest = Math.max(largest, distance / Math.abs(expected[r]));
      }
    }
    return String.format("{\"rows\": %d, \"beyond\": %d, \"largest_relative_difference\": %.3e}", out.length, beyond, largest);
  }

  private String warm(double duration) {
    int passes = 0;
    for (double begin = threadSeconds(); threadSeconds() < begin + duration; ++passes) {
      pass();
    }
    return String.format("{\"passes\": %d}", passes);
  }

  private double fastest() {
    double best = Double.MAX_VALUE;
    double begin = threadSeconds();
    for (double end = begin; end < begin + LONG; ) {
      double start = end;
      pass();
      end = threadSeconds();
      best = Math.min(best, end - start);
    }
    return best / rows.length * 1e9;
  }

  /** Seconds that this thread has run: neither other programs nor the collector's and the compiler's threads count. */
  private static double threadSeconds() {
    return THREADS.getCurrentThreadCpuTime() * 1e-9;
  }
}
