"""One user, put together from the services that know them."""

from __future__ import annotations

from habrio_admin.audit.show import newest_on
from habrio_admin.clients import auth, consumer, vendor
from habrio_admin.orders.show import with_people
from habrio_admin.users.schemas import BusinessData, CustomerData, SessionData, WholeUser
from habrio_shared.contracts.customers import CustomerSummary
from habrio_shared.contracts.kyc import VendorDetail

NEWEST = 20


def show(user_id: int) -> WholeUser:
    """NotFound; Unavailable if a service is away that knows something of a user of their role."""
    user = auth.user(user_id)
    is_vendor, is_admin = user.role == "vendor", user.role == "admin"
    customer = None if is_vendor or is_admin else consumer.customer(user_id)
    business = vendor.vendor(user_id) if is_vendor else None
    orders = consumer.orders(limit=NEWEST, user_id=user_id).orders if customer and customer.orders else []
    return WholeUser(
        **user.model_dump(exclude={"sessions"}),
        sessions=[SessionData(**session.model_dump()) for session in user.sessions],
        customer=customer and _customer(customer),
        business=business and _business(business),
        orders=with_people(orders, {user.id: user}),
        audit=newest_on(f"user:{user_id}"),
    )


def _customer(known: CustomerSummary) -> CustomerData:
    return CustomerData(flat_number=known.flat_number, balance=known.balance_paise, orders=known.orders)


def _business(known: VendorDetail) -> BusinessData:
    facts = known.model_dump(exclude={"vendor_id", "balance_paise"})
    return BusinessData(**facts, balance=known.balance_paise)
