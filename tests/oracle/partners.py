"""What PAYONE's and e-Financing's sales have in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import money
from company import Company, Order
from days import ONE, is_business_day
from partner_plan import FOREIGN


@dataclass
class Sale(Order):
    """One order at a partner."""
    transaction: str = ""
    told_as: str = ""                # the reference that the partner was given; the order's unless set
    clock: datetime = None           # the latest moment of its life at the partner
    sequence: int = 0
    receivable: int = 0

    @property
    def partner_ref(self):
        return self.told_as or self.ref


class Partner(Company):
    """What PAYONE's and e-Financing's sales have in common."""

    provider = ""

    def __init__(self, plan, partner, story):
        self.plan, self.partner, self.rng, self.story = plan, partner, partner.rng, story
        self.orders, self.reports = [], {}
        self.number = self.rng.randint(100000, 900000)
        self.horizon = plan.last + ONE

    def new_sale(self, day, prefix, transaction, currency="EUR"):
        """A new order, FAVORABLE at the shop; most rows of the shop name the transaction."""
        rng = self.rng
        sale = Sale(
            ref=f"{prefix}-{self.order_number()}", country="", merchant=self.partner.merchant, currency=currency,
            amount=rng.randint(2000, 90000), code="", ordered=self.at(day), by_events=rng.random() < 0.2,
            provider=self.provider, transaction=transaction)
        named = {"transaction_id": transaction} if rng.random() < 0.6 else {}
        sale.clock = sale.ordered
        sale.version(day, status="FAVORABLE", amount=sale.amount, ordered_at=self.stamp(sale.ordered),
                     merchant=self.merchant_of(sale), product="", **named)
        self.orders.append(sale)
        return sale

    def merchant_of(self, sale):
        return self.rng.choice([sale.merchant, ""])

    def tick(self, sale, day):
        """A moment on a day, after everything that the partner knows of the sale."""
        sale.clock = max(self.at(day), sale.clock + timedelta(seconds=self.rng.randint(1, 400)))
        if sale.clock.hour in (1, 2):
            sale.clock = sale.clock.replace(hour=3)
        return sale.clock

    def business_day(self, day):
        while not is_business_day(day, self.plan.holidays):
            day += ONE
        return day

    def part(self, sale):
        """A part of a sale."""
        return self.rng.randint(100, sale.amount // 2)

    def tell(self, order, text):
        self.story.append(f"{self.provider} {order.ref} ({order.transaction}, {order.amount} {order.currency}, "
                          f"{order.ordered.date()}): {text}")


def in_euro(amount, currency):
    """Minor units of a sale in cents of EUR at a made-up rate."""
    if currency == "EUR":
        return amount
    return max(int(amount * FOREIGN[currency] / (100 if money.digits(currency) else 1)), 1)
