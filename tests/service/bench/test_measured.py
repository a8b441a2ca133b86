"""Figures of benchmarks: which value stands for many, and that nothing is no figure."""

import pytest

from tests.bench import account
from tests.bench.measured import NothingMeasured, percentile


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.75, 3), (0.99, 4), (1, 4)])
def test_a_share_of_all_values_does_not_exceed_it(share: float, value: float) -> None:
    assert percentile([3, 1, 4, 2], share) == value


def test_where_every_call_failed_there_is_no_figure_that_could_hold_its_limit() -> None:
    with pytest.raises(NothingMeasured):
        percentile([], 0.99)
    with pytest.raises(NothingMeasured):
        account.p99([None, None])
