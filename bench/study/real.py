#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generation 1 on real offers, ours beside scikit-learn, imbalanced-learn and XGBoost: AUC and RAP on the same test rows.

real.py PROVECHO FOLDER [--keep-peer] [--without MODEL] [SET …]

PROVECHO_SHARED names the folder of the data sets; writes FOLDER/REAL.md of all sets run so far.

70 % of the rows train (15 % of them choose thresholds), 30 % test, drawn by lot three times, of the teaching sets (the five after silocompro) ten
times, of silocompro once; figures are means. q = 1 / share of acceptances: the old system, which sent to all of them, broke even. The peer sees
texts one-hot and missing numbers as the mean.

«Same»: our learners with the peer's settings, which are settings of ours: texts as indicators for trees, ensembles and the RBF SVM, γ not
chosen, plain SMOTE by raw distances. «Generation 1»: what `provecho study` trains.
"""
import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pandas
from sklearn.model_selection import train_test_split

import peer

CATEGORIES = 12  # Of the Complete Journey.


def shared(*path):
    return pathlib.Path(os.environ['PROVECHO_SHARED'], 'data', *path)


def bank():
    return pandas.read_csv(shared('bank-marketing', 'bank-full.csv.gz'), sep=';').drop(columns='duration'), 'y'


def ifood():
    table = pandas.read_csv(shared('ifood-marketing-campaign', 'marketing_campaign.csv.gz'), sep=None, engine='python', encoding='utf-8-sig')
    return table.drop(columns=['ID', 'Dt_Customer', 'Z_CostContact', 'Z_Revenue'], errors='ignore'), 'Response'


def coupons():
    return pandas.read_csv(shared('in-vehicle-coupon', 'in-vehicle-coupon-recommendation.csv.gz')), 'Y'


def shoppers():
    return pandas.read_csv(shared('online-shoppers', 'online_shoppers_intention.csv.gz')), 'Revenue'


def silocompro():
    table = pandas.read_csv(shared('silocompro', 'replica', 'X_train.csv.xz'), nrows=40_000)
    table['y'] = pandas.read_csv(shared('silocompro', 'replica', 'y_train.csv.gz'), nrows=40_000).iloc[:, -1]
    return table.drop(columns=table.columns[0]), 'y'


def journey(place):
    folder = shared('complete-journey', 'derived')
    reference = pandas.read_csv(folder / 'cj_reference.csv')
    category = reference['category'][place]
    before = pandas.read_csv(folder / 'h1_category_baskets.csv.gz')
    after = pandas.read_csv(folder / 'h2_category_bought.csv.gz')
    new = before[category] == 0
    table = before[new].drop(columns=[before.columns[0], category])
    table.columns = [f'c{i}' for i in range(table.shape[1])]
    return table.assign(adopted=after[category][new].astype(int)), 'adopted'


# Of the teaching data sets: the target, and what is no attribute (a number of the row, or known only after the offer).
TEACHING = {
    'Charles Book Club': ('CharlesBookClub', 'Florence', ['Seq#', 'ID#', 'Yes_Florence', 'No_Florence']),
    'airline, phone sale': ('EastWestAirlinesNN', 'Phone_sale', ['ID#']),
    'Universal Bank, loans': ('UniversalBank', 'Personal Loan', ['ID', 'ZIP Code']),
    'Tayko': ('Tayko', 'Purchase', ['sequence_number', 'Spending']),
    'fundraising': ('Fundraising', 'TARGET_B', ['Row Id', 'Row Id.', 'TARGET_D']),
}


def teaching(name):
    file, target, no_attributes = TEACHING[name]
    return pandas.read_csv(shared('dmba', f'{file}.csv.gz'), encoding='utf-8-sig').drop(columns=no_attributes).dropna(subset=[target]).astype({target: int}), target


SETS = {'bank-full': bank, 'iFood': ifood, 'coupons': coupons, 'shoppers': shoppers, 'silocompro, 40,000 rows': silocompro}
SETS |= {name: (lambda name=name: teaching(name)) for name in TEACHING}
SETS |= {f'Complete Journey {i + 1}': (lambda i=i: journey(i)) for i in range(CATEGORIES)}


# The peer's model where generation 1 has another one of that name.
SAME = {
    'logistic regression, SMOTE': {'balance': 'smote', 'smote_distances': 'raw'},
    'linear SVM, SMOTE': {'balance': 'smote', 'smote_distances': 'raw'},
    'RBF SVM, balanced': {'texts': 'indicators', 'gamma': 1},
} | {f'{model}{variant}': {'texts': 'indicators'} for model in ('decision tree', 'random forest', 'gradient boosting')
     for variant in ('', ', balanced', ', profit-weighted')} | {
    f'{model}, SMOTE': {'balance': 'smote', 'smote_distances': 'raw'} for model in ('decision tree', 'random forest', 'gradient boosting')}
MARK = ' (same)'


def same_recipes(provecho):
    """Generation 1 as `provecho study --settings` prints it, with the settings of SAME."""
    text = subprocess.run([provecho, 'study', '--settings'], check=True, capture_output=True, text=True).stdout
    recipes = [json.loads(line) for line in text.splitlines() if line.startswith('  {')]
    return [one | SAME[one['name']] | {'name': one['name'] + MARK} for one in recipes if one['name'] in SAME]


def positive_of(values):
    known = {str(v).lower(): v for v in set(values)}
    return next(known[word] for word in ('1', 'yes', 'true') if word in known)


def run_ours(provecho, folder, parts, target, q):
    """Of every model [AUC, RAP]: with the peer's settings, and as generation 1 has it."""
    for name, part in zip(('train', 'validation', 'test'), parts):
        part.to_csv(folder / f'{name}.csv', index=False)
    (folder / 'same.json').write_text(json.dumps(same_recipes(provecho)))
    subprocess.run(['rm', '-rf', folder / 'study'], check=True)
    subprocess.run([provecho, 'study', folder / 'train.csv', '--validation', folder / 'validation.csv', '--test', folder / 'test.csv',
                    '--target', target, '--q', repr(q), '--generations', '1', '--recipes', folder / 'same.json', '--keep', '1',
                    '--output', folder / 'study'], check=True, stdout=subprocess.DEVNULL)
    with open(folder / 'study' / 'ranking.csv') as file:
        figures = {row['name']: (float(row['auc']), float(row['rap'])) for row in csv.DictReader(file) if row['auc']}
    return {name: (figures.get(name + MARK, of_one), of_one) for name, of_one in figures.items() if not name.endswith(MARK)}


