#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Send images to a program that runs, over a serial line or a pipe, and show what it answers.

An image is a file that `cnsc compile --image` wrote. IMAGE:DAMAGE sends it damaged; most
kinds of damage come with a right checksum, as from somebody who means harm.
"""

from __future__ import annotations

import argparse
import os
import select
import shlex
import struct
import subprocess
import sys
import tty
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

END, ESCAPE = b"\xc0", b"\xdb"
READY = b"ready\n"  # what the program says where it waits for a frame
SILENCE = 20.0  # seconds without an answer; an emulator takes a moment to start

# The header of an image, in words: runtime/image.h.
VERSION, LAYOUT, SIZE, CHECKSUM, LENGTHS, HEADER = 1, 3, 4, 5, 8, 17
ENTRIES, FUNCTIONS, CODE = 0, 1, 2

# Instructions that no compiler writes.
UNKNOWN, NO_SLOT, UNSET_REGISTER = 0x3F, 0x00C80002, 0x00020121
ENDLESS_LOOP, JUMP_OUT, NO_CHECK, NOTHING = 0xFFFF002A, 0x7FFF0027, 0xFF001F2B, 0x00


class LineError(Exception):
    """The other end of the line does not do its part."""


def section(words: list[int], number: int) -> int:
    """Return the word at which a section begins."""
    return HEADER + sum(words[LENGTHS : LENGTHS + number])


def sealed(words: list[int]) -> list[int]:
    """Return the words with a right checksum."""
    rest = words[:CHECKSUM] + words[CHECKSUM + 1 :]
    checksum = zlib.crc32(struct.pack(f"<{len(rest)}I", *rest))
    return [*words[:CHECKSUM], checksum, *words[CHECKSUM + 1 :]]


def changed(words: list[int], at: int, word: int) -> list[int]:
    """Return the words with one of them replaced."""
    return [*words[:at], word, *words[at + 1 :]]


def instruction(word: int, at: int = 0) -> Callable[[list[int]], list[int]]:
    """Return damage that puts an instruction at a place in the code; -1 is the last."""

    def damage(words: list[int]) -> list[int]:
        start = section(words, CODE + (at < 0))
        return sealed(changed(words, start + at, word))

    return damage


DAMAGE: dict[str, Callable[[list[int]], list[int]]] = {
    "truncated": lambda words: words[:-3],
    "flipped": lambda words: changed(words, len(words) // 2, words[len(words) // 2] ^ 1 << 9),
    "long": lambda words: words + [0] * 4096,
    "version": lambda words: sealed(changed(words, VERSION, words[VERSION] + 1)),
    "layout": lambda words: sealed(changed(words, LAYOUT, words[LAYOUT] ^ 1)),
    "section": lambda words: sealed(changed(words, LENGTHS + CODE, 0xFFFFFFF0)),
    "entry": lambda words: sealed(changed(words, section(words, ENTRIES), 1000)),
    "steps": lambda words: sealed(changed(words, section(words, FUNCTIONS) + 2, 1)),
    "unknown": instruction(UNKNOWN),
    "slot": instruction(NO_SLOT),
    "register": instruction(UNSET_REGISTER),
    "loop": instruction(ENDLESS_LOOP),
    "jump": instruction(JUMP_OUT),
    "check": instruction(NO_CHECK),
    "no-end": instruction(NOTHING, -1),
}
# Damage to the line rather than to an image: what precedes the frame is answered too.
NOISE: dict[str, Callable[[bytes], bytes]] = {
    "noise": lambda frame: bytes(range(0xC1, 0x100)) + ESCAPE,
    "broken-off": lambda frame: frame[: len(frame) // 2],
}


class Sending(NamedTuple):
    """What one argument sends, and how many answers that has."""

    name: str
    data: bytes
    answers: int


def frame_of(data: bytes) -> bytes:
    """Return a frame as RFC 1055 has them; its first END ends whatever came before."""
    escaped = data.replace(ESCAPE, ESCAPE + b"\xdd").replace(END, ESCAPE + b"\xdc")
    return END + escaped + END


def damaged(data: bytes, damage: str) -> bytes:
    """Return the bytes of an image with damage from `DAMAGE`."""
    if data[:4] != b"CNSI" or len(data) % 4 != 0 or len(data) < 4 * HEADER:
        raise argparse.ArgumentTypeError("only an image from cnsc compile can be damaged so")
    words = DAMAGE[damage](list(struct.unpack(f"<{len(data) // 4}I", data)))
    return struct.pack(f"<{len(words)}I", *words)


def sending(argument: str) -> Sending:
    """Return what an argument IMAGE or IMAGE:DAMAGE sends."""
    path, _, damage = argument.partition(":")
    known = ["", *DAMAGE, *NOISE]
    if damage not in known:
        raise argparse.ArgumentTypeError(f"no damage {damage!r}; known: {', '.join(known[1:])}")
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.strerror}") from error
    frame = frame_of(damaged(data, damage) if damage in DAMAGE else data)
    if damage in NOISE:
        frame = NOISE[damage](frame) + frame
    return Sending(os.path.basename(argument), frame, 2 if damage in NOISE else 1)


class Line:
    """A line to the program: two files, which may be one."""

    def __init__(self, reads: int, writes: int) -> None:
        """Take the file descriptors."""
        self.reads, self.writes = reads, writes
        self.said = b""

    def answer(self) -> str:
        """Return what the program says until it is ready for a frame."""
        while READY not in self.said:
            if not select.select([self.reads], [], [], SILENCE)[0]:
                raise LineError("no answer: does the program run, at this speed?")
            more = os.read(self.reads, 4096)
            if not more:
                raise LineError("the program ended")
            self.said += more
        answer, _, self.said = self.said.partition(READY)
        return answer.decode()

    def send(self, data: bytes) -> None:
        """Write all of the data."""
        while data:
            data = data[os.write(self.writes, data) :]


def converse(line: Line, sendings: list[Sending]) -> None:
    """Send everything, one frame after the other, and print the answers."""
    for item in sendings:
        print(f"> {item.name}, {len(item.data)} bytes", flush=True)
        line.send(item.data)
        for _ in range(item.answers):
            print(line.answer(), end="", flush=True)


def run(program: str, sendings: list[Sending]) -> int:
    """Start a program, in Meson's emulator if there is one, and converse; return its status."""
    command = [*shlex.split(os.environ.get("MESON_EXE_WRAPPER", "")), program]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = Line(process.stdout.fileno(), process.stdin.fileno())
        print(line.answer(), end="")
        converse(line, sendings)
        process.stdin.close()
        return process.wait(SILENCE)
    except subprocess.TimeoutExpired as error:
        raise LineError("the program does not end with its input") from error
    finally:
        process.kill()  # does nothing to one that has ended
        process.wait()


def use_port(port: str, sendings: list[Sending]) -> int:
    """Converse over a serial port, at the speed that it has; return 0."""
    line = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        if os.isatty(line):
            tty.setraw(line)
        converse(Line(line, line), sendings)
    finally:
        os.close(line)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        description=__doc__,
        epilog="kinds of damage: " + ", ".join([*DAMAGE, *NOISE]),
    )
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument("--run", metavar="PROGRAM", help="start this program, and use its pipes")
    where.add_argument("--port", metavar="DEVICE", help="a serial port, at the speed that it has")
    made.add_argument(
        "sendings",
        nargs="+",
        type=sending,
        metavar="IMAGE[:DAMAGE]",
        help="what to send, in order",
    )
    return made


def main() -> int:
    """Run the command line; return the exit status."""
    given = parser().parse_args()
    try:
        if given.run:
            return run(given.run, given.sendings)
        return use_port(given.port, given.sendings)
    except (LineError, OSError) as error:
        print(f"send: error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
