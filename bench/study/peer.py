#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generations 1 and 3 as a team writes them with scikit-learn, imbalanced-learn and XGBoost: the same models,
settings and rows as `provecho study`; thresholds chosen on the same share of validation rows.

peer.py TRAIN.csv TEST.csv TARGET Q OUT.json [THREADS]
"""
import json
import resource
import sys
import time
import warnings

import numpy as np
import pandas
import xgboost
from imblearn.over_sampling import SMOTE
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import RFE
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings('ignore')
SEED = 1


def best_threshold(p, y, q):
    order = np.argsort(-p, kind='stable')
    money = np.cumsum(np.where(y[order] == 1, q - 1, -1.0))
    last = np.append(np.diff(p[order]) != 0, True)
    money[~last] = -np.inf
    at = int(np.argmax(money))
    return p[order][at] if money[at] > 0 else 1.0


def logistic(**options):
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, **options))


def boosting(threads):
    return xgboost.XGBClassifier(n_estimators=200, learning_rate=0.1, max_depth=6, tree_method='hist',
                                 n_jobs=threads, random_state=SEED)


def forest(threads, **options):
    return RandomForestClassifier(100, min_samples_leaf=20, n_jobs=threads, random_state=SEED, **options)


def tree():
    return DecisionTreeClassifier(max_depth=8, min_samples_leaf=50, random_state=SEED)


def linear_svm():
    return make_pipeline(StandardScaler(), CalibratedClassifierCV(LinearSVC(dual='auto'), cv=3, ensemble=False))


def generation_one(threads, x):
    broad = [i for i in range(x.shape[1]) if len(np.unique(x[:, i])) > 10]
    binned = make_pipeline(ColumnTransformer([('bins', KBinsDiscretizer(10, encode='onehot', strategy='quantile'), broad)],
                                             remainder='passthrough'), LogisticRegression(max_iter=1000))
    svm = make_pipeline(StandardScaler(),
                        CalibratedClassifierCV(SVC(class_weight='balanced', cache_size=500), cv=3, ensemble=False))
    return [  # Name, model, balance, weights.
        ('logistic regression', logistic(), None, None),
        ('logistic regression, balanced', logistic(class_weight='balanced'), None, None),
        ('logistic regression, SMOTE', logistic(), 'smote', None),
        ('logistic regression, profit-weighted', logistic(), None, 'profit'),
        ('logistic regression, L1', logistic(C=0.05, penalty='l1', solver='liblinear'), None, None),
        ('logistic regression, binned', binned, None, None),
        ('linear SVM', linear_svm(), None, None),
        ('linear SVM, SMOTE', linear_svm(), 'smote', None),
        ('RBF SVM, balanced', svm, 'subset', None),
        ('decision tree', tree(), None, None),
        ('decision tree, SMOTE', tree(), 'smote', None),
        ('decision tree, profit-weighted', tree(), None, 'profit'),
        ('random forest', forest(threads), None, None),
        ('random forest, balanced', forest(threads, class_weight='balanced'), None, None),
        ('random forest, SMOTE', forest(threads), 'smote', None),
        ('gradient boosting', boosting(threads), None, None),
        ('gradient boosting, SMOTE', boosting(threads), 'smote', None),
        ('gradient boosting, profit-weighted', boosting(threads), None, 'profit'),
    ]


class Study:
    def __init__(self, train, validation, test, target, q, threads, time_one_thread=False):
        def columns(table):
            return table.drop(columns=target).to_numpy(float), table[target].to_numpy(int)
        self.x, self.y = columns(train)
        self.held_x, self.held_y = columns(validation)
        self.test_x, self.test_y = columns(test)
        self.q, self.threads, self.models = q, threads, []
        self.time_one_thread, self.aside = time_one_thread, 0.0  # Seconds that are no part of a study.
        start = time.perf_counter()
        self.smote = SMOTE(random_state=SEED).fit_resample(self.x, self.y)
        self.steps = {'SMOTE': time.perf_counter() - start}

    def rows(self, balance):
        if balance == 'smote':
            return self.smote
        if balance == 'subset' and len(self.y) > 10_000:
            return train_test_split(self.x, self.y, train_size=10_000, stratify=self.y, random_state=SEED)[::2]
        return self.x, self.y

    def fit(self, name, model, balance, weighting, columns=slice(None)):
        x, y = self.rows(balance)
        x = x[:, columns]
        start = time.perf_counter()
        options = {}
        if weighting == 'profit':
            last = model.steps[-1][0] + '__' if hasattr(model, 'steps') else ''
            options[last + 'sample_weight'] = np.where(y == 1, self.q - 1, 1.0)
        model.fit(x, y, **options)
        seconds = time.perf_counter() - start
        one_thread = self.seconds_of_one_thread(model, x, y, options, seconds)
        held = model.predict_proba(self.held_x[:, columns])[:, 1]
        threshold = best_threshold(held, self.held_y, self.q)
        p = model.predict_proba(self.test_x[:, columns])[:, 1]
        offers = p >= threshold
        accepted = int(self.test_y.sum())
        rap = (int((offers & (self.test_y == 1)).sum()) * self.q - int(offers.sum())) / (accepted * (self.q - 1))
        self.models.append({'name': name, 'seconds': seconds, 'seconds_one_thread': one_thread, 'auc': roc_auc_score(self.test_y, p), 'rap': rap})
        print(f'{name}: {seconds:.2f} s, AUC {self.models[-1]["auc"]:.4f}, RAP {rap:.4f}', file=sys.stderr, flush=True)

    def seconds_of_one_thread(self, model, x, y, options, seconds):
        """Our models have one thread each: those that took more here are fitted once more with one."""
        if not self.time_one_thread or 'n_jobs' not in model.get_params() or self.threads == 1:
            return seconds
        start = time.perf_counter()
        clone(model).set_params(n_jobs=1).fit(x, y, **options)
        took = time.perf_counter() - start
        self.aside += took
        return took

    def generation_three(self):
        x, y = self.smote
        start = time.perf_counter()
        scaled = StandardScaler().fit_transform(x)
        ranking = RFE(LogisticRegression(max_iter=1000), n_features_to_select=1).fit(scaled, y).ranking_
        self.steps['RFE'] = time.perf_counter() - start
        order = np.argsort(ranking)
        for k in range(1, min(36, x.shape[1]) + 1):
            self.fit(f'logistic regression, {k} attribute{"s" if k > 1 else ""}', logistic(), 'smote', None, order[:k])


def main():
    train_path, test_path, target, q, out = sys.argv[1:6]
    threads = int(sys.argv[6]) if len(sys.argv) > 6 else 2
    start = time.perf_counter()
    rows = pandas.read_csv(train_path)
    train, validation = train_test_split(rows, test_size=0.15, stratify=rows[target], random_state=SEED)
    study = Study(train, validation, pandas.read_csv(test_path), target, float(q), threads, time_one_thread=True)
    for one in generation_one(threads, study.x):
        study.fit(*one)
    study.generation_three()
    total = time.perf_counter() - start - study.aside
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump({'total': total, 'peak_bytes': peak, 'steps': study.steps, 'models': study.models}, open(out, 'w'), indent=1)


if __name__ == '__main__':
    main()
