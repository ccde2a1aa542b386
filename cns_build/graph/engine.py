# SPDX-License-Identifier: Apache-2.0
"""What the command and `validate` ask of a compiled shapes graph."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cns_build.diagnostics import Diagnostic, Position
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.model import IRI, Origin


@dataclass(frozen=True, slots=True)
class Selection:
    """What of data and shapes is validated; None is all.

    `graphs` are the named graphs, None among them being the default graph. `maximum` is how many
    results are kept. `first` ends with the first result.
    """

    focus: Collection[IRI] | None = None
    shapes: Collection[IRI] | None = None
    graphs: Collection[IRI | None] | None = None
    maximum: int | None = None
    first: bool = False
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """A compiled shapes graph. The compiler is imported when one is made."""

    validator: Any

    @classmethod
    def compile(
        cls,
        shapes: Sequence[str],
        ontologies: Sequence[str] = (),
        *,
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
        strict: bool = False,
        recursion: int = 0,
        engine: str = "bytecode",
    ) -> Engine:
        """Compile files of shapes, which may refer to themselves where there is a `recursion`.

        Raises CompileError.
        """
        module = importlib.import_module("cns_build.graph.validator")
        options: dict[str, Any] = {"catalog": catalog, "waive": waive, "strict": strict}
        if engine != "bytecode":
            options["engine"] = engine
        made = module.Validator.compile(shapes, ontologies, recursion=recursion, **options)
        return cls(made)

    def validate(self, data: Sequence[Source], selection: Selection) -> Report:
        """Validate data. Raises CompileError where they cannot be read."""
        report: Report = self.validator.validate(
            data,
            focus=selection.focus,
            shapes=selection.shapes,
            maximum=selection.maximum,
            first=selection.first,
            lenient=selection.lenient,
            graphs=selection.graphs,
        )
        return report

    def locate(self, origin: Origin) -> Position:
        """Return where in the shapes something stands; only its file where that is all."""
        locate = getattr(self.validator, "locate", None)
        place: Position = locate(origin) if locate else Position(origin.file)
        return place

    @property
    def warnings(self) -> Sequence[Diagnostic]:
        """What there is to say about the shapes."""
        found: Sequence[Diagnostic] = getattr(self.validator, "warnings", ())
        return found
