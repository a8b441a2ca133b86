"""The benchmarks measure what they say and leave nothing behind. How fast this machine is, is not judged."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.system.spoken import PRIVATE_ROOT, PROMPTS, lay_for_bench

pytestmark = pytest.mark.system

IVR = {
    *("failed", "first_prompt_p99_ms", "service_cpu_ms_per_call", "cost_ratio_to_dialplan"),
    *("service_share_of_dialplan", "service_idle_mb"),
}
PAGES = {"failed", "service_mb"}
FAULTS = {"lost", "doubled", "stranded", "wrong_person", "longest_silence_s"}
OF_CUTS = {"called_back_p95_s", "called_back_share", "same_dispatcher_share"}
SCALED_FAULTS = {"lost_new", "doubled", "stranded", "wrong_person"}
BLACKOUT = {"failed", "callers", "announcement_p99_ms", "service_mb", "answered_without_person"}
POWER = {"failed", "callers", "answer_p99_ms", "to_the_sentence_longest_s", "service_mb"}
SURVEYS = {
    *("channel_use", "wrong_outcomes", "unended_calls", "inbound_failed"),
    "inbound_first_prompt_ratio",
}
SEARCH = {"failed", "p99_ms", "number_p99_ms", "name_p99_ms", "text_p99_ms"}
OUTAGE_PAGE = {
    *("failed", "requests_per_second", "p99_ms", "address_requests_per_second", "address_p99_ms"),
    *("json_requests_per_second", "json_p99_ms", "calls_failed"),
}
SPEECH = {"failed", "others_failed", "next_step_p95_ms", "others_first_prompt_ratio"}
GROWTH = {"slope", "slope_of_a_call"}
LONGEST_SECONDS = 400

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="sipp presses keys through a raw socket")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a bench whose scratch folder is ours, so that what it leaves behind shows."""
    folder = Path(tempfile.mkdtemp(prefix="hb-"))  # short: a socket's path below it has a bound
    folder.chmod(0o755)  # PostgreSQL's own user comes by, to the bench's folder in it
    if PROMPTS.is_dir():
        lay_for_bench(tmp_path / "var" / "prompts")
    yield {
        **os.environ,
        "TMPDIR": str(folder),
        "HOTLINE_VAR": str(tmp_path / "var"),
        "HOTLINE_PRIVATE_ROOT": str(PRIVATE_ROOT),
    }
    assert list(folder.iterdir()) == []
    assert _running_in(folder) == []
    folder.rmdir()


@as_root
def test_the_ivr_is_measured_beside_the_dialplan(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "ivr", "--calls", "10")
    assert result["figures"].keys() >= IVR
    assert result["limits"].keys() == IVR
    assert result["figures"]["failed"] == 0
    assert result["figures"]["dialplan_failed"] == 0
    assert result["figures"]["calls"] == 10


@pytest.mark.nightly
def test_a_menu_that_is_answered_aloud_is_timed_beside_other_callers(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "speech", "--seconds", "5")
    assert result["limits"].keys() == SPEECH
    assert result["figures"]["others_failed"] == 0
    assert result["figures"]["answers"] >= 4


@pytest.mark.nightly
@as_root
def test_in_a_blackout_each_hears_of_their_own_and_only_who_asks_reaches_the_line(
    scratch: dict[str, str],
) -> None:
    result = _bench(scratch, "blackout", "--calls", "20")
    assert result["figures"].keys() >= BLACKOUT
    assert result["figures"]["failed"] == 0
    assert result["figures"]["callers"] == 20
    assert result["figures"]["answered_without_person"] == 0.75
    assert result["figures"]["asked_for_a_person"] == 2


@pytest.mark.nightly
@as_root
def test_whoever_asks_hears_when_there_is_power_at_their_house(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "power", "--calls", "24")
    assert result["limits"].keys() == POWER
    assert result["figures"]["failed"] == 0
    assert result["figures"]["callers"] == 24
    assert result["figures"]["to_the_sentence_longest_s"] > 2


@pytest.mark.nightly
def test_applicants_are_asked_while_citizens_call_in(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "surveys", "--calls", "4", "--seconds", "60")
    assert result["limits"].keys() == SURVEYS
    assert result["figures"]["wrong_outcomes"] == 0
    assert result["figures"]["surveys"] == 4
    assert result["figures"]["inbound_failed"] == 0
    assert result["figures"]["inbound_beside"] > 0


@pytest.mark.nightly
def test_each_kind_of_search_is_measured_over_http(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "search", "--small-city", "--calls", "30")
    assert result["limits"].keys() == SEARCH
    assert result["figures"]["failed"] == 0
    assert result["figures"]["searches"] == 30


