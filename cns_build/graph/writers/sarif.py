# SPDX-License-Identifier: Apache-2.0
"""Reports in SARIF 2.1.0: a rule for each constraint component of each shape."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build.diagnostics import Locate
from cns_build.graph.report import Report, Result
from cns_build.graph.severity import LEVELS, WORDS
from cns_build.graph.writers.jsontext import JSON, streamed
from cns_build.graph.writers.names import (
    Names,
    component_name,
    constraint_name,
    plain,
    plain_path,
    result_lines,
)
from cns_build.sarif import SCHEMA, driver, locations


def to_sarif(report: Report, locate: Locate) -> Iterator[str]:
    """Yield one run; a result stands where its focus node does, else where its constraint does."""
    names = Names(report.prefixes)
    rules: dict[str, JSON] = {}
    for result in report.results:
        rules.setdefault(_rule_id(result, names), _rule(result, names))
    index = {rule: number for number, rule in enumerate(rules)}
    head = {"tool": driver(list(rules.values())), "columnKind": "unicodeCodePoints"}
    results = (_result(result, index, names, locate) for result in report.results)
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": ['
    yield from streamed(head, "results", results, {})
    yield "]}\n"


def _rule_id(result: Result, names: Names) -> str:
    shape = plain(result.shape) or ""
    return f"{shape} {component_name(result.component, names)}"


def _rule(result: Result, names: Names) -> JSON:
    return {
        "id": _rule_id(result, names),
        "name": component_name(result.component, names),
        "shortDescription": {
            "text": f"{constraint_name(result, names)} of {_shape(result, names)}"
        },
    }


def _shape(result: Result, names: Names) -> str:
    return names.short(result.shape)


def _result(result: Result, index: dict[str, int], names: Names, locate: Locate) -> JSON:
    rule = _rule_id(result, names)
    shapes = locations(locate(result.origin) if result.origin else None)
    data = locations(result.position)
    properties = {
        "focusNode": plain(result.focus),
        "resultPath": plain_path(result.path),
        "value": plain(result.value),
        "sourceShape": plain(result.shape),
        "sourceConstraintComponent": plain(result.component),
        "resultSeverity": plain(result.severity),
    }
    note = f"{constraint_name(result, names)} of {_shape(result, names)}"
    return {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "level": LEVELS[WORDS.get(result.severity.value, "violation")],
        "message": {"text": "\n".join(result_lines(result, names))},
        "locations": _with_focus(data or shapes, result),
        "relatedLocations": [{**place, "message": {"text": note}} for place in shapes],
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _with_focus(places: list[JSON], result: Result) -> list[JSON]:
    node = {"fullyQualifiedName": plain(result.focus), "kind": "resource"}
    return [{**place, "logicalLocations": [node]} for place in places or [{}]]
