// SPDX-License-Identifier: Apache-2.0
#include "study/run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/file.h"
#include "pmml/write/write.h"
#include "study/out_of_fold.h"
#include "study/store.h"

namespace study {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kHeartbeat{5};
constexpr std::chrono::milliseconds kPoll{300};

struct Task {
  Recipe recipe;
  double row_share = 1;
};

// Long ones first, so that at the end no thread waits for one that began late.
int expected_cost(const Recipe& recipe) {
  const std::string& kind = learner(recipe);
  if (kind == kRbfSvm || kind == kNearestNeighbors) return 4;
  if (kind == kRandomForest) return 3;
  if (kind == kGradientBoosting) return 2;
  return kind == kDecisionTree || kind == kLinearSvm ? 1 : 0;
}

// The best so far, of which files are kept.
class Leaders {
 public:
  Leaders(const RunOptions& options, const profit::Economics& economics)
      : options_(options), q_(economics.q()) {}

  [[nodiscard]] double rap(const Model& model) const {
    if (model.test_rap_by_row) return *model.test_rap_by_row;
    return profit::relative_achieved_profit(model.test, q_).value_or(-HUGE_VAL);
  }
  // Is the model among the best?
  bool admit(const Model& model) {
    if (!model.failure.empty() || model.row_share < 1) return false;
    best_.insert({-rap(model), model.recipe.name});
    if (best_.size() > options_.keep) best_.erase(std::prev(best_.end()));
    return std::ranges::any_of(best_,
                               [&](const auto& one) { return one.second == model.recipe.name; });
  }
  [[nodiscard]] const auto& best() const { return best_; }

 private:
  const RunOptions& options_;
  double q_;
  std::set<std::pair<double, std::string>> best_;
};

class Runner {
 public:
  Runner(const Ground& ground, const RunOptions& options, Store& store, const std::stop_token& stop,
         const std::function<void(const RunProgress&)>& progress)
      : ground_(ground),
        options_(options),
        store_(store),
        stop_(stop),
        progress_(progress),
        leaders_(options, ground.economics()) {}

  // Models in the order of the tasks; fewer if it was stopped.
  base::Result<std::vector<Model>> run(const std::vector<Task>& tasks);
  base::Result<void> tidy();
  void expect(std::size_t total) { told_.total = total; }
  // What a search maximises: RAP on the validation rows.
  [[nodiscard]] std::optional<double> value(const Model& model) const {
    if (!model.failure.empty()) return std::nullopt;
    if (model.validation_rap_by_row) return model.validation_rap_by_row;
    return profit::relative_achieved_profit(model.validation, ground_.economics().q());
  }
  [[nodiscard]] std::size_t resumed() const { return resumed_; }
  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

 private:
  base::Result<std::optional<Model>> settle(const Task& task, bool wait);
  base::Result<Model> make(const Task& task);
  base::Result<void> keep(const MadeModel& made);
  void tell(std::size_t rounds);
  void tell(const Model& model, std::size_t rounds);

