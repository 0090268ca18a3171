"""The choices of a mixed world that concern PAYONE and e-Financing."""

import random
from dataclasses import dataclass, field

FIRST_MIXED_SEED = 1000
LOG_STYLES = ["stamped", "stamped", "stamped", "bare", "csv", "ndjson"]
FOREIGN = {"GBP": 117, "CHF": 104, "PLN": 23, "JPY": 0.62}      # cents of EUR for a unit or a hundred cents


@dataclass
class PartnerPlan:
    """Everything that is decided of PAYONE and e-Financing before their first sale."""
    rng: random.Random
    payone: dict = field(default_factory=dict)          # what [provider.payone] says
    e_financing: dict = field(default_factory=dict)     # what [provider.e-financing] says
    merchant: str = ""
    foreign: list = field(default_factory=list)         # currencies of sales that are settled in EUR
    fee: tuple = ()                                     # (rate, fixed, vat) of a [[fee]] rule for PAYONE
    log_style: str = "stamped"
    still_txtime: bool = False                          # txtime is the start of the payment process
    growing_log: bool = False
    page_size: int = 20
    single_page: bool = False
    batch_days: int = 1                                 # settlement days that one payout pays
    defects: float = 0.2


def make(plan, rng):
    """The partners' choices for a world's plan."""
    partner = PartnerPlan(rng)
    partner.payone = {
        "settlement_mode": rng.choice(["net", "net", "gross"]), "bank_text": r"(?i)\bpayone\b",
        "funding_delay_days": rng.randint(3, 6), "cancellation_delay_days": rng.randint(3, 6),
        "status_delay_days": rng.choice([0, 1, 1, 2, 3]),
        "payout_grace_business_days": rng.randint(1, 4), "entry_grace_business_days": rng.randint(1, 4),
        "bank_window_before_days": rng.randint(3, 7), "bank_window_after_days": rng.randint(12, 25)}
    if rng.random() < 0.4:
        partner.payone["confirm_deadline_days"] = rng.randint(10, 20)
    if rng.random() < 0.5:
        partner.e_financing = {"status_delay_days": rng.choice([0, 1, 2, 3]),
                               "cancellation_delay_days": rng.randint(2, 6)}
    partner.merchant = f"merchant_{rng.getrandbits(40):010x}"
    partner.foreign = rng.sample(sorted(FOREIGN), rng.choice([0, 1, 2]))
    if rng.random() < 0.4:
        partner.fee = (f"{rng.randint(80, 220) / 100:.2f}", rng.choice(["0.15", ""]), rng.choice(["19", ""]))
    partner.log_style = rng.choice(LOG_STYLES)
    partner.still_txtime = rng.random() < 0.3
    partner.growing_log = rng.random() < 0.2
    partner.page_size, partner.single_page = rng.choice([3, 5, 20]), rng.random() < 0.4
    partner.batch_days = rng.choice([1, 1, 2, 3])
    partner.defects = 0.03 if plan.calm else rng.choice([0.15, 0.25, 0.4])
    return partner


def settings_of(partner, name, toml):
    """The tables of recon.toml for the partners, as lines; `name` is PAYONE's."""
    table = partner.payone | ({"family": "payone"} if name != "payone" else {})
    lines = [f"[provider.{name}]"] + [f"{key} = {toml(value)}" for key, value in table.items()] + [""]
    if partner.e_financing:
        lines += ["[provider.e-financing]"]
        lines += [f"{key} = {toml(value)}" for key, value in partner.e_financing.items()] + [""]
    if partner.fee:
        rate, fixed, vat = partner.fee
        lines += ["[[fee]]", f'provider = "{name}"', f'rate_percent = "{rate}"']
        lines += [f'fixed = "{fixed}"'] if fixed else []
        lines += [f'vat_percent = "{vat}"'] if vat else []
        lines += ['from = "2020-01-01"', ""]
    return lines
