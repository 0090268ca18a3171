"""Writes the files of a world as their makers would: CRP, orders, events, bank statements."""

import csv
import gzip
import io
import json
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

import money

CRP_V3 = ["PR_Type", "IS_cancel", "Merchant_guid", "PSP_guid", "Merchant_name", "Purchase_date",
          "Purchase_hour", "Cancel_date", "Cancel_hour", "Funding_reference", "External_reference",
          "Transaction_number", "Customer_external_code", "Transaction_amount",
          "Transaction_amount_currency", "Merchant_context", "PSP_context", "Installment_number",
          "Payment_delay", "Commercial_code", "Funding_amount", "Commission_amount", "Net_amount",
          "Transfer_Id"]
CRP_V2 = CRP_V3[:20] + ["Payment_amount", "Commission_amount", "Transfer_Id", "Payment_amount_2",
                        "Commission_amount_2", "Transfer_Id_2"]


def table(header, rows, delimiter=",", newline="\n"):
    """CSV text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Dress:
    """How a text file looks."""
    delimiter: str = ","
    newline: str = "\n"
    encoding: str = "utf-8"
    compressed: bool = False

    def bytes(self, text):
        data = text.encode(self.encoding)
        return gzip.compress(data, mtime=0) if self.compressed else data


def any_dress(rng, delimiters=",;\t|"):
    """A random look; plain ones are the most frequent."""
    return Dress(rng.choice("," * 4 + delimiters) if "," in delimiters else rng.choice(delimiters),
                 rng.choice(["\n", "\n", "\r\n"]),
                 rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"]), rng.random() < 0.12)


# ---- CRP ---------------------------------------------------------------------------------------------

def crp_cells(plan, row, layout):
    """{column: text} of one row."""
    mark = plan.decimal_mark

    def amount(value, sign=False):
        minus = "-" if value < 0 and (sign or row.cancel is None) else ""
        return minus + money.text(abs(value), row.currency, mark)

    signed = plan.signed_cancellations
    cells = {
        "PR_Type": row.pr_type, "IS_cancel": "Y" if row.cancel else "N", "Merchant_guid": row.merchant,
        "PSP_guid": "psp-1", "Merchant_name": "Société Générale d'Été",
        "Purchase_date": f"{row.purchase:%d/%m/%Y}" if row.purchase else "",
        "Purchase_hour": f"{row.purchase:%H:%M:%S}" if row.purchase else "",
        "Cancel_date": f"{row.cancel:%d/%m/%y}" if row.cancel else "",
        "Cancel_hour": f"{row.cancel:%H:%M:%S}" if row.cancel else "",
        "Funding_reference": f"F{row.transaction[2:]}", "External_reference": row.order_ref,
        "Transaction_number": row.transaction, "Transaction_amount": amount(row.gross, signed),
        "Transaction_amount_currency": row.currency, "Installment_number": str(row.instalments),
        "Commercial_code": row.code}
    if layout == "v2":
        return cells | crp_parts(row, amount, signed)
    funding = row.net if plan.mode == "net" and not plan.funding_is_gross else row.gross
    cells |= {"Funding_amount": amount(funding, signed), "Commission_amount": amount(row.signed_fee, signed),
              "Net_amount": amount(row.net, signed), "Transfer_Id": row.transfer}
    return cells | row.written


def crp_parts(row, amount, signed):
    """The deposit and the funding part of a version 2 row; card payments are deposits only."""
    sign = -1 if row.cancel else 1
    whole, fee = abs(row.amount), abs(row.fee)
    deposit = whole if row.pr_type == "CA" else row.deposit
    deposit_fee = fee if deposit == whole else fee // 3 if deposit else 0
    cells = {}
    if deposit:
        cells |= {"Payment_amount": amount(sign * deposit, signed),
                  "Commission_amount": amount(sign * deposit_fee, signed), "Transfer_Id": row.transfer}
    if deposit < whole:
        cells |= {"Payment_amount_2": amount(sign * (whole - deposit), signed),
                  "Commission_amount_2": amount(sign * (fee - deposit_fee), signed),
                  "Transfer_Id_2": row.transfer}
    return cells


@dataclass(frozen=True)
class CrpStyle:
    """Columns and look of the files of one country."""
    layout: str
    columns: tuple
    titles: tuple
    dress: Dress


def crp_style(plan, country):
    """A random style: order of columns, unknown ones, spelling of the titles."""
    rng, layout = plan.rng, plan.layouts[country]
    columns = list(CRP_V2 if layout == "v2" else CRP_V3)
    if layout == "v3":
        drop = [] if plan.commission_column else ["Commission_amount"]
        drop += [] if plan.net_column else ["Net_amount"]
        columns = [column for column in columns if column not in drop]
    if rng.random() < 0.3:
        rng.shuffle(columns)
    if rng.random() < 0.4:
        columns.insert(rng.randrange(len(columns)), "Batch_remark")
        columns.append("Zone_libre")
    spell = rng.choice([str, str, str.lower, str.upper, lambda t: t.replace("_", " "),
                        lambda t: t.replace("_", "-"), lambda t: t.replace("e", "é")])
    dress = any_dress(rng, ";\t|" if plan.decimal_mark == "," else ",;\t|")
    return CrpStyle(layout, tuple(columns), tuple(map(spell, columns)), dress)


def crp_text(plan, style, rows, extra=()):
    """Text of a CRP file; `extra` are finished rows of fields."""
    lines = []
    for row in rows:
        cells = crp_cells(plan, row, style.layout)
        lines.append([cells.get(column, "") for column in style.columns])
    return table(style.titles, lines + list(extra), style.dress.delimiter, style.dress.newline)


def crp_fields(plan, style, row, **changes):
    """The fields of one row with some of them changed."""
    cells = crp_cells(plan, row, style.layout) | changes
    return [cells.get(column, "") for column in style.columns]


# ---- orders and events -------------------------------------------------------------------------------

ORDER_COLUMNS = ["order_reference", "provider", "merchant", "amount", "confirmed_amount", "currency", "status",
                 "ordered_at", "confirmed_at", "cancelled_amount", "cancelled_at", "transaction_id", "product",
                 "updated_at"]
EVENT_COLUMNS = ["order_reference", "provider", "type", "amount", "currency", "occurred_at", "event_id"]


def order_cells(order, known, updated_at=""):
    """{column: text} of an order's row."""
    def amount(column):
        return money.text(known.get(column), order.currency)
    cells = {column: known.get(column, "") for column in ORDER_COLUMNS}
    return cells | {
        "order_reference": order.ref, "provider": order.provider, "currency": order.currency,
        "amount": amount("amount"), "confirmed_amount": amount("confirmed_amount"),
        "cancelled_amount": amount("cancelled_amount"), "updated_at": updated_at}


