"""The choices that make a world: dates, countries, mode, delays, file styles, recon.toml."""

import random
import zoneinfo
from dataclasses import dataclass, field
from datetime import date

import feeds as feeds_plan
import partner_plan
from days import ONE, easter_sunday

COUNTRIES = ["es", "it", "be", "pt", "ro"]
SECOND_CURRENCY = {"es": "GBP", "it": "CHF", "be": "GBP", "pt": "USD", "ro": "RON"}
CODES = {"3X": 3, "4X": 4, "10X": 10, "PL": 1}
CODES_V2 = {"3XD": 3, "4XD": 4, "10XD": 10, "PLD": 1}        # no fee rule is for these
INPUTS = ["oney-crp", "orders", "order-events", "bank-statement"]
FOLDERS = {"oney-crp": "inbox/oney", "orders": "inbox/orders", "order-events": "inbox/events",
           "bank-statement": "inbox/bank"}
PARTNER_INPUTS = ["payone-settlement", "payone-status", "e-financing"]       # of mixed worlds
PARTNER_FOLDERS = {"payone-settlement": "inbox/payone", "payone-status": "inbox/payone-status",
                   "e-financing": "inbox/e-financing"}


@dataclass
class Plan:
    """Everything that is decided before the first sale."""
    rng: random.Random
    nights: list = field(default_factory=list)
    history_start: date = None
    countries: list = field(default_factory=list)
    merchants: dict = field(default_factory=dict)       # country -> guids
    currencies: dict = field(default_factory=dict)      # country -> currencies
    layouts: dict = field(default_factory=dict)         # country -> v2 or v3
    mode: str = "net"
    provider: dict = field(default_factory=dict)        # what [provider.oney] says
    tolerance: str = "0.00"
    fee_tolerance: str = "0.01"
    fees: dict = field(default_factory=dict)            # code -> (rate, fixed, vat)
    holidays: list = field(default_factory=list)
    timezone: str = "Europe/Paris"
    decimal_mark: str = "."
    commission_column: bool = True
    net_column: bool = True
    signed_cancellations: bool = False
    orders_style: str = "delta-csv"
    updated_at: bool = True
    bank_style: str = "camt"
    bank_ids: bool = True
    bank_forward: bool = False                          # CSV exports show tomorrow's entries too
    funding_is_gross: bool = False                      # what Funding_amount holds in net mode
    max_combined: int = 7
    accounts: dict = field(default_factory=dict)        # currency -> IBAN
    archive: bool = False
    restart: str = ""                                   # country whose numbers start again
    report_days: dict = field(default_factory=dict)
    payone: bool = False
    old_month: bool = False                             # gross mode: one report two months back
    partners: partner_plan.PartnerPlan = None           # PAYONE and e-Financing, in mixed worlds
    feeds: feeds_plan.Feeds = None                      # names, accounts, outages, looks at old days
    without: tuple = ()                                 # kinds of input that the world shall not have
    calm: bool = False                                  # hardly any defect: the report must be all but empty

    @property
    def inputs(self):
        """The keys of the inputs in the order of recon.toml: their kinds, a second one of a kind with #2."""
        kinds = INPUTS + (PARTNER_INPUTS if self.partners else [])
        kinds = kinds + (["orders#2"] if self.feeds and self.feeds.two_shops else [])
        return [kind for kind in kinds if kind.split("#")[0] not in self.without]

    @property
    def folders(self):
        """Key of an input -> its folder."""
        return FOLDERS | {"orders#2": "inbox/other-orders"} | (PARTNER_FOLDERS if self.partners else {})

    @property
    def bank_accounts(self):
        """(currency, IBAN) of all accounts."""
        return sorted(self.accounts.items()) + self.feeds.more_accounts

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def last(self):
        return self.nights[-1]


def make(rng, long=False):
    """A plan from a random source; a long one has sixty nights."""
    plan = Plan(rng)
    plan.calm = rng.random() < 0.2
    dates(plan, long)
    people(plan)
    rules(plan)
    styles(plan)
    return plan


