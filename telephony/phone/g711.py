"""A-law and µ-law (ITU-T G.711) by numpy tables: 8 kHz int16 samples to one byte each and back."""

import numpy as np
import numpy.typing as npt

from telephony.phone.sdp import Law

RATE = 8000
FRAME = 160
"""Samples in 20 ms, the packet of telephony."""

Samples = npt.NDArray[np.int16]


def encode(samples: Samples, law: Law) -> bytes:
    codes, limits = _ENCODING[law]
    return codes[np.searchsorted(limits, samples)].tobytes()


def decode(data: bytes, law: Law) -> Samples:
    return _DECODING[law][np.frombuffer(data, np.uint8)]


def loudness(data: bytes, law: Law) -> int:
    """Give the mean magnitude of the samples in steps of 64 (of 32768): cheap enough for every packet."""
    return sum(data.translate(_MAGNITUDE[law])) // max(1, len(data))


def _alaw() -> Samples:
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    size = np.where(
        exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent, 1) - 1
    )
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _ulaw() -> Samples:
    code = ~np.arange(256) & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _nearest(values: Samples) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    order = np.argsort(values, kind="stable")
    ascending = values[order].astype(np.float64)
    return order.astype(np.uint8), (ascending[1:] + ascending[:-1]) / 2


_DECODING = {Law.ALAW: _alaw(), Law.ULAW: _ulaw()}
_ENCODING = {law: _nearest(values) for law, values in _DECODING.items()}
_MAGNITUDE = {
    law: np.minimum(np.abs(values.astype(np.int32)) // 64, 255).astype(np.uint8).tobytes()
    for law, values in _DECODING.items()
}
