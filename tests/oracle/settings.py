"""The configuration as far as the reference needs it: recon.toml with the defaults of spec/cli.md."""

import re
import tomllib
import zoneinfo
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import money

PROVIDER_DEFAULTS = {
    "settlement_mode": "net", "accounts": [], "funding_delay_days": 5, "cancellation_delay_days": 5,
    "status_delay_days": 1, "payout_grace_business_days": 3, "entry_grace_business_days": 3,
    "bank_window_before_days": 5, "bank_window_after_days": 20, "deadline_warning_days": 5, "report_days": {}}
LINES = ("oney-crp", "payone-settlement")                # the kinds of input that report money
SILENCE = {"bank-statement": 3, "orders": 3, "payone-settlement": 6}     # default max_silence_business_days
KINDS_OF_PROVIDERS = ("oney-crp", "payone-settlement", "payone-status", "e-financing")
FAMILY_OF_KIND = {"payone-settlement": "payone", "payone-status": "payone", "e-financing": "e-financing"}


@dataclass(frozen=True)
class FeeRule:
    """One `[[fee]]` rule."""
    provider: str
    product: str
    rate_percent: Decimal
    fixed: Decimal
    vat_percent: Decimal
    valid_from: date

    def fits(self, line):
        """Whether the rule is one for a settlement line."""
        if line.provider != self.provider or line.report_date < self.valid_from:
            return False
        return self.product is None or self.product in (line.code, line.instalments)

    def fee(self, gross, currency):
        """Expected fee in minor units: (gross x rate + fixed), then VAT, rounded once."""
        unit = Decimal(10) ** money.digits(currency)
        fee = Decimal(gross) * self.rate_percent / 100 + self.fixed * unit
        return money.round_half_away(fee * (100 + self.vat_percent) / 100)


class Settings:
    """recon.toml, read."""

    def __init__(self, text):
        raw = tomllib.loads(text)
        self.raw = raw
        self.zone = zoneinfo.ZoneInfo(raw.get("timezone", "Europe/Paris"))
        self.holidays = {date.fromisoformat(day) for day in raw.get("holidays", [])}
        self.inputs = raw["input"]
        self.closed_accounts = set(raw.get("closed_accounts", []))
        self.profiles = {profile["name"]: profile for profile in raw.get("profile", [])}
        matching = raw.get("matching", {})
        self.amount_tolerance = Decimal(matching.get("amount_tolerance", "0.00"))
        self.fee_tolerance = Decimal(matching.get("fee_tolerance", "0.01"))
        self.max_combined_payouts = matching.get("max_combined_payouts", 7)
        self.fees = [FeeRule(fee["provider"], fee.get("product"), Decimal(fee.get("rate_percent", "0")),
                             Decimal(fee.get("fixed", "0")), Decimal(fee.get("vat_percent", "0")),
                             date.fromisoformat(fee.get("from", "0001-01-01")))
                     for fee in raw.get("fee", [])]

    def provider(self, name):
        """Settings of one provider with the defaults filled in."""
        table = PROVIDER_DEFAULTS | {"bank_text": re.escape(name)} | self.raw.get("provider", {}).get(name, {})
        if self.family(name) == "payone":
            table = {"confirm_deadline_days": 28} | table
        return table

    def family(self, name):
        """Whose rules a provider follows: what its table says, else its own name, else the one that its
        inputs are of."""
        told = self.raw.get("provider", {}).get(name, {}).get("family")
        kinds = {FAMILY_OF_KIND.get(entry["kind"], "oney") for entry in self.inputs
                 if entry["kind"] in KINDS_OF_PROVIDERS and self.provider_of(entry) == name}
        return told or (name if name in ("oney", "payone", "e-financing") else min(kinds, default=name))

    def books_open(self, provider=""):
        """The day on which the books begin, for a provider; None when nobody says."""
        day = self.raw.get("provider", {}).get(provider, {}).get("books_open", self.raw.get("books_open"))
        return None if day is None else date.fromisoformat(str(day))

    def max_silence(self, entry):
        """Business days for which an input may be silent, 0 for ever."""
        default = SILENCE.get(entry["kind"], 0)
        if entry["kind"] in LINES and self.provider(self.provider_of(entry))["report_days"]:
            default = 0
        return entry.get("max_silence_business_days", default)

    def tolerance(self, currency):
        """The amount tolerance in minor units."""
        return int(self.amount_tolerance * 10 ** money.digits(currency))

    def fee_tolerance_minor(self, currency):
        """The fee tolerance in minor units."""
        return int(self.fee_tolerance * 10 ** money.digits(currency))

    def reporting_providers(self):
        """Providers with an input that reports money."""
        return {self.provider_of(entry) for entry in self.inputs if entry["kind"] in LINES}

    def known_providers(self):
        """Providers whose entries on the account are known: those with an input or a table of their own."""
        return {self.provider_of(entry) for entry in self.inputs if entry["kind"] in KINDS_OF_PROVIDERS} \
            | set(self.raw.get("provider", {}))

    def provider_of(self, entry):
        """The provider of an input."""
        return entry.get("provider", FAMILY_OF_KIND.get(entry["kind"], "oney"))