def records(columns, rows, style, dress):
    """Bytes of a CSV or NDJSON file of {column: text} rows."""
    if style == "ndjson":
        lines = [json.dumps({c: row[c] for c in columns if row.get(c, "") != ""}) for row in rows]
        return dress.bytes("".join(line + dress.newline for line in lines))
    cells = [[row.get(column, "") for column in columns] for row in rows]
    return dress.bytes(table(columns, cells, dress.delimiter, dress.newline))


# ---- bank ------------------------------------------------------------------------------------------------

BANK_COLUMNS = ["Compte", "Date comptable", "Date de valeur", "Montant", "Devise", "Tiers", "Libellé", "Référence"]


def bank_csv(entries, ids, dress):
    """Bytes of a bank's CSV export."""
    columns = BANK_COLUMNS if ids else BANK_COLUMNS[:-1]
    rows = [[e.account, f"{e.booking:%d/%m/%Y}", f"{e.value:%d/%m/%Y}", money.text(e.amount, e.currency, ","),
             e.currency, e.counterparty, f"{e.text} {e.end_to_end}".strip(), e.id][:len(columns)] for e in entries]
    return dress.bytes(table(columns, rows, ";", dress.newline))


@dataclass
class CamtStatement:
    """One statement to be written."""
    account: str
    currency: str
    id: str
    sequence: int
    first: object
    last: object
    opening: int
    closing: int
    entries: list
    pending: list


