#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""timed.py OUT COMMAND…: runs the command, writes its wall seconds and peak memory in bytes."""
import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
code = subprocess.call(sys.argv[2:])
figures = {'total': time.perf_counter() - start,
           'peak_bytes': resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}
json.dump(figures, open(sys.argv[1], 'w'))
sys.exit(code)
