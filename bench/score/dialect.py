# SPDX-License-Identifier: Apache-2.0
"""PMML as the JPMML converters write it, from the trees of XGBoost, LightGBM and scikit-learn.

A tree is nested Leaf and Split objects. Two shapes are in real use:

* plain: every split is a Node with two children, missing values follow defaultChild;
* compact: a split is one child Node, for the branch that missing values do not take; the other branch's children and
  score are those of the parent, so that noTrueChildStrategy="returnLastPrediction" leads there.
"""
from dataclasses import dataclass, field
from typing import Union
from xml.sax.saxutils import quoteattr


@dataclass
class Predicate:
    field: str
    operator: str  # Of a SimplePredicate with one value, of a SimpleSetPredicate with a list.
    value: Union[str, list]


@dataclass
class Leaf:
    score: str


@dataclass
class Split:
    left_if: Predicate
    right_if: Predicate
    left: Union["Split", Leaf]
    right: Union["Split", Leaf]
    missing_goes_right: bool = True


@dataclass
class Field:
    name: str
    type: str  # A dataType: float and double are continuous, string is categorical.
    values: list = field(default_factory=list)


class Xml:
    """Lines, indented by tabs."""

    def __init__(self):
        self.lines, self.depth = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'], 0

    def attributes(self, attributes):
        return "".join(f" {name.replace('__', '-')}={quoteattr(str(value))}" for name, value in attributes.items() if value is not None)

    def leaf(self, element, /, **attributes):
        self.lines.append("\t" * self.depth + f"<{element}{self.attributes(attributes)}/>")

    def text(self, element, text, /, **attributes):
        self.lines.append("\t" * self.depth + f"<{element}{self.attributes(attributes)}>{text}</{element}>")

    def open(self, element, /, **attributes):
        self.lines.append("\t" * self.depth + f"<{element}{self.attributes(attributes)}>")
        self.depth += 1

    def close(self, element):
        self.depth -= 1
        self.lines.append("\t" * self.depth + f"</{element}>")

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines) + "\n")


def array(values):
    quoted = ('"' + value + '"' if " " in value or not value else value for value in values)
    return " ".join(quoted).replace("&", "&amp;").replace("<", "&lt;")


def write_predicate(xml, predicate):
    if predicate is None:
        xml.leaf("True")
    elif isinstance(predicate.value, list):
        xml.open("SimpleSetPredicate", field=predicate.field, booleanOperator=predicate.operator)
        xml.text("Array", array(predicate.value), type="string")
        xml.close("SimpleSetPredicate")
    else:
        xml.leaf("SimplePredicate", field=predicate.field, operator=predicate.operator, value=predicate.value)


def one_of(name, values):
    if len(values) == 1:
        return Predicate(name, "equal", values[0])
    return Predicate(name, "isIn", values)


def fields_of(tree, found=None):
    found = set() if found is None else found
    if isinstance(tree, Split):
        found.add(tree.left_if.field)
        fields_of(tree.left, found)
        fields_of(tree.right, found)
    return found


def write_plain(xml, tree, predicate, ids, own):
    if isinstance(tree, Leaf):
        xml.open("Node", id=own, score=tree.score)
        write_predicate(xml, predicate)
    else:
        left, right = next(ids), next(ids)
        xml.open("Node", id=own, defaultChild=right if tree.missing_goes_right else left)
        write_predicate(xml, predicate)
        write_plain(xml, tree.left, tree.left_if, ids, left)
        write_plain(xml, tree.right, tree.right_if, ids, right)
    xml.close("Node")


def write_compact(xml, tree, predicate):
    branches, last = [], tree
    while isinstance(last, Split):
        if last.missing_goes_right:
            branches.append((last.left_if, last.left))
            last = last.right
        else:
            branches.append((last.right_if, last.right))
            last = last.left
    xml.open("Node", score=last.score)
    write_predicate(xml, predicate)
    for branch_if, branch in branches:
        write_compact(xml, branch, branch_if)
    xml.close("Node")


def write_tree(xml, tree, fields, compact, missing, math):
    used = fields_of(tree)
    if compact:
        xml.open("TreeModel", functionName="regression", missingValueStrategy=None if missing else "nullPrediction",
                 noTrueChildStrategy="returnLastPrediction", x__mathContext=math)
    else:
        xml.open("TreeModel", functionName="regression", missingValueStrategy="defaultChild", splitCharacteristic="binarySplit",
                 x__mathContext=math)
    xml.open("MiningSchema")
    for each in fields:
        if each.name in used:
            xml.leaf("MiningField", name=each.name)
    xml.close("MiningSchema")
    if compact:
        write_compact(xml, tree, None)
    else:
        write_plain(xml, tree, None, iter(range(1, 1 << 30)), 0)
    xml.close("TreeModel")


