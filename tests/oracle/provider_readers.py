"""From the bytes of PAYONE's and e-Financing's files to their records, as spec/inputs.md words it:
the Unified Settlement Report, TransactionStatus notifications, and pages of the subscriptions list."""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timezone
from urllib.parse import unquote_to_bytes

from readers import BadRow, Line, Named, Refused, amount_of, csv_rows, decode, finish, moment, reference

# ---- Unified Settlement Report ------------------------------------------------------------------

USR_FIELDS = 31
USR_KINDS = {"settlement": "funding", "refund": "cancellation", "chargeback": "chargeback",
             "chargeback_reversal": "chargeback", "dispute": "chargeback"}
USR_MEMO = {"clearing", "reject", "debit_for_refunds", "prefunding", "prefunding_failure"}
USR_NEGATIVE = {"refund", "chargeback", "fee", "vat", "repayment"}
USR_POSITIVE = {"chargeback_reversal"}


def read_usr(data, name, provider, max_rejected_percent):
    """Settlement lines of a Unified Settlement Report; records are lists of one line.

    Every physical line is a row of its own: a quote that does not close spoils its row only."""
    texts = [(n, text) for n, text in enumerate(decode(data).splitlines(), start=1) if text.strip()]
    if next(csv.reader([texts[0][1]]))[0].strip() != "sett_dtl":
        raise Refused("unknown layout")
    records, rejected = [], []
    for number, text in texts:
        fields = [field.strip() for field in next(csv.reader([text]))]
        try:
            if len(fields) != USR_FIELDS:
                raise BadRow("number of fields")
            records.append((number, [usr_line(fields, name, number, provider)]))
        except BadRow as error:
            rejected.append((number, str(error), named_by_usr(fields, provider)))
    return finish(len(texts), records, rejected, max_rejected_percent)


def named_by_usr(fields, provider):
    """What a rejected record names, as far as it can be read."""
    cell = defaultdict(str, enumerate(fields, start=1))
    payout = cell[27] or cell[3]
    return Named(provider, reference(cell[8]) or reference(cell[6]), cell[7], (payout,) if payout else ())


def usr_line(fields, name, number, provider):
    """The settlement line of one `sett_dtl` record."""
    cell = dict(enumerate(fields, start=1))
    if cell[1] != "sett_dtl":
        raise BadRow(f"record type {cell[1]!r}")
    word = cell[9].lower()
    memo = word in USR_MEMO
    mandatory = (2, 3, 9) if memo else (2, 3, 9, 13, 14, 15)
    for field in mandatory:
        if not cell[field]:
            raise BadRow(f"field {field} missing")
    currency = currency_of(cell[14]) if cell[14] else ""
    gross, fee, mismatch = usr_amounts(cell, word, currency)
    order_amount, order_currency = None, ""
    if cell[11] and currency and cell[11] != currency and not memo:
        order_currency = currency_of(cell[11])
        order_amount = abs(amount_of(cell[12], order_currency)) * (-1 if gross < 0 else 1)
    return Line(
        provider=provider, kind="memo" if memo else USR_KINDS.get(word, "adjustment"), part="",
        order_ref=reference(cell[8]) or reference(cell[6]), transaction=cell[7], event_time=cell[10], gross=gross,
        fee=fee, payout_ref=cell[27] or cell[3], currency=currency, merchant=cell[2], code="", instalments="",
        file=name, line=number, report_date=day_of(cell[13]) if cell[13] else None,
        event_day=day_of(cell[10]) if cell[10] else None,
        column_mismatch=None if memo else mismatch, order_amount=order_amount, order_currency=order_currency)


def usr_amounts(cell, word, currency):
    """(gross, fee, contradiction) of a record."""
    def amount(field):
        return amount_of(cell[field], currency) if cell[field] else None

    gross, net, commission, vat = amount(15), amount(16), amount(18), amount(22)
    gross = gross or 0
    if word in USR_NEGATIVE:
        gross = -abs(gross)
    elif word in USR_POSITIVE:
        gross = abs(gross)
    sum_of_parts = gross + (commission or 0) + (vat or 0)
    contradiction = None
    if None not in (net, commission, vat) and net != sum_of_parts:
        contradiction = (sum_of_parts, net)
    return gross, gross - (sum_of_parts if net is None else net), contradiction


