# SPDX-License-Identifier: Apache-2.0
"""examples/update: images come in over a line, good ones, damaged ones and hostile ones."""

from __future__ import annotations

import os
import pty
import random
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.meson import MESON, compile_project, run, setup_project
from tests.paths import EXAMPLES

UPDATE = EXAMPLES / "update"
SEND = UPDATE / "send.py"
EXPECTED = (UPDATE / "expected.txt").read_text()
BOARDS = {
    "cortex-m0": ("arm-none-eabi-gcc", "qemu-system-arm"),
    "cortex-m3": ("arm-none-eabi-gcc", "qemu-system-arm"),
    "riscv32": ("riscv64-unknown-elf-gcc", "qemu-system-riscv32"),
}
CHECKSUM = 5  # the word of an image that holds it


def build(folder: Path, *options: object) -> Path:
    """Configure and compile the example; return `folder`."""
    setup_project(UPDATE, folder, *options)
    compile_project(folder)
    return folder


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example for this machine, built once with sanitizers."""
    folder = tmp_path_factory.mktemp("update") / "build"
    return build(folder, "-Dwerror=true", "-Db_sanitize=address,undefined", "-Db_lundef=false")


def send(folder: Path, *images: object, status: int = 0) -> str:
    """Send images to the program; return what the sender prints."""
    return run(sys.executable, SEND, "--run", folder / "update", *images, status=status)


def compile_image(folder: Path, shapes: str) -> Path:
    """Compile shapes, as text, to an image."""
    source, image = folder / "other.shacl", folder / "other.cnsi"
    source.write_text(shapes)
    command = [sys.executable, "-m", "cns_build", "compile", "--shapes", source, "--name", "pump"]
    run(*command, "--image", image)
    return image


def shapes(name: str, old: str, new: str) -> str:
    """Return the example's shapes with one text replaced."""
    text = (UPDATE / name).read_text()
    assert text.count(old) == 1
    return text.replace(old, new)


def samples_of(said: str) -> list[list[str]]:
    """Return the verdicts on the samples, each time that the program prints them."""
    found: list[list[str]] = []
    for line in said.splitlines():
        if line.endswith("at work"):
            found.append([])
        if re.match("(ok|wrong|  )", line):
            found[-1].append(line)
    return found


def test_the_example_takes_good_images_alone(sanitized: Path) -> None:
    tested = run(*MESON, "test", "-C", sanitized, "--interactive", "--quiet")
    assert f"\n{EXPECTED}\nOk: " in tested


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_says_the_same(board: str, tmp_path: Path) -> None:
    for tool in BOARDS[board]:
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    cross = EXAMPLES / "bare-metal" / f"{board}.ini"
    folder = build(tmp_path / "build", "--cross-file", cross)
    tested = run(*MESON, "test", "-C", folder, "--interactive", "--quiet")
    assert f"\n{EXPECTED}\nOk: " in tested


def test_slots_take_turns_and_the_way_back_is_an_update(sanitized: Path, tmp_path: Path) -> None:
    new = sanitized / "pump-2.cnsi"
    old = compile_image(tmp_path, (UPDATE / "pump.shacl").read_text())
    said = samples_of(send(sanitized, new, old, f"{new}:flipped", new, old))
    first, second, *rest = said
    assert first != second
    assert rest == [first, second, first]


def test_an_image_may_hold_the_bytes_that_frames_are_made_of(
    sanitized: Path, tmp_path: Path
) -> None:
    text = shapes("pump.shacl", "sh:maxInclusive 600", f"sh:maxInclusive {0xDCDBC0}")
    image = compile_image(tmp_path, text)
    data = image.read_bytes()
    escaped = data.count(b"\xc0") + data.count(b"\xdb")
    assert b"\xc0\xdb\xdc" in data
    said = send(sanitized, image)
    assert f"\n> other.cnsi, {len(data) + escaped + 2} bytes\n" in said
    assert samples_of(said)[-1][-1] == "ok      burst"


def test_an_image_for_other_records_is_refused(sanitized: Path, tmp_path: Path) -> None:
    image = compile_image(tmp_path, shapes("pump-2.shacl", "unsignedShort", "unsignedInt"))
    said = send(sanitized, image)
    assert said.endswith("refused: it is for records that lie otherwise, at word 3\n")