def write_forest(xml, trees, fields, method, compact, missing, math):
    """The Segmentation of one TreeModel each."""
    xml.open("Segmentation", multipleModelMethod=method, missingPredictionTreatment="returnMissing")
    for number, tree in enumerate(trees, 1):
        xml.open("Segment", id=number)
        xml.leaf("True")
        write_tree(xml, tree, fields, compact, missing, math)
        xml.close("Segment")
    xml.close("Segmentation")


def open_document(xml, application, fields, target):
    xml.open("PMML", xmlns="http://www.dmg.org/PMML-4_4", version="4.4")
    xml.open("Header")
    xml.leaf("Application", name=application)
    xml.close("Header")
    xml.open("DataDictionary")
    for each in [target, *fields]:
        categorical = bool(each.values)
        xml.open("DataField", name=each.name, optype="categorical" if categorical else "continuous", dataType=each.type)
        for value in each.values:
            xml.leaf("Value", value=value)
        if each.type == "float":
            xml.leaf("Value", value="NaN", property="missing")
        xml.close("DataField")
    xml.close("DataDictionary")


def write_schema(xml, fields, target=None, outer=False):
    xml.open("MiningSchema")
    if target:
        xml.leaf("MiningField", name=target.name, usageType="target")
    for each in fields:
        xml.leaf("MiningField", name=each.name, invalidValueTreatment=("asMissing" if each.values else "asIs") if outer else None)
    xml.close("MiningSchema")


def write_boosted(path, application, algorithm, trees, fields, raw, math, rescale, compact):
    """Binary classification: the sum of the trees, then a logistic link. The target is `y`, 0 or 1."""
    xml, target, number = Xml(), Field("y", "integer", ["0", "1"]), math or "double"
    open_document(xml, application, fields, target)
    xml.open("MiningModel", functionName="classification", algorithmName=algorithm, x__mathContext=math)
    write_schema(xml, fields, target, outer=True)
    xml.open("Segmentation", multipleModelMethod="modelChain", missingPredictionTreatment="returnMissing")
    xml.open("Segment", id=1)
    xml.leaf("True")
    xml.open("MiningModel", functionName="regression", x__mathContext=math)
    write_schema(xml, fields)
    xml.open("Output")
    xml.leaf("OutputField", name=raw, optype="continuous", dataType=number, isFinalResult="false")
    xml.close("Output")
    if rescale is not None:
        xml.open("Targets")
        xml.leaf("Target", rescaleConstant=rescale)
        xml.close("Targets")
    write_forest(xml, trees, fields, "sum", compact, True, math)
    xml.close("MiningModel")
    xml.close("Segment")
    xml.open("Segment", id=2)
    xml.leaf("True")
    xml.open("RegressionModel", functionName="classification", normalizationMethod="logit", x__mathContext=math)
    write_schema(xml, [Field(raw, number)], target)
    xml.open("Output")
    for value in ("0", "1"):
        xml.leaf("OutputField", name=f"probability({value})", optype="continuous", dataType=number, feature="probability", value=value)
    xml.close("Output")
    xml.open("RegressionTable", intercept="0.0", targetCategory="1")
    xml.leaf("NumericPredictor", name=raw, coefficient="1.0")
    xml.close("RegressionTable")
    xml.leaf("RegressionTable", intercept="0.0", targetCategory="0")
    xml.close("RegressionModel")
    xml.close("Segment")
    xml.close("Segmentation")
    xml.close("MiningModel")
    xml.close("PMML")
    xml.write(path)


def write_average(path, application, algorithm, trees, fields):
    """Regression: the mean of the trees, output `value`. No field may be missing."""
    xml, target = Xml(), Field("y", "double")
    open_document(xml, application, fields, target)
    xml.open("MiningModel", functionName="regression", algorithmName=algorithm)
    write_schema(xml, fields, target)
    xml.open("Output")
    xml.leaf("OutputField", name="value", optype="continuous", dataType="double")
    xml.close("Output")
    write_forest(xml, trees, fields, "average", True, False, None)
    xml.close("MiningModel")
    xml.close("PMML")
    xml.write(path)
