"""Profiles on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from habrio_consumer.profile.rules import is_date_of_birth
from habrio_shared.schemas import Answer, Body, Day, Edit, Line, Required, Text


def _possible(day: date) -> date:
    if not is_date_of_birth(day, datetime.now(UTC).date()):
        raise ValueError("must be a day from 1900 to today")
    return day


DateOfBirth = Annotated[Day, AfterValidator(_possible)]
ImageUrl = Annotated[Text, Field(max_length=500, pattern=r"^(https?://\S+)?$")]
ShortLine = Annotated[Text, Field(max_length=50)]


class OnboardingIn(Body):
    flat_number: ShortLine = Field(default="", examples=["B-402"])
    profile_image_url: ImageUrl = ""
    gender: ShortLine = ""
    date_of_birth: DateOfBirth | None = None
    preferred_language: ShortLine = ""


class ProfileEdit(Edit):
    """Apps send the whole profile back; what is read-only there is ignored."""

    name: Required | None = None
    flat_number: ShortLine | None = None
    profile_image_url: ImageUrl | None = None
    gender: ShortLine | None = None
    date_of_birth: DateOfBirth | None = None
    preferred_language: ShortLine | None = None


class ProfileData(BaseModel):
    name: Line
    phone: str
    city: str
    society: str
    flat_number: str
    profile_image_url: str
    gender: str
    date_of_birth: date | None
    preferred_language: str


class ProfileOut(Answer):
    data: ProfileData
