"""`python -m habrio_local <command>`."""

import sys

from habrio_local.cli import main

sys.exit(main(sys.argv[1:]))
