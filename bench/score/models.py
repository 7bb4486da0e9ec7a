#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the models that bench/score compares engines on, each with rows and the library's own predictions.

usage: models.py --shared DIR --provecho PROGRAM --output DIR [--models lr113,xgb75,...] [--corpus]

DIR/data holds the public sets (bank-marketing, silocompro), DIR/pmml-cases the conformance cases that --corpus takes its
three Audit models from. A model is a folder: model.pmml, rows.csv (empty: missing), expected.csv (one column, named as the
output field), model.json (what it is, and how far an engine may be from the library).
"""
import argparse
import csv
import gzip
import json
import lzma
import math
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import numpy
import pandas

import dialect
from dialect import Field, Leaf, Predicate, Split

ROWS = 20_000
SEED = 7


class Folder:
    """Where one model is put; complete once model.json is written."""

    def __init__(self, root, name):
        self.name = name
        self.path = os.path.join(root, name)
        os.makedirs(self.path, exist_ok=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def finish(self, rows, expected, output, what, trees, relative, absolute, compact=True):
        rows.to_csv(self.file("rows.csv"), index=False)
        with open(self.file("expected.csv"), "w") as file:
            file.write(output + "\n" + "".join(f"{float(value)!r}\n" for value in expected))
        with open(self.file("model.pmml"), encoding="utf-8") as file:
            nodes = len(re.findall(r"<Node\b", file.read()))
        splits = nodes - trees if compact else (nodes - trees) // 2
        facts = {"what": what, "output": output, "trees": trees, "nodes": nodes, "splits": splits, "rows": len(rows),
                 "relative": relative, "absolute": absolute}
        with open(self.file("model.json"), "w") as file:
            json.dump(facts, file, indent=1)
        size = os.path.getsize(self.file("model.pmml"))
        print(f"{self.name}: {what}; {size / 1e6:.2f} MB, {nodes:,} Nodes, {len(rows):,} rows", flush=True)


# ---- lr113: what `provecho train` writes for the replica of the exercise's training set.

def make_lr113(folder, options):
    replica = os.path.join(options.shared, "data", "silocompro", "replica")
    with tempfile.TemporaryDirectory() as work:
        for packed, opener in (("X_train.csv.xz", lzma.open), ("y_train.csv.gz", gzip.open)):
            with opener(os.path.join(replica, packed)) as source, open(os.path.join(work, packed[:11]), "wb") as target:
                shutil.copyfileobj(source, target)
        subprocess.check_call([options.provecho, "train", os.path.join(work, "X_train.csv"), "--join", os.path.join(work, "y_train.csv"),
                               "--on", "idx", "--target", "label", "--exclude", "idx", "-o", folder.file("model.pmml")],
                              stdout=subprocess.DEVNULL)
    rows = pandas.read_csv(os.path.join(replica, "X_test.csv.xz"), nrows=ROWS).drop(columns="idx")
    space = {"p": "http://www.dmg.org/PMML-4_4"}
    table = ElementTree.parse(folder.file("model.pmml")).find(".//p:RegressionTable[@targetCategory='1']", space)
    weights = {term.get("name"): float(term.get("coefficient")) for term in table.findall("p:NumericPredictor", space)}
    margin = float(table.get("intercept")) + rows[list(weights)].to_numpy(dtype=float) @ numpy.array(list(weights.values()))
    folder.finish(rows, 1 / (1 + numpy.exp(-margin)), "probability(1)",
                  "logistic regression, 113 fields, by `provecho train`; expected: its coefficients by NumPy", 0, 1e-12, 0)


# ---- The bank's customers, with the gaps that the set marks as unknown and a few more.

NUMBERS = ["age", "balance", "day", "campaign", "pdays", "previous"]
TEXTS = ["job", "marital", "education", "default", "housing", "loan", "contact", "month", "poutcome"]


def bank(options):
    frame = pandas.read_csv(os.path.join(options.shared, "data", "bank-marketing", "bank-full.csv.gz"), sep=";")
    target = (frame["y"] == "yes").astype(int)
    return frame, target


def with_gaps(frame):
    random = numpy.random.default_rng(SEED)
    frame = frame[NUMBERS + TEXTS].copy()
    frame[NUMBERS] = frame[NUMBERS].astype(float)
    frame.loc[frame["pdays"] < 0, "pdays"] = numpy.nan
    for name in ("age", "balance"):
        frame.loc[random.random(len(frame)) < 0.03, name] = numpy.nan
    for name in TEXTS:
        frame[name] = frame[name].where(frame[name] != "unknown")
    return frame


def chosen(count):
    return numpy.sort(numpy.random.default_rng(SEED + 1).choice(count, ROWS, replace=False))


def fields_of_bank(frame, number):
    return [Field(name, number) for name in NUMBERS] + [Field(name, "string", sorted(frame[name].dropna().unique())) for name in TEXTS]


# ---- XGBoost. One 0/1 column per category; a missing category is 0 in all of them.

def xgboost_tree(node):
    if "leaf" in node:
        return Leaf(str(numpy.float32(node["leaf"])))
    children = {child["nodeid"]: xgboost_tree(child) for child in node["children"]}
    yes, no = children[node["yes"]], children[node["no"]]
    name, _, category = node["split"].partition("=")
    if category:
        assert 0 < node["split_condition"] <= 1
        return Split(Predicate(name, "notEqual", category), Predicate(name, "equal", category), yes, no, missing_goes_right=False)
    threshold = str(numpy.float32(node["split_condition"]))
    return Split(Predicate(name, "lessThan", threshold), Predicate(name, "greaterOrEqual", threshold), yes, no,
                 missing_goes_right=node["missing"] == node["no"])


def train_xgboost(options):
    import xgboost
    frame, target = bank(options)
    frame = with_gaps(frame)
    columns = {name: frame[name].to_numpy() for name in NUMBERS}
    for name in TEXTS:
        for category in sorted(frame[name].dropna().unique()):
            columns[f"{name}={category}"] = (frame[name] == category).to_numpy(dtype=float)
    x = numpy.column_stack(list(columns.values())).astype(numpy.float32)
    names = list(columns)
    parameters = {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "nthread": 1, "seed": SEED, "tree_method": "hist"}
    booster = xgboost.train(parameters, xgboost.DMatrix(x, target, feature_names=names, nthread=1), 75)
    trees = [xgboost_tree(json.loads(text)) for text in booster.get_dump(dump_format="json")]
    base = json.loads(booster.save_config())["learner"]["learner_model_param"]["base_score"]
    base = numpy.float32(float(base.strip("[]")))
    rescale = str(numpy.float32(-math.log(1 / base - 1)))
    pick = chosen(len(frame))
    expected = booster.predict(xgboost.DMatrix(x[pick], feature_names=names, nthread=1))
    return frame, trees, rescale, frame.iloc[pick], expected


def make_xgboost(folder, options, compact):
    frame, trees, rescale, rows, expected = train_xgboost(options)
    dialect.write_boosted(folder.file("model.pmml"), "bench/score", "XGBoost (GBTree)", trees, fields_of_bank(frame, "float"), "xgbValue",
                          "float", rescale, compact)
    folder.finish(rows, expected, "probability(1)", f"XGBoost, 75 trees of depth 6, float, {'compact' if compact else 'binary'} shape", 75,
                  1e-5, 1e-7, compact)


# ---- LightGBM. A category that is not in a split's set goes right, and so does a missing one.

def lightgbm_tree(node, fields, numbers):
    if "leaf_value" in node:
        return Leaf(repr(node["leaf_value"]))
    left, right = (lightgbm_tree(node[side], fields, numbers) for side in ("left_child", "right_child"))
    each = fields[node["split_feature"]]
    if node["decision_type"] == "==":
        inside = [each.values[int(code)] for code in node["threshold"].split("||")]
        outside = [value for value in each.values if value not in inside]
        return Split(dialect.one_of(each.name, inside), dialect.one_of(each.name, outside), left, right)
    threshold = node["threshold"]
    goes_left = node["default_left"] if node["missing_type"] == "NaN" else 0 <= threshold
    return Split(Predicate(each.name, "lessOrEqual", repr(threshold)), Predicate(each.name, "greaterThan", repr(threshold)), left, right,
                 missing_goes_right=not goes_left)


def make_lgb75(folder, options):
    import lightgbm
    frame, target = bank(options)
    frame = with_gaps(frame)
    fields = fields_of_bank(frame, "double")
    coded = frame.copy()
    for each in fields:
        if each.values:
            coded[each.name] = pandas.Categorical(frame[each.name], categories=each.values)
    parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "num_threads": 1, "seed": SEED, "verbosity": -1,
                  "max_cat_to_onehot": 2, "cat_smooth": 5, "deterministic": True}
    booster = lightgbm.train(parameters, lightgbm.Dataset(coded, target), 75)
    dump = booster.dump_model()
    trees = [lightgbm_tree(each["tree_structure"], fields, NUMBERS) for each in dump["tree_info"]]
    dialect.write_boosted(folder.file("model.pmml"), "bench/score", "LightGBM", trees, fields, "lgbmValue", None, None, False)
    pick = chosen(len(frame))
    folder.finish(frame.iloc[pick], booster.predict(coded.iloc[pick], num_threads=1), "probability(1)",
                  "LightGBM, 75 trees of 31 leaves, categorical splits", 75, 1e-12, 0, compact=False)


# ---- scikit-learn. Whole numbers only, so that its cast to single precision changes nothing.

def sklearn_tree(tree, names, at=0):
    if tree.children_left[at] < 0:
        return Leaf(repr(float(tree.value[at][0][0])))
    name, threshold = names[tree.feature[at]], repr(float(tree.threshold[at]))
    return Split(Predicate(name, "lessOrEqual", threshold), Predicate(name, "greaterThan", threshold),
                 sklearn_tree(tree, names, tree.children_left[at]), sklearn_tree(tree, names, tree.children_right[at]))


def make_rf_big(folder, options):
    from sklearn.ensemble import RandomForestRegressor
    frame, _ = bank(options)
    features = frame[NUMBERS].copy()
    for name in TEXTS:
        features[name] = pandas.Categorical(frame[name]).codes
    forest = RandomForestRegressor(n_estimators=10, max_samples=15_000, random_state=SEED, n_jobs=1)
    forest.fit(features.to_numpy(), frame["duration"].to_numpy())
    names = list(features)
    trees = [sklearn_tree(each.tree_, names) for each in forest.estimators_]
    dialect.write_average(folder.file("model.pmml"), "bench/score", "sklearn.ensemble._forest.RandomForestRegressor", trees,
                          [Field(name, "double") for name in names])
    rows = features.iloc[chosen(len(frame))]
    folder.finish(rows, forest.predict(rows.to_numpy()), "value", "scikit-learn random forest, 10 deep regression trees", 10, 1e-12, 0)


# ---- Three of the public conformance cases, which the research timed too. They stay outside the repository.

CORPUS = {
    "audit_lr": ("triples/jpmml-transpiler/pmml-transpiler", "LogisticRegressionAudit", "LogisticRegressionAudit", 0, 1e-11, 0),
    "audit_xgb": ("triples/jpmml-transpiler/pmml-transpiler", "XGBoostAudit", "XGBoostAudit", 71, 1e-5, 1e-7),
    "audit_lgb": ("generated/jpmml-sklearn/pmml-sklearn-lightgbm", "LGBMAuditCat.ff6e8dc2", "LGBMAuditCat", 101, 1e-11, 0),
}


def make_corpus(folder, options):
    where, model, expected, trees, relative, absolute = CORPUS[folder.name]
    where = os.path.join(options.shared, "pmml-cases", where)
    shutil.copyfile(os.path.join(where, "pmml", model + ".pmml"), folder.file("model.pmml"))
    rows = pandas.read_csv(os.path.join(where, "csv", "Audit.csv"), dtype=str, keep_default_na=False).replace({"N/A": "", "NA": ""})
    values = pandas.read_csv(os.path.join(where, "csv", expected + ".csv"))["probability(1)"]
    folder.finish(rows, values, "probability(1)", f"{model.split('.')[0]} of the conformance cases", trees, relative, absolute)


MAKERS = {
    "lr113": make_lr113,
    "xgb75": lambda folder, options: make_xgboost(folder, options, True),
    "xgb75_binary": lambda folder, options: make_xgboost(folder, options, False),
    "lgb75": make_lgb75,
    "rf_big": make_rf_big,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", required=True)
    parser.add_argument("--provecho", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--models", default="")
    parser.add_argument("--corpus", action="store_true")
    parser.add_argument("--again", action="store_true", help="make them even if they are there")
    options = parser.parse_args()
    makers = {**MAKERS, **{name: make_corpus for name in CORPUS}}
    wanted = options.models.split(",") if options.models else [*MAKERS, *(CORPUS if options.corpus else [])]
    for name in wanted:
        if name not in makers:
            parser.error(f"there is no model '{name}': the models are {', '.join(makers)}")
        folder = Folder(options.output, name)
        if options.again or not os.path.exists(folder.file("model.json")):
            makers[name](folder, options)


if __name__ == "__main__":
    main()
