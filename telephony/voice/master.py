"""The master of a talk, and the copy that is listened to.

The master is one FLAC file, the caller left and the dispatcher right, with every sample of both sides. The
copy is Opus in Ogg: each side is brought to the same loudness (EBU R128) and limited. All is read and written
block by block: a talk may last for hours.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise, zip_longest
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.format import AudioFormat
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as NothingLeft
from av.filter import Graph
from numpy.typing import NDArray

from hotline.calls.recordings import COLUMNS, LOUDEST, WINDOW
from telephony.voice.audio import MonoWav, NoSound
from telephony.voice.master_work import MasterDiffers

Block: TypeAlias = NDArray[np.int16]
"""A minute or less of sound: a row for each moment, a column for each channel."""

BLOCK_SECONDS = 60
TARGET_LUFS = -16.0
"""Loudness of each side of a copy: what platforms use for speech at a computer; -23 is for a quiet studio."""
MOST_GAIN = 20.0
"""Decibels by which a quiet side is made louder at most: beyond them one hears the line, not the person."""
NOBODY = -60.0
"""LUFS below which a side is left as it is: nobody spoke."""
CEILING = 0.89
"""Full scale less 1 dB: what an Opus decoder adds to a peak stays below full scale."""
OPUS_BITS = 32_000
"""A second, for both sides: 14 MB an hour."""
_OPUS = {"application": "voip", "b": str(OPUS_BITS)}
_FULL = 32768.0
_QUIETEST = -100.0
_FINER = 5
"""Parts of a window of which peaks are taken: a short recording is drawn by them."""
_LAYOUTS = {1: "mono", 2: "stereo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the head of a master says of its sound."""

    rate: int
    channels: int
    samples: int

    @property
    def seconds(self) -> float:
        return self.samples / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What one reading of a master yields, each a list for each channel."""

    seconds: float
    loudness: Sequence[float]
    """LUFS of each side by itself."""
    levels: Sequence[Sequence[float]]
    """dBFS of each window of `hotline.calls.recordings.WINDOW`."""
    peaks: Sequence[Sequence[int]]
    """From 0 to LOUDEST, COLUMNS of them."""


def write_master(sides: Sequence[MonoWav], target: Path) -> None:
    """Write the sides (one or two) into a FLAC file, and have it on the disk.

    A side that is shorter is silent for the rest. Raises NoSound, or OSError when the disk has no room.
    """
    _write(target, "flac", "flac", _rate(sides), _joined(sides), options={})


def verify_master(sides: Sequence[MonoWav], master: Path) -> None:
    """Compare each sample that can be read back with the sides; raises MasterDiffers."""
    for held, expected in zip_longest(read_master(master), _joined(sides)):
        if held is None or expected is None or not np.array_equal(held, expected):
            raise MasterDiffers(f"{master.name} does not hold what the sides hold.")


def _rate(sides: Sequence[MonoWav]) -> int:
    """Tell the rate of all sides that were recorded: Asterisk's `wav` has 8000 samples a second, always."""
    rates = {side.rate for side in sides if side.size}
    if not rates:
        raise NoSound(f"None of {', '.join(side.path.name for side in sides)} holds any sound.")
    if len(rates) > 1:
        raise MasterDiffers(f"The sides of {sides[0].path.name} were recorded at different rates.")
    return rates.pop()


