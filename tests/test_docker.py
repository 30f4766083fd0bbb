"""The image and the compose file, read as files: no Docker engine is needed to keep them sound."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Read by the programs themselves, not by our settings.
FOREIGN = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PROMETHEUS_MULTIPROC_DIR",
           "DJANGO_SETTINGS_MODULE"}  # fmt: skip


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    return [
        line.split(None, 1)[1] for line in joined.splitlines() if line.split(None, 1)[:1] == [name]
    ]


def names_read_by_settings() -> set[str]:
    source = "".join(path.read_text() for path in (ROOT / "settings").glob("*.py"))
    return set(re.findall(r'(?:env\.\w+|_required)\(\s*"([A-Z_]+)"', source))


def test_the_image_does_not_run_as_root():
    assert instructions("USER")[-1] == "cobranca"


def test_the_image_tells_whether_it_is_healthy():
    assert "/health/live" in instructions("HEALTHCHECK")[0]


def test_every_base_image_is_pinned():
    images = [line.split()[0] for line in instructions("FROM")]
    images += [s["image"] for s in SERVICES.values() if "build" not in s]

    assert images
    for image in images:
        assert re.search(r":\d+(\.\d+)?-(slim-)?\w+$", image), image


def test_the_image_installs_only_locked_packages():
    assert "--require-hashes" in DOCKERFILE
    assert "pip install -r" not in DOCKERFILE


def test_everything_copied_exists_and_is_let_through():
    allowed = (ROOT / ".dockerignore").read_text()
    for line in instructions("COPY"):
        if line.startswith("--from"):
            continue
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}\n" in allowed, source


def test_environment_of_the_image_is_known_to_the_settings():
    pairs = " ".join(instructions("ENV") + instructions("RUN"))
    names = set(re.findall(r"\b([A-Z][A-Z_]+)=", pairs))

    assert names - FOREIGN <= names_read_by_settings()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_where_it_comes_from_and_what_to_do_when_it_falls(name):
    service = SERVICES[name]

    assert service.get("image") or service.get("build")
    assert service["restart"] in ("unless-stopped", "no")
    assert "healthcheck" in service or name == "web"  # web has the image's own


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_environment_of_our_services_is_known_to_the_settings(name):
    assert set(SERVICES[name]["environment"]) <= names_read_by_settings()


def test_no_secret_is_written_in_the_compose_file():
    text = (ROOT / "compose.yaml").read_text()

    for secret in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "POSTGRES_PASSWORD"):
        values = re.findall(rf"^\s*{secret}: (.*)$", text, flags=re.MULTILINE)
        assert values
        assert all(value.startswith(f"${{{secret}:?") for value in values)


def test_nothing_but_the_web_is_reachable_from_outside():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_exactly_one_beat_and_time_for_workers_to_end():
    assert SERVICES["beat"]["deploy"]["replicas"] == 1
    assert "beat" not in SERVICES["worker"]["command"]
    assert SERVICES["worker"]["stop_grace_period"] == "3m"
