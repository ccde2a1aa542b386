# SPDX-License-Identifier: Apache-2.0
"""Diagnostics and waivers, collected while the front end reads on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cns_build.diagnostics import Diagnostic, Note
from cns_build.model import IRI, Literal, Origin, Term, Waiver
from cns_build.options import LATER_WAIVERS
from cns_build.vocabulary import CNS, SH, XSD

_STRING = IRI(XSD + "string")
_KNOWN = {"cns": CNS, "sh": SH}
_BARE = frozenset(XSD + name for name in ("integer", "decimal", "double", "boolean"))


@dataclass(slots=True)
class Report:
    """What was found so far.

    `prefixes` maps a prefix to its namespace; `waive` are the names as the user wrote them:

    | Name            | What it lets pass                                                  |
    |-----------------|--------------------------------------------------------------------|
    | `import:IRI`    | an owl:imports of IRI that no given file or catalog answers        |
    | `shape:IRI`     | a reference to the shape IRI, which has no triples: it is empty    |
    | `sh:sparql` …   | all constraints of a parameter, by its prefixed name or its IRI    |

    An IRI may stand in `<…>`. Those of shapes and parameters may be prefixed names, with the
    prefixes of the shapes files.
    """

    waive: Collection[str] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def error(
        self,
        message: str,
        where: Origin | None,
        fix: str,
        notes: tuple[Note, ...] = (),
        rule: str = "",
    ) -> None:
        """Collect an error."""
        self.diagnostics.append(Diagnostic(message, where, fix, "error", notes, rule))

    def warn(self, message: str, where: Origin | None, fix: str, rule: str = "") -> None:
        """Collect a warning."""
        warning = Diagnostic(message, where, fix, "warning", rule=rule)
        if warning not in self.diagnostics:  # a value may be read twice
            self.diagnostics.append(warning)

    def waived(self, kind: str, iri: str, what: str, where: Origin | None) -> bool:
        """Return whether the user waives `iri` of this kind; if so, record `what`.

        `kind` is `import:`, `shape:`, or empty for a parameter.
        """
        for name in sorted(self.waive):
            if name.startswith(kind) and self.expand(name.removeprefix(kind)) == iri:
                self.waivers.append(Waiver(name, what, where))
                return True
        return False

    def warn_unused(self) -> None:
        """Warn of every waiver that has let nothing pass, except those of later stages."""
        used = {waiver.name for waiver in self.waivers}
        for name in sorted(self.waive):
            if name not in used and name not in LATER_WAIVERS:
                fix = "remove it or correct the name"
                self.warn(f"--waive {name} matches nothing", None, fix, "unused-waiver")

    def expand(self, name: str) -> str:
        """Return the IRI that a prefixed name, `<IRI>` or IRI stands for."""
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local_name = name.partition(":")
        namespace = self.prefixes.get(prefix, _KNOWN.get(prefix))
        if colon and namespace is not None and not local_name.startswith("//"):
            return namespace + local_name
        return name

    def show(self, term: Term) -> str:
        """Return `term` as people write it; the label of a blank node would say nothing."""
        if isinstance(term, IRI):
            return self.shorten(term.value)
        if not isinstance(term, Literal):
            return "a blank node"
        if term.language or term.datatype.value == XSD + "string":
            return str(term)
        if term.datatype.value in _BARE:
            return term.lexical
        name = term.datatype.value
        kind = f"xsd:{name[len(XSD) :]}" if name.startswith(XSD) else self.shorten(name)
        return f"{Literal(term.lexical, _STRING)}^^{kind}"

    def shorten(self, iri: str) -> str:
        """Return the prefixed name of `iri`, or `<iri>` where no prefix fits."""
        if iri.startswith(SH):
            return f"sh:{iri.removeprefix(SH)}"
        fitting = [(len(ns), p) for p, ns in self.prefixes.items() if ns and iri.startswith(ns)]
        if not fitting:
            return str(IRI(iri))
        length, prefix = max(fitting)
        return f"{prefix}:{iri[length:]}"
