"""Stands in the process table for a program that another process forks, and ends as that one ends.

    python -I -S handed_over.py ADDRESS MODULE WORDS…

It hands over its input, its output and its folder (`tests.fakes.forked_programs`), and waits. It imports
nothing but what the interpreter holds anyway: all it is good for is to begin soon.
"""

import _socket
import posix
import sys

LENGTH_BYTES = 4
STANDARD = (0, 1, 2)


def main(address: str, *command: str) -> None:
    """Have it run there to its end."""
    surroundings = [b"%b=%b" % one for one in posix.environ.items()]
    words = [posix.getcwd().encode(), str(len(command)).encode(), *(one.encode() for one in command)]
    told = b"\0".join([*words, *surroundings])
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    server.connect(address)
    files = b"".join(one.to_bytes(LENGTH_BYTES, sys.byteorder) for one in STANDARD)
    length = len(told).to_bytes(LENGTH_BYTES, "big")
    server.sendmsg([length], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
    while told:
        told = told[server.send(told) :]
    for one in STANDARD:  # who reads its output waits for all who hold it
        posix.close(one)
    code = int.from_bytes(server.recv(LENGTH_BYTES) or b"\1", "big", signed=True)
    if code < 0:
        posix.kill(posix.getpid(), -code)
    posix._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
