"""The payout bank on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from habrio_shared.schemas import Answer, Body, Required, Text
from habrio_vendor.payout_bank import rules


class PayoutBankIn(Body):
    """`account_number` is text, for it may begin with zeros."""

    bank_name: Required
    account_number: Annotated[Text, AfterValidator(rules.account_number)] = Field(repr=False, examples=["001234567890"])
    ifsc_code: Annotated[Text, AfterValidator(rules.ifsc_code)] = Field(examples=["HDFC0001234"])


class PayoutBankData(BaseModel):
    """`account_number` is masked: "XXXXXX" and its last four digits."""

    bank_name: str
    account_number: str
    ifsc_code: str


class PayoutBankSaved(Answer):
    message: str
    data: PayoutBankData
