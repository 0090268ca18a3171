"""PAYONE's sales with a defect, and the settlement records that belong to no sale."""

from dataclasses import replace

from days import ONE, is_business_day
from payone import SILENT


def not_settled(c, o):
    c.ship(o)
    c.tell(o, "never settled: FUNDING_NOT_REPORTED")


def wrong_amount(c, o):
    off = c.rng.choice([-1, 1]) * c.rng.randint(101, 1500)
    c.fund(o, c.ship(o), o.amount + off)
    c.tell(o, f"settled {off} off: AMOUNT_MISMATCH")


def settled_twice(c, o):
    day = c.ship(o)
    c.fund(o, day, delay=0)
    c.fund(o, day, delay=c.rng.randint(1, 3))
    c.tell(o, "settled twice: DUPLICATE_FUNDING or DUPLICATE_LINE")


def same_record_twice(c, o):
    row = c.fund(o, c.ship(o))
    c.rows.append(replace(row, settled=c.business_day(row.settled + ONE * c.rng.choice([0, 1]))))
    c.tell(o, "the same record again: DUPLICATE_LINE")


def unknown_reference(c, o):
    o.currency = "EUR"
    c.fund(o, c.ship(o), ref=f"NOPE-{c.next_number()}")
    c.tell(o, "settled under an unknown reference: ORDER_NOT_FOUND")


def no_reference(c, o):
    row = c.fund(o, c.ship(o), ref="")
    if c.rng.random() < 0.7:
        row.order_id = ""
    elif o.currency == "EUR":
        row.order_id = o.ref
    c.tell(o, "no merchant reference: REFERENCE_MISSING, or found by the order id")


def unshipped_but_settled(c, o):
    c.reserve(o)
    c.fund(o, o.ordered.date() + ONE)
    c.tell(o, "settled without capture: STATUS_MISMATCH")


def refund_not_settled(c, o):
    day = c.ship(o)
    part = c.rng.choice([o.amount, c.part(o)])
    c.fund(o, day)
    c.shop_cancels(o, day + ONE, part, whole=part == o.amount)
    c.refund(o, day + ONE, part)
    c.tell(o, "refund never settled: CANCELLATION_NOT_REPORTED")


def refund_unexpected(c, o):
    day, part = c.ship(o), c.part(o)
    c.fund(o, day)
    c.refund(o, day + ONE * 2, part)
    c.line(o, "refund", day + ONE * 2, -part)
    c.tell(o, "refunded at PAYONE only: CANCELLATION_UNEXPECTED, PROVIDER_AMOUNT_MISMATCH")
    if c.rng.random() < 0.3:
        c.shop_cancels(o, day + ONE * 6, part)


