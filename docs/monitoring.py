"""Writes the tables of docs/monitoring.md, Prometheus' alert rules, and Grafana's dashboards.

python docs/monitoring.py
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cti_server.operation.rules import RULES, Rule
from cti_server.status.metrics import METRICS, PUBLIC, Metric

PAGE = Path(__file__).with_name("monitoring.md")
FOLDER = Path(__file__).parents[1] / "setup" / "monitoring"
ALERTS = FOLDER / "alerts.yml"
LANGUAGES = ("uk", "en")
PROCESS = (
    Metric(name="process_resident_memory_bytes", says="Memory of the service."),
    Metric(name="process_virtual_memory_bytes", says="Address space of the service."),
    Metric(name="process_cpu_seconds", says="Processor time that the service took.", counts=True),
    Metric(name="process_open_fds", says="Its open files and connections."),
    Metric(name="process_max_fds", says="How many of them it may have."),
    Metric(name="process_start_time_seconds", says="When it was started, in seconds since 1970."),
)
"""Metrics of the process itself, which the library adds."""
_RULES_BEGIN = """\
# Alert rules for Prometheus. `critical` wakes somebody at any hour, `warning` can wait for the morning.
# Written by `python docs/monitoring.py` from cti_server/operation/rules.py; docs/monitoring.md lists them.
groups:
  - name: hotline
    rules:
"""
_TABLE = re.compile(r"(<!-- (metrics|alerts) -->\n).*?(<!-- end -->)", re.DOTALL)
_WIDE, _HIGH, _COLUMNS = 8, 7, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of the dashboard: its titles, and what it draws: legend → expression."""

    kind: str
    title: Mapping[str, str]
    draws: Mapping[str, str]
    unit: str = "short"
    most: float | None = None
    """The end of its scale; None: as the values are."""


PANELS = (
    Panel(
        kind="stat",
        title={"uk": "Частини, від яких залежать дзвінки", "en": "Parts on which calls depend"},
        draws={"{{part}}": "hotline_part_up"},
        most=1,
    ),
    Panel(
        kind="stat",
        title={"uk": "Чекають · розмовляють · готові", "en": "Waiting · talking · ready"},
        draws={
            "чекають / waiting": "hotline_line_waiting",
            "розмовляють / talking": "hotline_line_talking",
            "готові / ready": "hotline_desks_ready",
        },
    ),
    Panel(
        kind="stat",
        title={"uk": "Найдовше чекання зараз", "en": "Longest wait now"},
        draws={"": "hotline_line_longest_wait_seconds"},
        unit="s",
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Лінія", "en": "The line"},
        draws={
            "чекають / waiting": "hotline_line_waiting",
            "зберігають місце / kept": "hotline_line_kept",
            "розмовляють / talking": "hotline_line_talking",
            "за столами / present": "hotline_desks_present",
        },
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Дзвінки від півночі", "en": "Callers since midnight"},
        draws={"{{fate}}": "hotline_callers_today"},
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Відповіли за 20 секунд, частка", "en": "Share answered within 20 seconds"},
        draws={
            "": "hotline_callers_in_time_today"
            " / (sum by(instance) (hotline_callers_today) - hotline_callers_short_today)"
        },
        unit="percentunit",
        most=1,
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Звернення: у роботі та прострочені", "en": "Appeals: owed and overdue"},
        draws={"у роботі / owed": "hotline_appeals_owed", "прострочені / overdue": "hotline_appeals_overdue"},
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Скільки чекає найдавніше повідомлення", "en": "How long the oldest notice has waited"},
        draws={"{{channel}}": "hotline_notices_due_seconds"},
        unit="s",
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Не доставлено за годину", "en": "Given up within an hour"},
        draws={"{{channel}}": "hotline_notices_refused"},
    ),
    Panel(
        kind="state-timeline",
        title={"uk": "Обладнання не в порядку", "en": "Equipment that is not in order"},
        draws={"{{kind}} {{item}} {{state}}": 'hotline_equipment_state{state!="in-order"} == 1'},
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Знайдені й виправлені вади", "en": "Defects found and healed"},
        draws={"{{truth}}": "increase(hotline_defects_total[1h])"},
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Вільне місце на диску", "en": "Free room on the disk"},
        draws={"": "hotline_disk_free_bytes"},
        unit="bytes",
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Процесор служби", "en": "Processor of the service"},
        draws={"": "rate(process_cpu_seconds_total[5m])"},
        unit="percentunit",
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Пам’ять служби", "en": "Memory of the service"},
        draws={"": "process_resident_memory_bytes"},
        unit="bytes",
    ),
    Panel(
        kind="timeseries",
        title={"uk": "Відкриті файли та з’єднання", "en": "Open files and connections"},
        draws={"": "process_open_fds"},
    ),
)


