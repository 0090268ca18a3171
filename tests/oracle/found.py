"""A discrepancy as the reference finds it."""

from dataclasses import dataclass, field
from datetime import date

import money

SEVERITY = {
    "REFERENCE_MISSING": "error", "ORDER_NOT_FOUND": "error", "CURRENCY_MISMATCH": "error",
    "MERCHANT_MISMATCH": "warning", "STATUS_MISMATCH": "error", "FUNDING_NOT_REPORTED": "error",
    "AMOUNT_MISMATCH": "error", "DUPLICATE_FUNDING": "error", "CANCELLATION_NOT_REPORTED": "error",
    "CANCELLATION_UNEXPECTED": "error", "CANCELLATION_AMOUNT_MISMATCH": "error", "OVER_CANCELLED": "error",
    "DUPLICATE_LINE": "warning", "FEE_MISMATCH": "warning", "CHARGEBACK": "warning",
    "ADJUSTMENT_UNASSIGNED": "info", "DEADLINE_AT_RISK": "warning", "PROVIDER_STATUS_MISMATCH": "error",
    "PROVIDER_AMOUNT_MISMATCH": "error", "EVENT_MISSING": "warning", "PAYOUT_NOT_RECEIVED": "error",
    "PAYOUT_AMOUNT_MISMATCH": "error", "PAYOUT_REFERENCE_MISSING": "warning",
    "DEBIT_NOT_TAKEN": "warning", "CARRY_OVER": "info",
    "AMBIGUOUS_MATCH": "warning", "BANK_CREDIT_UNEXPLAINED": "error", "BANK_DEBIT_UNEXPLAINED": "error",
    "REPORT_MISSING": "error", "REPORT_REPLACED": "info", "REPORT_DUPLICATE": "info",
    "REPORT_REJECTED": "error", "LINE_REJECTED": "error", "STATEMENT_GAP": "error",
    "STATEMENT_UNBALANCED": "error", "FEED_SILENT": "error"}
# The codes whose difference is money that somebody is short of or holds.
MONEY = {"ORDER_NOT_FOUND", "STATUS_MISMATCH", "FUNDING_NOT_REPORTED", "AMOUNT_MISMATCH", "DUPLICATE_FUNDING",
         "CANCELLATION_NOT_REPORTED", "CANCELLATION_UNEXPECTED", "CANCELLATION_AMOUNT_MISMATCH", "OVER_CANCELLED",
         "DUPLICATE_LINE", "FEE_MISMATCH", "CHARGEBACK", "PAYOUT_NOT_RECEIVED", "PAYOUT_AMOUNT_MISMATCH",
         "DEBIT_NOT_TAKEN", "BANK_CREDIT_UNEXPLAINED", "BANK_DEBIT_UNEXPLAINED"}


@dataclass(frozen=True)
class Found:
    """One discrepancy of one night, before its state. `key` and `code` make it itself."""
    code: str
    key: tuple
    event_date: date
    provider: str = ""
    order_reference: str = ""
    transaction_id: str = ""
    payout_reference: str = ""
    account: str = ""
    bank_entry: str = ""
    file: str = ""
    currency: str = ""
    expected: int = None
    actual: int = None
    before_books: bool = False           # looks wrong only because the time before `books_open` is unknown
    about: dict = field(default_factory=dict, compare=False, hash=False)     # what the rules of causes ask for

    @property
    def difference(self):
        """Actual less expected, None where the code has no amounts."""
        return None if self.expected is None or self.actual is None else self.actual - self.expected

    @property
    def exposure(self):
        """The money it is about, None where it is about none."""
        return self.difference if self.code in MONEY and not self.before_books else None

    @property
    def identity(self):
        return self.code, self.key

    @property
    def amounts(self):
        return self.expected, self.actual

    def cells(self):
        """The columns of discrepancies.csv that the specification fixes, as text."""
        return {
            "code": self.code, "severity": "info" if self.before_books else SEVERITY[self.code], "provider": self.provider,
            "order_reference": self.order_reference, "transaction_id": self.transaction_id,
            "payout_reference": self.payout_reference, "account": self.account,
            "bank_entry": self.bank_entry, "file": self.file, "currency": self.currency,
            "expected": money.text(self.expected, self.currency),
            "actual": money.text(self.actual, self.currency),
            "exposure": money.text(self.exposure, self.currency),
            "event_date": self.event_date.isoformat()}
