"""What one person may use in a day: questions, and tokens of the model."""

from __future__ import annotations

import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from habrio_agent.budgets.errors import BudgetSpent
from habrio_agent.budgets.models import Budget
from habrio_agent.budgets.spend import take_call
from habrio_shared.database import after, reading, transaction
from tests.integration.agent.conftest import TOKEN, Asker, MakeApp
from tests.support.model import TOKENS, ModelService, answers, calls


def used(asker: Asker) -> tuple[int, int]:
    with asker.app.app_context(), reading() as session:
        budget = session.scalars(select(Budget).where(Budget.user_id == asker.user_id)).one()
        return budget.calls, budget.tokens


def move_day(asker: Asker, by: timedelta) -> None:
    """The person's day ends so much after now."""
    with asker.app.app_context(), transaction() as session:
        of = update(Budget).where(Budget.user_id == asker.user_id)
        session.execute(of.values(ends_at=after(by.total_seconds())), execution_options={"synchronize_session": False})


def test_each_question_and_the_tokens_of_each_call_are_counted(resident: Asker, model: ModelService) -> None:
    resident.ask()
    assert used(resident) == (1, TOKENS)
    model.moves = [calls(("wallet", {})), answers("250 rupees")]
    resident.ask()
    assert used(resident) == (2, 3 * TOKENS)


def test_what_fails_is_counted_with_the_tokens_it_cost(resident: Asker, model: ModelService) -> None:
    model.moves = [calls(("wallet", {})), "400"]
    resident.ask(expect=502)
    assert used(resident) == (1, TOKENS)


def test_an_endpoint_that_does_not_say_what_it_cost_is_estimated(resident: Asker, model: ModelService) -> None:
    model.moves = ["without usage"]
    resident.ask()
    assert used(resident)[1] > 100


def test_when_the_questions_are_used_up_it_is_429_until_the_day_ends(make_app: MakeApp, model: ModelService) -> None:
    asker = Asker(make_app(agent_calls_per_day=2))
    asker.ask()
    asker.ask()
    refused = asker.request("POST", "/api/v1/agent/query", json={"query": "More"}, headers={"Authorization": TOKEN})
    body = refused.get_json()
    assert (refused.status_code, body["error"]) == (429, "budget_spent")
    assert "at most 2 questions a day" in body["message"]
    assert 86_000 < int(refused.headers["Retry-After"]) <= 86_400
    assert refused.headers["RateLimit-Limit"] == "2"
    assert len(model.asked) == 2
    Asker(asker.app).ask()
    move_day(asker, timedelta(seconds=-1))
    asker.ask()
    assert used(asker) == (1, TOKENS)


def test_when_the_tokens_are_used_up_it_is_429(make_app: MakeApp, model: ModelService) -> None:
    asker = Asker(make_app(agent_tokens_per_day=TOKENS + 1))
    asker.ask()
    asker.ask()
    assert "tokens" in asker.ask(expect=429)["message"]
    move_day(asker, timedelta(seconds=90))
    refused = asker.request("POST", "/api/v1/agent/query", json={"query": "More"}, headers={"Authorization": TOKEN})
    assert 60 <= int(refused.headers["Retry-After"]) <= 90


def test_erasing_the_conversation_gives_no_question_back(make_app: MakeApp, model: ModelService) -> None:
    asker = Asker(make_app(agent_calls_per_day=1))
    asker.ask()
    asker.erase()
    asker.ask(expect=429)


def test_a_call_is_taken_once_however_many_take_at_once(make_app: MakeApp) -> None:
    app = make_app(agent_calls_per_day=60, database_pool_size=10)
    asker = Asker(app)
    taken: list[bool] = []
    ready = threading.Barrier(8)

    def take() -> None:
        ready.wait(20)
        for _ in range(20):
            with app.app_context():
                try:
                    take_call(asker.user_id)
                except BudgetSpent:
                    taken.append(False)
                else:
                    taken.append(True)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (taken.count(True), taken.count(False)) == (60, 100)
    assert used(asker)[0] == 60


def test_many_at_once_get_no_more_than_there_is(make_app: MakeApp, model: ModelService) -> None:
    """Of one person, in processes of their own: each app has its own seats, as each process has."""
    apps: list[Flask] = [make_app(agent_calls_per_day=3) for _ in range(8)]
    askers = [Asker(app) for app in apps]
    statuses: list[int] = []

    def ask(asker: Asker) -> None:
        same = Asker(asker.app, user_id=askers[0].user_id)
        answer = same.request("POST", "/api/v1/agent/query", json={"query": "Me"}, headers={"Authorization": TOKEN})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask, args=(asker,)) for asker in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [200] * 3 + [429] * 5
    assert used(askers[0]) == (3, 3 * TOKENS)
