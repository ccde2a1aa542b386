# SPDX-License-Identifier: Apache-2.0
"""The application's clock: what its ticks are in seconds, and in time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cns_build import model as m
from cns_build import xsd
from cns_build.vocabulary import XSD


@dataclass(frozen=True, slots=True)
class Clock:
    """`rate` is in ticks per second, `epoch` the xsd:dateTime of tick 0; None is not known."""

    rate: Fraction | None = None
    epoch: xsd.Instant | None = None

    def seconds(self, ticks: int) -> Fraction | None:
        """Return the time since tick 0."""
        return None if self.rate is None else Fraction(ticks) / self.rate

    def moment(self, ticks: int) -> str | None:
        """Return the xsd:dateTime of a tick, to the nanosecond."""
        seconds = self.seconds(ticks)
        if self.epoch is None or seconds is None:
            return None
        whole = self.epoch.seconds * 10**9 + self.epoch.nanoseconds + int(seconds * 10**9)
        second, nanosecond = divmod(whole, 10**9)
        instant = xsd.Instant(second, nanosecond, self.epoch.zone, "dateTime")
        return xsd.canonical_instant(instant, "dateTime")

    def shown(self, ticks: int) -> str:
        """Return the best that is known: a time, seconds, or the number of ticks."""
        seconds = self.seconds(ticks)
        if seconds is None:
            return str(ticks)
        return self.moment(ticks) or f"{float(seconds):.6f}"


def read_epoch(text: str) -> xsd.Instant | None:
    """Return the instant of an xsd:dateTime, None when it is none."""
    value = xsd.parse(m.Literal(text, m.IRI(XSD + "dateTime")))
    return value if isinstance(value, xsd.Instant) else None
