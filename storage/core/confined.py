"""Programs that read foreign files, each in a process of its own: what harms it does not harm the calls."""

import asyncio
import sys

from hotline.errors import HotlineError


class ProgramDied(HotlineError):  # noqa: N818 - reads as what happened
    """The program ended without an answer, or took too long; its last line is in the message.

    `exhausted`: it went beyond one of its bounds (`storage.core.confinement`); else it failed by itself.
    """

    code = "program-died"

    def __init__(self, message: str, *, exhausted: bool) -> None:
        super().__init__(message)
        self.exhausted = exhausted


async def run_confined(module: str, *arguments: str, given: bytes = b"", seconds: float) -> bytes:
    """Run a module of ours with `given` as its input; what it prints. Raises ProgramDied.

    The module itself calls `confine`. When the caller is cancelled, the program ends.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", module, *arguments), stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(seconds):
            said, failed = await process.communicate(given)
    except TimeoutError as error:
        raise ProgramDied(f"{module} took more than {seconds} s", exhausted=True) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = failed.decode(errors="replace").strip().rpartition("\n")[2]
        by_signal = process.returncode < 0
        raise ProgramDied(f"{module} ended with {process.returncode}: {last}", exhausted=by_signal)
    return said
