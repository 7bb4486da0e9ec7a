#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py FOLDER ROWS THREADS: the tables of RESULT.md from ours.time, study/ranking.csv and peer.json."""
import csv
import json
import os
import pathlib
import platform
import sys


def processor():
    for line in open('/proc/cpuinfo'):
        if line.startswith('model name'):
            return line.split(':', 1)[1].strip()
    return platform.machine()


def main():
    folder = pathlib.Path(sys.argv[1])
    ours = json.load(open(folder / 'ours.time'))
    peer = json.load(open(folder / 'peer.json'))
    models = {row['name']: row for row in csv.DictReader(open(folder / 'study' / 'ranking.csv'))}
    print('# Result\n')
    print(f'{processor()}, {sys.argv[3]} threads, {int(sys.argv[2]):,} rows × 36 attributes, 2.79 % accepted; '
          f'load average at the end {os.getloadavg()[0]:.1f}.\n')
    print('| | provecho study | scikit-learn, imbalanced-learn, XGBoost | peer : ours |\n| --- | ---: | ---: | ---: |')
    print(f'| total, from CSV to report | {ours["total"]:.1f} s | {peer["total"]:.1f} s | **{peer["total"] / ours["total"]:.1f}** |')
    print(f'| peak memory | {ours["peak_bytes"] / 1e6:,.0f} MB | {peer["peak_bytes"] / 1e6:,.0f} MB | {peer["peak_bytes"] / ours["peak_bytes"]:.1f} |')
    print('\nThe peer has no report, no intervals, no sensitivity and saves no model. Seconds of a model are of its training. Ours train two '
          'at a time with one thread each; SMOTE\'s rows and the order of elimination, made once, are in no model\'s seconds but in both totals. The peer\'s forests '
          'and XGBoost have all threads to themselves, one after the other, which is in its total; beside it stands what one thread takes, '
          'by a second fit that is not in the total.\n')
    print(f'| model | ours, one thread | peer, one thread | peer, {sys.argv[3]} threads | AUC ours | AUC peer | RAP ours | RAP peer |\n'
          '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |')
    for one in peer['models']:
        row = models[one['name']]
        print(f'| {one["name"]} | {float(row["seconds"]):.2f} s | {one["seconds_one_thread"]:.2f} s | {one["seconds"]:.2f} s | {float(row["auc"]):.4f} | '
              f'{one["auc"]:.4f} | {float(row["rap"]):.4f} | {one["rap"]:.4f} |')
    print()
    for step, seconds in peer['steps'].items():
        print(f'The peer spent {seconds:.1f} s on {step}.')


if __name__ == '__main__':
    main()