  const Ground& ground_;
  const RunOptions& options_;
  Store& store_;
  const std::stop_token& stop_;
  const std::function<void(const RunProgress&)>& progress_;
  std::mutex mutex_;  // Over what follows.
  Leaders leaders_;
  RunProgress told_;
  std::atomic<std::size_t> resumed_ = 0;
};

base::Result<void> Runner::keep(const MadeModel& made) {
  {
    const std::lock_guard lock(mutex_);
    if (!leaders_.admit(made.model)) return {};
  }
  if (!made.out_of_fold.empty()) {
    TRY(base::write_file(out_of_fold_path(options_.folder, made.model),
                         write_out_of_fold(ground_, made)));
  }
  return base::write_file(model_path(options_.folder, made.model), pmml::write(made.document));
}

void Runner::tell(std::size_t rounds) {
  const std::lock_guard lock(mutex_);
  told_.done += rounds;
  if (progress_) progress_(told_);
}

// A model has come to its end; so many of its rounds have not been told of.
void Runner::tell(const Model& model, std::size_t rounds) {
  {
    const std::lock_guard lock(mutex_);
    if (model.failure.empty() && model.row_share >= 1) {
      const double rap = leaders_.rap(model);
      if (!told_.best_rap || rap > *told_.best_rap) {
        told_.best = model.recipe.name;
        told_.best_rap = rap;
      }
    }
  }
  tell(rounds);
}

base::Result<Model> Runner::make(const Task& task) {
  const std::size_t rounds = ground_.options().evaluation.rounds();
  std::size_t told = 0;
  // The last round is told of with the model.
  const auto after_round = [&] {
    const bool is_last = ++told == rounds;
    if (!is_last) tell(1);
    return is_last || !stop_.stop_requested();
  };
  base::Result<MadeModel> made =
      make_model(ground_, task.recipe, task.row_share, options_.threshold, after_round);
  const std::size_t untold = rounds - std::min(told, rounds - 1);
  if (!made) {
    if (made.error().kind == base::ErrorKind::kSystem) return made.error();
    Model failed;
    failed.recipe = task.recipe;
    failed.row_share = task.row_share;
    failed.failure = made.error().message;
    tell(failed, untold);
    return failed;
  }
  TRY(keep(*made));
  tell(made->model, untold);
  return std::move(made->model);
}

// The model of a task: found, made, or (if asked to wait) made by another process meanwhile.
base::Result<std::optional<Model>> Runner::settle(const Task& task, bool wait) {
  for (;;) {
    TRY_ASSIGN(std::optional<Model> known, store_.find(task.recipe, task.row_share));
    if (known) {
      ++resumed_;
      {
        const std::lock_guard lock(mutex_);
        leaders_.admit(*known);
      }
      tell(*known, ground_.options().evaluation.rounds());
      return known;
    }
    if (stop_.stop_requested()) return std::optional<Model>();
    TRY_ASSIGN(const bool mine, store_.claim(task.recipe, task.row_share));
    if (mine) {
      base::Result<Model> model = make(task);
      if (!model) {
        TRY(store_.release(task.recipe, task.row_share));
        if (stop_.stop_requested()) return std::optional<Model>();  // Between two rounds.
        return std::move(model).error();
      }
      TRY(store_.put(*model));
      return std::optional<Model>(std::move(*model));
    }
    if (!wait) return std::optional<Model>();
    std::this_thread::sleep_for(kPoll);
  }
}

base::Result<std::vector<Model>> Runner::run(const std::vector<Task>& tasks) {
  std::vector<std::size_t> order(tasks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](auto a, auto b) {
    return expected_cost(tasks[a].recipe) > expected_cost(tasks[b].recipe);
  });
  std::vector<std::optional<Model>> models(tasks.size());
  std::optional<base::Error> error;
  // First what nobody else has begun, then what others have not brought to an end.
  for (const bool wait : {false, true}) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t at; (at = next.fetch_add(1)) < order.size();) {
        if (models[order[at]]) continue;
        base::Result<std::optional<Model>> settled = settle(tasks[order[at]], wait);
        if (settled) {
          models[order[at]] = std::move(*settled);
          continue;
        }
        const std::lock_guard lock(mutex_);
        if (!error) error = settled.error();
        next = order.size();
      }
    };
    {
      std::vector<std::jthread> helpers;
      for (int i = 1; i < options_.threads; ++i) helpers.emplace_back(work);
      work();
    }
    if (error) return *error;
  }
  std::vector<Model> done;
  for (std::optional<Model>& model : models) {
    if (model) done.push_back(std::move(*model));
  }
  return done;
}

// Files of models that have been overtaken go.
base::Result<void> Runner::tidy() {
  std::set<std::string> kept;
  for (const auto& [rap, name] : leaders_.best()) {
    Model model;
    model.recipe.name = name;
    kept.insert(fs::path(model_path(options_.folder, model)).filename().string());
    kept.insert(fs::path(out_of_fold_path(options_.folder, model)).filename().string());
  }
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(fs::path(options_.folder) / "models", code)) {
    const std::string file = entry.path().filename().string();
    const bool is_ours = file.ends_with(".pmml") || file.ends_with(".rows.csv");
    if (is_ours && !kept.contains(file)) fs::remove(entry.path(), code);
  }
  return {};
}

