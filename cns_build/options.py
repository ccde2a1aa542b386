# SPDX-License-Identifier: Apache-2.0
"""What a build decides about a model: the options of `cnsc compile` that reach the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line needs the defaults alone
    from cns_build.ir.binding import RecordMap
    from cns_build.ir.firmware import Firmware
    from cns_build.model import IRI

DEFAULT_CAPACITY = 8
MAX_CAPACITY = 65535  # the count of an array is a uint16_t
DEFAULT_DEPTH = 8
MAX_DEPTH = 255
DEFAULT_BOXES = 200  # what a drawing shows before nobody can read it
DEFAULT_EXTERNAL = 128  # bytes of stack: more than gcc's own routines take (tests/test_stack.py)

INFERENCES = ("none", "rdfs", "owlrl")  # what ontologies infer from graphs
READINGS = ("none", "constraints")  # what axioms are read as
INFERRING = ("domain", "range", "functional", "inverseFunctional", "hasKey")
"""Kinds of axioms that constrain unless a build has them infer."""
EXISTENCE = ("info", "warning", "violation")  # how severe it is that a value is not there
DEFAULT_EXISTENCE = "warning"

# What --waive may name beyond parameters, shapes and imports; known only after the front end.
LATER_WAIVERS = frozenset(
    {
        "contradiction",
        "cns:maxValues",
        "sh:inversePath",
        "sh:zeroOrMorePath",
        "sh:oneOrMorePath",
        "sh:zeroOrOnePath",
        "sh:targetNode",
        "sh:targetClass",
        "sh:targetSubjectsOf",
        "sh:targetObjectsOf",
    }
)


@dataclass(frozen=True, slots=True)
class Options:
    """`capacity` bounds lists and properties without sh:maxCount, in elements, and inline
    strings without sh:maxLength, in bytes; `capacities` overrides it by property IRI or C name.

    `depth` bounds records that can contain themselves: how many lie inside each other, at most.
    `detail` reports, behind a violation of sh:node, sh:and, sh:or or sh:xone, why it is one.
    `records` names the shapes or classes that get a struct; empty: all targets.
    `kinds` gives records a number of their own; `unchecked` declares kinds that have no handler.
    `trust_text` leaves it to the application that text is UTF-8 and language tags are well-formed.
    `layout` asks for the table that says where the members of records lie.
    `bind` maps records to the user's own structs.
    `engine` says what validates: native code, an image of bytecode, or both. `optimize` is for
    images: without it, they stay as naive as they are made.
    `onto` is the firmware in the field whose records the image is for, in the place of new ones.
    `queried` are the classes and properties of a vocabulary that get a test; empty: all that
    others are below.
    """

    name: str
    report: str = "all"
    strings: str = "full"
    capacity: int = DEFAULT_CAPACITY
    capacities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    inline_strings: bool = False
    depth: int = DEFAULT_DEPTH
    detail: bool = False
    records: tuple[str, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    unchecked: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    tick_budget: int | None = None
    layout: bool = False
    trust_text: bool = False
    bind: tuple[RecordMap, ...] = ()
    waive: frozenset[str] = frozenset()
    engine: str = "native"
    optimize: bool = True
    onto: Firmware | None = None
    queried: tuple[IRI, ...] = ()

    @property
    def runs_native(self) -> bool:
        """Whether the model has native handlers."""
        return self.engine != "bytecode"

    @property
    def runs_images(self) -> bool:
        """Whether the model runs images of bytecode."""
        return self.engine != "native"

    @property
    def has_layout(self) -> bool:
        """Whether the model has the table of layouts: images name its rows, and RDF needs it."""
        return self.layout or self.runs_images

    @property
    def names_terms(self) -> bool:
        """Whether the model holds the text of its terms: results or the layout refer to them."""
        return self.strings == "full" and (self.report != "conforms" or self.layout)
