# SPDX-License-Identifier: Apache-2.0
# The oracle of the readers: what is strict JSON they must read as it does.
set(event_TEST_LIBS simdjson::simdjson)