def run_peer(parts, target, q, without):
    both = pandas.concat(parts, ignore_index=True)
    both[target] = (both[target] == positive_of(both[target])).astype(int)
    numbers = both.select_dtypes('number').columns
    both[numbers] = both[numbers].fillna(parts[0].reindex(columns=numbers).mean(numeric_only=True))
    both = pandas.get_dummies(both, dummy_na=False)
    ends = np.cumsum([0] + [len(part) for part in parts])
    study = peer.Study(*(both[ends[i]:ends[i + 1]] for i in range(3)), target, q, 1)
    for one in peer.generation_one(1, study.x):
        if one[0] in without:
            continue
        try:
            study.fit(*one)
        except ValueError as error:
            print(f'peer: {one[0]}: {error}', file=sys.stderr)
    return {one['name']: (one['auc'], one['rap']) for one in study.models}


def compare(provecho, folder, table, target, draws, without, kept):
    """Of every model that both have: [AUC, RAP] of the same model of ours, of the peer's and of generation 1, for each draw of rows. `kept`:
    those of an earlier run, whose peer's figures stand, or None."""
    figures = {}
    for seed in range(draws):
        train, test = train_test_split(table, test_size=0.3, stratify=table[target], random_state=seed)
        train, validation = train_test_split(train, test_size=0.15, stratify=train[target], random_state=seed)
        parts = [train, validation, test]
        q = 1 / float((table[target] == positive_of(table[target])).mean())
        ours = run_ours(provecho, folder, parts, target, q)
        theirs = {model: of_one[seed][1] for model, of_one in kept.items()} if kept else run_peer(parts, target, q, without)
        for model in theirs:
            if model in ours:
                same, own = ours[model]
                figures.setdefault(model, []).append([same, theirs[model], own])
    return figures


SAME_ONE, PEER, OWN = range(3)


def means(figures):
    """The models' means: model → [AUC, RAP] of the same one of ours, of the peer's, of generation 1."""
    return {model: np.mean(values, axis=0) for model, values in figures.items()}


