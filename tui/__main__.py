"""`python -m tui` is `tunetui`."""

import sys

from tunetui import main

sys.exit(main())
