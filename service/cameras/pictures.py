"""A program of its own: it opens one camera's stream and writes its pictures to its output, as JPEG.

    python -m service.cameras.pictures < SOURCE

SOURCE is one line of JSON (`service.cameras.process.Asked`): neither the command line nor the environment of
a process is a place for a camera's password. Each picture is its length in four octets, high first, and then
its octets. When there is no stream any more it ends with the number of a fault (`FAULTS`), and says nothing
else: libraries put the address into what they complain of.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

import av
import msgspec
from av.container import InputContainer
from av.error import FFmpegError, HTTPClientError, HTTPUnauthorizedError
from av.error import TimeoutError as AvTimeout
from av.video.frame import VideoFrame

from hotline.cameras.camera import CameraSource, StreamKind
from hotline.cameras.streams import NoStream, StreamFault
from service.cameras.http_source import SECONDS, AsItComes, HttpSource, Segments
from service.cameras.process import FAULTS, Asked
from service.cameras.rtsp_relay import relayed
from storage.core.confinement import confine

MOST_MEMORY = 1 << 30
MOST_CPU_SECONDS = 6 * 3600
"""Then the process is ended, and the service begins another: nothing that leaks lives for long."""
LARGEST_PICTURE = 8 << 20
_AT_ONCE = {"analyzeduration": "1000000", "fpsprobesize": "1"}
"""FFmpeg looks at a stream for a second before it shows it (given in millionths): by itself for five."""
_OVER_TCP = {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtp,tcp"}
"""What is lost on the way by UDP would be grey squares; and nothing comes in from outside."""
_BEGINS = b"\xff\xd8"
_QUALITY = 75
_BEHIND = 3.0
"""Seconds by which a stream may lag behind its own clock before it is shown from there on."""


def main() -> int:
    """Show the stream until it ends; the exit code tells why."""
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=Asked)
    confine(memory=MOST_MEMORY, cpu_seconds=MOST_CPU_SECONDS, written=0)
    try:
        for picture in pictures(asked):
            os_write(len(picture).to_bytes(4, "big") + picture)
        fault = StreamFault.ENDED
    except NoStream as error:
        fault = error.fault
    except (HTTPUnauthorizedError, PermissionError):
        fault = StreamFault.REFUSED
    except (AvTimeout, TimeoutError):
        fault = StreamFault.SILENT
    except (HTTPClientError, ConnectionError):
        fault = StreamFault.UNREACHABLE
    except (FFmpegError, OSError, ValueError, MemoryError):
        fault = StreamFault.NOT_A_STREAM
    return FAULTS[fault]


def os_write(piece: bytes) -> None:
    """Write all of it to the output, unbuffered; BrokenPipeError ends the program: nobody reads any more."""
    left = memoryview(piece)
    while left:
        left = left[os.write(1, left) :]


def pictures(asked: Asked) -> Iterator[bytes]:
    """Give the stream's pictures, no more a second and no wider than asked."""
    with contextlib.ExitStack() as kept:
        container = kept.enter_context(opened(asked.source, kept))
        if not container.streams.video:
            raise NoStream(StreamFault.NOT_A_STREAM)
        video = container.streams.video[0]
        if video.codec_context.name == "mjpeg":
            yield from _straight(container, 1 / asked.a_second)
        else:
            video.codec_context.thread_count = 1
            paced = asked.source.kind is StreamKind.HLS
            yield from _decoded(container, asked, paced=paced)


def opened(source: CameraSource, kept: contextlib.ExitStack) -> InputContainer:
    """Open the stream; `kept` closes what it needs meanwhile. Raises NoStream and what PyAV raises."""
    match source.kind:
        case StreamKind.MJPEG:
            coming = AsItComes(HttpSource(source).open(source.url))
            return av.open(coming, "r", "mpjpeg", options=_AT_ONCE, timeout=SECONDS)
        case StreamKind.HLS:
            segments = Segments(HttpSource(source), source.url)
            return av.open(segments, "r", options=_AT_ONCE, timeout=SECONDS)
        case StreamKind.WEBRTC:  # entered instead while it was watched as another kind
            raise NoStream(StreamFault.ENDED)
        case StreamKind.RTSP:
            options = {**_AT_ONCE, **_OVER_TCP}
            relay = kept.enter_context(relayed(source.url, _word(source)))
            try:
                return av.open(relay.url, "r", "rtsp", options=options, timeout=SECONDS)
            except (FFmpegError, OSError):
                if relay.led_elsewhere:
                    raise NoStream(StreamFault.LEADS_ELSEWHERE) from None
                raise


def _word(source: CameraSource) -> str:
    """Write name and password as they stand in an address."""
    return f"{quote(source.user, safe='')}:{quote(source.password, safe='')}@" if source.user else ""


def _straight(container: InputContainer, gap: float) -> Iterator[bytes]:
    """Hand pictures on as the camera made them, leaving out those that come too soon."""
    due = 0.0
    for packet in container.demux(video=0):
        now = time.monotonic()
        if now < due or not packet.size:
            continue
        picture = bytes(packet)
        if not picture.startswith(_BEGINS) or len(picture) > LARGEST_PICTURE:
            raise NoStream(StreamFault.NOT_A_STREAM)
        due = max(due + gap, now)
        yield picture


def _decoded(container: InputContainer, asked: Asked, *, paced: bool) -> Iterator[bytes]:
    """Decode every frame, and draw those that are due. What comes by the segment is shown at its own pace."""
    gap, due, began = 1 / asked.a_second, 0.0, None
    for frame in container.decode(video=0):
        now = time.monotonic()
        if paced and frame.time is not None:
            if began is None or not -_BEHIND < began + frame.time - now < _BEHIND + SECONDS:
                began = now - frame.time
            if (wait := began + frame.time - now) > 0:
                time.sleep(wait)
                now = time.monotonic()
        if now >= due:
            due = max(due + gap, now)
            yield _drawn(frame, asked.width)


def _drawn(frame: VideoFrame, widest: int) -> bytes:
    width = min(frame.width, widest)
    height = max(1, frame.height * width // frame.width)
    drawn = BytesIO()
    picture = frame.reformat(width=width, height=height, format="rgb24").to_image()  # type: ignore[no-untyped-call]
    picture.save(drawn, "JPEG", quality=_QUALITY)
    return drawn.getvalue()


if __name__ == "__main__":
    sys.exit(main())
