"""`hotline bench`: measures this machine against what the hotline promises, on a hotline of its own."""

from service.bench.run import Asked, run_bench

__all__ = ["Asked", "run_bench"]