def camt(statements, message, version="02", prefix="", remark="", intraday=False):
    """Bytes of a camt.053 message, or of a camt.052 message without balances."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.05{2 if intraday else 3}.001.{version}"
    body = "".join(camt_stmt(statement, version) for statement in statements)
    text = (f"<Document><BkToCstmrStmt><GrpHdr><MsgId>{message}</MsgId>"
            f"<CreDtTm>{statements[0].last}T20:00:00</CreDtTm></GrpHdr>{remark}{body}</BkToCstmrStmt></Document>")
    if intraday:
        text = re.sub(r"<Bal>.*?</Bal>", "", text)
        for statement, report in (("BkToCstmrStmt>", "BkToCstmrAcctRpt>"), ("<Stmt>", "<Rpt>"), ("</Stmt>", "</Rpt>")):
            text = text.replace(statement, report)
    if prefix:
        text = text.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")
        text = text.replace(f"<{prefix}:!--", "<!--").replace(f"<{prefix}:Document>",
                                                              f'<{prefix}:Document xmlns:{prefix}="{namespace}">', 1)
    else:
        text = text.replace("<Document>", f'<Document xmlns="{namespace}">', 1)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text).encode()


def camt_amount(minor, currency, tag="Amt"):
    mark = "DBIT" if minor < 0 else "CRDT"
    return f'<{tag} Ccy="{currency}">{money.text(abs(minor), currency)}</{tag}><CdtDbtInd>{mark}</CdtDbtInd>'


def camt_stmt(s, version):
    def balance(code, minor, day):
        return (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{camt_amount(minor, s.currency)}"
                f"<Dt><Dt>{day}</Dt></Dt></Bal>")
    entries = "".join(camt_ntry(e, version, "BOOK") for e in s.entries)
    pending = "".join(camt_ntry(e, version, "PDNG") for e in s.pending)
    return (f"<Stmt><Id>{s.id}</Id><ElctrncSeqNb>{s.sequence}</ElctrncSeqNb>"
            f"<CreDtTm>{s.last}T20:00:00</CreDtTm><FrToDt><FrDtTm>{s.first}T00:00:00</FrDtTm>"
            f"<ToDtTm>{s.last}T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>{s.account}</IBAN></Id>"
            f"<Ccy>{s.currency}</Ccy></Acct>{balance('OPBD', s.opening, s.first)}"
            f"{balance('CLBD', s.closing, s.last)}{entries}{pending}</Stmt>")


def camt_ntry(e, version, status):
    state = f"<Sts>{status}</Sts>" if version == "02" else f"<Sts><Cd>{status}</Cd></Sts>"
    parts = e.batch or [e.amount]
    details = "".join(camt_detail(e, n, part, version) for n, part in enumerate(parts))
    return (f"<Ntry>{camt_amount(e.amount, e.currency)}{state}<BookgDt><Dt>{e.booking}</Dt></BookgDt>"
            f"<ValDt><Dt>{e.value}</Dt></ValDt><AcctSvcrRef>{e.id}</AcctSvcrRef><BkTxCd/>"
            f"<NtryDtls>{details}</NtryDtls></Ntry>")


def camt_detail(e, number, part, version):
    """One `TxDtls`; those of a batch carry amount and reference of their own."""
    own = f"<AcctSvcrRef>{e.id}-{number}</AcctSvcrRef>" if e.batch else ""
    amount = camt_amount(part, e.currency) if e.batch else ""
    party = "Dbtr" if part > 0 else "Cdtr"
    name = f"<Nm>{escape(e.counterparty)}</Nm>"
    name = name if version == "02" else f"<Pty>{name}</Pty>"
    text = e.texts[number] if e.batch else e.text
    lines = [text[:18], text[18:]] if len(text) > 30 and text[17] != " " and text[18:19] == " " else [text]
    remittance = "".join(f"<Ustrd>{escape(line.strip())}</Ustrd>" for line in lines)
    return (f"<TxDtls><Refs>{own}<EndToEndId>{escape(e.end_to_end or 'NOTPROVIDED')}</EndToEndId></Refs>{amount}"
            f"<RltdPties><{party}>{name}</{party}></RltdPties><RmtInf>{remittance}</RmtInf></TxDtls>")
