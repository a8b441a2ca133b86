"""A disk that stands still: while a file is there, no program's write to the disk is confirmed."""

import asyncio
import shutil
import subprocess
from pathlib import Path

LOOK_SECONDS = 0.05
ASKED_SECONDS = 60
SOURCE = r"""
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static int confirmed(long call, int file) {
    struct statfs where;
    char asked[4096];
    const char *stalled = getenv("STALLED");
    if (stalled && access(stalled, F_OK) == 0) {
        snprintf(asked, sizeof asked, "%s.asked-by-%d", stalled, getpid());
        close(open(asked, O_CREAT | O_WRONLY, 0600));
        if (fstatfs(file, &where) == 0 && where.f_type != TMPFS_MAGIC)
            while (access(stalled, F_OK) == 0)
                usleep(20000);
    }
    return syscall(call, file);
}

int fsync(int file) { return confirmed(SYS_fsync, file); }
int fdatasync(int file) { return confirmed(SYS_fdatasync, file); }
"""


class StalledDisk:
    """Stands still from `stall` to `go_on` for all programs that are begun with `environ`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._stalled = folder / "stalled"
        library, source = folder / "stalled.so", folder / "stalled.c"
        source.write_text(SOURCE, encoding="utf-8")
        gcc = shutil.which("gcc")
        if gcc is None:
            raise FileNotFoundError("gcc is missing: ./check sets it up.")
        subprocess.run([gcc, "-shared", "-fPIC", "-O1", "-o", library, source], check=True)  # noqa: S603 - gcc
        self.environ = {"LD_PRELOAD": str(library), "STALLED": str(self._stalled)}

    def was_asked(self, by: int | None = None) -> bool:
        """Tell whether any program, or this one, has asked it to confirm a write since it stands still."""
        return any(self._stalled.parent.glob(f"{self._stalled.name}.asked-by-{by or '*'}"))

    def stall(self) -> None:
        for asked in self._stalled.parent.glob(f"{self._stalled.name}.asked-by-*"):
            asked.unlink()
        self._stalled.touch()

    async def is_asked(self, by: int | None = None) -> None:
        """Wait until a program, or this one, asks it, or memory, to confirm a write; TimeoutError."""
        async with asyncio.timeout(ASKED_SECONDS):
            while not self.was_asked(by):
                await asyncio.sleep(LOOK_SECONDS)

    def go_on(self) -> None:
        self._stalled.unlink(missing_ok=True)