@pytest.mark.nightly
def test_the_public_page_of_outages_is_measured_alone_and_beside_calls(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "outage-page", "--seconds", "2", "--calls", "4")
    assert result["limits"].keys() == OUTAGE_PAGE
    assert result["figures"]["calls_failed"] == 0
    assert result["figures"]["requests_per_second"] > 0
    assert result["figures"]["first_prompt_p99_ms"] > 0


@pytest.mark.nightly
def test_the_memory_of_pages_is_measured_by_following_every_link(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "pages", "--small-city", "--seconds", "10")
    assert result["limits"].keys() == PAGES
    assert result["figures"]["failed"] == 0
    assert result["figures"]["kinds_of_page"] > 100
    assert result["figures"]["service_mb"] > result["figures"]["service_idle_mb"] > 0


@pytest.mark.nightly
def test_the_citys_page_and_its_wallboard_are_measured(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "city", "--small-city", "--seconds", "2", "--calls", "2")
    assert result["limits"].keys() == {"failed", "p99_ms", "update_ms"}
    assert result["figures"]["failed"] == 0
    assert result["figures"]["updates"] == 4


@pytest.mark.nightly
def test_reports_are_measured_beside_calls(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "reports", "--small-city", "--calls", "2")
    ratio = "inbound_first_prompt_ratio"
    assert result["limits"].keys() == {"failed", "inbound_failed", "p99_ms", "month_p99_ms", ratio}
    assert result["figures"]["failed"] == result["figures"]["inbound_failed"] == 0
    assert result["figures"]["reports"] > 200


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_call_in_a_great_year_is_measured_beside_a_small_one(scratch: dict[str, str], kind: str) -> None:
    result = _bench(scratch, "growth", "--calls", "3000", "--database", kind)
    assert result["limits"].keys() == GROWTH
    assert result["figures"].keys() >= GROWTH
    assert result["figures"]["calls_great"] == 3000
    assert kind == "sqlite" or result["figures"]["answers_great_blocks"] > 0


@pytest.mark.nightly
def test_people_call_while_each_part_is_hit(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "faults", "--seconds", "100")
    assert result["limits"].keys() == FAULTS | OF_CUTS
    assert {name: result["figures"][name] for name in FAULTS - {"longest_silence_s"}} == dict.fromkeys(
        FAULTS - {"longest_silence_s"}, 0
    )
    assert result["figures"]["hits"] >= 7
    assert result["figures"]["own_calls"] > 0


@pytest.mark.nightly
@as_root
def test_several_machines_lose_nobody_when_a_node_has_no_power_and_pages_die(scratch: dict[str, str]) -> None:
    result = _bench(
        scratch, "faults", "--scaled", "--parts", "node:killed,web:killed", "--seconds", "70", "--rate", "2"
    )
    figures = result["figures"]
    assert {name: figures[name] for name in SCALED_FAULTS} == dict.fromkeys(SCALED_FAULTS, 0)
    assert result["limits"].keys() >= {*SCALED_FAULTS, "calls"}
    assert figures["hits"] == 2
    assert figures["own_calls"] > 0
    assert figures["cut_by_asterisks_end"] > 0


@pytest.mark.nightly
@as_root
def test_a_call_through_the_edge_is_measured_beside_one_machine(scratch: dict[str, str]) -> None:
    result = _bench(scratch, "ivr", "--scaled", "--calls", "20", "--rate", "5")
    figures = result["figures"]
    assert result["limits"].keys() == {"failed", "scaled_overhead"}
    assert figures["failed"] == 0
    assert figures["calls"] == figures["calls_on_a"] + figures["calls_on_b"] == 60
    assert figures["both_nodes_cpu_ms_per_call"] > figures["both_nodes_edge_ms_per_call"] > 0
    assert figures["single_cpu_ms_per_call"] > figures["single_asterisk_ms_per_call"] > 0


@pytest.mark.nightly
def test_a_bench_that_is_stopped_ends_all_that_it_started(scratch: dict[str, str]) -> None:
    with subprocess.Popen(  # noqa: S603
        _command("blackout", "--json"), env=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as bench:
        assert bench.stderr
        for line in bench.stderr:
            if "callers" in line:
                break
        bench.send_signal(signal.SIGTERM)
        said, _ = bench.communicate(timeout=LONGEST_SECONDS)
    assert said == ""
    assert bench.returncode == 130


def _bench(environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603
        _command(*arguments, "--json"),
        env=environ,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result.keys() == {"name", "machine", "commit", "figures", "limits", "holds"}
    assert result["name"] == arguments[0]
    return result


def _command(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", "service", "bench", *arguments]


def _running_in(folder: Path) -> list[str]:
    """Programs that still run with something of this folder in their command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in told and process.name != str(os.getpid()):
            found.append(process.name)
    return found
