"""A disk that stands still: while a file is there, no program's write to the disk is confirmed."""

import shutil
import subprocess
from pathlib import Path

SOURCE = r"""
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static int confirmed(long call, int file) {
    struct statfs where;
    const char *stalled = getenv("STALLED");
    if (stalled && fstatfs(file, &where) == 0 && where.f_type != TMPFS_MAGIC)
        while (access(stalled, F_OK) == 0)
            usleep(20000);
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

    def stall(self) -> None:
        self._stalled.touch()

    def go_on(self) -> None:
        self._stalled.unlink(missing_ok=True)
