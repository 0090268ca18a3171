"""From the bytes of one input file to its records, as spec/inputs.md words it.

A reader returns (rows read, rejected, records) where `rejected` is a list of
(line number, reason, what the row names); it raises `Refused` when the whole file is refused.
"""

import csv
import gzip
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from datetime import date, datetime

import money


class Refused(Exception):
    """The whole file is refused; the text is the reason."""


class BadRow(Exception):
    """One row is rejected; the text is the reason."""


@dataclass(frozen=True)
class Named:
    """What a rejected row names, as far as it can be read."""
    provider: str = ""
    order: str = ""
    transaction: str = ""
    payouts: tuple = ()


@dataclass(frozen=True)
class Line:
    """One settlement line."""
    provider: str
    kind: str            # funding, cancellation, chargeback, adjustment or memo
    part: str            # v2: deposit or funding; v3: empty
    order_ref: str
    transaction: str
    event_time: str
    gross: int
    fee: int
    payout_ref: str
    currency: str
    merchant: str
    code: str            # commercial code
    instalments: str
    file: str
    line: int
    report_date: date
    column_mismatch: tuple = None    # (expected, actual) of FEE_MISMATCH by the line's own columns
    order_amount: int = None         # what leg 1 compares, where the sale was in another currency
    order_currency: str = ""
    event_day: date = None           # the day of the event time

    @property
    def compared(self):
        """(amount, currency) that leg 1 compares with the order."""
        if self.order_amount is None:
            return self.gross, self.currency
        return self.order_amount, self.order_currency

    @property
    def identity(self):
        return (self.kind, self.part, self.order_ref, self.transaction, self.event_time,
                self.gross, self.fee, self.payout_ref, self.currency)


@dataclass(frozen=True)
class Entry:
    """One booked statement entry."""
    account: str
    entry_id: str
    booking: date
    value: date
    amount: int
    currency: str
    counterparty: str
    references: tuple
    text: str


@dataclass(frozen=True)
class Statement:
    """One statement of one account with its balances."""
    account: str
    id: str
    sequence: str
    first: date
    last: date
    currency: str
    opening: int
    closing: int
    entries: tuple


# ---- text ---------------------------------------------------------------------------------

