"""python -m citystat."""

from citystat.cli import main

raise SystemExit(main())