def written_as(metric: Metric) -> str:
    """Give a metric's name as Prometheus has it."""
    return f"{metric.name}_total" if metric.counts else metric.name


def alerts() -> str:
    """Write the rules for Prometheus."""
    return _RULES_BEGIN + "".join(map(_rule, RULES))


def _rule(rule: Rule) -> str:
    expression = rule.when.expression()
    if "\n" in expression:
        expression = "|-\n" + "\n".join(f"          {line}" for line in expression.splitlines())
    seconds = int(rule.lasts.total_seconds())
    lasts = f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"
    named = _Templates()
    lines = [
        f"      - alert: {rule.name}",
        f"        expr: {expression}",
        *([f"        for: {lasts}"] if seconds else []),
        f"        labels: {{severity: {rule.severity.value}}}",
        "        annotations:",
        *(
            f"          {name}: {json.dumps(text, ensure_ascii=False)}"
            for suffix, language in (("", "uk"), ("_en", "en"))
            for name, text in (
                (f"summary{suffix}", rule.summary(language, named)),
                (f"what_to_do{suffix}", rule.what_to_do(language, named)),
            )
        ),
    ]
    return "\n".join(lines) + "\n"


class _Templates(dict[str, str]):
    """Each label as Prometheus writes it into a text."""

    def __missing__(self, label: str) -> str:
        return f"{{{{ $labels.{label} }}}}"


def dashboard(language: str) -> str:
    """Make Grafana's dashboard; whoever imports it names their Prometheus."""
    across = _COLUMNS // _WIDE
    panels = [
        {
            "id": number + 1,
            "type": panel.kind,
            "title": panel.title[language],
            "datasource": {"type": "prometheus", "uid": "${DS_PROMETHEUS}"},
            "gridPos": {
                "x": number % across * _WIDE,
                "y": number // across * _HIGH,
                "w": _WIDE,
                "h": _HIGH,
            },
            "fieldConfig": {
                "defaults": {
                    "unit": panel.unit,
                    "min": 0,
                    **({} if panel.most is None else {"max": panel.most}),
                },
                "overrides": [],
            },
            "targets": [
                {"refId": chr(ord("A") + one), "expr": expression, "legendFormat": _legend(legend, language)}
                for one, (legend, expression) in enumerate(panel.draws.items())
            ],
        }
        for number, panel in enumerate(PANELS)
    ]
    whole = {
        "__inputs": [
            {
                "name": "DS_PROMETHEUS",
                "label": "Prometheus",
                "type": "datasource",
                "pluginId": "prometheus",
                "pluginName": "Prometheus",
            }
        ],
        "uid": f"hotline-{language}",
        "title": {"uk": "Гаряча лінія міста", "en": "City hotline"}[language],
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-12h", "to": "now"},
        "schemaVersion": 39,
        "panels": panels,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def drawn(text: str) -> str:
    """Give the page with its tables made anew."""
    tables = {"metrics": _of_metrics, "alerts": _of_alerts}
    return _TABLE.sub(lambda found: f"{found[1]}{tables[found[2]]()}{found[3]}", text)


def _of_metrics() -> str:
    rows = [
        _row(f"`{written_as(one)}`", ", ".join(one.labels), "✓" if one.name in PUBLIC else "", one.says)
        for one in (*METRICS, *PROCESS)
    ]
    heads = ("Metric", "Labels", "Anybody", "What it measures")
    return "\n".join([_row(*heads), "|---|---|---|---|", *rows]) + "\n"


def _of_alerts() -> str:
    rows = [
        _row(
            f"`{rule.name}`",
            rule.severity,
            rule.summary("en", _Templates()),
            rule.what_to_do("en", _Templates()),
        )
        for rule in RULES
    ]
    heads = ("Alert", "Severity", "What has happened", "What to do")
    return "\n".join([_row(*heads), "|---|---|---|---|", *rows]) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _legend(legend: str, language: str) -> str:
    """Take one language out of a legend of two."""
    parts = legend.split(" / ")
    return parts[LANGUAGES.index(language)] if len(parts) == len(LANGUAGES) else legend


if __name__ == "__main__":
    ALERTS.write_text(alerts(), encoding="utf-8")
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for one in LANGUAGES:
        (FOLDER / f"dashboard-{one}.json").write_text(dashboard(one), encoding="utf-8")
