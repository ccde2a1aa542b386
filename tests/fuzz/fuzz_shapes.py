# SPDX-License-Identifier: Apache-2.0
"""Random shapes: handlers and images answer like the reference, or the compiler refuses them.

The shapes are well-formed and use what the compiler supports, in combinations that nobody would
write. An exception, a warning of the C compiler, or another answer than the reference's fails.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from cns_build import pipeline
from cns_build.bytecode.image import to_words
from cns_build.diagnostics import CompileError
from cns_build.options import Options
from tests.compiling import PREFIXES
from tests.records.answers import Answer
from tests.records.native import Comparison, Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare, draw
from tests.records.values import RecordValue
from tests.reference.denote import BadRecord, denote
from tests.test_denote import differences as denoted_differently
from tests.test_denote import drawn

T = TypeVar("T")

RECORDS = 20  # of each type, before those drawn for silent checks
MOST_CASES = 10**9
DEPTH = 2  # of shapes in shapes
CLASSES = ("ex:A", "ex:B", "ex:C", "ex:D")
PROPERTIES = ("ex:p", "ex:q", "ex:r")
IRIS = ("ex:a", "ex:b", "ex:B")
LITERALS = (
    *("3", "1.5", "2.0E0", "true", '"x"', '"x"@en', '"1"^^xsd:int', '"2"^^xsd:unsignedByte'),
    *('"y"@de-AT', '"x"@EN'),
    *('"2024-02-29T12:00:00Z"^^xsd:dateTime', '"u"^^ex:unit'),
)
DATATYPES = (
    *("xsd:float", "xsd:long", "xsd:date", "xsd:duration", "xsd:positiveInteger", "xsd:time"),
    *("xsd:int", "xsd:unsignedByte", "xsd:integer", "xsd:decimal", "xsd:double", "xsd:boolean"),
    *("xsd:string", "rdf:langString", "xsd:dateTime", "xsd:anyURI", "ex:unit"),
)
NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "IRIOrLiteral")
SEVERITIES = ("sh:Info", "sh:Warning", "sh:Violation")
COUNTS = (0, 1, 1, 1, 2, 3)
OTHER_POLICIES = 0.2  # of the models
FLOATING_POINT: tuple[tuple[str, ...], ...] = (
    (),
    ("-DCNS_SOFT_FLOAT=1", "-DCNS_SOFT_DOUBLE=1"),
    ("-DCNS_SOFT_FLOAT=0", "-DCNS_SOFT_DOUBLE=1"),
)
MEMBERS = "[ sh:zeroOrMorePath rdf:rest ] rdf:first"


def run(seconds: int, seed: int, most: int = MOST_CASES) -> int:
    """Compare random models for some seconds, or `most` of them; return how many were compiled.

    Raises AssertionError with the shapes of the model that failed.
    """
    end = time.monotonic() + seconds
    outcomes: Counter[str] = Counter()
    case = 0
    while case < most and time.monotonic() < end:
        text = Drawing(random.Random(f"{seed}/{case}")).model()
        outcomes[check(text, f"seed {seed}, case {case}")] += 1
        case += 1
    print(f"shapes: {outcomes['refused']} of {case} models refused")
    return outcomes["compared"]


def check(text: str, what: str) -> str:
    """Compile one model and compare its answers; return `compared` or `refused`.

    What a build may choose is drawn from `what`.
    """
    chance = random.Random(what)
    options = draw_options(chance)
    what = f"{what}: {options}"
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder, "model", "shapes.ttl")
        shapes.parent.mkdir()
        shapes.write_text(PREFIXES + text, "utf-8")
        try:
            native = compile_model(
                shapes.parent, [shapes], options, flags=chance.choice(FLOATING_POINT)
            )
            found = differences(native, shapes, options)
            if not found and options.engine == "both":
                found = engines_differ(native, shapes, options)
            if not found and chance.random() < OTHER_POLICIES:
                found = other_policies(native, shapes, options, chance)
        except CompileError:
            return "refused"
        except Exception as error:
            raise AssertionError(f"{what}: {type(error).__name__}: {error}\n{text}") from error
    assert not found, f"{what}: {len(found)} differences\n{found[0]}\n{text}"
    return "compared"


def draw_options(chance: random.Random) -> Options:
    """What a build may choose, apart from how much results say."""
    return Options(
        name="m",
        capacity=chance.choice((1, 3, 3, 3)),
        waive=frozenset({"contradiction"}),
        depth=chance.choice((1, 2, 3, 8)),
        detail=chance.random() < 0.5,
        inline_strings=chance.random() < 0.3,
        layout=chance.random() < 0.3,
        strings=chance.choice(("full", "full", "ids", "none")),
        engine=chance.choice(("native", "both", "both")),
    )


def differences(native: Native, shapes: Path, options: Options) -> list[str]:
    """Where handlers and `cns_denote` differ from the reference, in words."""
    oracle = Oracle(
        native.graph, native.program, [str(shapes)], waive=options.waive, detail=options.detail
    )
    found, _ = compare(Comparison(native, oracle), RECORDS, seed=1)
    if options.layout and options.strings == "full":
        found += denoted_differently(native, drawn(native.program, RECORDS, seed=2))
    return found


def engines_differ(native: Native, shapes: Path, options: Options) -> list[str]:
    """Where the machine answers otherwise than handlers, with an image, naive or optimized."""
    oracle = Oracle(native.graph, native.program, [str(shapes)], waive=options.waive)
    values = draw(oracle, native.program, RECORDS, seed=4)
    compiled = pipeline.compile_shapes(native.graph, options)
    answers = [native.answers(values)]
    for optimize in (False, True):
        image = pipeline.make_image(compiled, native.graph, replace(options, optimize=optimize))
        assert image is not None
        answers.append(native.answers(values, to_words(image)))
    return [
        f"native: {wanted}\nnaive: {naive}\noptimized: {optimized}\nrecord: {value}"
        for value, wanted, naive, optimized in zip(values, *answers, strict=True)
        if not without_steps(wanted) == without_steps(naive) == without_steps(optimized)
        or optimized.steps > naive.steps
    ]


def without_steps(answer: Answer) -> str:
    """An answer but for its steps, as text: NaN equals itself there."""
    return repr(replace(answer, steps=0))


def other_policies(
    native: Native, shapes: Path, options: Options, chance: random.Random
) -> list[str]:
    """Where a model that says less, or trusts text, decides otherwise."""
    less = replace(
        options,
        detail=False,
        report=chance.choice(("all", "first", "conforms")),
        strings=chance.choice(("full", "ids", "none")),
        trust_text=chance.random() < 0.5,
    )
    oracle = Oracle(native.graph, native.program, [str(shapes)], waive=options.waive)
    values = draw(oracle, native.program, RECORDS, seed=3)
    if less.trust_text:
        values = [v for v in values if sound(native, v)]
    folder = shapes.parent.parent / "less"
    folder.mkdir()
    other = compile_model(folder, [shapes], less)
    pairs = zip(values, native.answers(values), other.answers(values), strict=True)
    return [
        f"{less}: {said}, and not {answer}\nrecord: {value}"
        for value, answer, said in pairs
        if told(other, said) != told(native, reduced(answer, less.report))
    ]


def sound(native: Native, value: RecordValue) -> bool:
    """Whether a record keeps its contract."""
    try:
        denote(native.program, value)
    except BadRecord:
        return False
    return True


def reduced(answer: Answer, report: str) -> Answer:
    """An answer without explanations, as far as a policy tells it."""
    found = tuple(f for f in answer.found if f.detail_of == 0)
    return replace(answer, found=found[: {"all": len(found), "first": 1, "conforms": 0}[report]])


def told(native: Native, answer: Answer) -> str:
    """An answer as text, without words for people, in which equal checks and values look equal."""
    checks = [native.program.checks[f.check] for f in answer.found]
    found = tuple(replace(f, check=0) for f in answer.found)
    return f"{replace(answer, found=found, texts=())} {checks}"


class Drawing:
    """A random model in Turtle."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def model(self) -> str:
        """Return a class hierarchy, a shape with the class ex:A, and sometimes a second shape."""
        lines = [f"{iri} a rdfs:Class ." for iri in CLASSES if self._often(0.3)]
        lines += ["ex:C rdfs:subClassOf ex:B ."]
        if self._often(0.3):
            lines.append("ex:D rdfs:subClassOf ex:A , ex:B .")
        if self._often(0.1):
            lines.append("ex:a a ex:C .")
        lines.append(self._named("ex:S", "sh:targetClass ex:A", DEPTH, properties=True))
        if self._often(0.3):
            lines.append(self._named("ex:T", self._target(), DEPTH - 1, properties=True))
        lines.append(self._named("ex:Shared", "", DEPTH - 1, properties=self._often(0.5)))
        if self._often(0.2):
            lines.append(self._recursion())
        return "\n".join(lines) + "\n"

    def _named(self, name: str, target: str, depth: int, properties: bool) -> str:
        parts = ["a sh:NodeShape", target] if target else ["a sh:NodeShape"]
        if properties:
            parts += [
                f"sh:property {self._property_shape(depth)}" for _ in range(self._below(3) + 1)
            ]
        parts += self._constraints(depth - 1, focus=True) if self._often(0.6) else []
        return f"{name} " + " ;\n  ".join(parts) + " ."

    def _recursion(self) -> str:
        """Lead ex:Shared back to itself, once directly or twice by way of another shape."""
        again = self._one("sh:node ex:Shared", "sh:or ( [ sh:nodeKind sh:IRI ] ex:Shared )")
        kind = self._one("", "sh:nodeKind sh:BlankNode ;")
        inner = f"sh:path {self._path()} ; {kind} sh:maxCount 2 ; {again}"
        if self._often(0.5):
            return f"ex:Shared sh:property [ {inner} ] ."
        path = self._one(*PROPERTIES)
        return (
            f"ex:Shared sh:property ex:Further .\nex:Further sh:path {path} ; "
            f"sh:maxCount 2 ; sh:property [ {inner} ] , ex:Further ."
        )

    def _target(self) -> str:
        kind = self._one("targetClass", "targetClass", "targetNode", "targetObjectsOf")
        if kind == "targetNode":
            return "sh:targetNode ex:a"
        if kind == "targetClass":
            return f"sh:targetClass {self._one('ex:A', 'ex:B', 'ex:D')}"
        subjects = self._one("targetSubjectsOf", "targetObjectsOf")
        return f"sh:{subjects} {self._one(*PROPERTIES)}"

    # Shapes

    def _shape(self, depth: int) -> str:
        if depth > 0 and self._often(0.08):
            return "ex:Shared"
        return self._property_shape(depth) if self._often(0.4) else self._node_shape(depth)

    def _node_shape(self, depth: int) -> str:
        parts = self._constraints(depth) or ["sh:nodeKind sh:BlankNodeOrIRI"]
        return f"[ {' ; '.join(parts)} ]"

    def _property_shape(self, depth: int) -> str:
        parts = [f"sh:path {self._path()}", *self._constraints(depth)]
        if self._often(0.5):
            parts.append(f"sh:minCount {self._one(*COUNTS)}")
        if self._often(0.7):
            most = self._one("sh:maxCount", "sh:maxCount", "<urn:cns:maxValues>")
            parts.append(f"{most} {self._one(*COUNTS)}")
        if self._often(0.25):
            other = self._one(*PROPERTIES, *PROPERTIES, "rdf:type")
            parts.append(f"sh:{self._one('lessThan', 'lessThanOrEquals')} {other}")
        if self._often(0.1):
            parts.append("sh:uniqueLang true")
        if depth > 0 and self._often(0.2):
            parts.append(self._qualified(depth - 1))
        return f"[ {' ; '.join(parts)} ]"

    def _qualified(self, depth: int) -> str:
        bounds = self._one(
            ("sh:qualifiedMinCount 1",),
            ("sh:qualifiedMaxCount 1",),
            ("sh:qualifiedMaxCount 0",),
            ("sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 2"),
        )
        disjoint = ["sh:qualifiedValueShapesDisjoint true"] * self._often(0.5)
        return " ; ".join([f"sh:qualifiedValueShape {self._shape(depth)}", *bounds, *disjoint])

    def _path(self) -> str:
        first, second = self._one(*PROPERTIES), self._one(*PROPERTIES)
        if self._often(0.7):
            return first
        third = self._one(*PROPERTIES, "rdf:type")
        return self._one(
            f"( {first} {second} )",
            f"( {first} {MEMBERS} )",
            "rdf:type",
            f"( {first} rdf:type )",
            f"[ sh:alternativePath ( {first} {second} ) ]",
            f"[ sh:alternativePath ( {first} ( {second} {third} ) ) ]",
            f"( {first} [ sh:alternativePath ( {second} {third} ) ] )",
            f"( [ sh:alternativePath ( {first} {second} ) ] {third} )",
            f"[ sh:alternativePath ( {first} ( {second} {MEMBERS} ) rdf:type ) ]",
        )

    # Constraints

    def _constraints(self, depth: int, focus: bool = False) -> list[str]:
        """Return some constraints; of a record itself, none of those on literals."""
        draw: list[Callable[[], str]] = [
            self._kind,
            self._class,
            self._terms,
            self._value,
            self._words,
            self._closed,
            self._pair,
        ]
        if not focus:
            draw += [self._datatype, self._bound, self._bound, self._length, self._language]
            draw += [self._pattern]
        if depth > 0:
            nested = [self._not, self._logic, self._node, self._property, self._property]
            draw += [partial(method, depth - 1) for method in nested]
        found: dict[str, str] = {}
        for _ in range(self._one(0, 1, 1, 2, 2, 3)):
            constraint = self._one(*draw)()
            found.setdefault(constraint.split()[0], constraint)
        return list(found.values())

    def _kind(self) -> str:
        return f"sh:nodeKind sh:{self._one(*NODE_KINDS)}"

    def _class(self) -> str:
        return f"sh:class {self._one(*CLASSES)}"

    def _datatype(self) -> str:
        return f"{self._one('sh:datatype', '<urn:cns:valueSpace>')} {self._one(*DATATYPES)}"

    def _bound(self) -> str:
        which = self._one("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
        others = ('"a"', '"Z"', "true", '"2024-02-29T12:00:00Z"^^xsd:dateTime')
        return f"sh:{which} {self._one('0', '1', '2.5', '4', *others)}"

    def _length(self) -> str:
        return f"sh:{self._one('minLength', 'maxLength')} {self._below(4)}"

    def _pattern(self) -> str:
        texts = ["^a", "b$", "^[a-c]*$", "^.{2}", r"^\\p{L}+$", "", "^(aZ|[^0])+$"]
        pattern = self._one(*texts, "^-?[0-9]+$", "[0T]", "true|E")
        flags = self._one("", "", ' ; sh:flags "i"', ' ; sh:flags "m"')
        return f'sh:pattern "{pattern}"{flags}'

    def _terms(self) -> str:
        pool = self._one(IRIS, LITERALS, IRIS + LITERALS)
        return f"sh:in ( {' '.join(self._chance.sample(pool, self._below(3) + 1))} )"

    def _value(self) -> str:
        return f"sh:hasValue {self._one(*IRIS, *LITERALS)}"

    def _words(self) -> str:
        return self._one(
            f"sh:severity {self._one(*SEVERITIES)}",
            'sh:message "100 % \\"wrong\\" \\\\ */ ??/"@en , "falsch"@de',
            "sh:deactivated true",
        )

    def _pair(self) -> str:
        other = self._one(*PROPERTIES, *PROPERTIES, *PROPERTIES, "rdf:type")
        return f"sh:{self._one('equals', 'disjoint')} {other}"

    def _language(self) -> str:
        ranges = self._chance.sample(('"en"', '"de"', '"*"', '"de-at"'), self._below(3))
        return f"sh:languageIn ( {' '.join(ranges)} )"

    def _closed(self) -> str:
        ignored = self._one("", "rdf:type", "rdf:type ex:r", "ex:q")
        return f"sh:closed true ; sh:ignoredProperties ( {ignored} )"

    def _not(self, depth: int) -> str:
        return f"sh:not {self._shape(depth)}"

    def _logic(self, depth: int) -> str:
        shapes = " ".join(self._shape(depth) for _ in range(self._below(3) + 1))
        return f"sh:{self._one('and', 'or', 'or', 'xone')} ( {shapes} )"

    def _node(self, depth: int) -> str:
        return f"sh:node {self._node_shape(depth)}"

    def _property(self, depth: int) -> str:
        return f"sh:property {self._property_shape(depth)}"

    # Chance

    def _often(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _below(self, bound: int) -> int:
        return self._chance.randrange(bound)

    def _one(self, *choices: T) -> T:
        return self._chance.choice(choices)
