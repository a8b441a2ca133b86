"""The owner of the state: what root does by command is done as the user whom the service runs as."""

import os
from pathlib import Path


def become_owner(state: Path) -> None:
    """Give up root for the owner of this folder; files made by root would be closed to the service."""
    if os.geteuid() != 0 or not state.is_dir():
        return
    owner = state.stat()
    if owner.st_uid == 0:
        return
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
