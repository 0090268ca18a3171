"""Writes the partners' files as their makers would: settlement reports, notification logs, list pages."""

import json
import re
from datetime import timezone
from urllib.parse import quote, urlencode

import money
from render import table

BUYERS = ["Müller", "Garçon", "Straße", "O'Neill"]


# ---- Unified Settlement Report -----------------------------------------------------------------------

def usr_text(rows, merchant, source, rng, newline):
    """Text of a Unified Settlement Report; `rows` are records or finished texts."""
    lines = [row if isinstance(row, str) else ",".join(usr_fields(row, merchant, source, rng)) for row in rows]
    return newline.join([*lines, ""])


def usr_fields(row, merchant, source, rng):
    """The 31 fields of one record."""
    def amount(minor, currency="EUR"):
        text = money.text(minor, currency)
        return text[:-1] if text.endswith("0") and "." in text and rng.random() < 0.3 else text

    sign = -1 if row.turned else 1
    cells = {1: "sett_dtl", 2: merchant, 3: source, 4: "invoice", 5: "payla", 6: row.order_id, 7: row.transaction,
             8: row.ref, 9: row.type, 10: f"{row.sold:%d%m%Y}" if row.sold else "", 11: row.sold_currency,
             12: amount(row.sold_amount, row.sold_currency or "EUR"), 13: f"{row.settled:%d%m%Y}", 14: "EUR",
             15: amount(sign * row.gross), 16: amount(row.net), 18: amount(row.commission), 22: amount(row.vat),
             23: "5364852", 24: f"E2E-{row.transaction}", 27: row.batch,
             31: f"{row.paid:%d%m%Y}" if row.paid else ""}
    if row.commission is not None and rng.random() < 0.5:
        third = row.commission // 3
        cells |= {19: amount(third), 20: amount(third), 21: amount(row.commission - 2 * third)}
    if row.sold_currency not in ("", "EUR"):
        cells[17] = "1.1701"
    if row.memo and row.type in ("reject", "prefunding_failure") and rng.random() < 0.5:
        cells |= {15: ""} | ({13: "", 14: ""} if row.type == "reject" else {})
    cells |= row.written
    return [cells.get(field, "") for field in range(1, 32)]


# ---- TransactionStatus --------------------------------------------------------------------------------

def parameters(call, zone, still, rng, mode="live"):
    """The parameters of a notification as PAYONE sends them."""
    moment = call.started if still else call.moment
    buyer = rng.choice(BUYERS)
    return {"key": "0123456789abcdef0123456789abcdef", "portalid": "2012345", "aid": "12345", "mode": mode,
            "txid": call.transaction, "reference": call.reference, "notify_version": "7.6", "clearingtype": "fnc",
            "userid": "99887766", "lastname": buyer, "txtime": str(int(moment.replace(tzinfo=zone).timestamp()))
            } | call.values


def urlencoded(values, rng):
    """A form-urlencoded body in ISO-8859-1 or UTF-8."""
    items = list(values.items())
    if rng.random() < 0.3:
        rng.shuffle(items)
    encoding = rng.choice(["latin-1", "utf-8"])
    return urlencode(items, encoding=encoding, quote_via=rng.choice([quote, None]) or quote)


def stamp(moment, zone, style):
    """The timestamp before a line."""
    aware = moment.replace(tzinfo=zone)
    if style == "naive":
        return moment.isoformat()
    return aware.isoformat() if style == "offset" else aware.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def log_text(entries, style, zone, rng, newline):
    """Text of a notification log; `entries` are (arrival, parameters) or finished lines."""
    stamps = rng.choice(["naive", "offset", "utc"])
    if style == "csv":
        columns = sorted({name for _, values in entries for name in values})
        return table(columns, [[values.get(name, "") for name in columns] for _, values in entries], newline=newline)
    lines = []
    for arrival, values in entries:
        if isinstance(values, str):
            lines.append(values)
        elif style == "ndjson":
            lines.append(json.dumps(values, ensure_ascii=rng.random() < 0.5))
        else:
            head = stamp(arrival, zone, stamps) + "\t" if style == "stamped" else ""
            lines.append(head + urlencoded(values, rng))
    return newline.join([*lines, ""])


# ---- e-Financing ---------------------------------------------------------------------------------------------

def subscription(sale, transaction, told_as, solution, shown, zone, rng):
    """One item of the list."""
    updated = shown.moment.replace(tzinfo=zone).astimezone(timezone.utc).isoformat(timespec="milliseconds")
    item = {"creditSubscriptionId": transaction, "registrationTimestamp": updated.replace("+00:00", "Z"),
            "lastUpdateTimestamp": updated.replace("+00:00", "Z"), "solutionCode": solution,
            "marketTypeCode": solution[2:4], "merchantBasketId": f"B-{sale.ref}", "merchantGlobalOrderId": told_as,
            "buyerFinancedAmount": f"minor:{shown.amount}", "consolidatedStatus": shown.status,
            "cancellationAlreadyMade": False, "unknownToday": {"any": [1, 2]}} | shown.more
    if rng.random() < 0.2 and item.get("isDelivered") is False:
        del item["isDelivered"]
    return item


def list_text(items, page_size, single, rng, kept=None):
    """JSON of the pages of a listing, `kept` of its items; amounts stand as decimals."""
    kept = items if kept is None else kept
    pages = [kept[start:start + page_size] for start in range(0, len(kept), page_size)] or [[]]
    if single:
        pages = [kept]
    documents = [{"totalItemCount": len(items), "subscriptions": page} for page in pages]
    whole = documents[0] if single and rng.random() < 0.5 else documents
    text = json.dumps(whole, indent=rng.choice([None, 1]), ensure_ascii=False)
    return re.sub(r'"minor:(\d+)"', lambda match: money.text(int(match.group(1)), "EUR"), text)
