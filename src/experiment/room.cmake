set(experiment_TEST_LIBS nlohmann_json::nlohmann_json)  # Reads the oracle, tests/experiment_checks.json.
