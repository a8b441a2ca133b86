"""Networks and mounts that the kernel keeps apart for us alone, and ends with the process. Needs root."""

import ctypes
import os
import threading
from pathlib import Path

from hotline.errors import HotlineError

_NEW_NETWORK, _NEW_MOUNTS = 0x40000000, 0x00020000


class NotApart(HotlineError):  # noqa: N818 - reads as what happened
    """The kernel gives no network of our own; the message says what it takes."""

    code = "not-apart"


def apart_from_the_machine() -> None:
    """Give this thread, and all that it begins from now on, a network and mounts of its own."""
    _unshare(_NEW_NETWORK | _NEW_MOUNTS)


def own_network() -> Path:
    """Give this thread alone, and all that it begins, a network of its own; give the kernel's file of it."""
    _unshare(_NEW_NETWORK)
    return Path(f"/proc/{threading.get_native_id()}/ns/net")


def _unshare(what: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(what):
        reason = os.strerror(ctypes.get_errno())
        raise NotApart(f"Several machines in one take networks of their own, by root: {reason}.")