def dates(plan, long):
    rng = plan.rng
    year = rng.choice([2025, 2026, 2027])
    start = rng.choice([
        date(year, 1, 1) + ONE * rng.randrange(360),
        date(year, 12, 12) + ONE * rng.randrange(15),
        easter_sunday(year) - ONE * rng.randrange(2, 15),
        date(year, rng.randrange(1, 12), 20) + ONE * rng.randrange(8)])
    count = rng.randint(10, 25) if not long else 60
    plan.nights = [start + ONE * n for n in range(count)]
    if rng.random() < 0.25:
        for _ in range(rng.randint(1, 3)):
            plan.nights.pop(rng.randrange(1, len(plan.nights) - 1))
    plan.history_start = start - ONE * rng.choice([2, 3, 5, 8, 12])
    if rng.random() < 0.2:
        plan.history_start = start - ONE * rng.randint(18, 26)
        plan.restart = "?"


def people(plan):
    rng = plan.rng
    second = rng.choice(COUNTRIES)
    plan.countries = ["fr", second]
    if plan.restart:
        plan.restart = rng.choice(plan.countries)
    for country in plan.countries:
        plan.merchants[country] = [f"{country}-{rng.getrandbits(48):012x}" for _ in range(rng.choice([1, 1, 2, 3]))]
        plan.currencies[country] = ["EUR"]
        plan.layouts[country] = "v3"
    if rng.random() < 0.3:
        plan.currencies[second].append(SECOND_CURRENCY[second])
    if rng.random() < 0.3:
        plan.layouts[rng.choice(plan.countries)] = "v2"
    currencies = {c for names in plan.currencies.values() for c in names}
    plan.accounts = {currency: iban(rng) for currency in sorted(currencies)}


def iban(rng):
    """A French IBAN with a right check number."""
    bban = "".join(rng.choice("0123456789") for _ in range(23))
    number = int(bban + "152700")
    return f"FR{98 - number % 97:02d}{bban}"


def rules(plan):
    rng = plan.rng
    plan.mode = rng.choice(["net", "gross"])
    plan.provider = {
        "settlement_mode": plan.mode, "bank_text": r"(?i)\boney\b",
        "funding_delay_days": rng.randint(2, 6), "cancellation_delay_days": rng.randint(2, 6),
        "payout_grace_business_days": rng.randint(1, 4), "entry_grace_business_days": rng.randint(1, 4),
        "bank_window_before_days": rng.randint(3, 7), "bank_window_after_days": rng.randint(12, 25)}
    rng.random()
    if rng.random() < 0.4:
        plan.provider["confirm_deadline_days"] = rng.randint(6, 12)
        plan.provider["deadline_warning_days"] = rng.randint(1, 4)
    if rng.random() < 0.15:
        country = plan.countries[1]
        plan.report_days = {"fr": ["sun", "mon", "tue", "wed", "thu", "fri"],
                            country: ["mon", "tue", "wed", "thu", "fri"]}
        plan.provider["report_days"] = plan.report_days | {"default": "daily"}
    plan.tolerance = rng.choice(["0.00", "0.00", "0.00", "0.02", "1.00"])
    plan.fee_tolerance = rng.choice(["0.01", "0.02"])
    if rng.random() < 0.6:
        for code in rng.sample(sorted(CODES), rng.randint(1, 4)):
            vat = rng.choice(["", "20"])
            plan.fees[code] = (f"{rng.randint(50, 250) / 100:.2f}", rng.choice(["0.10", "0.25", ""]), vat)
    plan.holidays = [plan.nights[0] + ONE * rng.randrange(len(plan.nights))] if rng.random() < 0.5 else []
    plan.max_combined = rng.choice([7, 7, 3])
    plan.old_month = plan.mode == "gross" and not plan.restart and rng.random() < 0.3


def styles(plan):
    rng = plan.rng
    plan.timezone = rng.choice(["Europe/Paris", "Europe/Paris", "Europe/Madrid", "Europe/Lisbon", "UTC"])
    if "v2" not in plan.layouts.values() and rng.random() < 0.25:
        plan.decimal_mark = ","
    plan.commission_column = rng.random() < 0.85
    plan.net_column = plan.commission_column and rng.random() < 0.8
    if plan.mode == "gross" and not plan.commission_column:
        plan.fees = {}                                  # no commission is ever shown
    plan.signed_cancellations = rng.random() < 0.4
    plan.orders_style = rng.choice(["delta-csv", "delta-csv", "delta-ndjson", "full-csv", "full-dated"])
    plan.updated_at = rng.random() < 0.6
    plan.bank_style = rng.choice(["camt", "camt", "csv-days", "csv-overlap", "csv-growing"])
    plan.bank_ids = plan.bank_style == "camt" or rng.random() < 0.4
    plan.bank_forward = rng.random() < 0.25
    plan.funding_is_gross = plan.commission_column and rng.random() < 0.3
    plan.archive = rng.random() < 0.2
    plan.payone = rng.random() < 0.3