def row(name, result):
    models = np.array(list(means(result['figures']).values()))
    cells = [name, f'{result["rows"]:,}']
    for figure in (0, 1):
        of_all = models[:, :, figure]
        cells += [f'{of_all[:, PEER].max():.4f}', f'{of_all[:, OWN].max():.4f}']
        cells += [f'{(of_all[:, ours] - of_all[:, PEER]).mean():+.4f}' for ours in (SAME_ONE, OWN)]
    return '| ' + ' | '.join(cells) + ' |'


def error(gaps):
    """The standard error of their mean, in words."""
    return f' ± {np.std(gaps, ddof=1) / len(gaps) ** 0.5:.4f}' if len(gaps) > 1 else ''


def short_of(results, ours, figure, least):
    """The models whose mean figure is further below the peer's than that, with the standard error of the draws."""
    lines = []
    for name, result in results.items():
        gaps = {model: [one[ours][figure] - one[PEER][figure] for one in draws] for model, draws in result['figures'].items()}
        words = [f'{model} {np.mean(of_one):+.4f}{error(of_one)}' for model, of_one in gaps.items() if np.mean(of_one) < -least]
        if words:
            lines.append(f'- {name}: ' + '; '.join(words))
    return lines or ['- none']


def by_model(results, with_errors):
    """For each model the mean gap over data sets, with its standard error if asked for."""
    gaps = {}
    for result in results:
        for model, one in means(result['figures']).items():
            gaps.setdefault(model, []).append([one[ours] - one[PEER] for ours in (SAME_ONE, OWN)])
    lines = ['| model | sets | AUC, same | generation 1 | RAP, same | generation 1 |', '| --- | ---: | ---: | ---: | ---: | ---: |']
    for model, values in gaps.items():
        if len(values) < 2:
            continue
        mean, deviation = np.mean(values, axis=0), np.std(values, axis=0, ddof=1) / len(values) ** 0.5
        cells = [f'{mean[ours][figure]:+.4f}' + (f' ± {deviation[ours][figure]:.4f}' if with_errors else '') for figure in (0, 1) for ours in (0, 1)]
        lines.append(f'| {model} | {len(values)} | ' + ' | '.join(cells) + ' |')
    return lines + ['']


def report(results):
    journey = [result for name, result in results.items() if name.startswith('Complete Journey')]
    others = {name: result for name, result in results.items() if not name.startswith('Complete Journey')}
    lines = ['# Real offers', '', *'\n\n'.join(__doc__.strip().split('\n\n')[-2:]).splitlines(), '',
             'Best figures of any model, and the mean of all models, ours less the peer\'s:', '',
             '| data | rows | best AUC, peer | generation 1 | all, same | generation 1 | best RAP, peer | generation 1 | all, same | generation 1 |',
             '| --- |' + ' ---: |' * 9, *(row(*one) for one in results.items()), '',
             'Model by model over the sets of offers, ours less the peer\'s:', '', *by_model(list(others.values()), False)]
    if journey:
        lines += ['Over the categories of the Complete Journey that the peer has the model of (± standard error of the categories):', '',
                  *by_model(journey, True)]
    for ours, what in ((SAME_ONE, 'the same model'), (OWN, 'generation 1')):
        lines += [f'AUC more than 0.005 below the peer’s, {what}:', '', *short_of(others, ours, 0, 0.005), '',
                  f'RAP more than 0.01 below the peer’s, {what}:', '', *short_of(others, ours, 1, 0.01), '']
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('provecho')
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('sets', nargs='*', default=list(SETS))
    parser.add_argument('--keep-peer', action='store_true', help="the peer's figures are those of the last run, ours are new")
    parser.add_argument('--without', action='append', default=[], metavar='MODEL', help='not of the peer, which is slow at it')
    options = parser.parse_intermixed_args()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in options.sets:
        table, target = SETS[name]()
        kept = json.loads((folder / f'{name}.json').read_text())['figures'] if options.keep_peer else None
        draws = 1 if name.startswith('silocompro') else 10 if name in TEACHING else 3
        result = {'rows': len(table), 'figures': compare(options.provecho, folder, table, target, draws, options.without, kept)}
        (folder / f'{name}.json').write_text(json.dumps(result))
        print(row(name, result), flush=True)
    done = {name: folder / f'{name}.json' for name in SETS}
    results = {name: json.loads(path.read_text()) for name, path in done.items() if path.exists()}
    (folder / 'REAL.md').write_text(report(results))


if __name__ == '__main__':
    main()
