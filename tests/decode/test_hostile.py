# SPDX-License-Identifier: Apache-2.0
"""Dumps and maps that are damaged, cut, foreign or made up: an error or a part, never a crash."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cns_build.cli import main
from cns_build.decode.answers import explain
from cns_build.decode.clock import Clock
from cns_build.decode.map import read_map
from cns_build.decode.table import to_table
from cns_build.decode.tojson import to_json
from cns_build.decode.turtle import to_turtle
from cns_build.decode.wire import read_dumps
from cns_build.diagnostics import CompileError
from tests.decode.station import run_station

# An ill-formed boolean is what the tests are about; rdflib warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean")

HEADER = b"CNST\x01\x20\x20\x00"
ENTRIES = 50
fuzz = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def header(fingerprint: int, capacity: int, count: int, lost: int, following: int) -> bytes:
    slot = count % capacity if capacity else 0
    return HEADER + struct.pack("<6I", fingerprint, capacity, count, lost, following, slot)


def entry(sequence: int, what: int, byte: int, half: int, *words: int) -> bytes:
    rest = [*words, *[0] * (6 - len(words))]
    return struct.pack("<8I", sequence, what | byte << 8 | half << 16, *rest)


def all_formats(data: bytes) -> tuple[str, str, str]:
    """Decode by the map of the station, and parse what is for programs."""
    known = read_map(str(run_station().map))
    dumps, _ = read_dumps(data)
    decoded = [explain("d", dump, [known]) for dump in dumps]
    table, turtle = to_table(decoded, Clock()), to_turtle(decoded, Clock())
    rdflib.Graph().parse(data=turtle, format="turtle")
    text = to_json(decoded, Clock())
    json.loads(text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", table)
    return table, turtle, text


def decode(
    data: bytes, folder: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str, str]:
    """Exit code, output and messages of `cnsc decode`; the path of the folder is taken out."""
    (folder / "dump.bin").write_bytes(data)
    station = run_station()
    code = main(["decode", "--map", str(station.map), str(folder / "dump.bin"), *options])
    out, err = capsys.readouterr()
    return code, out, err.replace(f"{folder}/", "")


# Random bytes


@fuzz
@given(st.binary(max_size=400))
def test_random_entries(tail: bytes) -> None:
    count = len(tail) // 32
    all_formats(header(0, 64, count, 0, count) + tail)


@fuzz
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 255), st.binary(min_size=26, max_size=26)),
        max_size=6,
    )
)
def test_random_entries_in_order(rows: list[tuple[int, int, bytes]]) -> None:
    fingerprint = read_map(str(run_station().map)).fingerprint
    entries = [
        struct.pack("<IBB", number, what, byte) + rest
        for number, (what, byte, rest) in enumerate(rows)
    ]
    all_formats(header(fingerprint, 64, len(rows), 0, len(rows)) + b"".join(entries))


@fuzz
@given(st.integers(0, 40), st.binary(min_size=16, max_size=16), st.integers(0, 30))
def test_any_value_of_any_tag(tag: int, value: bytes, check: int) -> None:
    fingerprint = read_map(str(run_station().map)).fingerprint
    verdict = entry(0, 2, 0, 1, fingerprint, 0, 9, 1, 1 << 17)
    violation = struct.pack("<IBBHII", 1, 3, tag, check, 0, 0) + value
    table, _, _ = all_formats(header(fingerprint, 8, 2, 0, 2) + verdict + violation)
    assert "1 violation, 1 steps\n" in table


@fuzz
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_noise_around_a_dump_changes_nothing(before: bytes, after: bytes) -> None:
    dump = run_station(entries=30).dump
    dumps, _ = read_dumps(before.replace(b"CNST", b"") + dump + after)
    assert read_dumps(dump)[0][0] in dumps


@fuzz
@given(st.data())
def test_mutated_dumps(data: st.DataObject) -> None:
    dump = bytearray(run_station().dump)
    for _ in range(data.draw(st.integers(1, 8))):
        dump[data.draw(st.integers(0, len(dump) - 1))] = data.draw(st.integers(0, 255))
    all_formats(bytes(dump))


@fuzz
@given(st.integers(0, 32 * (ENTRIES + 1)))
def test_a_cut_dump_is_decoded_as_far_as_it_goes(size: int) -> None:
    whole = read_dumps(run_station().dump)[0][0]
    dumps, remarks = read_dumps(run_station().dump[:size])
    if size < 32:
        assert not dumps
        assert size < 4 or "inside its header" in remarks[0]
        return
    (dump,) = dumps
    here = (size - 32) // 32
    assert dump.entries == whole.entries[:here]
    assert bool(dump.remarks) == (here < ENTRIES)
    if dump.remarks:
        assert f"it ends after {here} of {ENTRIES} entries" in dump.remarks[0]


@fuzz
@given(st.text(max_size=300))
def test_any_text_as_hex_or_lines(text: str) -> None:
    folder = run_station().map.parent
    (folder / "any.txt").write_text(text, "utf-8", newline="")
    words = ["decode", "--map", str(run_station().map), str(folder / "any.txt")]
    assert main([*words, "--hex"]) == 1
    assert main([*words, "--lines"]) == 0


# What is said


def test_a_huge_count_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = decode(header(0, 2**32 - 1, 2**32 - 2, 0, 5), tmp_path, capsys)
    assert code == 0
    assert out.startswith(str(tmp_path / "dump.bin: 0 entries\n"))
    assert "warning: it ends after 0 of 4294967294 entries: the rest is missing" in err


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "dump.bin: error: is empty; write it with cns_trace_dump\n"),
        (
            bytes(range(128, 200)),
            "dump.bin: error: holds no dump of a trace; "
            "copy all of the trace's storage, from its first byte\n",
        ),
        (
            b"43 4e 53 54 01",
            "dump.bin: error: holds no dump of a trace; "
            "for hex digits of a console add --hex, for lines of text --lines\n",
        ),
        (
            b"CNST\x02" + bytes(60),
            "the dump at byte 0 has version 2, and this cnsc reads version 1",
        ),
        (HEADER + bytes(24), "has a header that was damaged: 0 of 0 slots used, 0 is next"),
        (
            HEADER + struct.pack("<6I", 0, 4, 2, 0, 2, 3),
            "has a header that was damaged: 2 of 4 slots used, 3 is next",
        ),
        (
            HEADER + struct.pack("<6I", 0, 4, 5, 0, 5, 1),
            "has a header that was damaged: 5 of 4 slots used, 1 is next",
        ),
    ],
    ids=["empty", "binary", "text", "version", "no slots", "slot", "count"],
)
def test_what_is_no_dump_is_an_error(
    data: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = decode(data, tmp_path, capsys)
    assert (code, out) == (1, "")
    assert message in err


def test_a_dump_of_another_model_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = run_station().dump
    own = dump[40:44]
    code, out, err = decode(dump.replace(own, b"\x01\x02\x03\x04"), tmp_path, capsys)
    assert (code, out) == (1, "")
    assert "dump.bin: error: is of model 04030201, and no map is: " in err
    assert (
        f"station.map.json is of station {int.from_bytes(own, 'little'):08x}; give the map" in err
    )


def test_one_model_of_several_without_a_map_is_shown_as_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = run_station().dump
    own = struct.unpack_from("<I", dump, 40)[0]
    rows = [
        entry(0, 2, 0, 1, 7, 0, 9, 1, 1 << 17),
        struct.pack("<IBBHII", 1, 3, 7, 12, 300, 0) + struct.pack("<q8x", -5),
        entry(2, 2, 0, 0, own, 0, 10, 1, 3 << 16),
    ]
    code, out, err = decode(header(own, 3, 3, 0, 3) + b"".join(rows), tmp_path, capsys)
    assert code == 0
    assert "1 answers are of model 00000007, and no map is" in err
    assert "result: -5: check 12\n" in out
    assert out.endswith("station      10  conforms, 1 steps\n")


def test_damaged_entries_are_counted_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = bytearray(run_station().dump)
    dump[32 + 5 * 32] ^= 0xFF  # the number of the second violation
    dump[32 + 6 * 32 + 4] = 9  # what the third is
    code, out, err = decode(bytes(dump), tmp_path, capsys)
    assert code == 0
    assert err == "dump.bin: warning: 2 entries are damaged and left out\n"
    assert "21 violations, 67 steps, 20 not in the dump\n" in out
    assert "violations; what came before them is not in the dump\n" in out


def test_several_dumps_in_one_file_and_in_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = run_station(entries=7), run_station(entries=12)
    (tmp_path / "third.bin").write_bytes(one.dump)
    data = b"\xff\xff" + one.dump + b"noise" + other.dump
    code, out, err = decode(data, tmp_path, capsys, str(tmp_path / "third.bin"))
    assert code == 0
    assert re.findall(r"([\w.]+(?:, dump \d)?): (\d+) entries", out) == [
        ("dump.bin, dump 1", "7"),
        ("dump.bin, dump 2", "12"),
        ("third.bin", "7"),
    ]
    assert "2 bytes at 0 belong to no dump" in err
    assert "5 bytes at 258 belong to no dump" in err


def test_a_copy_of_the_storage_is_a_dump(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = run_station().dump
    unused = bytes(32 * (64 - ENTRIES))
    code, out, err = decode(dump + unused + dump, tmp_path, capsys)
    assert (code, err) == (0, "")
    assert out.count("50 entries") == 2


def as_printed(style: str, at: int, row: bytes) -> str:
    """A line of a dump as a program, xxd or gdb prints it."""
    if style == "xxd":
        return f"{at:08x}: {row.hex(' ', 2)}  41 0x41 4142"
    if style == "gdb":
        return f"0x{at:x} <storage+{at}>:\t" + "\t".join(f"0x{byte:02x}" for byte in row)
    return row.hex(" ") if style == "plain" else row.hex().upper()


@pytest.mark.parametrize("style", ["plain", "packed", "xxd", "gdb"])
def test_hex_as_consoles_print_it(
    style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = run_station(entries=7).dump
    starts = range(0, len(dump), 16)
    lines = ["booting...", *(as_printed(style, at, dump[at : at + 16]) for at in starts)]
    code, out, err = decode("\r\n".join(lines).encode(), tmp_path, capsys, "--hex")
    assert code == 0
    assert err == "dump.bin: warning: 1 line is left out: not hex digits, two for each byte\n"
    assert out == decode(dump, tmp_path, capsys)[1]


# Maps


def changed(content: dict[str, Any], path: list[str | int], value: Any) -> str:
    """The map with one value replaced."""
    copy = json.loads(json.dumps(content))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(copy)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["fingerprint"], "xyz", "its fingerprint is not eight hex digits"),
        (["checks"], {}, "its 'checks' is not a list"),
        (["terms", 0], "no term", "'no term' is not a term"),
        (["terms", 0], "<a> . <b>", "'a> . <b' is not an IRI"),
        (["checks", 0, "severity"], "> <x", "'> <x' is not an IRI"),
        (["checks", 0, "component"], "shape", "'shape' is no constraint component"),
        (["checks", 1, "resultPath"], {"up": "a:b"}, "is no property path"),
        (["checks", 1, "resultPath"], {"sequencePath": ["a:b"]}, "is no property path"),
        (["kinds"], {"x": "y"}, "'x' is not a kind"),
    ],
)
def test_what_is_no_map_is_an_error(
    path: list[str | int],
    value: Any,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    station = run_station()
    file = tmp_path / "bad.map.json"
    file.write_text(changed(json.loads(station.map.read_text()), path, value), "utf-8")
    (tmp_path / "dump.bin").write_bytes(station.dump)
    assert main(["decode", "--map", str(file), str(tmp_path / "dump.bin")]) == 1
    err = capsys.readouterr().err
    assert "bad.map.json: error: is no map of a model: " in err
    assert message in err
    assert "give the map that the same build wrote" in err


def test_a_map_that_nests_without_end_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * 100000, "utf-8")
    with pytest.raises(CompileError, match="its values lie too deep"):
        read_map(str(file))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@fuzz
@given(st.data())
def test_mutated_maps(data: st.DataObject) -> None:
    content = json.loads(run_station().map.read_text())
    path: list[str | int] = [data.draw(st.sampled_from(sorted(content)))]
    if path == ["checks"]:
        path += [data.draw(st.integers(0, len(content["checks"]) - 1))]
        path += [data.draw(st.sampled_from(sorted(content["checks"][0])))]
    file = run_station().map.parent / "mutated.json"
    file.write_text(changed(content, path, data.draw(JSON)), "utf-8", "surrogatepass")
    try:
        known = read_map(str(file))
    except CompileError:
        return
    decoded = [explain("d", dump, [known]) for dump in read_dumps(run_station().dump)[0]]
    to_table(decoded, Clock()).encode()
    rdflib.Graph().parse(data=to_turtle(decoded, Clock()), format="turtle")


# Bad usage


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--epoch", "2026-01-01T00:00:00Z"], "add --rate TICKS_PER_SECOND"),
        (["--lines", "--hex"], "leave out --hex and --format"),
        (["--lines", "--format", "json"], "leave out --hex and --format"),
        (["-", "-"], "the standard input can be read once"),
    ],
)
def test_options_that_say_nothing_together(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = decode(run_station().dump, tmp_path, capsys, *options)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("option", [["--rate", "0"], ["--rate", "fast"], ["--epoch", "today"]])
def test_values_of_options(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["decode", "--map", "m", *option, "dump.bin"])
    assert caught.value.code == 2
    assert f"argument {option[0]}: '{option[1]}' is not a " in capsys.readouterr().err


def test_files_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "--map", "none.json", "none.bin"]) == 1
    assert "none.json: error: cannot be read" in capsys.readouterr().err
    assert main(["decode", "--map", str(run_station().map), "none.bin"]) == 1
    assert "none.bin: error: cannot be read" in capsys.readouterr().err
