"""URLs of the services' databases, in each of the three ways to have one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from habrio_local import databases
from habrio_local.problem import Problem


def test_each_role_has_a_password_of_its_own_that_two_stacks_derive_alike() -> None:
    url = "postgresql://boss:top@db:5433/habrio?sslmode=require"
    first, second = databases.for_roles(url, "top"), databases.for_roles(url, "top")
    assert first == second
    assert len({urlsplit(u).password for u in [*first.urls.values(), first.view_url]}) == 6
    assert first.urls["auth"].endswith("@db:5433/habrio?sslmode=require")


def test_under_one_role_the_search_path_tells_the_services_apart_and_there_is_a_warning() -> None:
    found = databases.for_one_role("postgresql://one:pw@db/x?options=-cgeqo%3Doff&sslmode=disable")
    query = parse_qs(urlsplit(found.urls["vendor"]).query)
    assert query == {"options": ["-cgeqo=off -csearch_path=vendor"], "sslmode": ["disable"]}
    assert "one role" in found.warning


def test_sqlite_paths_become_absolute_and_the_gateway_reads_auths_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = databases.sqlite("sqlite:///data.db")
    assert found.urls["vendor"] == f"sqlite:///{tmp_path}/data.db"
    assert found.view_url == f"sqlite:///{tmp_path}/data-auth.db"
    with pytest.raises(Problem, match=r"ends in \.db"):
        databases.sqlite("sqlite:///data")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_driver_in_a_url_is_sqlalchemys_business(scheme: str) -> None:
    assert databases.plain(f"{scheme}://u:p@h/d") == "postgresql://u:p@h/d"
