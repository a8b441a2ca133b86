"""docker-compose.yml as a parser and the Compose specification's own schema see it (no engine is needed)."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.node.supervisor import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = ROOT / "docker-compose.yml"
FOLDER_OF_SETTINGS = "./var/settings"
"""`setup/compose.sh` makes it."""
DOCUMENT: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
WITH_TRUNK: dict[str, Any] = yaml.safe_load(COMPOSE.with_suffix(".trunk.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]


def dockerfile(path: str) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def copies(lines: list[str]) -> list[list[str]]:
    """What a Dockerfile copies out of this tree, each with its target at the end."""
    return [line.split()[1:] for line in lines if line.startswith("COPY ") and "--from=" not in line]


every_service = pytest.mark.parametrize("name", SERVICES)


@pytest.mark.parametrize("file", ["docker-compose.yml", "docker-compose.scaled.yml"])
def test_each_file_keeps_to_the_compose_specification(file: str) -> None:
    command = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(  # noqa: S603 - our own file
        [command, "--builtin-schema", "vendor.compose-spec", COMPOSE.with_name(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@every_service
def test_a_service_that_stays_up_has_a_health_check(name: str) -> None:
    service = SERVICES[name]
    assert "healthcheck" in service or service["restart"] == "no"


@every_service
def test_a_health_check_has_no_signs_that_an_engine_must_quote(name: str) -> None:
    """Podman-compose 1.3 quotes them wrongly, so that the check itself can never succeed."""
    words = SERVICES[name].get("healthcheck", {"test": []})["test"]
    assert not [word for word in words if set(word) & set("'\"()$;&|")]


def test_the_service_is_given_the_time_that_it_needs_to_end() -> None:
    grace = SERVICES["service"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > PATIENCE


@every_service
def test_a_service_runs_with_the_least_privilege(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert not service["user"].startswith(("root", "0"))


@every_service
def test_no_secret_stands_in_an_environment(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if any(word in variable for word in ("SECRET", "PASSWORD", "DATABASE_URL")):
            assert variable.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]


@every_service
def test_what_a_service_leans_on_exists(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", ())) <= set(DOCUMENT["secrets"])
    assert set(service.get("networks", ())) <= set(DOCUMENT["networks"])
    volumes = {volume.partition(":")[0] for volume in service.get("volumes", ())}
    assert volumes <= {*DOCUMENT["volumes"], FOLDER_OF_SETTINGS}
    assert set(service.get("depends_on", ())) <= set(SERVICES)
    assert service.get("network_mode", "service:network").removeprefix("service:") in SERVICES


@every_service
def test_one_waits_for_another_in_the_way_that_the_other_can_answer(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        runs_once = SERVICES[other]["restart"] == "no"
        assert wait["condition"] == ("service_completed_successfully" if runs_once else "service_healthy")


def test_without_a_trunk_only_the_page_is_published_and_that_on_loopback_alone() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert [port.rpartition(":")[2] for port in published] == ["8080"]
    assert published[0].startswith("127.0.0.1:")


def test_with_a_trunk_sip_is_published_and_the_rtp_ports_that_asterisk_is_told_to_use() -> None:
    assert list(WITH_TRUNK) == ["services"]
    assert list(WITH_TRUNK["services"]) == ["network"]
    inside = {port.rpartition(":")[2] for port in WITH_TRUNK["services"]["network"]["ports"]}
    environment = SERVICES["asterisk"]["environment"]
    ports = f"{environment['HOTLINE_RTP_FIRST']}-{environment['HOTLINE_RTP_LAST']}"
    assert inside == {"5060/udp", "5060/tcp", f"{ports}/udp"}


@every_service
def test_a_service_takes_no_more_of_the_machine_than_it_is_given(name: str) -> None:
    assert set(SERVICES[name]["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_all_images_begin_from_two_bases_that_may_be_pinned() -> None:
    files = sorted((ROOT / "docker").glob("*.Dockerfile"))
    begun = [line for file in files for line in dockerfile(str(file)) if line.startswith("FROM ")]
    stages = {line.split()[-1] for line in begun if " AS " in line}
    bases = {line.split()[1] for line in begun} - stages
    assert bases == {"${DEBIAN}", "${DEBIAN_SID}"}
    for service in SERVICES.values():
        assert {"DEBIAN", "DEBIAN_SID"} <= set(service["build"]["args"]), "each image is one of ours"


def test_the_database_is_on_a_network_without_a_way_out() -> None:
    assert SERVICES["postgres"]["networks"] == ["database"]
    assert DOCUMENT["networks"]["database"]["internal"] is True


@every_service
def test_an_image_of_ours_has_a_dockerfile_whose_sources_exist_and_are_not_ignored(name: str) -> None:
    build = SERVICES[name].get("build")
    if build is None:
        return
    lines = dockerfile(build["dockerfile"])
    sources = [source for line in copies(lines) for source in line[:-1]]
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source == "." or f"!{source.partition('/')[0]}" in kept
    assert any(line.startswith("USER ") for line in lines)


def test_asterisks_image_starts_its_program_on_standard_python_alone(tmp_path: Path) -> None:
    for *sources, target in copies(dockerfile("docker/asterisk.Dockerfile")):
        (tmp_path / target).parent.mkdir(exist_ok=True)
        for source in sources:
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, tmp_path / target)
    started = subprocess.run(
        [sys.executable, "-S", "docker/run_asterisk.py"],  # -S: without what is installed beside Python
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "HOTLINE_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SettingsError: HOTLINE_ARI_SECRET is not set" in started.stderr


def test_every_secret_is_a_file_below_the_folder_that_git_ignores() -> None:
    for secret in DOCUMENT["secrets"].values():
        assert secret["file"].startswith("./var/secrets/")
    assert "var/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
