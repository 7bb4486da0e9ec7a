#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Offers of the size and rarity of the article's: 148,837 rows, 36 attributes, 2.79 % accepted.

make_data.py FOLDER [ROWS]: writes train.csv (126,087 of 148,837) and test.csv. The law is made up: balances
and frequencies with long tails, small counts, flags; some of them matter, some together, most do not.
"""
import pathlib
import sys

import numpy as np

ACCEPTED = 0.0279
TEST_SHARE = 22_750 / 148_837


def attributes(rows, random):
    columns = {}
    for i in range(10):
        columns[f'amount{i}'] = np.round(random.lognormal(4 + 0.2 * i, 1.0, rows), 2)
    for i in range(8):
        columns[f'count{i}'] = random.poisson(0.5 + i, rows)
    columns['age'] = random.integers(18, 90, rows)
    columns['months'] = random.integers(0, 240, rows)
    for i in range(16):
        columns[f'flag{i}'] = (random.random(rows) < 0.05 + 0.05 * i).astype(int)
    return columns


def interest(c):
    log = [np.log(c[f'amount{i}']) for i in range(3)]
    z = 0.5 * (log[0] - 4) - 0.4 * (log[1] - 4.2) + 0.3 * (log[0] - 4) * (log[2] - 4.4)
    z += 0.25 * (c['count0'] - 0.5) - 0.15 * (c['count1'] - 1.5) + 0.1 * (c['count2'] > 3)
    z += 0.02 * np.minimum(np.abs(c['age'] - 45), 25) - 0.003 * c['months']
    z += 0.7 * c['flag1'] - 0.5 * c['flag5'] + 0.6 * c['flag3'] * c['flag9'] + 0.3 * c['flag12']
    return z


def intercept_for(z, rate):
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 / (1 + np.exp(-z - middle))).mean() < rate else (low, middle)
    return (low + high) / 2


def write(path, columns, chosen):
    with open(path, 'w') as out:
        out.write(','.join(columns) + '\n')
        for row in zip(*(values[chosen] for values in columns.values())):
            out.write(','.join(repr(float(v)) if isinstance(v, np.floating) else str(v) for v in row) + '\n')


def main():
    folder = pathlib.Path(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 148_837
    random = np.random.default_rng(4)
    columns = attributes(rows, random)
    z = 1.3 * interest(columns)
    columns['accepted'] = (random.random(rows) < 1 / (1 + np.exp(-z - intercept_for(z, ACCEPTED)))).astype(int)
    folder.mkdir(parents=True, exist_ok=True)
    tests = round(rows * TEST_SHARE)
    write(folder / 'train.csv', columns, slice(tests, None))
    write(folder / 'test.csv', columns, slice(None, tests))


if __name__ == '__main__':
    main()
