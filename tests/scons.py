# SPDX-License-Identifier: Apache-2.0
"""Running SCons from tests: a project in a folder, and its build folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from cns_build.integration.locations import integration_dir
from tests.cmake import BASE, IMPORTS
from tests.meson import Project, run
from tests.thermostat import MAIN, ONTOLOGY, SHAPES

TOOLS = f"tools=['default', 'cns'], toolpath=[{str(integration_dir('scons'))!r}]"

TOP = f"""\
env = Environment({TOOLS})
SConscript('SConscript', variant_dir='build', exports='env')
"""
PART = """\
Import('env')
model = env.CnsOntology('sensors', shapes='sensors.shacl', ontologies=['sensors.ttl'],
                        catalog='lib', strings='ids')
env.Program('thermostat', ['main.c', model])
"""

FILES = {
    "SConstruct": TOP,
    "SConscript": PART,
    "sensors.ttl": ONTOLOGY + IMPORTS,
    "lib/base.ttl": BASE,
    "sensors.shacl": SHAPES,
    "main.c": MAIN,
}


class SCons(Project):
    """An SCons project in files of a test's own."""

    def scons(self, *words: object, status: int = 0, env: dict[str, str] | None = None) -> str:
        """Run SCons; return what it and the tools below it printed."""
        return run("scons", "-j2", *words, cwd=self.source, status=status, env=env)

    def restore(self) -> None:
        """Write all files as they were, and build."""
        for name, text in FILES.items():
            self.write(name, text)
        self.scons()

    def command(self, source: str, *words: object, env: dict[str, str] | None = None) -> list[str]:
        """Return the compiler command of a C file, of a build from nothing."""
        (found,) = re.findall(rf"^.* -c .*\b{source}$", self.scons("-n", *words, env=env), re.M)
        return shlex.split(found)


Write = Callable[[dict[str, str]], SCons]
