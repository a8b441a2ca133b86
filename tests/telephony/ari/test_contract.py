"""What we ask and hear over ARI, held against Asterisk's own description of its interface."""

import inspect
import json
import os
import typing
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.node.asterisk_installation import installation
from telephony.ari import messages
from telephony.ari.actions import OPERATIONS, Ari, Operation
from telephony.ari.messages import EVENT_NAMES

PRIVATE_ROOT = Path(os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root")).absolute()
EVENTS = [name for name in EVENT_NAMES if name != "RESTResponse"]
OTHER_NAMES = {
    "CallerId": "CallerID",
    "CarriedOut": "Channel",
    "DialplanPosition": "DialplanCEP",
    "RtpStatistics": "RTPstat",
}
"""Types that we call otherwise than Asterisk does."""


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """Every file of the description, by its name (`channels`, `events` …)."""
    files = sorted((installation(PRIVATE_ROOT).data / "rest-api").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="session")
def models(description: dict[str, Any]) -> dict[str, Any]:
    return {name: model for file in description.values() for name, model in file.get("models", {}).items()}


def _described(description: Mapping[str, Any], operation: Operation) -> dict[str, Any]:
    """Asterisk's own entry for the operation."""
    for file in description.values():
        for api in file.get("apis", []):
            for entry in api["operations"]:
                if (entry["httpMethod"], api["path"]) == (operation.method, operation.path):
                    found: dict[str, Any] = entry
                    return found
    pytest.fail(f"Asterisk knows no {operation.method} {operation.path}")


def _parameters(entry: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {one["name"]: one for one in entry.get("parameters", []) if one["paramType"] == kind}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_operation_exists_with_its_parameters(
    description: dict[str, Any], operation: Operation
) -> None:
    entry = _described(description, operation)
    query = _parameters(entry, "query")
    assert set(operation.parameters) <= set(query)
    required = {name for name, one in query.items() if one.get("required")}
    assert required <= set(operation.parameters)
    placeholders = {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}
    assert placeholders == set(_parameters(entry, "path"))


class Recorder:
    """Answers every request with `answer` and remembers it."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, Mapping[str, str], str]] = []

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        self.asked.append((method, path, query or {}, body))
        return self.answer

    def order(self, method: str, path: str) -> None:
        self.asked.append((method, path, {}, ""))


VERBS = [name for name, value in vars(Ari).items() if callable(value) and not name.startswith("_")]
SAMPLES: dict[Any, Any] = {
    str: "hotline-1.1",
    int: 20,
    float: 0.5,
    type(None): None,
    datetime: "2026-12-01T12:00:00.000+0200",
}


def _sample(kind: Any) -> Any:
    """A value of this type, as plain data."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return {one.encode_name: _sample(hints[one.name]) for one in msgspec.structs.fields(kind)}
    match typing.get_origin(kind):
        case None:
            return SAMPLES.get(kind, True)
        case one if one in {list, Sequence}:
            return [_sample(typing.get_args(kind)[0])]
        case one if one is Mapping:
            return {"attribute": "value"}
        case _:
            return _sample(typing.get_args(kind)[0])


async def _sent_by(verb: str) -> Sequence[tuple[str, str, Mapping[str, str], str]]:
    method = getattr(Ari, verb)
    hints = typing.get_type_hints(method)
    recorder = Recorder(json.dumps(_sample(hints.pop("return", type(None)))))
    parameters = list(inspect.signature(method).parameters.values())[1:]
    positional = [_sample(hints[one.name]) for one in parameters if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: _sample(hints[one.name]) for one in parameters if one.kind is one.KEYWORD_ONLY}
    done = method(Ari(recorder, "hotline"), *positional, **named)
    if inspect.isawaitable(done):
        await done
    assert recorder.asked
    return recorder.asked


def _operation_of(method: str, path: str) -> Operation:
    """The operation whose path has these fixed parts."""
    parts = path.split("/")
    for operation in OPERATIONS:
        pattern = operation.path.split("/")
        if (
            operation.method == method
            and len(pattern) == len(parts)
            and all(one == other or one.startswith("{") for one, other in zip(pattern, parts, strict=True))
        ):
            return operation
    pytest.fail(f"no operation for {method} {path}")


@pytest.mark.parametrize("verb", VERBS)
async def test_every_verb_sends_only_what_its_operation_declares_and_asterisk_allows(
    description: dict[str, Any], verb: str
) -> None:
    for method, path, query, body in await _sent_by(verb):
        operation = _operation_of(method, path)
        entry = _described(description, operation)
        assert set(query) <= set(operation.parameters)
        assert not body or _parameters(entry, "body")
        for name, value in query.items():
            allowed = _parameters(entry, "query")[name].get("allowableValues", {})
            assert allowed.get("valueType") != "LIST" or value in allowed["values"]
            assert allowed.get("valueType") != "RANGE" or int(value) >= allowed.get("min", 0)


async def test_every_operation_is_some_verbs() -> None:
    sent = [one for verb in VERBS for one in await _sent_by(verb)]
    assert {_operation_of(method, path) for method, path, *_ in sent} == set(OPERATIONS)


async def test_a_value_cannot_leave_its_place_in_the_path() -> None:
    recorder = Recorder("")
    await Ari(recorder, "hotline").stop_playback("../channels/ж?x=1#y")
    assert recorder.asked[0][1] == "/playbacks/..%2Fchannels%2F%D0%B6%3Fx%3D1%23y"


def _properties(models: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The fields of a model, those of the models that it extends included."""
    found = dict(models[name]["properties"])
    for base, model in models.items():
        if name in model.get("subTypes", []):
            found |= _properties(models, base)
    return found


STRUCTS = [
    value
    for name, value in vars(messages).items()
    if isinstance(value, type) and issubclass(value, msgspec.Struct) and name[0] != "_"
]


@pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)
def test_every_message_exists_with_each_field_that_we_read(
    models: dict[str, Any], kind: type[msgspec.Struct]
) -> None:
    described = _properties(models, OTHER_NAMES.get(kind.__name__, kind.__name__))
    for field in msgspec.structs.fields(kind):
        assert field.encode_name in described
        if field.required:
            assert described[field.encode_name]["required"], f"{field.name} may be missing"


def test_only_known_events_are_asked_for(models: dict[str, Any]) -> None:
    assert set(EVENTS) <= set(models["Event"]["subTypes"])
