// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/store_schema.h"

#include <array>
#include <cstdint>

namespace trial::detail {
namespace {

// "PRVC": tells file(1) and us whose file this is.
constexpr std::int32_t kApplicationId = 0x50525643;

// docs/formats/store.md says what each column holds.
constexpr std::array<const char*, 9> kSteps{R"sql(
CREATE TABLE experiment (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('draft', 'running', 'complete', 'concluded', 'aborted')),
  plan       TEXT    NOT NULL,
  plan_hash  TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  created_us INTEGER NOT NULL,
  started_us INTEGER NOT NULL,
  ended_us   INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
  id         TEXT    PRIMARY KEY,
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  system     TEXT    NOT NULL CHECK (system IN ('base', 'candidate')),
  scope      TEXT    NOT NULL CHECK (scope IN ('ingest')),
  digest     BLOB    NOT NULL CHECK (length(digest) = 32),
  issued_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  experiment           INTEGER NOT NULL REFERENCES experiment (id),
  session              INTEGER NOT NULL,
  customer             INTEGER NOT NULL,
  arm                  TEXT    NOT NULL CHECK (arm IN ('base', 'candidate')),
  counted              INTEGER NOT NULL CHECK (counted IN (0, 1)),
  opened_us            INTEGER NOT NULL,
  base_value           INTEGER CHECK (base_value IN (0, 1)),
  base_late            INTEGER NOT NULL CHECK (base_late IN (0, 1)),
  base_latency_us      INTEGER,
  candidate_value      INTEGER CHECK (candidate_value IN (0, 1)),
  candidate_late       INTEGER NOT NULL CHECK (candidate_late IN (0, 1)),
  candidate_latency_us INTEGER,
  executed_value       INTEGER CHECK (executed_value IN (0, 1)),
  reason               TEXT    CHECK (reason IN ('decision', 'timeout')),
  executed_us          INTEGER,
  closing              TEXT    NOT NULL CHECK (closing IN ('open', 'revenue', 'timeout')),
  closed_us            INTEGER,
  revenue_cents        INTEGER NOT NULL,
  accepted             INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  PRIMARY KEY (experiment, session)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_counted_once ON session (experiment, customer) WHERE counted = 1;

CREATE TABLE counter (
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  topic      TEXT    NOT NULL,
  outcome    TEXT    NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (experiment, topic, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE position (
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  source     TEXT    NOT NULL,
  next       INTEGER NOT NULL,
  PRIMARY KEY (experiment, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  experiment       INTEGER NOT NULL REFERENCES experiment (id),
  customers_closed INTEGER NOT NULL,
  at_us            INTEGER NOT NULL,
  estimate         REAL    NOT NULL,
  lower            REAL    NOT NULL,
  upper            REAL    NOT NULL,
  PRIMARY KEY (experiment, customers_closed)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
  experiment INTEGER PRIMARY KEY REFERENCES experiment (id),
  issued_us  INTEGER NOT NULL,
  plan_hash  TEXT    NOT NULL,
  word       TEXT    NOT NULL,
  figures    TEXT    NOT NULL
) STRICT;
)sql",
                                            R"sql(
ALTER TABLE experiment ADD COLUMN validated_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment ADD COLUMN paused_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment ADD COLUMN harmed_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment ADD COLUMN sampling_share REAL;
ALTER TABLE token ADD COLUMN revoked_us INTEGER NOT NULL DEFAULT 0;

CREATE TABLE look (
  experiment  INTEGER NOT NULL REFERENCES experiment (id),
  number      INTEGER NOT NULL,
  at_us       INTEGER NOT NULL,
  information REAL    NOT NULL,
  z           REAL    NOT NULL,
  level       REAL    NOT NULL,
  PRIMARY KEY (experiment, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  number     INTEGER NOT NULL,
  at_us      INTEGER NOT NULL,
  who        TEXT    NOT NULL,
  action     TEXT    NOT NULL,
  detail     TEXT    NOT NULL,
  PRIMARY KEY (experiment, number)
) STRICT, WITHOUT ROWID;
)sql",
                                            R"sql(
CREATE TABLE account (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('owner', 'analyst', 'viewer', 'shop')),
  digest     BLOB    NOT NULL CHECK (length(digest) = 32),
  created_us INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  revoked_us INTEGER NOT NULL,
  revoked_by TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_name_once ON account (name) WHERE revoked_us = 0;
)sql",
                                            R"sql(
CREATE TABLE webhook (
  id           INTEGER PRIMARY KEY,
  url          TEXT    NOT NULL,
  events       TEXT    NOT NULL,
  secret       BLOB    NOT NULL,
  older_secret BLOB    NOT NULL,
  created_us   INTEGER NOT NULL,
  created_by   TEXT    NOT NULL
) STRICT;

CREATE TABLE webhook_position (
  webhook    INTEGER NOT NULL REFERENCES webhook (id),
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  last       INTEGER NOT NULL,
  PRIMARY KEY (webhook, experiment)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_delivery (
  webhook    INTEGER NOT NULL REFERENCES webhook (id),
  experiment INTEGER NOT NULL REFERENCES experiment (id),
  number     INTEGER NOT NULL,
  dead       INTEGER NOT NULL CHECK (dead IN (0, 1)),
  attempts   INTEGER NOT NULL,
  first_us   INTEGER NOT NULL,
  next_us    INTEGER NOT NULL,
  error      TEXT    NOT NULL,
  PRIMARY KEY (webhook, experiment, number)
) STRICT, WITHOUT ROWID;
)sql",
                                            R"sql(
ALTER TABLE experiment ADD COLUMN slots TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN candidate INTEGER NOT NULL DEFAULT 1;
ALTER TABLE session ADD COLUMN candidate INTEGER NOT NULL DEFAULT 1;
ALTER TABLE session ADD COLUMN further_words TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN before_cents INTEGER;

CREATE TABLE further_series (
  experiment       INTEGER NOT NULL REFERENCES experiment (id),
  candidate        INTEGER NOT NULL,
  customers_closed INTEGER NOT NULL,
  at_us            INTEGER NOT NULL,
  estimate         REAL    NOT NULL,
  lower            REAL    NOT NULL,
  upper            REAL    NOT NULL,
  PRIMARY KEY (experiment, candidate, customers_closed)
) STRICT, WITHOUT ROWID;
)sql",
                                            R"sql(
CREATE TABLE receipt (
  key     TEXT    PRIMARY KEY,
  request TEXT    NOT NULL,
  at_us   INTEGER NOT NULL,
  answer  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE login (
  digest   TEXT    PRIMARY KEY,
  account  TEXT    NOT NULL,
  until_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
                                            R"sql(
ALTER TABLE session ADD COLUMN segment TEXT NOT NULL DEFAULT '';
)sql",
                                            R"sql(
ALTER TABLE experiment ADD COLUMN harmed_candidate INTEGER NOT NULL DEFAULT 1;
)sql",
                                            R"sql(
CREATE TABLE webhook_number (
  last INTEGER NOT NULL
) STRICT;
INSERT INTO webhook_number (last) SELECT coalesce(max(id), 0) FROM webhook;
)sql"};

}  // namespace

sql::Schema store_schema() { return {.application = kApplicationId, .steps = kSteps}; }

}  // namespace trial::detail
