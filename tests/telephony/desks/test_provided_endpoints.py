"""Endpoints that are made anew: Asterisk forgets the one before a moment after its object."""

import json
from collections.abc import Mapping

import pytest

from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.desks.provided_endpoints import provide_endpoint

NAME = "desk-201"
ENDPOINT, OBJECT = f"/endpoints/PJSIP/{NAME}", f"/asterisk/config/dynamic/res_pjsip/endpoint/{NAME}"
BEFORE, NOW = {"permit": "10.0.0.0/8"}, {"permit": "192.168.0.0/16"}


class Asterisk:
    """Its endpoint outlives the object for a moment; an object that is put meanwhile stays without."""

    def __init__(self) -> None:
        self.objects: set[str] = set()
        self.is_made = False
        self.looks_until_forgotten = 0
        self.variables: dict[str, str] = {}

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        assert body or method != "PUT"
        match method, path:
            case "POST" | "GET", "/asterisk/variable":
                return self._variable(query or {})
            case "PUT", _:
                self.objects.add(path)
                self.is_made = True
            case "DELETE", _:
                self.objects.discard(path)
                self.looks_until_forgotten = 3
            case _, path if path == ENDPOINT:
                return self._endpoint()
            case _ if path not in self.objects:
                raise NotThere(path)
        return "{}"

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")

    def passes(self) -> None:
        """Let the moment pass."""
        if self.looks_until_forgotten:
            self.looks_until_forgotten, self.is_made = 0, False

    def _variable(self, asked: Mapping[str, str]) -> str:
        if "value" in asked:
            self.variables[asked["variable"]] = asked["value"]
        return json.dumps({"value": self.variables.get(asked["variable"], "")})

    def _endpoint(self) -> str:
        if self.looks_until_forgotten:
            self.looks_until_forgotten -= 1
            self.is_made = self.looks_until_forgotten > 0
        if not self.is_made:
            raise NotThere(ENDPOINT)
        return json.dumps({"resource": NAME, "channel_ids": []})


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


async def test_one_for_other_networks_is_made_when_the_one_before_is_forgotten(asterisk: Asterisk) -> None:
    ari = Ari(asterisk, "hotline")
    assert await provide_endpoint(ari, NAME, BEFORE)
    assert await provide_endpoint(ari, NAME, NOW)
    asterisk.passes()
    assert (asterisk.is_made, asterisk.objects) == (True, {OBJECT})


async def test_an_object_of_which_asterisk_has_made_nothing_keeps_no_service_from_beginning(
    asterisk: Asterisk,
) -> None:
    ari = Ari(asterisk, "hotline")
    assert await provide_endpoint(ari, NAME, NOW)
    asterisk.is_made = False
    assert await provide_endpoint(ari, NAME, NOW)
    assert asterisk.is_made
