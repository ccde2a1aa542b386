# SPDX-License-Identifier: Apache-2.0
"""cnsc stack: what it reads, the deepest path, and what it refuses."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.diagnostics import CompileError
from cns_build.stack import elf
from cns_build.stack.bound import Depths, Function, Recursive
from cns_build.stack.callgraph import BrokenFile, Frame, parse
from cns_build.stack.program import Unit, link
from cns_build.stack.report import measure
from tests.runtime.toolchain import CORTEX_M0, need

GRAPH = r"""graph: { title: "m.c"
node: { title: "m.c:m_is_a" label: "m_is_a\nm.c:7:1\n48 bytes (static)" }
node: { title: "memcmp" label: "__builtin_memcmp\n<built-in>" shape : ellipse }
edge: { sourcename: "m.c:m_is_a" targetname: "memcmp" label: "m.c:9:1" }
node: { title: "m_a_validate" label: "m_a_validate\nm.c:20:1\n32 bytes (dynamic,bounded)" }
edge: { sourcename: "m_a_validate" targetname: "m.c:m_is_a" }
}
"""
MODEL = """
extern int cns_help(int), other(int);
static int m_is_a(double x) { return x * 1.5 > 2.0; }
int m_a_validate(int x, double y) { return m_is_a(y) + other(x) / x; }
static int __attribute__((used)) m_a_handle(int x) { return m_a_validate(x, 2.5 * x); }
"""


def compiled(folder: Path, text: str, name: str = "m", compiler: str = "gcc") -> str:
    """Compile C to an object, beside which its call graph lies."""
    (folder / f"{name}.c").write_text(text)
    flags = ["-Os", "-fcallgraph-info=su", *(CORTEX_M0 if compiler != "gcc" else [])]
    words = [need(compiler), *flags, "-c", f"{name}.c", "-o", f"{name}.o"]
    subprocess.run(words, cwd=folder, check=True)
    return str(folder / f"{name}.o")


# Call graphs


def test_a_call_graph_is_read() -> None:
    graph = parse(GRAPH)
    assert graph.frames == {
        "m.c:m_is_a": Frame(48, True, "m.c:7:1"),
        "m_a_validate": Frame(32, True, "m.c:20:1"),
    }
    assert graph.calls == {("m.c:m_is_a", "memcmp"), ("m_a_validate", "m.c:m_is_a")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('graph: { title: "m.c"', "{", "line 1: no call graph begins here"),
        (GRAPH, "", "line 1: no call graph begins here"),
        ("\n}\n", "\n", "line 6: the file ends inside the graph"),
        ("48 bytes (static)", "", "line 2: a function without the size of its frame"),
        ("48 bytes (static)", "9999999999 bytes (static)", "line 2: a function without"),
        ("48 bytes (static)", "-8 bytes (static)", "line 2: a function without"),
        ("(static)", "(elastic)", "line 2: a function without"),
        (r"\n48 bytes (static)", "", "line 2: a function without"),
        ("edge: {", "Edge: {", "line 4: neither a node nor an edge"),
        (' label: "m.c:9:1" }', ' label: "m.c:9:1', "line 4: neither a node nor an edge"),
        ('targetname: "m.c:m_is_a"', 'targetname: "m.c:x"', "line 6: a call between functions"),
        ('sourcename: "m_a', 'sourcename: "m_b', "line 6: a call between functions"),
        ('sourcename: "m.c:m_is_a"', 'sourcename: "memcmp"', "line 4: a call between"),
    ],
)
def test_a_broken_call_graph_is_refused(old: str, new: str, message: str) -> None:
    assert old in GRAPH
    with pytest.raises(BrokenFile, match=message):
        parse(GRAPH.replace(old, new, 1))


def test_a_frame_that_grows_is_worse_than_any() -> None:
    node = r'node: { title: "f" label: "f\nm.c:1:1\n%s" }'
    sizes = ("8 bytes (dynamic)", "64 bytes (static)", "32 bytes (static)")
    lines = "\n".join(node % size for size in sizes)
    assert parse(f'graph: {{ title: "m.c"\n{lines}\n}}\n').frames["f"].fixed is False


# Objects


@pytest.mark.parametrize("compiler", ["gcc", "arm-none-eabi-gcc"])
def test_an_object_says_what_its_call_graph_lacks(tmp_path: Path, compiler: str) -> None:
    content = Path(compiled(tmp_path, MODEL, compiler=compiler)).read_bytes()
    found = elf.read(content)
    assert {name for names in found.functions.values() for name in names} >= {"m_a_validate"}
    expected = {("m_a_validate", "other")}
    if compiler != "gcc":
        expected |= {("m_a_validate", "__aeabi_idiv"), ("m_a_handle", "__aeabi_dmul")}
    assert found.calls >= expected
    assert ("m_a_handle", "other") not in found.calls
    assert found.red_zone == (128 if compiler == "gcc" else 0)


def test_garbled_files_are_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    path = Path(compiled(tmp_path, MODEL))
    graph, content = path.with_suffix(".ci").read_text(), path.read_bytes()
    chooser = random.Random(3)
    refused = 0
    for _ in range(600):
        try:
            unit = Unit(
                "m.o", parse(_garbled(graph, chooser)), elf.read(_harmed(content, chooser))
            )
            measure(link([unit], "m"), "m", 8, lambda _: 128)
        except (BrokenFile, CompileError):
            refused += 1
    assert refused > 300


def _garbled(text: str, chooser: random.Random) -> str:
    if chooser.random() < 0.5:
        return text
    at, end = sorted(chooser.randrange(len(text)) for _ in range(2))
    return text[:at] + chooser.choice(['"', "\\n", "}", "", text[at:end] * 2]) + text[end:]


def _harmed(content: bytes, chooser: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chooser.randrange(12)):
        changed[chooser.randrange(len(changed))] = chooser.randrange(256)
    return bytes(changed[: chooser.choice([len(changed), chooser.randrange(len(changed))])])


# The deepest path


def functions(edges: dict[str, str], **sizes: int) -> dict[str, Function]:
    return {key: Function(key, sizes[key], frozenset(called)) for key, called in edges.items()}


def test_frames_add_up_along_the_deepest_path() -> None:
    known = functions({"a": "bc", "b": "d", "c": "x", "d": ""}, a=1, b=10, c=20, d=100)
    found = Depths(known, None, {"x": 50}.__getitem__).of("a")
    assert (found.size, [step.name for step in found.path]) == (111, ["a", "b", "d"])
    assert [step.known for step in Depths(known, None, lambda _: 95).of("a").path] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("depth", [1, 4])
def test_a_circle_counts_once_for_each_record_and_once_more(depth: int) -> None:
    known = functions({"a": "s", "s": "sl", "l": ""}, a=1, s=10, l=100)
    assert Depths(known, depth, lambda _: 0).of("a").size == 1 + 10 * (depth + 1) + 100


def test_the_longest_circle_counts_not_all_functions() -> None:
    # A test s asks for all values of x or of y, and of each of them s again.
    known = functions({"s": "xy", "x": "s", "y": "s"}, s=1, x=10, y=100)
    assert Depths(known, 3, lambda _: 0).of("s").size == 3 * (1 + 100) + (1 + 10 + 100)


def test_a_circle_without_a_depth_is_refused() -> None:
    known = functions({"a": "b", "b": "a"}, a=1, b=1)
    with pytest.raises(Recursive) as caught:
        Depths(known, None, lambda _: 0).of("a")
    assert caught.value.names == ["a", "b"]


def test_long_chains_and_dense_circles_are_no_trouble() -> None:
    chain = {f"{n}": Function(f"{n}", 1, frozenset({f"{n + 1}"})) for n in range(20_000)}
    assert Depths(chain, None, lambda _: 5).of("0").size == 20_005
    names = [f"f{n}" for n in range(40)]
    dense = {name: Function(name, 1, frozenset(names)) for name in names}
    assert Depths(dense, 2, lambda _: 0).of("f0").size == 3 * 40


# The command


def test_handlers_are_bounded_and_the_dispatcher_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dispatch = """typedef int handler(int);
int cns_dispatch(handler *const *all, int kind) { return all[kind](kind) + 1; }"""
    objects = [compiled(tmp_path, MODEL), compiled(tmp_path, dispatch, "dispatch")]
    words = ["stack", "--name", "m", *objects, "--external", "other=1000"]
    assert main(words) == 0
    printed = capsys.readouterr().out.splitlines()
    sizes = {line.split()[0]: line.split()[1] for line in printed[:2]}
    handler, all_of_it = int(sizes["m_a_validate"]), int(sizes["cns_dispatch"])
    assert 1000 < handler < all_of_it < 1200
    assert printed[2].startswith("deepest: cns_dispatch ")
    assert printed[2].endswith(" + other 1000")
    assert printed[3] == "assumed: 1000 bytes for other"
    header = tmp_path / "m_stack.h"
    assert main([*words, "--budget", str(all_of_it), "-o", str(header)]) == 0
    assert f"#define M_A_STACK {handler}u\n" in header.read_text()
    assert f"#define M_STACK {all_of_it}u\n" in header.read_text()
    header.unlink()
    assert main([*words, "--budget", str(all_of_it - 1), "-o", str(header)]) == 1
    message = capsys.readouterr().err
    assert f"cns_dispatch can take {all_of_it} bytes of stack, more than the stack" in message
    assert "+ m_a_validate " in message
    assert "m_a_validate can take" not in message
    assert not header.exists()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "int m_validate(void) { return 0; }",
            "a vocabulary has no handlers, and takes no stack budget",
        ),
        (
            "extern int cns_help(int); int m_a_validate(int x) { return cns_help(x) + 1; }",
            "no object defines cns_help; give the objects of the runtime, too",
        ),
        (
            "extern void use(void *); void m_a_validate(int n) { char a[n]; use(a); use(a); }",
            "m_a_validate (m.c:1:31) has a frame without a fixed size",
        ),
        (
            "int m_a_validate(int (*f)(int)) { return f(1) + 1; }",
            "m_a_validate (m.c:1:5) calls through a pointer, which may be anything",
        ),
        (
            "int m_a_validate(int n) { return n ? m_a_validate(n / 2) * m_a_validate(1) : 1; }",
            "recursive shapes: m_a_validate calls itself, and nothing says how deep; give the",
        ),
    ],
)
def test_what_has_no_bound_is_refused(
    tmp_path: Path, code: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stack", "--name", "m", compiled(tmp_path, code)]) == 1
    assert message in capsys.readouterr().err


def test_a_missing_or_older_call_graph_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = "int m_a_validate(int x) { return x; }"
    made = Path(compiled(tmp_path, older))
    graph = made.with_suffix(".ci").read_text()
    compiled(tmp_path, older + "int m_b_validate(int x) { return x * x; }")
    made.with_suffix(".ci").write_text(graph)
    assert main(["stack", "--name", "m", str(made)]) == 1
    assert "m.o: error: the call graph beside it lacks m_b_validate" in capsys.readouterr().err
    made.with_suffix(".ci").unlink()
    assert main(["stack", "--name", "m", str(made)]) == 1
    assert "no call graph m.ci lies beside it; compile with gcc 11" in capsys.readouterr().err
    made.with_suffix(".ci").write_text("nothing")
    assert main(["stack", "--name", "m", str(made)]) == 1
    assert "m.ci: error: line 1: no call graph begins here" in capsys.readouterr().err
    made.write_text("int m;")
    made.with_suffix(".ci").write_text(graph)
    assert main(["stack", "--name", "m", str(made)]) == 1
    assert "m.o: error: not an object file in ELF; compile it again" in capsys.readouterr().err


def test_a_wrong_size_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("memcmp=x", "a b=4", "=4", "-1"):
        with pytest.raises(SystemExit) as caught:
            main(["stack", "--name", "m", "--external", word, "m.o"])
        assert caught.value.code == 2
