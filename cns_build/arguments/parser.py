# SPDX-License-Identifier: Apache-2.0
"""The parser of the command line."""

from __future__ import annotations

import argparse

from cns_build import __version__
from cns_build.arguments.examples import EXAMPLES
from cns_build.arguments.graphs import add_materialize, add_validate, add_validator
from cns_build.arguments.records import (
    add_check,
    add_compile,
    add_decode,
    add_explain,
    add_export,
    add_stack,
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of `cnsc`."""
    parser = argparse.ArgumentParser(
        prog="cnsc",
        description="Compile SHACL shapes and ontologies ahead of time into C.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cnsc {__version__}")
    parser.add_argument(
        "--print",
        dest="print_dir",
        choices=(
            *("runtime-dir", "include-dir", "template-dir"),
            *("cmake-dir", "scons-dir", "pkgconfig-dir"),
        ),
        help="print a folder of the installation and exit",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    add_compile(commands)
    add_check(commands)
    add_explain(commands)
    add_export(commands)
    add_stack(commands)
    add_decode(commands)
    add_validate(commands)
    add_validator(commands)
    add_materialize(commands)
    cache = commands.add_parser("cache", help="say what CNS_CACHE_DIR holds, or clear it")
    cache.add_argument("--clear", action="store_true", help="remove all entries")
    link = commands.add_parser("dev-link", help="make `import('cns')` work in an editable install")
    link.add_argument("arguments", nargs="*", metavar="ARG")
    return parser