def decode(data):
    """Bytes of a text file as text: .gz, BOMs, UTF-8, else Windows-1252."""
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise Refused(f"unreadable gzip: {error}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if not text.strip():
        raise Refused("empty file")
    return text


def plain(name):
    """A column name without case, spaces, underscores, hyphens and accents."""
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    return re.sub(r"[\s_\-]", "", "".join(c for c in letters if not unicodedata.combining(c)))


def reference(text):
    """A reference as it is compared: trimmed, without a leading `CMDE|`."""
    return text.strip().removeprefix("CMDE|")


def csv_rows(text, known, delimiter=None):
    """(header as plain names, [(line number, fields)]); the delimiter is the one whose header
    holds most of the known names."""
    def header_by(mark):
        return [plain(name) for name in next(csv.reader(io.StringIO(text, newline=""), delimiter=mark))]
    marks = [delimiter] if delimiter else [",", ";", "\t", "|"]
    mark = max(marks, key=lambda m: sum(name in known for name in header_by(m)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    header = [plain(name) for name in next(reader)]
    return header, [(reader.line_num, fields) for fields in reader if fields]


def read_rows(header, rows, read, max_rejected_percent, named=lambda row: Named()):
    """Reads every row; a row with another number of fields than the header is rejected."""
    records, rejected = [], []
    for number, fields in rows:
        row = dict(zip(header, (f.strip() for f in fields)))
        try:
            if len(fields) != len(header):
                raise BadRow("number of fields")
            records.append((number, read(number, row)))
        except BadRow as error:
            rejected.append((number, str(error), named(row)))
    return finish(len(rows), records, rejected, max_rejected_percent)


def finish(count, records, rejected, max_rejected_percent):
    """Refuses the file when too many rows are rejected (ignored below 20 rows)."""
    if count >= 20 and len(rejected) * 100 > max_rejected_percent * count:
        raise Refused(f"{len(rejected)} of {count} rows rejected")
    return count, rejected, records


def day_month_year(text):
    """`DD/MM/YYYY` or `DD/MM/YY`."""
    match = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4}|\d{2})", text)
    if match is None:
        raise BadRow(f"date {text!r}")
    year = int(match.group(3))
    try:
        return date(year + 2000 if len(match.group(3)) == 2 else year, int(match.group(2)), int(match.group(1)))
    except ValueError as error:
        raise BadRow(f"date {text!r}") from error


def amount_of(text, currency, decimal_mark="."):
    """An amount, or the row is rejected."""
    value = money.parse(text, currency, decimal_mark)
    if value is None:
        raise BadRow(f"amount {text!r}")
    return value


# ---- oney-crp ---------------------------------------------------------------------------------

CRP_NAME = re.compile(r"crp_([a-z]+)_v([^_]*)_(\d{6}|\d{8})_(\d+)\.csv(\.gz)?", re.IGNORECASE)
CRP_COMMON = ["prtype", "iscancel", "merchantguid", "transactionamount", "transactionamountcurrency"]
CRP_V2 = ["paymentamount", "commissionamount", "transferid",
          "paymentamount2", "commissionamount2", "transferid2"]
CRP_KNOWN = set(CRP_COMMON + CRP_V2 + [
    "pspguid", "merchantname", "purchasedate", "purchasehour", "canceldate", "cancelhour",
    "fundingreference", "externalreference", "transactionnumber", "customerexternalcode",
    "merchantcontext", "pspcontext", "installmentnumber", "paymentdelay", "commercialcode",
    "fundingamount", "netamount"])


def crp_name(name):
    """(country, report date, sequence) of a file name, or None when it does not fit."""
    match = CRP_NAME.fullmatch(name)
    if match is None:
        return None
    digits = match.group(3)
    year, rest = (int("20" + digits[:2]), digits[2:]) if len(digits) == 6 else (int(digits[:4]), digits[4:])
    try:
        return match.group(1).lower(), date(year, int(rest[:2]), int(rest[2:])), int(match.group(4))
    except ValueError:
        return None


def read_crp(data, name, report_date, options):
    """Settlement lines of a CRP file; records are lists of lines, one list a row."""
    header, rows = csv_rows(decode(data), CRP_KNOWN)
    if any(column not in header for column in CRP_COMMON):
        raise Refused("unknown header")
    version2 = "paymentamount" in header or "paymentamount2" in header
    if not version2 and "fundingamount" not in header:
        raise Refused("unknown header")
    reader = CrpRow(name, report_date, options["provider"], options["decimal_mark"], version2)
    return read_rows(header, rows, reader.read, options["max_rejected_percent"], reader.named)


@dataclass
class CrpRow:
    """Reads one row of a CRP file."""
    file: str
    report_date: date
    provider: str
    decimal_mark: str
    version2: bool

    def named(self, row):
        """What a rejected row names."""
        payouts = [row.get(column, "") for column in ("transferid", "transferid2")]
        return Named(self.provider, reference(row.get("externalreference", "")),
                     row.get("transactionnumber", "") or row.get("fundingreference", ""), tuple(filter(None, payouts)))

    def read(self, number, row):
        kind, cancelled = self.kind(row)
        currency = row["transactionamountcurrency"]
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise BadRow(f"currency {currency!r}")
        if not row["merchantguid"]:
            raise BadRow("Merchant_guid missing")
        event_day, hour = self.event_time(row, cancelled)
        gross = self.gross(row["transactionamount"], row, currency, cancelled)
        base = dict(
            provider=self.provider, kind=kind, order_ref=reference(row.get("externalreference", "")),
            transaction=row.get("transactionnumber", "") or row.get("fundingreference", ""),
            event_time=f"{event_day} {hour}", event_day=event_day, currency=currency, merchant=row["merchantguid"],
            code=row.get("commercialcode", ""), instalments=row.get("installmentnumber", ""),
            file=self.file, line=number, report_date=self.report_date)
        if self.version2:
            return self.parts(row, base, cancelled)
        fee, mismatch = self.fee(row, gross, currency, kind)
        return [Line(part="", gross=gross, fee=fee, payout_ref=row.get("transferid", ""),
                     column_mismatch=mismatch, **base)]

    def kind(self, row):
        if row["iscancel"] not in ("Y", "N"):
            raise BadRow(f"IS_cancel {row['iscancel']!r}")
        cancelled = row["iscancel"] == "Y"
        by_flag = "cancellation" if cancelled else "funding"
        if row["prtype"] in ("FIN", "CA"):
            return by_flag, cancelled
        if row["prtype"] != "REG":
            raise BadRow(f"PR_Type {row['prtype']!r}")
        return (by_flag if reference(row.get("externalreference", "")) else "adjustment"), cancelled

    def event_time(self, row, cancelled):
        purchase, cancel = row.get("purchasedate", ""), row.get("canceldate", "")
        if cancelled and not cancel:
            raise BadRow("Cancel_date missing")
        if not purchase and not (row["prtype"] == "REG" and cancelled):
            raise BadRow("Purchase_date missing")
        dates = [day_month_year(text) for text in (purchase, cancel) if text]
        if cancelled:
            return dates[-1], row.get("cancelhour", "")
        return dates[0], row.get("purchasehour", "")

    def gross(self, text, row, currency, cancelled):
        if not text:
            raise BadRow("amount missing")
        value = amount_of(text, currency, self.decimal_mark)
        if cancelled:
            return -abs(value)
        if value < 0 and row["prtype"] != "REG":
            raise BadRow("negative amount with N")
        return value

    def fee(self, row, gross, currency, kind):
        """(fee, mismatch by columns) of a version 3 row."""
        sign = -1 if gross < 0 else 1
        written = {}
        for column in ("commissionamount", "fundingamount", "netamount"):
            text = row.get(column, "")
            written[column] = sign * abs(amount_of(text, currency, self.decimal_mark)) if text else None
        funding, net_written = written["fundingamount"], written["netamount"]
        if written["commissionamount"] is not None:
            fee = abs(written["commissionamount"]) * (-1 if kind == "cancellation" else 1)
        elif funding is not None:
            fee = gross - funding
        else:
            fee = 0
        net = gross - fee
        if net_written is not None and net_written != net:
            return fee, (net, net_written)
        if funding is not None and funding not in (gross, net):
            nearer = min((net, gross), key=lambda amount: abs(amount - funding))
            return fee, (nearer, funding)
        return fee, None

    def parts(self, row, base, cancelled):
        lines = []
        for part, suffix in (("deposit", ""), ("funding", "2")):
            text = row.get("paymentamount" + suffix, "")
            if not text:
                continue
            gross = self.gross(text, row, base["currency"], cancelled)
            fee_text = row.get("commissionamount" + suffix, "")
            fee = abs(amount_of(fee_text, base["currency"], self.decimal_mark)) if fee_text else 0
            fee = -fee if base["kind"] == "cancellation" else fee
            lines.append(Line(part=part, gross=gross, fee=fee,
                              payout_ref=row.get("transferid" + suffix, ""), **base))
        return lines


# ---- orders and order-events ----------------------------------------------------------------

STATUSES = {"PENDING", "FAVORABLE", "FUNDED", "CANCELLED", "REFUSED", "ABORTED"}
PROVIDERS_WORDS = {
    "oney": {"TO_BE_FUNDED": "FAVORABLE"}, "payone": {"failed": "REFUSED"},
    "e-financing": {"INITIALIZED": "PENDING", "REQUESTED": "PENDING", "PRE_ACCEPTED": "PENDING",
                    "REJECTED": "REFUSED"}}
ORDER_COLUMNS = ["order_reference", "provider", "merchant", "amount", "confirmed_amount", "currency",
                 "status", "ordered_at", "confirmed_at", "cancelled_amount", "cancelled_at",
                 "transaction_id", "product", "updated_at"]
EVENT_COLUMNS = ["order_reference", "provider", "type", "amount", "currency", "occurred_at", "event_id"]


@dataclass(frozen=True)
class OrderRow:
    """One row of an orders file."""
    provider: str
    reference: str
    merchant: str
    amount: int
    confirmed_amount: int
    currency: str
    status: str
    ordered_on: date
    confirmed_on: date
    cancelled_amount: int
    cancelled_on: date
    product: str
    updated_at: datetime
    transaction: str = ""
    line: int = 0

    @property
    def key(self):
        return self.provider, self.reference


@dataclass(frozen=True)
class OrderEvent:
    """One confirmation, cancellation or refund."""
    provider: str
    reference: str
    type: str
    amount: int
    currency: str
    occurred_on: date
    event_id: str


def moment(text, zone):
    """ISO 8601 date or time as a time in `zone`; a time without zone is one of `zone`."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRow(f"date {text!r}") from error
    return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)


def table_rows(data, columns):
    """(header, rows) of a CSV or NDJSON file, NDJSON cells as text in the order of `columns`."""
    text = decode(data)
    known = [plain(column) for column in columns]
    if not text.lstrip().startswith("{"):
        header, rows = csv_rows(text, set(known))
        return header, rows
    records = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            values = json.loads(line, parse_float=str, parse_int=str)
            records.append((number, {plain(key): "" if v is None else str(v) for key, v in values.items()}))
    header = [name for name in known if any(name in cells for _, cells in records)]
    return header, [(number, [cells.get(name, "") for name in header]) for number, cells in records]


def named_by_shop(row):
    """What a rejected row of orders or order events names."""
    return Named(row.get("provider", ""), reference(row.get("orderreference", "")), row.get("transactionid", ""))


def read_orders(data, zone, max_rejected_percent, family=str):
    """Order rows of one file, those too that a later `updated_at` replaces; without that column the second row
    of an order is rejected."""
    header, rows = table_rows(data, ORDER_COLUMNS)
    mandatory = ("orderreference", "provider", "amount", "currency", "status", "orderedat")
    if any(column not in header for column in mandatory):
        raise Refused("unknown header")
    seen = set()

    def read(number, row):
        order = replace(order_row(row, zone, family), line=number)
        if order.key in seen and "updatedat" not in header:
            raise BadRow("second row of the order")
        seen.add(order.key)
        return order

    count, rejected, records = read_rows(header, rows, read, max_rejected_percent, named_by_shop)
    return count, rejected, [order for _, order in records]


def order_row(row, zone, family):
    """One order row."""
    for column in ("orderreference", "provider", "amount", "currency", "status", "orderedat"):
        if not row.get(column):
            raise BadRow(f"{column} missing")
    currency = row["currency"]
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadRow(f"currency {currency!r}")
    status = PROVIDERS_WORDS.get(family(row["provider"]), {}).get(row["status"], row["status"])
    if status not in STATUSES:
        raise BadRow(f"status {status!r}")

    def optional_amount(column):
        return amount_of(row[column], currency) if row.get(column) else None

    def optional_day(column):
        return moment(row[column], zone).date() if row.get(column) else None

    amount = amount_of(row["amount"], currency)
    if amount <= 0:
        raise BadRow("amount not positive")
    return OrderRow(
        provider=row["provider"], reference=reference(row["orderreference"]),
        merchant=row.get("merchant", ""), amount=amount,
        confirmed_amount=optional_amount("confirmedamount"), currency=currency, status=status,
        ordered_on=moment(row["orderedat"], zone).date(), confirmed_on=optional_day("confirmedat"),
        cancelled_amount=optional_amount("cancelledamount"), cancelled_on=optional_day("cancelledat"),
        product=row.get("product", ""),
        updated_at=moment(row["updatedat"], zone) if row.get("updatedat") else None,
        transaction=row.get("transactionid", ""))


def read_events(data, zone, max_rejected_percent):
    """Order events of one file."""
    header, rows = table_rows(data, EVENT_COLUMNS)
    if any(plain(column) not in header for column in EVENT_COLUMNS):
        raise Refused("unknown header")

    def read(_number, row):
        for column in EVENT_COLUMNS:
            if not row.get(plain(column)):
                raise BadRow(f"{column} missing")
        if row["type"] not in ("confirm", "cancel", "refund"):
            raise BadRow(f"type {row['type']!r}")
        return OrderEvent(row["provider"], reference(row["orderreference"]), row["type"],
                          amount_of(row["amount"], row["currency"]), row["currency"],
                          moment(row["occurredat"], zone).date(), row["eventid"])

    count, rejected, records = read_rows(header, rows, read, max_rejected_percent, named_by_shop)
    return count, rejected, [event for _, event in records]


# ---- bank statements ---------------------------------------------------------------------------

def local(element):
    """Name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1]