def refund_differs(c, o):
    day, part = c.ship(o), c.rng.randint(1000, o.amount // 2 + 1000)
    off = c.rng.choice([-1, 1]) * c.rng.randint(150, 900)
    c.fund(o, day)
    c.shop_cancels(o, day + ONE, part)
    c.refund(o, day + ONE, part + off)
    c.line(o, "refund", day + ONE, -part - off)
    c.tell(o, f"refunded {off} off: CANCELLATION_AMOUNT_MISMATCH, PROVIDER_AMOUNT_MISMATCH")


def wrong_fee(c, o):
    row = c.fund(o, c.ship(o))
    fee = c.fee(row.gross)
    row.commission, row.vat = -fee + 3, c.rng.choice([-3, None])
    row.net = row.gross - fee + c.rng.choice([-1, 1]) * c.rng.randint(5, 80)
    c.tell(o, "net contradicts its parts: FEE_MISMATCH")


def other_currency(c, o):
    """An order in a foreign currency whose record knows only the settlement currency."""
    o.currency = "GBP"
    c.fund(o, c.ship(o), sold_currency="EUR")
    c.tell(o, "settled as if sold in EUR: CURRENCY_MISMATCH")


def other_merchant(c, o):
    o.versions = [(day, changes | {"merchant": "merchant_other"}) for day, changes in o.versions]
    c.fund(o, c.ship(o))
    c.tell(o, "the shop names another merchant: MERCHANT_MISMATCH")


# ---- the provider's word against the shop's --------------------------------------------------------

def shop_only(c, o):
    """The shop confirmed, PAYONE never captured; perhaps later."""
    c.reserve(o)
    day = c.confirm(o)
    if c.rng.random() < 0.5:
        late = day + ONE * c.rng.randint(2, 6)
        c.capture(o, late, o.amount)
        c.fund(o, late)
    c.tell(o, "confirmed by the shop only: PROVIDER_STATUS_MISMATCH")


def payone_only(c, o):
    """PAYONE captured, the shop does not know; perhaps later."""
    c.reserve(o)
    day = o.ordered.date() + ONE
    c.capture(o, day, o.amount)
    if c.rng.random() < 0.5:
        c.confirm(o, days=c.rng.randint(3, 7))
        c.fund(o, day + ONE * 6)
    c.tell(o, "captured but FAVORABLE at the shop: PROVIDER_STATUS_MISMATCH")


def cancelled_by_shop_only(c, o):
    c.reserve(o)
    c.shop_cancels(o, o.ordered.date() + ONE, o.amount, whole=True)
    c.tell(o, "cancelled by the shop, still reserved: PROVIDER_STATUS_MISMATCH")


def refused_by_payone_only(c, o):
    c.call(o, "failed", o.ordered.date())
    c.tell(o, "failed at PAYONE, FAVORABLE at the shop: PROVIDER_STATUS_MISMATCH")


def two_live_attempts(c, o):
    """Two transactions of one order go on: which one counts depends on what the order names."""
    first = o.transaction
    c.reserve(o)
    o.transaction, o.sequence, o.receivable = str(c.txid + 2000000), 0, 0
    day = c.confirm(o)
    c.reserve(o)
    c.capture(o, day, o.amount)
    c.fund(o, day)
    if c.rng.random() < 0.5:
        o.version(day, transaction_id=o.transaction)
    c.tell(o, f"{first} stays reserved beside {o.transaction}: mismatch unless the order names the other one")


def amount_differs(c, o):
    """Captured for less than the shop confirmed."""
    c.reserve(o)
    day = c.confirm(o)
    less = o.amount - c.part(o)
    c.capture(o, day, less)
    c.fund(o, day, c.rng.choice([less, o.amount]))
    c.tell(o, "captured for less: PROVIDER_AMOUNT_MISMATCH")


def shop_refund_only(c, o):
    day, part = c.ship(o), c.part(o)
    c.fund(o, day)
    c.shop_cancels(o, day + ONE, part)
    c.line(o, "refund", day + ONE, -part)
    c.tell(o, "refund settled but PAYONE's receivable stays: PROVIDER_AMOUNT_MISMATCH")


def unknown_to_the_shop(c, o):
    kind = c.rng.choice(["FUNDED", "FAVORABLE", "late", "with lines"])
    if kind == "late":
        o.versions = [(day + ONE * 4, changes) for day, changes in o.versions]
    else:
        c.orders.remove(o)
    c.reserve(o)
    if kind != "FAVORABLE":
        c.capture(o, o.ordered.date() + ONE, o.amount)
    if kind == "with lines" and o.currency == "EUR":
        c.fund(o, o.ordered.date() + ONE)
    c.tell(o, f"unknown to the shop ({kind}): ORDER_NOT_FOUND")


def event_lost(c, o):
    """A notification between two others never arrives, or comes late."""
    day, first = c.confirm(o), c.part(o)
    c.reserve(o)
    c.capture(o, day, first)
    missing = c.calls[-1]
    c.capture(o, day + ONE, o.amount - first)
    if c.rng.random() < 0.4:
        o.sequence += 2
        c.call(o, "reminder", day + ONE * 2, balance=o.receivable, reminderlevel="2")
    missing.lost = True
    if c.rng.random() < 0.5:
        missing.lost, missing.arrives = False, c.at(day + ONE * c.rng.randint(3, 6))
    c.fund(o, day)
    c.tell(o, "a notification is lost or late: EVENT_MISSING")


def forgotten(c, o):
    c.reserve(o)
    c.tell(o, "never captured: DEADLINE_AT_RISK in time")


# ---- chargebacks -----------------------------------------------------------------------------------

def charged_back(c, o):
    day = c.ship(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(3, 6)
    kind = c.rng.choice(["lines", "event", "both", "paid again", "part reversed", "twice", "no transaction",
                         "two references"])
    if kind in ("event", "both"):
        c.call(o, "cancelation", later, balance=o.receivable, failedcause="soc")
    if kind == "paid again":
        c.calls = [call for call in c.calls if call.transaction != o.transaction or call.values["txaction"] != "paid"]
        c.call(o, "cancelation", later, balance=o.receivable)
        c.call(o, "paid", later + ONE * c.rng.randint(1, 4))
    if kind not in ("event", "paid again"):
        own = {"transaction": ""} if kind == "no transaction" else {}
        bulk = {"batch": "", "paid": None} if c.rng.random() < 0.3 else {}
        row = c.line(o, "chargeback", later, -o.amount, **own, **bulk)
        if kind == "part reversed":
            c.line(o, "chargeback_reversal", later, o.amount // 2, delay=2)
        if kind == "twice":
            c.rows.append(replace(row))
        if kind == "two references":
            row.ref, row.gross, row.sold_amount = "", row.gross // 2, None
            row.sold_currency, row.order_id = "", ""
            c.line(o, "chargeback", later, -o.amount + o.amount // 2, delay=1)
    c.tell(o, f"charged back ({kind}): CHARGEBACK")


DEFECTS = [(not_settled, 4), (wrong_amount, 4), (settled_twice, 3), (same_record_twice, 3), (unknown_reference, 3),
           (no_reference, 3), (unshipped_but_settled, 2), (refund_not_settled, 3), (refund_unexpected, 3),
           (refund_differs, 3), (wrong_fee, 4), (other_currency, 2), (other_merchant, 1), (shop_only, 4),
           (payone_only, 4), (cancelled_by_shop_only, 2), (refused_by_payone_only, 2), (two_live_attempts, 2),
           (amount_differs, 3), (shop_refund_only, 3), (unknown_to_the_shop, 4), (event_lost, 8), (forgotten, 3),
           (charged_back, 14)]


def trade(payone):
    """Plays every day, with some reservations from before the world's history."""
    rng, plan = payone.rng, payone.plan
    for day in payone.days(plan.history_start):
        for _ in range(rng.choice([0, 1, 2, 3, 4])):
            table = DEFECTS if rng.random() < payone.partner.defects else SILENT
            scenario = rng.choices([s for s, _ in table], [w for _, w in table])[0]
            scenario(payone, payone.sell(day))
    if not plan.calm:
        for _ in range(rng.choice([0, 1, 2])):
            sale = payone.sell(plan.history_start - ONE * rng.randint(5, 20))
            forgotten(payone, sale)
    for day in payone.days(plan.history_start):
        if is_business_day(day, plan.holidays):
            account(payone, day)


def account(payone, day):
    """Records of the merchant's account: fees, taxes, holdbacks, and the payout instruction itself."""
    rng, number = payone.rng, payone.next_number
    if not payone.plan.calm and rng.random() < 0.15:
        type_ = rng.choice(["fee", "vat", "adjustment", "holdback", "repayment", "fx_purchase", "unknown", "bonus"])
        amount = rng.randint(100, 4000) + number() % 90
        sign = -1 if type_ in ("fee", "vat", "repayment") else rng.choice([-1, 1])
        payone.row(type_, day, sign * amount, turned=type_ == "fee" and rng.random() < 0.5)
        payone.story.append(f"payone account {day}: {type_} of {sign * amount} cents: ADJUSTMENT_UNASSIGNED")
    batch = payone.batches[day]
    worth = sum(row.worth for row in payone.rows if row.batch == batch and not row.memo)
    last = max(other for other, name in payone.batches.items() if name == batch)
    if day == last and rng.random() < 0.6 and worth:
        payone.row("clearing", day, worth + number() % 7 - 3, batch=batch, net=None)
