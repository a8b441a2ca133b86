"""Tests of what hears need its engines, which `./check --quick` does not install: it leaves these tests out.

Each such file is named in the end. In any other run an engine that is not there is an error, as whatever
cannot be imported is: no check that is called whole has left them out.
"""

from collections.abc import Iterator

import pytest

ENGINES = frozenset({"ctranslate2", "faster_whisper", "onnx", "onnx_asr", "onnxruntime", "vosk"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-engines", action="store_true", help="leave out files whose engines are missing"
    )


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report: pytest.CollectReport = yield
    if collector.config.option.without_engines and report.failed:
        error = report.call.excinfo.value.__cause__  # type: ignore[attr-defined]
        if isinstance(error, ModuleNotFoundError) and error.name in ENGINES:
            report.outcome = "skipped"
            report.longrepr = str(collector.path), 1, f"Skipped: {error.name} is not installed"
    return report
