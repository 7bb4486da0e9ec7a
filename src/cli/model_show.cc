// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/model.h"
#include "cli/score_rows.h"
#include "cli/terminal.h"
#include "pmml/describe/describe.h"

namespace cli {
namespace {

struct Options {
  std::string model;
  bool json = false;
  bool all = false;
};

std::string joined(const std::vector<std::string>& texts, const char* separator) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : separator) + text;
  return all;
}

std::string counted(std::size_t count) {
  return base::format_count(static_cast<std::int64_t>(count));
}

// "1 tree, 1,989 nodes".
std::string counted(const std::vector<std::pair<std::string, std::size_t>>& counts) {
  std::string text;
  for (const auto& [what, count] : counts) {
    text += (text.empty() ? "" : ", ") + counted(count) + " " + what;
  }
  return text;
}

std::string domain(const pmml::FieldDescription& field, bool all) {
  constexpr std::size_t kMostShown = 6;
  if (field.values.empty()) return joined(field.ranges, " ");
  if (all || field.values.size() <= kMostShown) return joined(field.values, " | ");
  const std::vector<std::string> first(field.values.begin(), field.values.begin() + kMostShown);
  return joined(first, " | ") + " | … (" + std::to_string(field.values.size()) + ")";
}

void print_line(const char* what, const std::string& text) {
  if (!text.empty()) std::printf("%-13s %s\n", what, text.c_str());
}

void print_fields(const pmml::Description& description, bool all) {
  constexpr std::size_t kMostShown = 60;
  bool important = false;
  for (const auto& field : description.fields) important |= field.importance.has_value();
  std::vector<std::vector<std::string>> rows;
  std::size_t left_out = 0;
  for (const pmml::FieldDescription& field : description.fields) {
    if (!all && rows.size() >= kMostShown) {
      ++left_out;
      continue;
    }
    std::vector<std::string> row = {field.name,         field.usage,
                                    field.data_type,    field.op_type,
                                    domain(field, all), joined(field.treatments, "; ")};
    if (important) {
      row.push_back(field.importance ? base::format_double(*field.importance) : "");
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::string> header = {"field", "usage", "type", "optype", "valid", "treatment"};
  if (important) header.emplace_back("importance");
  std::printf("\n%s", format_table(header, rows).c_str());
  if (left_out > 0) std::printf("… and %zu more (--all)\n", left_out);
}

void print_outputs(const pmml::Description& description) {
  if (description.outputs.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const pmml::OutputDescription& output : description.outputs) {
    rows.push_back({output.name, output.feature, output.value, output.data_type,
                    output.is_final ? "" : "inner"});
  }
  std::printf("\n%s", format_table({"output", "feature", "value", "type", ""}, rows).c_str());
}

std::string kind(const pmml::Description& d) {
  return d.model + " (" + d.function + (d.algorithm.empty() ? "" : ", " + d.algorithm) +
         (d.combination.empty() ? "" : ", " + d.combination) + ")" +
         (d.model_name.empty() ? "" : " '" + d.model_name + "'");
}

std::string written_by(const pmml::Description& d) {
  if (d.application.empty()) return d.timestamp;
  return d.application + (d.timestamp.empty() ? "" : ", " + d.timestamp);
}

std::string scoring(const base::Result<ModelFile>& model) {
  if (!model) return "refused: " + model.error().message;
  if (model->scorer.compiled()) return "compiled";
  return "interpreted, row by row: " + model->scorer.why_interpreted();
}

void print(const Options& options, const pmml::Description& d,
           const base::Result<ModelFile>& model) {
  print_line("file", options.model + ", " + counted(d.bytes) + " bytes, " + counted(d.elements) +
                         " elements, PMML " + d.version);
  if (model) print_line("sha-256", model->digest);
  print_line("made by", written_by(d));
  print_line("copyright", d.copyright);
  print_line("description", d.description);
  print_line("model", kind(d));
  print_line("made of", counted(d.models));
  print_line("size", counted(d.parts));
  print_line("scoring", scoring(model));
  if (d.verification_records) {
    print_line("verification",
               counted(*d.verification_records) + " records" + (model ? ", reproduced" : ""));
  }
  if (model) {
    const auto categories = model->scorer.target_categories();
    const std::vector<std::string> names(categories.begin(), categories.end());
    const std::string target = model->scorer.target_name();
    print_line("target", names.empty() ? target : target + ": " + joined(names, " | "));
  }
  print_fields(d, options.all);
  print_outputs(d);
}

nlohmann::json counts_json(const std::vector<std::pair<std::string, std::size_t>>& counts) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [what, count] : counts) object[what] = count;
  return object;
}

nlohmann::json json_of(const Options& options, const pmml::Description& d,
                       const base::Result<ModelFile>& model) {
  nlohmann::json fields = nlohmann::json::array();
  for (const pmml::FieldDescription& field : d.fields) {
    fields.push_back({{"name", field.name},
                      {"usage", field.usage},
                      {"type", field.data_type},
                      {"optype", field.op_type},
                      {"ranges", field.ranges},
                      {"values", field.values},
                      {"treatments", field.treatments},
                      {"importance", field.importance ? nlohmann::json(*field.importance)
                                                      : nlohmann::json(nullptr)}});
  }
  nlohmann::json outputs = nlohmann::json::array();
  for (const pmml::OutputDescription& output : d.outputs) {
    outputs.push_back({{"name", output.name},
                       {"feature", output.feature},
                       {"value", output.value},
                       {"type", output.data_type},
                       {"final", output.is_final}});
  }
  nlohmann::json json = {{"file", options.model},
                         {"bytes", d.bytes},
                         {"elements", d.elements},
                         {"version", d.version},
                         {"application", d.application},
                         {"timestamp", d.timestamp},
                         {"copyright", d.copyright},
                         {"description", d.description},
                         {"model", d.model},
                         {"model_name", d.model_name},
                         {"function", d.function},
                         {"algorithm", d.algorithm},
                         {"combination", d.combination},
                         {"models", counts_json(d.models)},
                         {"size", counts_json(d.parts)},
                         {"fields", fields},
                         {"outputs", outputs},
                         {"supported", model.has_value()}};
  json["verification_records"] =
      d.verification_records ? nlohmann::json(*d.verification_records) : nlohmann::json(nullptr);
  if (!model) {
    json["refusal"] = model.error().message;
    return json;
  }
  json["sha256"] = model->digest;
  json["compiled"] = model->scorer.compiled();
  if (!model->scorer.compiled()) json["why_interpreted"] = model->scorer.why_interpreted();
  json["target"] = model->scorer.target_name();
  json["categories"] = std::vector<std::string>(model->scorer.target_categories().begin(),
                                                model->scorer.target_categories().end());
  return json;
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const std::string text, base::read_file(options.model));
  const base::Result<pmml::Description> description = pmml::describe(text);
  if (!description) {
    const std::string source = options.model == "-" ? "standard input" : options.model;
    return base::input_error(source + ": " + description.error().message);
  }
  const base::Result<ModelFile> model = load_model(options.model, text);
  if (options.json) {
    std::printf("%s\n", json_of(options, *description, model).dump(2).c_str());
  } else {
    print(options, *description, model);
  }
  return {};
}

}  // namespace

Run setup_model_show(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("model", options->model, "PMML file; - for standard input")->required();
  command.add_flag("--json", options->json, "Print JSON");
  command.add_flag("--all", options->all, "Every field, and every value of a field");
  return [options] { return run(*options); };
}

}  // namespace cli