def currency_of(text):
    """A currency code, or the row is rejected."""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise BadRow(f"currency {text!r}")
    return text


def day_of(text):
    """A date written `DDMMYYYY`."""
    if not re.fullmatch(r"\d{8}", text):
        raise BadRow(f"date {text!r}")
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError as error:
        raise BadRow(f"date {text!r}") from error


# ---- PAYONE TransactionStatus -----------------------------------------------------------------------

NOTIFICATION_COLUMNS = ("txaction", "mode", "portalid", "aid", "txid", "reference", "sequencenumber", "txtime",
                        "currency", "receivable", "balance", "transactionstatus", "reminderlevel", "price",
                        "clearingtype", "notifyversion")
ACTIONS = {"appointed", "capture", "paid", "underpaid", "cancelation", "refund", "debit", "reminder", "invoice",
           "transfer", "vauthorization", "vsettlement", "failed"}


@dataclass(frozen=True)
class Notification:
    """One TransactionStatus notification that counts."""
    provider: str
    reference: str
    transaction: str
    sequence: int
    action: str
    receivable: int
    balance: int
    level: str
    currency: str
    observed: datetime
    stamped: bool            # whether a timestamp stood before the line

    @property
    def key(self):
        """What makes a repeated notification the same one."""
        return self.transaction, self.sequence, self.action, self.receivable, self.balance, self.level


def read_notifications(data, provider, zone, mode, max_rejected_percent):
    """Notifications of one log; ignored ones (test mode, pending) are rows without record."""
    count, records, rejected = 0, [], []
    for number, parse in notification_rows(decode(data)):
        count, cells = count + 1, {}
        try:
            stamp, cells = parse()
            record = notification(stamp, cells, provider, zone, mode)
            if record is not None:
                records.append((number, record))
        except BadRow as error:
            names = Named(provider, reference(cells.get("reference", "")), cells.get("txid", ""))
            rejected.append((number, str(error), names))
    return finish(count, records, rejected, max_rejected_percent)


