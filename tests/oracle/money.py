"""Amounts: whole minor units beside an ISO 4217 currency. No floating point anywhere."""

import re
from decimal import ROUND_HALF_UP, Decimal

DIGITS = {"JPY": 0, "ISK": 0, "TND": 3, "KWD": 3}
LIMIT = 10**15


def digits(currency):
    """Decimals of a currency; two unless it is one of the few others used here."""
    return DIGITS.get(currency, 2)


def parse(text, currency, decimal_mark="."):
    """Text as minor units, or None when it is not an exact amount of this currency."""
    match = re.fullmatch(r"([+-]?)(\d+)(?:" + re.escape(decimal_mark) + r"(\d+))?", text.strip())
    if match is None:
        return None
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    places = digits(currency)
    if len(fraction) > places:
        return None
    value = int(whole + fraction.ljust(places, "0"))
    if value > LIMIT:
        return None
    return -value if sign == "-" else value


def text(minor, currency, decimal_mark="."):
    """Minor units as text with the currency's digits."""
    if minor is None:
        return ""
    places = digits(currency)
    sign, value = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    if places == 0:
        return sign + value
    return f"{sign}{value[:-places]}{decimal_mark}{value[-places:]}"


def round_half_away(value):
    """A Decimal rounded to a whole number, halves away from zero (ROUND_HALF_UP is by magnitude)."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
