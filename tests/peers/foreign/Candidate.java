// SPDX-License-Identifier: Apache-2.0
// A candidate system as somebody else would write it: Kafka's own client, Jackson, and the messages of
// docs/ARCHITECTURE.md. It knows nothing of Provecho.
//   java Candidate HOST:PORT TOKEN
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public final class Candidate {
  private static final String DEMOGRAPHIC = "topic_demographic";
  private static final String HISTORIC = "topic_historic";
  private static final String PREDICTION = "topic_student_prediction";

  // What speaks for the offer, and against it. test_foreign.py knows the same rule and decides again.
  private static final Map<String, Integer> POINTS =
      Map.of("cat28", 3, "cat18", 2, "cat77", 1, "cat66", 1, "cat16", -1, "cat49", -1, "cat24", -2, "cat33", -2);
  private static final int ENOUGH = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  static int decide(JsonNode demographic, JsonNode historic) {
    int points = 3 * demographic.get("man").asInt() + (demographic.get("age").asInt() >= 35 ? 1 : 0);
    for (Map.Entry<String, Integer> product : POINTS.entrySet()) {
      points += product.getValue() * historic.get("products").get(product.getKey()).asInt();
    }
    return points >= ENOUGH ? 1 : 0;
  }

  public static void main(String[] arguments) throws Exception {
    String token = arguments[1];
    Properties settings = new Properties();
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("group.id", "a-java-candidate");
    settings.put("auto.offset.reset", "earliest");

    Map<Long, JsonNode> demographics = new HashMap<>();  // Customers of whom one half has come.
    Map<Long, JsonNode> histories = new HashMap<>();
    long decisions = 0;
    long shown = 0;
    CountDownLatch ended = new CountDownLatch(1);
    try (KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        consumer.wakeup();
        try {
          ended.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }));
      Node leader = producer.partitionsFor(PREDICTION).get(0).leader();
      System.out.println("talking to " + leader.host() + ":" + leader.port());
      consumer.subscribe(List.of(DEMOGRAPHIC, HISTORIC), new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
          System.out.println("reading " + partitions.size() + " partitions");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
      });
      while (true) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode message = JSON.readTree(record.value());
          (record.topic().equals(DEMOGRAPHIC) ? demographics : histories).put(message.get("uuid").asLong(), message);
          long uuid = message.get("uuid").asLong();
          if (!demographics.containsKey(uuid) || !histories.containsKey(uuid)) continue;
          int value = decide(demographics.remove(uuid), histories.remove(uuid));
          ObjectNode decision = JSON.createObjectNode().put("uuid", uuid).put("value", value).put("token", token);
          producer.send(new ProducerRecord<>(PREDICTION, Long.toString(uuid), JSON.writeValueAsString(decision)));
          decisions += 1;
          shown += value;
        }
      }
    } catch (WakeupException end) {
      System.out.println(decisions + " decisions, " + shown + " to show, "
          + (demographics.size() + histories.size()) + " halves left over");
    } finally {
      System.out.flush();
      ended.countDown();
    }
  }
}
