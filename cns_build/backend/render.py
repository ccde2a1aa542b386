# SPDX-License-Identifier: Apache-2.0
"""Join the parts of a model into text, by the templates."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import jinja2

from cns_build import __version__
from cns_build.backend.cstring import c_comment, c_string
from cns_build.backend.dispatch import dispatch
from cns_build.backend.header import header
from cns_build.backend.source import source
from cns_build.backend.vocabulary import parts
from cns_build.bytecode.image import Image, to_words
from cns_build.integration.locations import data_dir
from cns_build.ir.program import Program
from cns_build.options import Options
from cns_build.owl.vocabulary import Vocabulary


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_dir("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is C: every string goes through backend.cstring
    )


def render(
    program: Program,
    options: Options,
    prefixes: Mapping[str, str],
    sources: tuple[str, ...],
    header_name: str,
    image: Image | None = None,
) -> tuple[str, str]:
    """Return the text of the model's source, which includes `header_name`, and of its header."""
    common = _common(program.name, sources, header_name)
    words = dict(prefixes)
    made = source(program, options, words, to_words(image) if image else ())
    handlers = dispatch(program, options)
    long_strings = _is_long(made.tables) or _is_long(made.constants)
    environment = _environment()
    c_text = environment.get_template("model.c.j2").render(
        common, c=made, dispatch=handlers, long_strings=long_strings
    )
    h_text = environment.get_template("model.h.j2").render(
        common, h=header(program, options, words, image)
    )
    return _tidy(c_text), _tidy(h_text)


def render_vocabulary(
    vocabulary: Vocabulary,
    options: Options,
    prefixes: Mapping[str, str],
    sources: tuple[str, ...],
    header_name: str,
) -> tuple[str, str]:
    """Return the text of a vocabulary's source, which includes `header_name`, and its header.

    Raises CompileError where it names too many IRIs for a table.
    """
    written = parts(vocabulary, options, prefixes)
    values = {
        **_common(options.name, sources, header_name),
        "v": written,
        "long_strings": _is_long(written.iris),
    }
    environment = _environment()
    c_text = environment.get_template("vocabulary.c.j2").render(values)
    h_text = environment.get_template("vocabulary.h.j2").render(values)
    return _tidy(c_text), _tidy(h_text)


def _common(name: str, sources: tuple[str, ...], header_name: str) -> dict[str, str]:
    return {
        "version": __version__,
        "name": name,
        "header": c_string(header_name),
        "sources": c_comment(", ".join(sources)),
    }


def _is_long(parts: Sequence[str]) -> bool:
    """Whether a line may hold a string literal beyond what C11 5.2.4.1 makes compilers take."""
    return any(len(line) > 4095 for part in parts for line in part.split("\n"))


def _tidy(text: str) -> str:
    """Leave at most one empty line in a row, and none before a closing #endif."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).rstrip("\n") + "\n"