def find(element, path):
    """First descendant along a path of local names, or None."""
    for name in path.split("/"):
        element = next((child for child in element if local(child) == name), None)
        if element is None:
            return None
    return element


def find_all(element, name):
    """Children with a local name."""
    return [child for child in element if local(child) == name]


def value(element, path):
    """Trimmed text at a path, or the empty text."""
    found = find(element, path) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def read_camt(data):
    """Statements of a camt.053 file; the entries of a camt.052 file, which covers nothing."""
    text = decode(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused("DTD")
    try:
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ET.ParseError as error:
        raise Refused(f"XML: {error}") from error
    reports = [report for report in root.iter() if local(report) == "Rpt"]
    if reports:
        records = [entry for report in reports for ntry in find_all(report, "Ntry")
                   for entry in camt_entry(account_of(report), ntry)]
        return len(records), [], records
    statements = [stmt for stmt in root.iter() if local(stmt) == "Stmt"]
    if not statements:
        raise Refused("no statement")
    records = [camt_statement(stmt) for stmt in statements]
    count = sum(len(statement.entries) for statement in records)
    return count, [], records


def account_of(stmt):
    """The account of a `Stmt` or `Rpt`."""
    account = value(stmt, "Acct/Id/IBAN") or value(stmt, "Acct/Id/Othr/Id")
    if not account:
        raise Refused("statement without account")
    return account


def camt_statement(stmt):
    """One `Stmt`."""
    account = account_of(stmt)
    balances = {value(bal, "Tp/CdOrPrtry/Cd"): bal for bal in find_all(stmt, "Bal")}
    currency = value(stmt, "Acct/Ccy") or find(balances["OPBD"], "Amt").get("Ccy")

    def balance(code):
        amount = money.parse(value(balances[code], "Amt"), currency)
        return -amount if value(balances[code], "CdtDbtInd") == "DBIT" else amount

    entries = [entry for ntry in find_all(stmt, "Ntry") for entry in camt_entry(account, ntry)]
    return Statement(
        account=account, id=value(stmt, "Id"), sequence=value(stmt, "ElctrncSeqNb"),
        first=date.fromisoformat(value(stmt, "FrToDt/FrDtTm")[:10]),
        last=date.fromisoformat(value(stmt, "FrToDt/ToDtTm")[:10]),
        currency=currency, opening=balance("OPBD"), closing=balance("CLBD"), entries=tuple(entries))


def camt_entry(account, ntry):
    """The entries of one `Ntry`: none when pending, one a detail when all details carry an
    amount and add up to it, else one."""
    status = value(ntry, "Sts/Cd") or value(ntry, "Sts")
    if status and status != "BOOK":
        return []
    details = [tx for block in find_all(ntry, "NtryDtls") for tx in find_all(block, "TxDtls")]
    whole = signed(ntry, "Amt", value(ntry, "CdtDbtInd"))
    if len(details) > 1:
        parts = [signed(tx, "Amt", value(tx, "CdtDbtInd") or value(ntry, "CdtDbtInd")) for tx in details]
        if None not in parts and sum(parts) == whole:
            return [camt_record(account, ntry, [tx], part) for tx, part in zip(details, parts)]
    return [camt_record(account, ntry, details, whole)]


def signed(element, path, mark):
    """Amount of an `Amt` signed by CdtDbtInd, None when absent."""
    amount = find(element, path)
    if amount is None:
        return None
    minor = money.parse((amount.text or "").strip(), amount.get("Ccy"))
    return -minor if mark == "DBIT" else minor


def camt_record(account, ntry, details, amount):
    """One canonical entry from an entry and the details that belong to it."""
    detail = details[0] if len(details) == 1 else None       # several details in one entry: the entry's own id
    ids = [value(detail, "Refs/AcctSvcrRef"), value(ntry, "AcctSvcrRef"), value(ntry, "NtryRef")]
    references, texts = [text for text in ids if text], []
    counterparty = ""
    for tx in details:
        refs = find(tx, "Refs")
        references += [(ref.text or "").strip() for ref in (refs if refs is not None else [])]
        party = "Dbtr" if amount > 0 else "Cdtr"
        counterparty = counterparty or value(tx, f"RltdPties/{party}/Nm") \
            or value(tx, f"RltdPties/{party}/Pty/Nm")
        for info in find_all(tx, "RmtInf"):
            texts += [(line.text or "").strip() for line in find_all(info, "Ustrd")]
    return Entry(
        account=account, entry_id=next((i for i in ids if i and i != "NONREF"), ""),
        booking=date.fromisoformat(value(ntry, "BookgDt/Dt")),
        value=date.fromisoformat(value(ntry, "ValDt/Dt")), amount=amount,
        currency=find(ntry, "Amt").get("Ccy"), counterparty=counterparty,
        references=tuple(references), text=" ".join(texts))


def read_bank_csv(data, profile, max_rejected_percent):
    """Entries of a bank's CSV export, read through a profile of the configuration."""
    columns = {canonical: [plain(name) for name in names] for canonical, names in profile["columns"].items()}
    known = {name for names in columns.values() for name in names}
    header, rows = csv_rows(decode(data), known, profile.get("delimiter"))
    if not any(name in header for name in columns["booking_date"]):
        raise Refused("unknown header")

    def cell(row, canonical):
        if canonical in profile.get("fixed", {}):
            return profile["fixed"][canonical]
        parts = [row[name] for name in columns.get(canonical, []) if row.get(name)]
        return " ".join(parts)

    def read(_number, row):
        return bank_csv_entry(lambda canonical: cell(row, canonical), profile)

    count, rejected, records = read_rows(header, rows, read, max_rejected_percent)
    return count, rejected, [entry for _, entry in records]


def bank_csv_entry(cell, profile):
    """One entry of a bank's CSV export."""
    currency, mark = cell("currency"), profile.get("decimal_mark", ".")

    def day(canonical):
        for pattern in profile["dates"]:
            try:
                return datetime.strptime(cell(canonical), pattern).date()
            except ValueError:
                continue
        raise BadRow(f"date {cell(canonical)!r}")

    if cell("amount"):
        amount = amount_of(cell("amount"), currency, mark)
    elif cell("credit"):
        amount = amount_of(cell("credit"), currency, mark)
    elif cell("debit"):
        amount = -abs(amount_of(cell("debit"), currency, mark))
    else:
        raise BadRow("amount missing")
    booking = day("booking_date")
    return Entry(account=cell("account").replace(" ", ""), entry_id=cell("entry_id"), booking=booking,
                 value=day("value_date") if cell("value_date") else booking, amount=amount,
                 currency=currency, counterparty=cell("counterparty"),
                 references=tuple(r for r in (cell("reference"), cell("entry_id")) if r),
                 text=cell("remittance"))
