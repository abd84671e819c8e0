"""A question begins by taking one call of its person's day; each answer of the model takes the tokens it cost."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from habrio_agent.budgets.errors import BudgetSpent
from habrio_agent.budgets.models import Budget
from habrio_agent.settings import current_settings
from habrio_shared.database import after, db_now, insert_ignore, transaction

DAY_SECONDS = 86_400


def take_call(user_id: int) -> None:
    """One more question of the user's. BudgetSpent when the day's calls or tokens are gone, with the seconds to wait.

    What then fails counts too: it may have cost as much as what succeeds.
    """
    settings = current_settings()
    with transaction() as session:
        budget = _of_today(session, user_id)
        if budget.calls >= settings.agent_calls_per_day:
            raise _spent(session, budget, settings.agent_calls_per_day, "questions")
        if budget.tokens >= settings.agent_tokens_per_day:
            raise _spent(session, budget, settings.agent_tokens_per_day, "tokens of its model")
        budget.calls += 1


def take_tokens(user_id: int, tokens: int) -> None:
    """So many tokens were used; at once, so that what fails later is counted as well. Takes more than there is left."""
    with transaction() as session:
        session.execute(
            update(Budget)
            .where(Budget.user_id == user_id)
            .values(tokens=Budget.tokens + tokens)
            .execution_options(synchronize_session=False)
        )


def _of_today(session: Session, user_id: int) -> Budget:
    """The user's budget, locked; a day that is over begins anew with this question."""
    insert_ignore(session, Budget, {"user_id": user_id, "calls": 0, "tokens": 0, "ends_at": after(DAY_SECONDS)})
    query = select(Budget, Budget.ends_at <= db_now()).where(Budget.user_id == user_id).with_for_update()
    budget, is_over = session.execute(query).one()
    if is_over:
        renewed = update(Budget).where(Budget.user_id == user_id)
        renewed = renewed.values(calls=0, tokens=0, ends_at=after(DAY_SECONDS))
        session.execute(renewed.execution_options(synchronize_session=False))
        session.refresh(budget)
    return budget


def _spent(session: Session, budget: Budget, limit: int, what: str) -> BudgetSpent:
    now = session.execute(select(db_now())).scalar_one()
    wait_seconds = max(1, round((budget.ends_at - now).total_seconds()))
    return BudgetSpent(
        f"The assistant answers one person at most {limit} {what} a day, please wait {wait_seconds} s",
        retry_after_seconds=wait_seconds,
        limit=limit,
    )
