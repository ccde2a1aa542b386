# SPDX-License-Identifier: Apache-2.0
"""`python -m cns_build` is `cnsc`."""

from cns_build.cli import main

raise SystemExit(main())
