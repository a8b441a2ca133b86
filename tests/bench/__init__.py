"""`hotline bench`: measures this machine against what the hotline promises, on a hotline of its own."""

from tests.bench.hearing import Hearing
from tests.bench.run import Measurement, run_bench

__all__ = ["Hearing", "Measurement", "run_bench"]