base::Result<void> make_folder(const std::string& folder) {
  std::error_code code;
  fs::create_directories(fs::path(folder) / "models", code);
  if (code) return base::input_error("cannot make the folder '" + folder + "': " + code.message());
  return {};
}

base::Result<Search> search_of(const SearchPlan& plan) {
  TRY_ASSIGN(Space space, search_space(plan.learners));
  return Search::of(std::move(space), plan.options);
}

base::Result<std::vector<Model>> run_search(Runner& runner, const Search& search) {
  std::vector<TrialResult> results;
  std::vector<Model> models;
  for (;;) {
    const std::vector<Trial> trials = search.next(results);
    if (trials.empty()) return models;
    std::vector<Task> tasks;
    for (const Trial& trial : trials)
      tasks.push_back({recipe_of(trial.point, trial.number + 1), trial.row_share});
    TRY_ASSIGN(std::vector<Model> batch, runner.run(tasks));
    if (batch.size() < tasks.size()) return models;  // Stopped.
    for (std::size_t i = 0; i < trials.size(); ++i) {
      results.push_back({trials[i], runner.value(batch[i])});
      models.push_back(std::move(batch[i]));
    }
  }
}

base::Result<void> check_names(const std::vector<Recipe>& recipes) {
  std::set<std::string> files;
  for (const Recipe& recipe : recipes) {
    TRY(check(recipe));
    Model model;
    model.recipe = recipe;
    if (!files.insert(model_path("", model)).second) {
      return base::input_error("two recipes are named '" + recipe.name +
                               "', or differ in other signs than letters and digits only");
    }
  }
  return {};
}

// Says every few seconds that this process lives, until it is destroyed.
class Heart {
 public:
  explicit Heart(Store& store)
      : thread_([this, &store](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          while (!wake_.wait_for(lock, stop, kHeartbeat, [] { return false; })) {
            if (stop.stop_requested()) return;
            // A beat that fails is no harm: the next write says what is wrong with the file.
            (void)store.heartbeat();
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace

base::Result<RunResult> run(const Ground& ground, const RunOptions& options,
                            const std::stop_token& stop,
                            const std::function<void(const RunProgress&)>& progress) {
  TRY(check_names(options.recipes));
  TRY(make_folder(options.folder));
  TRY_ASSIGN(Store store,
             Store::open((fs::path(options.folder) / "study.sqlite").string(),
                         ground.fingerprint() + " threshold=" + name_of(options.threshold)));
  const Heart heart(store);
  Runner runner(ground, options, store, stop, progress);
  std::optional<Search> search;
  if (options.search) {
    TRY_ASSIGN(search, search_of(*options.search));
  }
  runner.expect((options.recipes.size() + (search ? search->total() : 0)) *
                ground.options().evaluation.rounds());
  std::vector<Task> tasks;
  for (const Recipe& recipe : options.recipes) tasks.push_back({recipe, 1});
  RunResult result;
  TRY_ASSIGN(result.models, runner.run(tasks));
  if (search && result.models.size() == tasks.size()) {
    TRY_ASSIGN(std::vector<Model> found, run_search(runner, *search));
    for (Model& model : found) result.models.push_back(std::move(model));
  }
  result.stopped = runner.stopped();
  result.resumed = runner.resumed();
  if (!result.stopped) TRY(runner.tidy());
  return result;
}

std::string model_path(const std::string& folder, const Model& model) {
  std::string file;
  for (const char c : model.recipe.name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) {
      file += c;
    } else if (!file.empty() && file.back() != '-') {
      file += '-';
    }
  }
  return (fs::path(folder) / "models" / (file + ".pmml")).string();
}

}  // namespace study