def codes(plan, country):
    """Commercial codes of a country with their instalments."""
    return CODES_V2 if plan.layouts[country] == "v2" else CODES


# ---- recon.toml ---------------------------------------------------------------------------------

def toml(value):
    """A value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, date):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def config(plan):
    """The text of recon.toml."""
    feeds = plan.feeds
    parts = [f'timezone = "{plan.timezone}"', 'language = "en"', f"holidays = {toml(plan.holidays)}"]
    parts += [f'books_open = "{feeds.books_open}"'] if feeds.books_open else []
    parts += [f"closed_accounts = {toml(feeds.closed)}"] if feeds.closed else []
    parts += ["", "[database]", 'url = "sqlite://var/recon.db"', ""]
    for key in plan.inputs:
        kind = key.split("#")[0]
        parts += ["[[input]]", f'kind = "{kind}"', f'path = "{plan.folders[key]}"']
        if key in feeds.limits:
            parts.append(f"max_silence_business_days = {feeds.limits[key]}")
        name = {"oney-crp": feeds.oney, "payone-settlement": feeds.payone, "payone-status": feeds.payone}.get(kind)
        if name not in (None, "oney", "payone"):
            parts.append(f'provider = "{name}"')
        if kind == "oney-crp" and plan.decimal_mark == ",":
            parts.append('profile = "our-crp"')
        if kind == "oney-crp" and plan.archive:
            parts.append('archive = "archive/oney"')
        if kind == "bank-statement" and plan.bank_style != "camt":
            parts.append('profile = "our-bank"')
        parts.append("")
    parts += [f"[provider.{feeds.oney}]"] + [f"{key} = {toml(value)}" for key, value in provider(plan).items()] + [""]
    parts += partner_plan.settings_of(plan.partners, feeds.payone, toml) if plan.partners else []
    parts += ["[matching]", f'amount_tolerance = "{plan.tolerance}"', f'fee_tolerance = "{plan.fee_tolerance}"',
              f"max_combined_payouts = {plan.max_combined}", ""]
    for code, (rate, fixed, vat) in sorted(plan.fees.items()):
        parts += ["[[fee]]", f'provider = "{feeds.oney}"', f'product = "{code}"', f'rate_percent = "{rate}"']
        parts += [f'fixed = "{fixed}"'] if fixed else []
        parts += [f'vat_percent = "{vat}"'] if vat else []
        parts += ['from = "2020-01-01"', ""]
    if plan.decimal_mark == ",":
        parts += ["[[profile]]", 'name = "our-crp"', 'extends = "oney-crp-v3"', 'decimal_mark = ","', ""]
    if plan.bank_style != "camt":
        parts += bank_profile(plan)
    parts += ["[report]", 'directory = "reports"', 'formats = ["csv", "json"]', ""]
    return "\n".join(parts)


def provider(plan):
    """What Oney's table says."""
    feeds, table = plan.feeds, dict(plan.provider)
    accounts = {"all": plan.bank_accounts, "main": sorted(plan.accounts.items()), "": []}[feeds.configured]
    table |= {"accounts": [account for _, account in accounts]} if accounts else {}
    table |= {"family": "oney"} if feeds.oney != "oney" else {}
    return table | ({"books_open": str(feeds.own_books[feeds.oney])} if feeds.own_books else {})


def bank_profile(plan):
    parts = ["[[profile]]", 'name = "our-bank"', 'extends = "bank-csv"', 'delimiter = ";"',
             'decimal_mark = ","', 'dates = ["%d/%m/%Y"]', "[profile.columns]", 'account = ["Compte"]',
             'booking_date = ["Date comptable"]', 'value_date = ["Date de valeur"]', 'amount = ["Montant"]',
             'currency = ["Devise"]', 'counterparty = ["Tiers"]', 'remittance = ["Libellé"]']
    return parts + (['entry_id = ["Référence"]', ""] if plan.bank_ids else [""])
