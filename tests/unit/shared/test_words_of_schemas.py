"""What people are told of a wrong field, and which links are kept for others to see."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from habrio_shared.api import problems_of
from habrio_shared.schemas import Body, Link, Required


class Shop(Body):
    name: Required
    logo_url: Link = ""


def said_of(**given: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Shop.model_validate(given)
    return [problem["msg"] for problem in problems_of(refused.value)]


def test_what_is_missing_or_empty_is_said_so_that_anybody_understands() -> None:
    assert said_of() == ["must be given"]
    assert said_of(name="  ") == ["must not be empty"]
    assert said_of(name="\x00") == ["must not contain control characters"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc"]
)
def test_a_link_that_a_browser_would_run_is_refused(link: str) -> None:
    assert said_of(name="Rice", logo_url=link) == ["must be the address of a picture on the web"]


@pytest.mark.parametrize(
    "link", ["https://img.example.com/a.png", "http://img/a", "logo.png", "img.example.com:80/a", ""]
)
def test_other_links_stay_as_apps_send_them(link: str) -> None:
    assert Shop.model_validate({"name": "Rice", "logo_url": link}).logo_url == link
