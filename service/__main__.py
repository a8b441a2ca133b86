"""`python -m service …` is the `hotline` command."""

import sys

from service.command_line import main

sys.exit(main())
