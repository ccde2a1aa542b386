# SPDX-License-Identifier: Apache-2.0
"""Images in a shared library: loaded into its machine, and run over records."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from cns_build.ir.program import Program
from tests import structs


class Refused(Exception):
    """An image was not accepted: why, and at which word."""


class Machine:
    """An image of a model, loaded; memory lives as long as this object."""

    def __init__(self, library: ctypes.CDLL, program: Program, words: Sequence[int]):
        self._library = library
        self._words = (ctypes.c_uint32 * len(words))(*words)
        self._registers = (structs.Register * words[6])()  # no more than the image says
        scratch = (ctypes.c_uint16 * (2 * len(words)))()
        limits = structs.Limits(self._registers, len(self._registers), 0)
        fault = structs.Fault()
        self.image = structs.Image()
        layout = ctypes.c_char.in_dll(library, f"{program.name}_layout")
        library.cns_image_load.restype = ctypes.c_int
        status = library.cns_image_load(
            ctypes.byref(self.image),
            ctypes.byref(layout),
            self._words,
            ctypes.c_size_t(len(words)),
            ctypes.byref(limits),
            scratch,
            ctypes.c_size_t(len(scratch)),
            ctypes.byref(fault),
        )
        if status != 0:
            text = library.cns_reason_text
            text.restype = ctypes.c_char_p
            raise Refused(f"{text(fault.reason).decode()} (at word {fault.offset})")

    @property
    def model(self) -> structs.Model:
        """The model that signals are dispatched to."""
        model: structs.Model = self.image.model
        return model

    def run(self, record: int, data: ctypes.Structure, result: structs.Result) -> int:
        """Run the image over a record, by its number; return the status."""
        result.model = ctypes.pointer(self.model)
        before = bytes(self._words)
        status: int = self._library.cns_image_run(
            ctypes.c_uint16(record), ctypes.byref(data), ctypes.byref(result)
        )
        assert bytes(self._words) == before, "the machine wrote into the image"
        return status

    def steps(self, record: int) -> int:
        """The most steps for a record."""
        self._library.cns_image_steps.restype = ctypes.c_uint32
        most: int = self._library.cns_image_steps(
            ctypes.byref(self.image), ctypes.c_uint16(record)
        )
        return most