def measure(master: Path) -> Measures:
    """Read a master once for all that is measured in it."""
    shape = shape_of(master)
    rate, channels = shape.rate, shape.channels
    meters = [_Meter(rate) for _ in range(channels)]
    window = round(rate * WINDOW)
    loudest: list[NDArray[np.float64]] = []
    levels: list[NDArray[np.float64]] = []
    samples = 0
    for block in read_master(master):
        samples += len(block)
        for meter, side in zip(meters, block.T, strict=True):
            meter.take(side)
        short = -len(block) % window
        sound = np.pad(block, ((0, short), (0, 0))).astype(np.float64) / _FULL
        levels.append(np.sqrt((sound.reshape(-1, window, channels) ** 2).mean(axis=1)))
        loudest.append(np.abs(sound.reshape(-1, window // _FINER, channels)).max(axis=1))
    heard = np.concatenate(levels) if levels else np.zeros((0, channels))
    return Measures(
        seconds=samples / rate,
        loudness=[meter.end() for meter in meters],
        levels=[[round(float(one), 1) for one in _decibels(side)] for side in heard.T],
        peaks=_columns(np.concatenate(loudest) if loudest else heard),
    )


def write_copy(master: Path, target: Path, loudness: Sequence[float]) -> None:
    """Write the copy to listen to, each side at TARGET_LUFS."""
    shape = shape_of(master)
    rate, channels = shape.rate, shape.channels
    gains = np.array([gain(one) for one in loudness], dtype=np.float32)
    louder = (block.astype(np.float32) / np.float32(_FULL) * gains for block in read_master(master))
    limited = _through("alimiter", f"level=false:limit={CEILING}:latency=true", louder, rate, channels)
    _write(target, "ogg", "libopus", rate, limited, options=_OPUS)


def gain(loudness: float) -> float:
    """Return the factor that brings a side of this loudness to TARGET_LUFS; 1 where nobody spoke."""
    if loudness <= NOBODY:
        return 1.0
    return float(10 ** (min(TARGET_LUFS - loudness, MOST_GAIN) / 20))


def read_master(master: Path) -> Iterator[Block]:
    """Read a master minute by minute."""
    with av.open(str(master)) as container:
        stream = container.streams.audio[0]
        channels, size = stream.channels, stream.rate * BLOCK_SECONDS
        held: list[Block] = []
        for frame in container.decode(stream):
            held.append(frame.to_ndarray().astype(np.int16, copy=False).reshape(-1, channels))
            if sum(map(len, held)) >= size:
                whole = np.concatenate(held)
                yield whole[:size]
                held = [whole[size:]]
        if sum(map(len, held)):
            yield np.concatenate(held)


def shape_of(master: Path) -> Shape:
    """Read the head of a master."""
    with av.open(str(master)) as container:
        stream = container.streams.audio[0]
        return Shape(rate=stream.rate, channels=stream.channels, samples=stream.duration or 0)


def _joined(sides: Sequence[MonoWav]) -> Iterator[Block]:
    rate = _rate(sides)
    for parts in zip_longest(*(side.minutes(rate) for side in sides), fillvalue=b""):
        length = max(map(len, parts))
        yield np.stack([np.frombuffer(part.ljust(length, b"\0"), "<i2") for part in parts], axis=1)


def _write(
    target: Path,
    container: str,
    codec: str,
    rate: int,
    blocks: Iterable[NDArray[Any]],
    *,
    options: dict[str, str],
) -> None:
    with target.open("wb") as file:
        stream: AudioStream | None = None
        written = 0
        with av.open(file, "w", format=container) as writing:
            for block in blocks:
                if stream is None:
                    layout = _LAYOUTS[block.shape[1]]
                    added = writing.add_stream(codec, rate=rate, options=options, layout=layout)
                    if not isinstance(added, AudioStream):
                        raise TypeError(f"{codec} is no codec of sound.")
                    stream = added
                    stream.codec_context.format = AudioFormat("s16" if block.dtype == np.int16 else "flt")
                writing.mux(stream.encode(_frame(block, rate, written)))
                written += len(block)
            if stream is not None:
                writing.mux(stream.encode(None))
        file.flush()
        os.fsync(file.fileno())


def _frame(block: NDArray[Any], rate: int, at: int) -> AudioFrame:
    layout = _LAYOUTS[block.shape[1]]
    kind = "s16" if block.dtype == np.int16 else "flt"
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format=kind, layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
    return frame


class _Filter:
    """One filter of FFmpeg, between a source and a sink."""

    def __init__(self, name: str, arguments: str, kind: str, rate: int, channels: int) -> None:
        self._graph = Graph()
        self._rate, self._taken = rate, 0
        layout = _LAYOUTS[channels]
        source = self._graph.add_abuffer(
            format=kind, sample_rate=rate, layout=layout, time_base=Fraction(1, rate)
        )
        road = [
            source,
            self._graph.add(name, arguments),
            self._graph.add("aformat", f"sample_fmts={kind}:sample_rates={rate}:channel_layouts={layout}"),
            self._graph.add("abuffersink"),
        ]
        for before, after in pairwise(road):
            before.link_to(after)
        self._graph.configure()

    def take(self, block: NDArray[Any] | None) -> Iterator[AudioFrame]:
        """Give the filter a block, or None at the end; yields what comes out so far."""
        self._graph.push(None if block is None else _frame(block, self._rate, self._taken))
        self._taken += 0 if block is None else len(block)
        while True:
            try:
                frame = self._graph.pull()
            except (NothingYet, NothingLeft):
                return
            if isinstance(frame, AudioFrame):
                yield frame


def _through(
    name: str, arguments: str, blocks: Iterable[NDArray[Any]], rate: int, channels: int
) -> Iterator[NDArray[Any]]:
    filtering = _Filter(name, arguments, "flt", rate, channels)
    for block in chain(blocks, (None,)):
        for frame in filtering.take(block):
            yield frame.to_ndarray().reshape(-1, channels)


class _Meter:
    """The integrated loudness of one side (EBU R128)."""

    def __init__(self, rate: int) -> None:
        self._filter = _Filter("ebur128", "metadata=1:framelog=quiet", "s16", rate, 1)
        self._loudness = -70.0

    def take(self, side: NDArray[np.int16] | None) -> None:
        for frame in self._filter.take(None if side is None else side.reshape(-1, 1)):
            self._loudness = float(frame.metadata.get("lavfi.r128.I", self._loudness))

    def end(self) -> float:
        self.take(None)
        return self._loudness


def _decibels(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.maximum(20 * np.log10(np.maximum(levels, 1e-9)), _QUIETEST)
    return found


def _columns(loudest: NDArray[np.float64]) -> list[list[int]]:
    """Thin out to COLUMNS moments, each as loud as its loudest window."""
    if not len(loudest):
        return [[] for _ in range(loudest.shape[1])]
    edges = np.unique(np.linspace(0, len(loudest), COLUMNS, endpoint=False).astype(int))
    heard = np.maximum.reduceat(loudest, edges, axis=0)
    return [[round(float(one) * LOUDEST) for one in side] for side in heard.T]