def test_each_kind_of_damage_has_its_reason(sanitized: Path) -> None:
    reasons = {
        "truncated": "it is shorter than it says, at word 4",
        "flipped": "its checksum is wrong: it is damaged, at word 5",
        "long": "it is longer than a slot, at word 256",
        "version": "its format is of another version, at word 1",
        "layout": "it is for records that lie otherwise, at word 3",
        "section": "a section does not fit into it, at word 10",
        "entry": "a record has no such function, at word 17",
        "steps": "it can take more steps than it says, or than are allowed, at word 20",
        "unknown": "no such instruction, at word 21",
        "slot": "no such field, or it has more values than one, at word 21",
        "register": "a register holds nothing of this type here, at word 21",
        "loop": "a loop is not bounded by one cursor, at word 21",
        "jump": "a jump leads out of the function, or into a loop, at word 21",
        "check": "no such check, at word 21",
        "no-end": "a function can run past its end, at word 72",
        "noise": "it is shorter than it says, at word 4",
        "broken-off": "it is shorter than it says, at word 4",
    }
    image = sanitized / "pump-2.cnsi"
    said = send(sanitized, *(f"{image}:{damage}" for damage in reasons))
    assert re.findall("^refused: (.*)$", said, re.MULTILINE) == list(reasons.values())
    assert said.count("\naccepted: ") == 2  # behind what disturbs the line alone
    unknown = send(sanitized, f"{image}:?", status=2).partition("known: ")[2]
    assert unknown.split() == ", ".join(reasons).split()


@pytest.mark.parametrize(
    ("ranges", "refused"),
    [
        (14, "it can take more steps than it says, or than are allowed, at word 17"),
        (120, "it is longer than a slot, at word 256"),
    ],
)
def test_an_image_that_asks_too_much_is_refused(
    ranges: int, refused: str, sanitized: Path, tmp_path: Path
) -> None:
    branches = " ".join(
        f"[ sh:minInclusive {9 * number} ; sh:maxInclusive {9 * number + 5} ]"
        for number in range(ranges)
    )
    more = f'sh:datatype xsd:int ; sh:message "gaps" ; sh:or ( {branches} )'
    text = shapes("pump.shacl", "sh:datatype xsd:int", more)
    said = send(sanitized, compile_image(tmp_path, text))
    assert said.endswith(f"refused: {refused}\n")


def sealed(words: list[int]) -> list[int]:
    """Return an image with a right checksum, whatever else it holds."""
    rest = words[:CHECKSUM] + words[CHECKSUM + 1 :]
    words[CHECKSUM] = zlib.crc32(struct.pack(f"<{len(rest)}I", *rest))
    return words


def test_hostile_images_with_right_checksums_do_no_harm(sanitized: Path, tmp_path: Path) -> None:
    """Each is refused, or runs; the sanitizers see what it would read beside a record."""
    chooser = random.Random(11)
    good = [word for (word,) in struct.iter_unpack("<I", (sanitized / "pump-2.cnsi").read_bytes())]
    images = []
    for number in range(300):
        words = list(good)
        for _ in range(chooser.randint(1, 2)):
            words[chooser.randrange(4, 95)] ^= 1 << chooser.randrange(32)
        images.append(tmp_path / f"{number}.cnsi")
        images[-1].write_bytes(struct.pack(f"<{len(words)}I", *sealed(words)))
    said = send(sanitized, *images)
    assert "Sanitizer" not in said
    accepted, refused = said.count("\naccepted: "), said.count("\nrefused: ")
    assert accepted + refused == len(images)
    assert accepted > 0
    assert len(set(re.findall(r"^refused: (.*),", said, re.MULTILINE))) > 8


def test_the_sender_uses_a_port(sanitized: Path) -> None:
    image = sanitized / "pump-2.cnsi"
    device, port = pty.openpty()
    command = [sys.executable, str(SEND), "--port", os.ttyname(port), str(image)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        frame = os.read(device, 1)
        while frame.count(b"\xc0") < 2:
            frame += os.read(device, 4096)
        os.write(device, b"refused: by a test\nready\n")
        said, _ = sender.communicate(timeout=60)
    os.close(device)
    os.close(port)
    inner = frame[1:-1].replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
    assert inner == image.read_bytes()
    assert sender.returncode == 0
    assert said == f"> pump-2.cnsi, {len(frame)} bytes\nrefused: by a test\n"


def test_the_sender_says_what_it_cannot_do(sanitized: Path, tmp_path: Path) -> None:
    image = sanitized / "pump-2.cnsi"
    assert "no damage 'burnt'; known: truncated" in send(sanitized, f"{image}:burnt", status=2)
    assert "missing.cnsi: No such file" in send(sanitized, tmp_path / "missing.cnsi", status=2)
    assert "only an image" in send(sanitized, f"{UPDATE / 'slip.h'}:jump", status=2)
    silent = run(sys.executable, SEND, "--run", shutil.which("true"), image, status=1)
    assert silent == "send: error: the program ended\n"
