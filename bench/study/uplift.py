#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`provecho train --control` beside scikit-learn and XGBoost, on Hillstrom's e-mails: the area between the Qini curve and chance, on the same test rows.

uplift.py PROVECHO [DRAWS]

PROVECHO_SHARED names the folder of the data sets. Half of the rows train, half test, drawn by lot 20 times; an e-mail against none, a visit is worth
2 and an e-mail costs 0.1. Prints means with the standard errors of the draws.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

TARGET, GROUP, CONTROL = 'visit', 'segment', 'No E-Mail'
NO_ATTRIBUTES = ['conversion', 'spend', 'history_segment']


def regression():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)), 'logisticregression__sample_weight'


def trees():
    return XGBClassifier(n_estimators=60, max_depth=3, learning_rate=0.05, n_jobs=2), 'sample_weight'


def chances(make, x, y, asked, weights=None):
    model, weights_are = make()
    return model.fit(x, y, **({} if weights is None else {weights_are: weights})).predict_proba(asked)[:, 1]


def area(scores, y, treated):
    """Radcliffe's curve, as metric/uplift.h draws it, less the triangle of chance."""
    order = np.argsort(-scores, kind='stable')
    y, treated = y[order], treated[order]
    gained = np.cumsum(y * treated) - np.cumsum(y * (1 - treated)) * np.cumsum(treated) / np.maximum(np.cumsum(1 - treated), 1)
    curve = np.concatenate([[0], gained / treated.sum()])
    return np.trapezoid(curve, dx=1 / len(y)) - curve[-1] / 2


def peers(train, test):
    x, asked = (pandas.get_dummies(rows.drop(columns=[TARGET, GROUP] + NO_ATTRIBUTES)).astype(float).to_numpy() for rows in (train, test))
    y, treated = train[TARGET].to_numpy(), (train[GROUP] != CONTROL).to_numpy()
    one_group = treated == 1
    weights = np.where(one_group, 0.5 / treated.mean(), 0.5 / (1 - treated.mean()))
    found = {}
    for name, make in (('logistic regression', regression), ('XGBoost', trees)):
        contacted = chances(make, x[one_group], y[one_group], asked)
        found[f'{name}, acceptance'] = contacted
        found[f'{name}, transformed outcome'] = chances(make, x, np.where(one_group, y, 1 - y), asked, weights)
        found[f'{name}, two models'] = contacted - chances(make, x[~one_group], y[~one_group], asked)
    return {name: area(scores, test[TARGET].to_numpy(), (test[GROUP] != CONTROL).to_numpy().astype(int)) for name, scores in found.items()}


def ours(provecho, folder, train, test):
    for name, rows in (('train', train), ('test', test)):
        rows.to_csv(folder / f'{name}.csv', index=False)
    report = subprocess.run([provecho, 'train', folder / 'train.csv', '--test', folder / 'test.csv', '--target', TARGET, '--control', f'{GROUP}={CONTROL}',
                             '--exclude', ','.join(NO_ATTRIBUTES), '--income', '2', '--cost', '0.1', '-o', folder / 'ours.pmml', '--report', 'json'],
                            check=True, capture_output=True, text=True).stdout
    return {model['model']: model for model in json.loads(report)['ranking']}, json.loads(report)['ranking'][0]['model']


def main():
    provecho, draws = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    table = pandas.read_csv(pathlib.Path(os.environ['PROVECHO_SHARED'], 'data', 'hillstrom', 'hillstrom.csv.gz'))
    areas, brings, leads = {}, {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(draws):
            in_train = np.random.RandomState(seed).rand(len(table)) < 0.5
            train, test = table[in_train], table[~in_train]
            found, first = ours(provecho, pathlib.Path(folder), train, test)
            leads += first == 'ours'
            for name, model in found.items():
                brings.setdefault(name, []).append(1000 * model['profit_per_customer']['estimate'])
            own = {f'provecho, {name}': found[key]['qini_area']['estimate'] for name, key in (('acceptance', 'by acceptance'), ('two models', 'ours'))}
            for name, value in (own | peers(train, test)).items():
                areas.setdefault(name, []).append(value)
    spread = lambda values: f'± {np.std(values, ddof=1) / len(values) ** 0.5:.4f}' if draws > 1 else ''
    for name, values in areas.items():
        print(f'{name:42} area {np.mean(values):.4f} {spread(values)}')
    for name, values in brings.items():
        print(f'{name:42} brings {np.mean(values):.1f} a thousand customers beyond the controls')
    print(f'ours brings most in {leads} of {draws} draws')


if __name__ == '__main__':
    main()
