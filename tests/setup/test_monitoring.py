"""Prometheus' rules and Grafana's dashboards speak of metrics that the hotline has, in two languages."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml

from tests.setup.drawings import page, script

monitoring = script("monitoring")
NAMES = {monitoring.written_as(one) for one in (*monitoring.METRICS, *monitoring.PROCESS)}
PROMTOOL = shutil.which("promtool") or "promtool"
_NAME = re.compile(r"\b(?:hotline|process)_[a-z_]+")


def rules() -> Sequence[Mapping[str, Any]]:
    """Read Prometheus' rules as it reads them."""
    groups = yaml.safe_load(monitoring.ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_page_rules_and_dashboards_are_current() -> None:
    assert monitoring.ALERTS.read_text(encoding="utf-8") == monitoring.alerts(), (
        "run `python docs/monitoring.py`"
    )
    there = page("monitoring")
    assert monitoring.drawn(there) == there, "run `python docs/monitoring.py`"
    for language in monitoring.LANGUAGES:
        kept = (monitoring.FOLDER / f"dashboard-{language}.json").read_text(encoding="utf-8")
        assert kept == monitoring.dashboard(language), "run `python docs/monitoring.py`"


def test_rules_and_dashboards_ask_for_metrics_that_exist() -> None:
    asked = " ".join(str(rule["expr"]) for rule in rules())
    asked += " ".join(
        target["expr"]
        for panel in json.loads(monitoring.dashboard("en"))["panels"]
        for target in panel["targets"]
    )
    named = set(_NAME.findall(asked))
    assert named
    assert named <= NAMES


@pytest.mark.parametrize("language", ["", "_en"])
def test_each_alert_says_what_has_happened_and_what_to_do(language: str) -> None:
    for rule in rules():
        for name in ("summary", "what_to_do"):
            said = rule["annotations"][name + language]
            assert said.endswith((".", "?")), rule["alert"]
            assert bool(re.search("[а-яіїєґ]", said)) is (language == ""), rule["alert"]


@pytest.mark.parametrize(
    "command",
    [
        ["check", "rules", "alerts.yml"],
        ["check", "config", "--syntax-only", "prometheus.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
)
def test_prometheus_takes_them(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - commands of this file
        [PROMTOOL, *command], cwd=monitoring.FOLDER, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
