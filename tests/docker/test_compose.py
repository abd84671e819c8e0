"""docker-compose.yml on a real engine: it comes up, people order, a service is replaced below them, nothing is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.docker.engine import APPUSER, Project, added_megabytes, docker
from tests.e2e import journey
from tests.support.client import Phone
from tests.support.society import Shop, Society
from tests.support.traffic import PEOPLE, Traffic
from tests.support.waiting import until

IMAGES = ("gateway", "auth", "consumer", "vendor", "admin")
ADDED_MEGABYTES_MAX = 76
"""Python's own image has 124 MB, so that is 200 MB an image."""


@pytest.fixture(scope="module")
def in_production(project: Project) -> Project:
    """Up as production has it, behind a proxy: who asks is whom X-Forwarded-For names."""
    project.env["TRUSTED_PROXIES"] = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
    project.up()
    return project


@pytest.fixture(scope="module")
def platform(in_production: Project) -> Iterator[Project]:
    """Up as a place where tests can sign in."""
    project = in_production
    del project.env["TRUSTED_PROXIES"]
    project.env["HABRIO_APP_ENV"] = "development"
    project.up()
    yield project
    project.compose("down", "--volumes", "--timeout", "30")
    assert project.left() == ""


@pytest.fixture(scope="module")
def people(platform: Project) -> tuple[Shop, Phone]:
    society = Society(platform.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident()
    resident.sign_in()
    return shop, resident


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_stays_below_200_megabytes(project: Project, name: str) -> None:
    assert added_megabytes(f"habrio/{name}:test") < ADDED_MEGABYTES_MAX


def test_a_stranger_reads_what_a_process_counts_by_the_token_only(in_production: Project) -> None:
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    token = in_production.compose("exec", "-T", "gateway", "printenv", "METRICS_TOKEN").strip()
    for process in ("", *(f"/{name}{kind}" for name in IMAGES[1:] for kind in ("", "-worker"))):
        url = f"{in_production.url}/metrics{process}"
        assert requests.get(url, headers=stranger, timeout=10).status_code == 403
        told = requests.get(url, headers={**stranger, "Authorization": f"Bearer {token}"}, timeout=10)
        assert told.status_code == 200, process
        wanted = "habrio_queue_length" if process.endswith("-worker") else "flask_http_request_total"
        assert wanted in told.text, process


def test_a_browser_is_shown_the_pages(in_production: Project) -> None:
    way_in = requests.get(f"{in_production.url}/admin/", timeout=10)
    assert way_in.status_code == 401 and 'name="phone"' in way_in.text
    documentation = requests.get(f"{in_production.url}/docs/", timeout=10)
    assert documentation.status_code == 200
    files = re.findall(r'(?:href|src)="(/?[^":]+\.(?:css|js))"', documentation.text)
    assert files
    for file in files:
        address = urljoin(documentation.url, file)
        assert requests.get(address, timeout=10).status_code == 200, address
    document = requests.get(f"{in_production.url}/apispec.json", timeout=10).json()
    assert {"/api/v1/send-otp", "/api/v1/consumer/shops", "/api/v1/admin/users"} <= set(document["paths"])


def test_people_order_through_the_published_port(platform: Project) -> None:
    journey.run(platform.url)


def test_a_service_can_write_nothing_and_is_nobody(platform: Project) -> None:
    for service in ("nginx", "gateway", "vendor", "vendor-worker"):
        platform.compose("exec", "-T", service, "touch", "/app/x", fails=True)
        assert platform.compose("exec", "-T", service, "id", "-u").strip() == str(APPUSER)
        assert "CapEff:\t0000000000000000" in platform.compose("exec", "-T", service, "cat", "/proc/1/status")


def test_a_services_role_sees_its_own_schema_only(platform: Project) -> None:
    ask = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT count(*) FROM auth.users')"
    said = platform.compose("exec", "-T", "vendor", "python", "-c", ask, fails=True)
    assert "permission denied for schema auth" in said


def test_more_of_a_service_are_found_without_a_word_to_nginx(platform: Project, people: tuple[Shop, Phone]) -> None:
    _shop, resident = people
    platform.up("--scale", "consumer=3", "--no-recreate")

    def addresses() -> set[str]:
        resident.get("/consumer/wallet")
        lines = platform.compose("logs", "--no-log-prefix", "--tail=200", "nginx").splitlines()
        seen = [json.loads(line[line.index("{") :]) for line in lines if '"service":"nginx"' in line]
        return {line["upstream"].split(", ")[-1] for line in seen if line["path"] == "/api/v1/consumer/wallet"}

    until(lambda: len(addresses()) >= 3, seconds=30, what="all three are asked")
    platform.up("--scale", "consumer=1", "--no-recreate")


@pytest.mark.parametrize("service", ["vendor", "consumer", "auth", "gateway"])
def test_a_service_is_replaced_and_no_request_fails(
    platform: Project, people: tuple[Shop, Phone], service: str
) -> None:
    before = platform.containers(service)
    with Traffic(platform.url, *people) as traffic:
        done = platform.deploy(service)
        assert done.returncode == 0, done.stdout + done.stderr
        wanted = traffic.asked + PEOPLE
        until(lambda: traffic.has_asked(wanted), seconds=60, what="people go on")
    print(f"{traffic.asked} requests while {service} was replaced")
    assert not before & platform.containers(service)


def image_id() -> str:
    return docker("image", "inspect", "--format", "{{.Id}}", "habrio/vendor:test").strip()


@pytest.fixture
def broken(platform: Project, tmp_path: Path) -> Iterator[Path]:
    """What this file says goes for the platform too, while a test runs; nobody waits long for it."""
    file = tmp_path / "broken.yml"
    file.write_text("services: {}\n")
    platform.env |= {"COMPOSE_FILE": f"docker-compose.yml:{file}", "DEPLOY_PATIENCE_SECONDS": "10"}
    yield file
    del platform.env["COMPOSE_FILE"], platform.env["DEPLOY_PATIENCE_SECONDS"]


def test_one_that_does_not_become_healthy_is_taken_back(
    platform: Project, people: tuple[Shop, Phone], broken: Path
) -> None:
    before, image = platform.containers("vendor"), image_id()
    broken.write_text("services: {vendor: {entrypoint: [sleep, '600'], healthcheck: {test: [CMD, 'false']}}}\n")
    with Traffic(platform.url, *people):
        done = platform.deploy("vendor")
    assert done.returncode == 1 and "the old ones stay" in done.stderr
    assert platform.containers("vendor") == before
    assert image_id() == image


def test_a_deploy_whose_migration_fails_leaves_the_old_image_and_people_go_on(
    platform: Project, people: tuple[Shop, Phone], broken: Path
) -> None:
    before, image = platform.containers("vendor"), image_id()
    broken.write_text(
        "services: {vendor: {build: {args: {VERSION: unfit}}}, vendor-migrate: {entrypoint: ['false']}}\n"
    )
    with Traffic(platform.url, *people) as traffic:
        done = platform.deploy("vendor")
        wanted = traffic.asked + PEOPLE
        until(lambda: traffic.has_asked(wanted), seconds=60, what="people go on")
    labelled = "label=org.opencontainers.image.version=unfit"
    unfit = docker("images", "--quiet", "--no-trunc", "--filter", labelled).split()
    assert unfit and image not in unfit, "no other image was built"
    docker("image", "rm", *unfit)
    assert done.returncode == 1 and "The migration failed; the old ones stay" in done.stderr
    assert platform.containers("vendor") == before
    assert image_id() == image
    assert requests.get(f"{platform.url}/ready", timeout=10).status_code == 200


def test_a_worker_that_does_not_become_healthy_is_the_one_of_before(
    platform: Project, people: tuple[Shop, Phone], broken: Path
) -> None:
    image = image_id()
    platform.env["DEPLOY_PATIENCE_SECONDS"] = "60"
    lines = ("FROM habrio/vendor:test", "USER root", "RUN rm /app/services/vendor/celery_app.*", "USER 10001:10001")
    build = {"dockerfile_inline": "\n".join(lines)}
    broken.write_text(json.dumps({"services": {"vendor": {"build": build}}}))
    with Traffic(platform.url, *people):
        done = platform.deploy("vendor")
    assert done.returncode == 1 and "it is the one of before" in done.stderr
    assert image_id() == image
    (worker,) = platform.containers("vendor-worker")
    assert docker("inspect", "--format", "{{.State.Health.Status}}", worker).strip() == "healthy"


def test_data_outlives_the_containers(platform: Project, people: tuple[Shop, Phone]) -> None:
    _shop, resident = people
    balance = resident.get("/consumer/wallet")["balance"]
    platform.compose("down", "--timeout", "30")
    platform.up()
    assert resident.get("/consumer/wallet")["balance"] == balance
    assert requests.get(f"{platform.url}/ready", timeout=10).status_code == 200
