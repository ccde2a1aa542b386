# SPDX-License-Identifier: Apache-2.0
"""Use cns from its source tree: `python -m cns_build.integration.link`.

An installed wheel brings the package, the cnsc command and the start-up hook by itself. A linked
tree is imported as it stands and never rebuilt on import: ninja starts many generators at once,
and rebuilds started by each of them would race.
"""

from __future__ import annotations

import argparse
import sys
import sysconfig
from pathlib import Path

SITE = Path(__file__).resolve().parent / "site"
ROOT = SITE.parents[2]

CNSC = """\
#!{python}
import sys

from cns_build.cli import main

sys.exit(main())
"""


def link(site_packages: Path, scripts: Path) -> list[Path]:
    """Make one Python environment use this tree; return the files written.

    `site_packages` gets the path of the tree and the Meson hook, `scripts` the cnsc command.
    Raises OSError where a folder is not writable.
    """
    hook = (SITE / "cns_meson.pth").read_text()
    start = (SITE / "cns_meson.start").read_text()
    files = {
        site_packages / "cns_meson.pth": f"{ROOT}\n{SITE}\n{hook}",
        site_packages / "cns_meson.start": start,
        scripts / "cnsc": CNSC.format(python=sys.executable),
    }
    for path, text in files.items():
        path.write_text(text)
    (scripts / "cnsc").chmod(0o755)
    return list(files)


def main(arguments: list[str] | None = None) -> int:
    """Link the running Python's environment to this tree and print the files written."""
    argparse.ArgumentParser(prog="cns_build.integration.link", description=__doc__).parse_args(
        arguments
    )
    paths = sysconfig.get_paths()
    for path in link(Path(paths["purelib"]), Path(paths["scripts"])):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
