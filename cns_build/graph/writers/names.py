# SPDX-License-Identifier: Apache-2.0
"""Terms, paths and messages in words for people and programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cns_build import model as m
from cns_build.graph.report import Result
from cns_build.graph.terms import STRING, bracketed, quoted, to_ntriples
from cns_build.vocabulary import CNS, RDF, SH, XSD

_KNOWN = {"rdf": RDF, "sh": SH, "xsd": XSD}
_PREFIX = re.compile(r"([A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9_])?)?")
_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")
_BARE = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
_COMPONENT = "ConstraintComponent"
_WHY = {
    "And": "the value does not conform to all shapes of the list",
    "Class": "the value is not an instance of the class",
    "SPARQL": "the query of the constraint finds the value, or the focus node",
    "Closed": "the property is not one that the shape allows",
    "Datatype": "the value is not a well-formed literal of the datatype",
    "Disjoint": "the value is also one of the other property",
    "Equals": "one property has the value, the other does not",
    "HasValue": "the value that has to be there is missing",
    "In": "the value is not in the list",
    "LanguageIn": "the value has none of the languages",
    "LessThan": "the value is not less than all values of the other property",
    "LessThanOrEquals": "the value is greater than a value of the other property",
    "MaxCount": "there are more values than are allowed",
    "MaxExclusive": "the value is not below the bound",
    "MaxInclusive": "the value is above the bound",
    "MaxLength": "the value is longer than is allowed",
    "MaxValues": "there are more different values than are allowed",
    "MinCount": "there are fewer values than are needed",
    "MinExclusive": "the value is not above the bound",
    "MinInclusive": "the value is below the bound",
    "MinLength": "the value is shorter than is allowed",
    "Node": "the value does not conform to the shape",
    "NodeKind": "the value is not of the kind of node",
    "Not": "the value conforms to the shape, and must not",
    "Or": "the value conforms to none of the shapes of the list",
    "Pattern": "the value does not match the pattern",
    "QualifiedMaxCount": "more values than are allowed conform to the shape",
    "QualifiedMinCount": "fewer values than are needed conform to the shape",
    "UniqueLang": "several values have the same language",
    "ValueSpace": "the value is not one of the datatype",
    "Xone": "the value does not conform to exactly one shape of the list",
}


class Names:
    """Shortens IRIs by prefixes: those that Turtle can write, rdf, sh and xsd among them."""

    def __init__(self, prefixes: Iterable[tuple[str, str]] = ()) -> None:
        given = {prefix: iri for prefix, iri in prefixes if iri and _PREFIX.fullmatch(prefix)}
        self.prefixes = dict(sorted({**given, **_KNOWN}.items()))
        self._longest = sorted(self.prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._iris: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        """Return `ex:name` where a prefix fits, else `<iri>`."""
        found = self._iris.get(iri)
        if found is None:
            found = self._iris[iri] = self._shortened(iri)
        return found

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._longest:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return bracketed(iri)

    def exact(self, term: m.Term) -> str:
        """Return a term as Turtle writes it, with its form and datatype."""
        match term:
            case m.IRI(value):
                return self.iri(value)
            case m.Literal(lexical, datatype, "") if datatype != STRING:
                return f"{quoted(lexical)}^^{self.iri(datatype.value)}"
        return to_ntriples(term)

    def short(self, term: m.Term) -> str:
        """Return a term as people write it: numbers and booleans bare."""
        if isinstance(term, m.Literal):
            bare = _BARE.get(term.datatype.value)
            if bare is not None and bare.fullmatch(term.lexical):
                return term.lexical
        return self.exact(term)

    def path(self, path: m.Path) -> str:
        """Return a property path as SPARQL writes it."""
        match path:
            case m.PredicatePath(iri):
                return self.iri(iri.value)
            case m.InversePath(inner):
                return f"^{self._inner(inner)}"
            case m.SequencePath(paths):
                return "/".join(map(self._inner, paths))
            case m.AlternativePath(paths):
                return "|".join(map(self._inner, paths))
            case m.ZeroOrMorePath(inner):
                return f"{self._inner(inner)}*"
            case m.OneOrMorePath(inner):
                return f"{self._inner(inner)}+"
            case m.ZeroOrOnePath(inner):
                return f"{self._inner(inner)}?"
        raise AssertionError(path)

    def _inner(self, path: m.Path) -> str:
        text = self.path(path)
        return text if isinstance(path, m.PredicatePath) else f"({text})"


class Whole(Names):
    """Shortens nothing."""

    def _shortened(self, iri: str) -> str:
        return bracketed(iri)


_WHOLE = Whole()


def plain(term: m.Term | None) -> str | None:
    """Return an IRI as it is, `_:label`, or a literal in N-Triples: the three differ at once."""
    if term is None:
        return None
    return term.value if isinstance(term, m.IRI) else to_ntriples(term)


def plain_path(path: m.Path | None) -> str | None:
    """Return the IRI of a predicate as it is, any other path as SPARQL writes it."""
    if path is None:
        return None
    return path.iri.value if isinstance(path, m.PredicatePath) else _WHOLE.path(path)


def component_name(component: m.IRI, names: Names) -> str:
    """Return `sh:minCount` for the component of that parameter, else the component's name."""
    name = _component(component)
    for prefix, namespace in (("sh", SH), ("cns", CNS)):
        if f"{namespace}{name}{_COMPONENT}" == component.value:
            local = name.lower() if name.isupper() else f"{name[:1].lower()}{name[1:]}"
            return f"{prefix}:{local}"
    return names.iri(component.value)


def _component(component: m.IRI) -> str:
    return component.value.removeprefix(SH).removeprefix(CNS).removesuffix(_COMPONENT)


def message(result: Result) -> str:
    """Return the message in no language, in English or the first; else what the component says."""
    if result.messages:
        return min(result.messages, key=_language).lexical
    return _WHY.get(_component(result.component), "the constraint is violated")


def not_checked(waivers: Iterable[m.Waiver]) -> Iterator[tuple[str, m.Origin | None]]:
    """Yield for each name of a waiver what it left out, and where that first was."""
    named: dict[str, list[m.Waiver]] = {}
    for waiver in waivers:
        named.setdefault(waiver.name, []).append(waiver)
    for name, (first, *others) in named.items():
        more = f", and {len(others)} more" if others else ""
        yield f"not checked, waived as {name}: {first.what}{more}", first.origin


def _language(literal: m.Literal) -> int:
    if not literal.language:
        return 0
    return 1 if literal.language.lower().split("-")[0] == "en" else 2


def constraint_name(result: Result, names: Names) -> str:
    """Return the constraint that a result is of: `sh:minCount at ex:name`."""
    name = component_name(result.component, names)
    return f"{name} at {names.path(result.path)}" if result.path is not None else name


def result_lines(result: Result, names: Names, indent: str = "") -> list[str]:
    """Return what is wrong with what, and in further lines what explains it."""
    where = names.short(result.focus)
    if result.path is not None:
        where += f" {names.path(result.path)}"
    if result.value is not None and result.value != result.focus:
        where += f" {names.short(result.value)}"
    lines = [f"{indent}{where}: {message(result)}"]
    for detail in result.details:
        lines += result_lines(detail, names, f"{indent}  ")
    return lines
