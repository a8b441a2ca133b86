"""The service as its settings wire it, before it takes a call."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from cti_server.frame.pages import PAGES
from hotline.errors import SettingsError
from service.settings.settings import read_settings
from service.wiring.parts import parts
from storage.store import Storage
from telephony.speech.models import Found

GATEWAY = """
url = "https://gateway.example/messages"
fields = { to = "{to}", text = "{text}" }
[incoming]
id = "id"
from = "from"
text = "text"
"""
CREST = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    root = os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root")
    secrets = {"HOTLINE_ARI_SECRET": "x", "HOTLINE_AMI_SECRET": "x"}
    return {"HOTLINE_VAR": str(tmp_path), "HOTLINE_PRIVATE_ROOT": root, **secrets}


@pytest.mark.parametrize(("demo", "times"), [("1", 1), ("0", 0)])
async def test_what_pages_are_made_of_is_shown_in_the_demo_city_alone(
    demo: str, times: int, storage: Storage, environ: Mapping[str, str]
) -> None:
    made = await parts(read_settings({**environ, "HOTLINE_DEMO": demo}), storage)
    assert [one.canonical for one in made.app.router.resources()].count("/look") == times


async def test_pages_bear_the_crest_and_the_name_that_the_city_gave(
    storage: Storage, environ: Mapping[str, str], tmp_path: Path
) -> None:
    crest = tmp_path / "crest.svg"
    crest.write_text(CREST, encoding="utf-8")
    given = {**environ, "HOTLINE_CITY_NAME": "Славутич", "HOTLINE_CREST": str(crest)}
    brand = (await parts(read_settings(given), storage)).app[PAGES].brand
    assert (brand.city, brand.crest and brand.crest.content) == ("Славутич", CREST.encode())
    crest.unlink()
    with pytest.raises(SettingsError, match="HOTLINE_CREST"):
        await parts(read_settings(given), storage)


async def test_messages_are_written_down_only_where_a_model_is_set_that_can_be_used(
    storage: Storage, environ: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Found, "is_installed", property(lambda _found: True))
    model = tmp_path / "model"
    (model / "am").mkdir(parents=True)
    for usable in (False, True):
        given = {**environ, "HOTLINE_SPEECH_MESSAGES_UK": str(model)}
        goes_on = (await parts(read_settings(given), storage)).lasting()
        assert ("transcripts" in goes_on) is usable
        for one in goes_on.values():
            one.close()
        (model / "am" / "final.mdl").touch()


async def test_messengers_have_their_doors_where_the_settings_give_them_one(
    storage: Storage, environ: Mapping[str, str], tmp_path: Path
) -> None:
    gateway = tmp_path / "gateway.toml"
    gateway.write_text(GATEWAY, encoding="utf-8")
    given = {
        **environ,
        "HOTLINE_SMS_GATEWAY": str(gateway),
        "HOTLINE_SMS_INCOMING_SECRET": "a-word-of-the-gateway",
        "HOTLINE_TELEGRAM_TOKEN": f"42:{'a' * 35}",
    }
    gateways = {
        "HOTLINE_VIBER_TOKEN": "445da6az1s345z78-dazcczb2542zv51a",
        "HOTLINE_WHATSAPP_TOKEN": "EAAJB",
        "HOTLINE_WHATSAPP_APP_SECRET": "of the app",
        "HOTLINE_WHATSAPP_VERIFY": "our word",
        "HOTLINE_WHATSAPP_NUMBER_ID": "106540352242922",
    }
    by_webhook = {"HOTLINE_TELEGRAM_BY": "webhook", **gateways}
    webhook = {**by_webhook, "HOTLINE_PUBLIC_URL": "https://city.example"}
    doors = []
    for more in ({}, webhook):
        made = await parts(read_settings({**given, **more}), storage)
        hooks = {one.canonical for one in made.app.router.resources() if "/hooks/" in one.canonical}
        doors.append(hooks)
    assert doors == [
        {"/hooks/sms-in/{secret}"},
        {"/hooks/sms-in/{secret}", "/hooks/telegram", "/hooks/viber", "/hooks/whatsapp"},
    ]
    for more in ({"HOTLINE_TELEGRAM_BY": "webhook"}, gateways):
        with pytest.raises(SettingsError):
            await parts(read_settings({**given, **more}), storage)
    with pytest.raises(SettingsError, match="HOTLINE_WHATSAPP_VERIFY"):
        read_settings({**given, **gateways, "HOTLINE_WHATSAPP_VERIFY": ""})
