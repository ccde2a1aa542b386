# SPDX-License-Identifier: Apache-2.0
"""`python -m cns_build` is `cnsc`."""

import signal


def start() -> int:
    """Run `cnsc`; until it takes over, Ctrl-C ends the process without a traceback of imports."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cns_build.cli import main

    return main()


raise SystemExit(start())