def notification_rows(text):
    """(line number, function giving (timestamp, parameters)) of each notification of a log."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    first = lines[0][1]
    if first.lstrip().startswith("{"):
        return [(n, lambda line=line: ("", json_cells(line))) for n, line in lines]
    if "=" in first and "&" in first:
        return [(n, lambda line=line: urlencoded(line)) for n, line in lines]
    header, rows = csv_rows(text, set(NOTIFICATION_COLUMNS))
    if "txid" not in header or "txaction" not in header:
        raise Refused("unknown header")
    return [(n, lambda fields=fields: csv_cells(header, fields)) for n, fields in rows]


def json_cells(line):
    """The parameters of an NDJSON line, names without underscores."""
    try:
        values = json.loads(line, parse_float=str, parse_int=str)
    except ValueError as error:
        raise BadRow("JSON") from error
    return {name.replace("_", ""): "" if text is None else str(text) for name, text in values.items()}


def csv_cells(header, fields):
    """The parameters of a CSV row; it has no timestamp."""
    if len(fields) != len(header):
        raise BadRow("number of fields")
    return "", dict(zip(header, (field.strip() for field in fields)))


def urlencoded(line):
    """(timestamp, parameters) of a form-urlencoded body after a timestamp and a tab, if there is one."""
    stamp, tab, body = line.rpartition("\t")
    cells = {}
    for pair in body.strip().split("&"):
        name, _, text = pair.partition("=")
        cells[name.replace("_", "")] = percent_decoded(text).strip()
    return stamp.strip() if tab else "", cells


def percent_decoded(text):
    """A value: UTF-8 where that is valid, else ISO-8859-1."""
    data = unquote_to_bytes(text.replace("+", " "))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def notification(stamp, cells, provider, zone, mode):
    """One notification, None when it does not count."""
    if cells.get("mode", mode) != mode or cells.get("transactionstatus") == "pending":
        return None
    for name in ("txid", "txaction", "reference", "currency", "receivable", "balance"):
        if not cells.get(name):
            raise BadRow(f"{name} missing")
    if cells["txaction"] not in ACTIONS:
        raise BadRow(f"txaction {cells['txaction']!r}")
    currency, sequence = currency_of(cells["currency"]), cells.get("sequencenumber") or "0"
    if not re.fullmatch(r"\d{1,3}", sequence):
        raise BadRow(f"sequencenumber {sequence!r}")
    return Notification(
        provider=provider, reference=reference(cells["reference"]), transaction=cells["txid"],
        sequence=int(sequence), action=cells["txaction"], receivable=amount_of(cells["receivable"], currency),
        balance=amount_of(cells["balance"], currency), level=cells.get("reminderlevel", ""), currency=currency,
        observed=moment(stamp, zone) if stamp else unix_time(cells.get("txtime", ""), zone), stamped=bool(stamp))


def unix_time(text, zone):
    """A Unix time in a zone."""
    if not re.fullmatch(r"\d{1,11}", text):
        raise BadRow(f"txtime {text!r}")
    return datetime.fromtimestamp(int(text), timezone.utc).astimezone(zone)


# ---- e-Financing ---------------------------------------------------------------------------------------

STATUS_OF_WORD = {"INITIALIZED": "PENDING", "REQUESTED": "PENDING", "PRE_ACCEPTED": "PENDING",
                  "CANCELLED": "CANCELLED", "REJECTED": "REFUSED", "ABORTED": "ABORTED"}
SUBSCRIPTION_MANDATORY = ("creditSubscriptionId", "lastUpdateTimestamp", "solutionCode", "merchantGlobalOrderId",
                          "buyerFinancedAmount", "consolidatedStatus")


@dataclass(frozen=True)
class Subscription:
    """One credit subscription as a list response shows it."""
    provider: str
    reference: str
    transaction: str
    status: str              # canonical, empty for a word that is not known
    amount: int
    observed: datetime
    currency: str = "EUR"


def read_subscriptions(data, provider, zone, max_rejected_percent):
    """Subscriptions of a list response or of an array of them; an incomplete listing is refused."""
    try:
        document = json.loads(decode(data), parse_float=str, parse_int=str)
    except ValueError as error:
        raise Refused(f"JSON: {error}") from error
    pages = document if isinstance(document, list) else [document]
    if not pages or not all(isinstance(page, dict) and isinstance(page.get("subscriptions"), list) for page in pages):
        raise Refused("no list response")
    items = [item for page in pages for item in page["subscriptions"]]
    total = max(int(page.get("totalItemCount", 0)) for page in pages)
    distinct = {item["creditSubscriptionId"] for item in items if item.get("creditSubscriptionId")}
    if len(distinct) < total:
        raise Refused(f"{total - len(distinct)} of {total} subscriptions missing")
    records, rejected = [], []
    for number, item in enumerate(items, start=1):
        try:
            records.append((number, subscription(item, provider, zone)))
        except BadRow as error:
            names = Named(provider, reference(item.get("merchantGlobalOrderId") or ""),
                          item.get("creditSubscriptionId") or "")
            rejected.append((number, str(error), names))
    return finish(len(items), records, rejected, max_rejected_percent)


def subscription(item, provider, zone):
    """One item of the list."""
    for name in SUBSCRIPTION_MANDATORY:
        if item.get(name) in (None, ""):
            raise BadRow(f"{name} missing")
    return Subscription(
        provider=provider, reference=reference(item["merchantGlobalOrderId"]),
        transaction=item["creditSubscriptionId"], status=subscription_status(item),
        amount=amount_of(item["buyerFinancedAmount"], "EUR"), observed=moment(item["lastUpdateTimestamp"], zone))


def subscription_status(item):
    """The canonical status, empty when the word is not known."""
    word = item["consolidatedStatus"]
    if word == "CANCELLED" or item.get("cancellationStatus") == "CANCELLATION_ACCEPTED":
        return "CANCELLED"
    if word == "ACCEPTED":
        long_term = item["solutionCode"][4:6] == "LT"
        return "FAVORABLE" if long_term and item.get("isDelivered") is not True else "FUNDED"
    return STATUS_OF_WORD.get(word, "")
