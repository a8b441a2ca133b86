# ruff: noqa: INP001 - a script, not a package
"""The Asterisk container's program: renders the configuration from the environment, then becomes Asterisk."""

import os
import sys

from service.node import asterisk_memory
from service.node.asterisk_node import before_a_start, prepare, program, require_own_address
from service.settings.settings import read_settings

settings = read_settings(secrets=("HOTLINE_ARI_SECRET", "HOTLINE_AMI_SECRET", "HOTLINE_TRUNK_SECRET"))
prepare(settings)
require_own_address(settings)
before_a_start(settings)
asterisk = os.getpid()
if settings.folders.memory and not os.fork():
    asterisk_memory.keep(settings.folders, asterisk)
    sys.exit()
argv = program(settings)
os.execvp(argv[0], argv)  # noqa: S606 - our own Asterisk, no shell between
