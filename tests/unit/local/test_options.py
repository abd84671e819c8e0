"""What the person may choose for his stack, and what is refused with a reason."""

from __future__ import annotations

import pytest

from habrio_local.options import Options
from habrio_local.problem import Problem


def test_nothing_given_is_a_development_stack_on_its_own_servers() -> None:
    options = Options.read({})
    assert (options.app_env, options.database, options.port, options.workers) == ("development", "own", None, 1)
    assert options.admin_phone == "9000000001"
    assert options.has_demo


@pytest.mark.parametrize("app_env", ["staging", "production"])
def test_an_administrator_is_made_only_where_asked_for_outside_development(app_env: str) -> None:
    options = Options.read({"APP_ENV": app_env})
    assert options.admin_phone == ""
    assert not options.has_demo


def test_an_empty_variable_counts_as_not_given() -> None:
    assert Options.read({"PORT": "", "DATABASE_URL": ""}).database == "own"


def test_sqlite_allows_one_worker_only() -> None:
    options = Options.read({"DATABASE_URL": "sqlite:///data.db", "WORKERS": "4"})
    assert (options.database, options.workers) == ("sqlite", 1)


@pytest.mark.parametrize(
    "environ",
    [
        {"PORT": "http"},
        {"PORT": "0"},
        {"PORT": "70000"},
        {"APP_ENV": "prod"},
        {"DATABASE_URL": "mysql://x"},
        {"WORKERS": "-1"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_used_is_a_problem_that_names_it(environ: dict[str, str]) -> None:
    with pytest.raises(Problem, match=next(iter(environ))):
        Options.read(environ)
