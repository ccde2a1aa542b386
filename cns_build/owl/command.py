# SPDX-License-Identifier: Apache-2.0
"""What `cnsc compile` and `cnsc explain` do with ontologies that need no shapes."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from cns_build import __version__, pipeline
from cns_build.commands import say_waived
from cns_build.compiling import Made
from cns_build.diagnostics import Diagnostic, UsageError, render
from cns_build.frontend.report import Report
from cns_build.garbage import uncollected
from cns_build.model import IRI
from cns_build.options import DEFAULT_DEPTH, Options
from cns_build.owl.explain import explain_class, explain_property
from cns_build.owl.load import LoadedOntology, load_ontology
from cns_build.owl.reading import refuse_without_axioms
from cns_build.owl.vocabulary import Vocabulary

# Options that are about records and their checks, and what they are where they are not given.
_OF_SHAPES: dict[str, Any] = {
    "image": None,
    "onto": None,
    "summary": None,
    "engine": "native",
    "no_optimize": False,
    "report": "all",
    "capacity": [],
    "inline_strings": False,
    "trust_text": False,
    "depth": DEFAULT_DEPTH,
    "detail": False,
    "record": [],
    "kind": [],
    "unchecked": [],
    "bind": [],
    "tick_budget": None,
    "layout": False,
}


def make_vocabulary(arguments: argparse.Namespace) -> Made:
    """Compile, and return what `cnsc compile` writes but the depfile."""
    _check(arguments)
    with uncollected():
        return _compile(arguments)


def explain_command(arguments: argparse.Namespace) -> int:
    """Print what follows about classes and properties."""
    files = [*arguments.ontology, *arguments.shapes]
    for option in ("--image", "--only", "--dump-after", "--graph"):
        if getattr(arguments, option[2:].replace("-", "_")) is not None:
            what = f"{option} shows something else than what ontologies imply"
            raise UsageError(Diagnostic(what, fix="leave it out, or --class and --property"))
    if not files:
        what = "--class and --property are about ontologies, and there are none"
        raise UsageError(Diagnostic(what, fix="name the files that say what they are"))
    with uncollected():
        loaded = load_ontology(files, catalog=arguments.catalog, waive=arguments.waive)
        texts = [explain_class(loaded, name) for name in arguments.about_class]
        texts += [explain_property(loaded, name) for name in arguments.about_property]
    sys.stderr.write(render(loaded.warnings, loaded.sources.locate))
    print("\n".join(texts), end="")
    return 0


def _compile(arguments: argparse.Namespace) -> Made:
    loaded = load_ontology(arguments.ontology, catalog=arguments.catalog, waive=arguments.waive)
    sys.stderr.write(render(loaded.warnings, loaded.sources.locate))
    options = Options(
        name=arguments.name,
        strings=arguments.strings,
        queried=tuple(_expanded(name, loaded) for name in arguments.queried),
    )
    vocabulary, warnings = pipeline.compile_vocabulary(loaded.ontology, options, loaded.prefixes)
    header_name = os.path.basename(arguments.outputs[1])
    files = tuple(Path(file).name for file in loaded.sources.files)
    texts = pipeline.generate_vocabulary(vocabulary, options, loaded.prefixes, files, header_name)
    sys.stderr.write(render(warnings, loaded.sources.locate))
    contents: dict[str, str | bytes] = dict(zip(("source", "header"), texts, strict=True))
    if arguments.map is not None:
        contents["map"] = _map(arguments.name, vocabulary)
    say_waived(loaded.waivers, loaded.sources)
    return Made(contents, tuple(loaded.sources.files))


def _check(arguments: argparse.Namespace) -> None:
    """Raise UsageError where nothing is to be read or written, or an option needs shapes."""
    if not arguments.ontology:
        what = "nothing to compile"
        fix = "give --shapes FILE, or ontologies, which become a vocabulary without shapes"
        raise UsageError(Diagnostic(what, fix=fix))
    for name, default in _OF_SHAPES.items():
        if getattr(arguments, name) != default:
            option = f"--{name.replace('_', '-')}"
            what = f"{option} is about records, and there are none without shapes"
            fix = f"give --shapes FILE or --axioms constraints, or leave {option} out"
            raise UsageError(Diagnostic(what, fix=fix))
    refuse_without_axioms(arguments)
    if not arguments.outputs:
        fix = "name source and header with -o FILE.c FILE.h"
        raise UsageError(Diagnostic("nothing to write", fix=fix))


def _expanded(name: str, loaded: LoadedOntology) -> IRI:
    return IRI(Report(prefixes=loaded.prefixes).expand(name))


def _map(name: str, vocabulary: Vocabulary) -> str:
    """Return what the ids mean, as JSON text: `terms[i]` is the IRI of the id i + 1."""
    content = {
        "cns": __version__,
        "vocabulary": name,
        "counts": {kind: len(entries) for kind, entries in vocabulary.sections.items()},
        "terms": [entry.entity.iri.value for entry in vocabulary.entries],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
