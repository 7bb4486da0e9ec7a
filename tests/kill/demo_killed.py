#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the demo with signal 9 at random moments, starts it again each time, and checks what its store holds at the end:
nobody lost, nobody counted twice, every amount what this very customer spends under the decision that was executed.

usage: demo_killed.py PROVECHO [KILLS [SEED [further options of provecho demo]]]
"""
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

# 1,238 customers an arm for an effect of 1.50 $; 400 sessions a second, so that kills fall into the middle of things.
OPTIONS = ['demo', '--once', '--port', '0', '--rows', '3000', '--held-out', '2000', '--effect', '1.5', '--rate', '400', '--open', '100']
TARGET = 1238


def run(provecho, folder, extra, seconds):
    """The exit code, or None if it was killed after so many seconds."""
    process = subprocess.Popen([provecho, *OPTIONS, '--folder', folder, *extra], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, ''
    return process.returncode, output


def sessions(folder):
    with sqlite3.connect(f'file:{folder}/provecho.db?mode=ro', uri=True) as store:
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute('SELECT * FROM session ORDER BY session')]


def check(rows):
    counted = [row for row in rows if row['counted']]
    assert len({row['session'] for row in rows}) == len(rows), 'a session is stored twice'
    assert len({row['customer'] for row in counted}) == len(counted), 'a customer counts twice'
    assert len({row['customer'] for row in rows}) == len(counted), 'a customer does not count'
    assert all(row['closing'] == 'revenue' for row in rows), 'a session has no revenue'
    arms = [sum(row['arm'] == arm for row in counted) for arm in ('base', 'candidate')]
    assert min(arms) == TARGET, f'arms hold {arms}, planned are {TARGET}'
    return arms


def main():
    provecho = sys.argv[1]
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1_000_000)
    extra = sys.argv[4:]
    chance = random.Random(seed)
    print(f'seed {seed}')
    with tempfile.TemporaryDirectory() as folder:
        killed = 0
        for _ in range(kills):
            code, output = run(provecho, folder + '/killed', extra, chance.uniform(0.3, 1.6) + (4 if '--kafka' in extra else 0))
            if code is not None:
                assert code == 0, output
                break
            killed += 1
        else:
            code, output = run(provecho, folder + '/killed', extra, 120)
            assert code == 0, f'exit {code}\n{output}'
        rows = sessions(folder + '/killed')
        arms = check(rows)

        # The same customers, never interrupted: who got the same decision must have spent the same.
        code, output = run(provecho, folder + '/whole', [], 120)
        assert code == 0, output
        whole = {row['customer']: row for row in sessions(folder + '/whole')}
        check(list(whole.values()))
        compared = 0
        for row in rows:
            twin = whole.get(row['customer'])
            if twin is None:
                continue
            assert twin['arm'] == row['arm'], f"customer {row['customer']} changed arms"
            if twin['executed_value'] == row['executed_value']:
                assert twin['revenue_cents'] == row['revenue_cents'], f"customer {row['customer']}: {dict(row)} {dict(twin)}"
                compared += 1
        assert compared > 0.9 * len(rows), f'only {compared} of {len(rows)} could be compared'
        print(f'killed {killed} times: {len(rows)} sessions, {arms[0]} and {arms[1]} customers, {compared} amounts compared')


if __name__ == '__main__':
    main()
