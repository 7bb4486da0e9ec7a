#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the log of run.sh into a table; exits 1 where the programs disagree or ours misses its bar.

usage: report.py LOG CUSTOMERS
"""
import re
import statistics
import sys

BAR = 5.0  # CPU seconds per million customers.
WATCH = re.compile(r'got=(\d+) dup=(\d+) value1=(\d+) .*?rate=(\d+)/s \| pid cpu total=([\d.]+)s .*?peakRSS=(\d+)MB')
HEAD = re.compile(r'^\[(ours|base|checkpointed)\b([^\]]*)\]')
NAMES = {'ours': 'provecho decide, 2 threads', 'base 2': 'Flink 1.20, heap state, no checkpoints',
         'checkpointed': 'Flink 1.20, checkpoints each second', 'base base': 'Kafka Streams 4.1, RocksDB'}


def program(head):
    words = head.group(0)[1:-1].split()
    if words[0] == 'ours':
        return NAMES['ours']
    if words[0] == 'checkpointed':
        return NAMES['checkpointed']
    return NAMES['base base'] if 'rocksdb' in words and 'stream' in words else NAMES['base 2']


def main():
    customers = int(sys.argv[2])
    results, current = {}, None
    for line in open(sys.argv[1]):
        head = HEAD.match(line)
        if head:
            current = program(head)
        found = WATCH.search(line)
        if found and current:
            results.setdefault(current, []).append([float(x) for x in found.groups()])
    positives = {row[2] - 0 for rows in results.values() for row in rows if row[1] == 0}
    incomplete = [name for name, rows in results.items() for row in rows if row[0] != customers]
    print('| program | customers/s | CPU s per million | peak MB | positives | CPU, times ours |')
    print('| --- | ---: | ---: | ---: | ---: | ---: |')
    cpu = {name: statistics.median(row[4] for row in rows) * 1e6 / customers for name, rows in results.items()}
    ours = cpu[NAMES['ours']]
    for name, rows in results.items():
        print(f'| {name} ({len(rows)} run{"s" if len(rows) > 1 else ""}) | {statistics.median(r[3] for r in rows):,.0f} '
              f'| {cpu[name]:.2f} | {max(r[5] for r in rows):.0f} | {rows[0][2]:.0f} | {cpu[name] / ours:.1f} |')
    print()
    failed = False
    if incomplete:
        print(f'INCOMPLETE: {", ".join(incomplete)}')
        failed = True
    if len(positives) != 1:
        print(f'DISAGREE on the number of positives: {sorted(positives)}')
        failed = True
    if ours > BAR:
        print(f'ours takes {ours:.2f} CPU s per million, above {BAR}')
        failed = True
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
