"""`hotline bench`: measures this machine against what the hotline promises, on a hotline of its own."""

from service.bench.run import run_bench

__all__ = ["run_bench"]
