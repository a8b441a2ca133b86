# ruff: noqa: INP001 - a script, not a package
"""The Asterisk container's program: renders the configuration from the environment, then becomes Asterisk."""

import os

from service.node.asterisk_node import prepare, program, require_own_address, take_other_sound_ports
from service.settings.settings import read_settings

settings = read_settings(secrets=("HOTLINE_ARI_SECRET", "HOTLINE_AMI_SECRET", "HOTLINE_TRUNK_SECRET"))
prepare(settings)
require_own_address(settings)
take_other_sound_ports(settings)
argv = program(settings)
os.execvp(argv[0], argv)  # noqa: S606 - our own Asterisk, no shell between
