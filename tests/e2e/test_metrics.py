"""Every process of the platform hands out its figures at the front door, and they add up to what people did."""

from __future__ import annotations

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.client import Phone
from tests.support.stack import Stack
from tests.support.waiting import until

SERVICES = ("auth", "consumer", "vendor", "admin", "agent")


def metrics(stack: Stack, process: str = "") -> dict[str, float]:
    """Each sample of a process (the gateway's own by default), by its name and labels as Prometheus writes them."""
    answer = requests.get(f"{stack.url}/metrics{process and f'/{process}'}", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/plain"), answer.text
    return {
        sample.name + "".join(f" {value}" for _name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_web_processes_and_its_worker_are_there(stack: Stack, name: str) -> None:
    assert metrics(stack, name)["flask_http_requests_in_flight"] >= 1
    worker = metrics(stack, f"{name}-worker")
    assert worker[f"habrio_queue_length {name}"] >= 0
    assert ("habrio_outbox_pending" in worker) == (name in ("consumer", "vendor", "admin"))


def test_a_log_in_is_counted_by_all_who_have_to_do_with_it(stack: Stack) -> None:
    sent = "habrio_otps_total sent"
    route = "flask_http_request_total POST /api/v1/verify-otp 200"
    asked = "flask_http_request_total GET /verify 204"
    task = "habrio_tasks_total succeeded auth.deliver_otp"
    auth, gateway, worker = metrics(stack, "auth"), metrics(stack), metrics(stack, "auth-worker")
    for _ in range(8):  # both of auth's workers have a share
        Phone(stack.url).sign_in()
    now = metrics(stack, "auth")
    assert now[sent] >= auth.get(sent, 0) + 8
    assert now[route] >= auth.get(route, 0) + 8
    assert metrics(stack)[asked] >= gateway.get(asked, 0) + 24
    until(
        lambda: metrics(stack, "auth-worker").get(task, 0) >= worker.get(task, 0) + 8,
        seconds=30,
        what="the worker has delivered eight codes",
    )


def test_a_service_that_is_replaced_begins_anew_and_counts_on(stack: Stack) -> None:
    route = "flask_http_request_total GET /health 200"

    def ask(times: int) -> float:
        for _ in range(times):
            requests.get(f"{stack.service_url('admin')}/health", timeout=5)
        return metrics(stack, "admin").get(route, 0)

    ask(5)
    stack.roll("admin")
    until(lambda: ask(0) == 0 or ask(0) < 5, seconds=10, what="the new process's figures are there")
    before = ask(0)
    assert ask(7) == before + 7
