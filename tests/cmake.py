# SPDX-License-Identifier: Apache-2.0
"""Running CMake from tests: a project in a folder, and its build folder."""

from __future__ import annotations

from cns_build.integration.locations import integration_dir
from tests.meson import Project, run
from tests.thermostat import MAIN, ONTOLOGY, SHAPES

PACKAGE = integration_dir("cmake")

IMPORTS = "<http://example.org/> a owl:Ontology ; owl:imports <http://example.org/base> .\n"
BASE = ONTOLOGY.replace("ex:Reading a owl:Class", "<http://example.org/base> a owl:Ontology")

BEGIN = """\
cmake_minimum_required(VERSION 3.20)
project(thermostat C)
find_package(Cns REQUIRED)
add_executable(thermostat main.c)
enable_testing()
add_test(NAME run COMMAND thermostat)
"""
CALL = """\
cns_add_ontology(thermostat NAME sensors ONTOLOGIES sensors.ttl SHAPES sensors.shacl CATALOG lib)
"""

FILES = {
    "CMakeLists.txt": BEGIN + CALL,
    "sensors.ttl": ONTOLOGY + IMPORTS,
    "lib/base.ttl": BASE,
    "sensors.shacl": SHAPES,
    "main.c": MAIN,
}


class CMake(Project):
    """A CMake project in files of a test's own."""

    def setup(self, *options: object, env: dict[str, str] | None = None, status: int = 0) -> str:
        """Configure; return what CMake printed."""
        find = (f"-DCns_DIR={PACKAGE}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
        command = ("cmake", "-S", self.source, "-B", self.build, *find, *options)
        return run(*command, env=env, status=status)

    def compile(self, status: int = 0) -> str:
        """Build; return what CMake and the tool below it printed."""
        return run("cmake", "--build", self.build, "--parallel", "2", status=status)

    def fail(self) -> str:
        """Build what cannot be built; return what was printed. Make and ninja exit differently."""
        return run("sh", "-c", '! cmake --build "$0"', self.build)

    def restore(self) -> None:
        """Write all files as they were, and build."""
        for name, text in FILES.items():
            if not (self.source / name).exists() or (self.source / name).read_text() != text:
                self.write(name, text)
        self.compile()
