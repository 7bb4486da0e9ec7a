// SPDX-License-Identifier: Apache-2.0
// How fast a historic message of 100 products is read: our three engines beside plain simdjson with
// a dictionary.
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unordered_map>

#include "base/random.h"
#include "event/read.h"
#include "event/write.h"

namespace {

std::vector<std::string> messages(const event::ProductIndex& index, char quote) {
  base::Random random(1);
  std::vector<std::string> out;
  for (std::int64_t id = 0; id < 20'000; ++id) {
    event::History history(index.size());
    history.customer = event::CustomerId(100'000 + id);
    for (std::size_t slot = 0; slot < index.size(); ++slot)
      history.set(slot, random.bernoulli(0.15));
    std::string text;
    event::write(history, index, text);
    std::replace(text.begin(), text.end(), '"', quote);
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    out.push_back(std::move(text));
  }
  return out;
}

// The best of five rounds over all messages.
template <class Read>
void measure(const char* name, const std::vector<std::string>& texts, Read&& read) {
  double best = 1e9;
  std::uint64_t sum = 0;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& text : texts) sum += read(text);
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  const double each = best / static_cast<double>(texts.size());
  std::printf("%-34s %8.0f ns a message  %6.2f M/s  %6.2f GB/s  (sum %llu)\n", name, each * 1e9,
              1e-6 / each, static_cast<double>(texts[0].size()) / each * 1e-9,
              static_cast<unsigned long long>(sum));
}

std::uint64_t ones(const event::History& history) {
  std::uint64_t count = 0;
  for (const std::uint64_t word : history.bought_words())
    count += static_cast<std::uint64_t>(std::popcount(word));
  return count;
}

}  // namespace

int main() {
  std::vector<std::string> names;
  for (int i = 0; i < 50; ++i) names.push_back("cat" + std::to_string(i));
  for (int i = 0; i < 50; ++i) names.push_back("u" + std::to_string(i));
  const event::ProductIndex index = event::ProductIndex::make(names).value();
  const std::vector<std::string> json = messages(index, '"');
  const std::vector<std::string> python = messages(index, '\'');

  using Engine = event::HistoryReader::Engine;
  const std::pair<const char*, Engine> engines[] = {{"shapes, fastest", Engine::kFastest},
                                                    {"shapes, portable", Engine::kPortable},
                                                    {"scanner", Engine::kReference}};
  for (const auto& [name, engine] : engines) {
    event::HistoryReader reader(index, engine);
    event::History history;
    const auto read = [&](const std::string& text) {
      return reader.read(text, history) == event::Outcome::kOk ? ones(history) : 0;
    };
    measure(name, json, read);
    measure((std::string(name) + ", single quotes").c_str(), python, read);
  }

  std::unordered_map<std::string_view, std::size_t> slots;
  for (std::size_t slot = 0; slot < index.size(); ++slot) slots.emplace(index.name(slot), slot);
  simdjson::ondemand::parser parser;
  event::History history(index.size());
  measure("simdjson on demand and a dictionary", json,
          [&](const std::string& text) -> std::uint64_t {
            auto document = parser.iterate(text.data(), text.size(), text.capacity());
            history.reset(index.size());
            std::int64_t id = 0;
            if (document["uuid"].get_int64().get(id) != simdjson::SUCCESS) return 0;
            simdjson::ondemand::object products;
            if (document["products"].get_object().get(products) != simdjson::SUCCESS) return 0;
            for (auto field : products) {
              std::string_view key;
              std::int64_t value = 0;
              if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
                  field.value().get_int64().get(value) != simdjson::SUCCESS)
                return 0;
              const auto found = slots.find(key);
              if (found != slots.end()) history.set(found->second, value == 1);
            }
            return ones(history);
          });
}
