"""Small cases with results worked out by hand from the text of the specification.

    python3 -m unittest discover tests/oracle
"""

import sys

sys.dont_write_bytecode = True

import unittest
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import days
import money
import readers
import render
import worlds
from leg_payouts import names
from model import Model

CRP, ORDERS, EVENTS, BANK = range(4)
HEAD = ("PR_Type,IS_cancel,Merchant_guid,Purchase_date,Cancel_date,External_reference,Transaction_number,"
        "Transaction_amount,Transaction_amount_currency,Commercial_code,Funding_amount,Commission_amount,"
        "Net_amount,Transfer_Id")
ORDER_HEAD = ("order_reference,provider,merchant,amount,confirmed_amount,currency,status,ordered_at,"
              "cancelled_amount,cancelled_at,updated_at")
CONFIG = """
timezone = "Europe/Paris"
[[input]]
kind = "oney-crp"
path = "a"
[[input]]
kind = "orders"
path = "b"
[[input]]
kind = "order-events"
path = "c"
[[input]]
kind = "bank-statement"
path = "d"
profile = "bank"
[provider.oney]
settlement_mode = "{mode}"
bank_text = '(?i)\\boney\\b'
[matching]
amount_tolerance = "{tolerance}"
[[profile]]
name = "bank"
delimiter = ";"
dates = ["%d/%m/%Y"]
[profile.columns]
booking_date = ["Date"]
amount = ["Montant"]
remittance = ["Texte"]
[profile.fixed]
account = "FR76"
currency = "EUR"
"""
FEE = """
[[fee]]
provider = "oney"
product = "3X"
rate_percent = "1.45"
fixed = "0.10"
vat_percent = "20"
"""


def config(mode="net", tolerance="0.00", more=""):
    return CONFIG.format(mode=mode, tolerance=tolerance) + more


def crp(*rows):
    return "\n".join([HEAD, *rows, ""]).encode()


def fin(ref, amount, transfer="", fee="0.00", tx="TX1", code="ZZ", net=None, funding=None, day="01/11/2026"):
    """A funding row in net mode."""
    rest = f"{Decimal(amount) - Decimal(fee):.2f}"
    return (f"FIN,N,m1,{day},,{ref},{tx},{amount},EUR,{code},{funding or rest},{fee},{net or rest},{transfer}")


def back(ref, amount, transfer="", tx="TX2"):
    """A cancellation row without commission."""
    return f"FIN,Y,m1,01/11/2026,05/11/26,{ref},{tx},{amount},EUR,ZZ,{amount},0.00,{amount},{transfer}"


def order(ref, amount, status="FUNDED", ordered="2026-11-01", confirmed="", cancelled="", on="", updated=""):
    return f"{ref},oney,m1,{amount},{confirmed},EUR,{status},{ordered},{cancelled},{on},{updated}"


def orders(*rows):
    return "\n".join([ORDER_HEAD, *rows, ""]).encode()


def bank(*rows):
    return "\n".join(["Date;Montant;Texte", *rows, ""]).encode()


def with_books(folders, as_of):
    """The folders with books that reach a day: a report of another country, an order, another entry."""
    books = {CRP: (f"crp_zz_v3_{as_of:%y%m%d}_1.csv", crp()),
             ORDERS: (f"books_{as_of}.csv", orders(order("BOOKS", "1.00", "PENDING", as_of.isoformat()))),
             BANK: (f"books_{as_of}.csv", bank(f"{as_of:%d/%m/%Y};1.00;EDF"))}
    return folders | {kind: folders.get(kind, {}) | {name: data} for kind, (name, data) in books.items()}


def only(night, *codes):
    """(code, expected, actual, event date) of the open rows with these codes."""
    return sorted((row.found.code, money.text(row.found.expected, "EUR"), money.text(row.found.actual, "EUR"),
                   row.found.event_date.isoformat()) for row in night.open_rows if row.found.code in codes)


def states(night):
    return {(row.found.code, row.found.order_reference or row.found.payout_reference or row.found.file): row.state
            for row in night.rows}


class Days(unittest.TestCase):
    def test_target2_easter_and_year_end(self):
        self.assertEqual(days.easter_sunday(2026), date(2026, 4, 5))
        # Good Friday 3 April, Easter Monday 6 April: three business days after Thursday 2 April.
        self.assertEqual(days.add_business_days(date(2026, 4, 2), 3), date(2026, 4, 9))
        # 24 December 2026 is a Thursday; 25 (Friday) and 26 are holidays, 1 January too.
        self.assertEqual(days.add_business_days(date(2026, 12, 24), 1), date(2026, 12, 28))
        self.assertEqual(days.add_business_days(date(2026, 12, 31), 1), date(2027, 1, 4))
        self.assertEqual(days.add_business_days(date(2026, 7, 13), 1, {date(2026, 7, 14)}), date(2026, 7, 15))

    def test_a_friday_report_of_france_is_due_on_monday(self):
        friday = date(2026, 11, 20)
        self.assertEqual(days.report_due("fr", friday), date(2026, 11, 23))
        self.assertEqual(days.report_due("es", friday), date(2026, 11, 21))
        self.assertFalse(days.is_report_day("fr", date(2026, 11, 21), {}))
        self.assertTrue(days.is_report_day("es", date(2026, 11, 21), {}))


class Tokens(unittest.TestCase):
    def named(self, text, reference):
        return names(SimpleNamespace(references=(), text=text), reference)

    def test_whole_tokens(self):
        self.assertTrue(self.named("VIR ONEY TRF1234 DU", "TRF1234"))
        self.assertTrue(self.named("vir trf1234", "TRF1234"))
        self.assertFalse(self.named("VIR TRF12345", "TRF1234"))
        self.assertFalse(self.named("VIR XTRF1234", "TRF1234"))

    def test_blanks_inside_from_six_characters(self):
        self.assertTrue(self.named("VIR TRF 12 34 DU", "TRF1234"))
        self.assertFalse(self.named("VIR TRF 12 345", "TRF1234"))
        self.assertFalse(self.named("VIR T1 23", "T123"))
        self.assertTrue(self.named("VIR T123", "T123"))
        self.assertFalse(self.named("VIR T77", "T77"))


class Leg1(unittest.TestCase):
    def night(self, rows, shop, as_of=date(2026, 11, 12), tolerance="0.00", more="", events=None):
        folders = {CRP: {"crp_es_v3_261105_1.csv": crp(*rows)}, ORDERS: {"o.csv": orders(*shop)}}
        if events:
            folders[EVENTS] = {"e.csv": events}
        night = Model(config(tolerance=tolerance, more=more)).night(as_of, with_books(folders, as_of))
        self.assertEqual(night.notes, [])
        return night

    def codes(self, *arguments, **more):
        leg4 = ("REPORT_MISSING", "PAYOUT_REFERENCE_MISSING", "PAYOUT_NOT_RECEIVED", "CARRY_OVER")
        night = self.night(*arguments, **more)
        return only(night, *{row.found.code for row in night.rows} - set(leg4))

    def test_balanced_and_confirmed_for_less(self):
        self.assertEqual(self.codes([fin("A", "100.00")], [order("A", "100.00")]), [])
        self.assertEqual(self.codes([fin("CMDE|A", "80.00")], [order("A", "100.00", confirmed="80.00")]), [])

    def test_a_cancellation_may_lower_the_funding(self):
        shop = [order("A", "100.00", cancelled="30.00", on="2026-11-02")]
        self.assertEqual(self.codes([fin("A", "70.00")], shop), [])
        self.assertEqual(self.codes([fin("A", "100.00"), back("A", "30.00")], shop), [])

    def test_a_cancellation_that_is_not_due_may_or_may_not_be_reported(self):
        shop = [order("A", "100.00", cancelled="30.00", on="2026-11-08")]
        self.assertEqual(self.codes([fin("A", "100.00")], shop), [])
        self.assertEqual(self.codes([fin("A", "100.00")], shop, as_of=date(2026, 11, 13)),
                         [("CANCELLATION_NOT_REPORTED", "-30.00", "0.00", "2026-11-13")])

    def test_funding_not_reported_is_without_what_was_cancelled(self):
        shop = [order("A", "100.00", cancelled="30.00", on="2026-11-02")]
        self.assertEqual(self.codes([], shop), [("FUNDING_NOT_REPORTED", "70.00", "0.00", "2026-11-06")])
        self.assertEqual(self.codes([], shop, as_of=date(2026, 11, 5)), [])

    def test_wrong_amount_and_tolerance(self):
        self.assertEqual(self.codes([fin("A", "99.00")], [order("A", "100.00")]),
                         [("AMOUNT_MISMATCH", "100.00", "99.00", "2026-11-05")])
        self.assertEqual(self.codes([fin("A", "99.00")], [order("A", "100.00")], tolerance="1.00"), [])

    def test_funded_twice_by_two_rows_or_by_one(self):
        twice = [fin("A", "100.00"), fin("A", "100.00", tx="TX9")]
        self.assertEqual(self.codes(twice, [order("A", "100.00")]),
                         [("DUPLICATE_FUNDING", "100.00", "200.00", "2026-11-05")])
        parts = [fin("A", "100.00"), fin("A", "50.00", tx="TX9")]
        self.assertEqual(self.codes(parts, [order("A", "100.00")]),
                         [("AMOUNT_MISMATCH", "100.00", "150.00", "2026-11-05")])

    def test_identical_lines_count_once(self):
        self.assertEqual(self.codes([fin("A", "100.00")] * 3, [order("A", "100.00")]),
                         [("DUPLICATE_LINE", "100.00", "300.00", "2026-11-05")])

    def test_cancellations(self):
        rows = [fin("A", "100.00"), back("A", "40.00")]
        self.assertEqual(self.codes(rows, [order("A", "100.00")]),
                         [("CANCELLATION_UNEXPECTED", "0.00", "-40.00", "2026-11-05")])
        self.assertEqual(self.codes(rows, [order("A", "100.00", cancelled="30.00", on="2026-11-02")]),
                         [("CANCELLATION_AMOUNT_MISMATCH", "-30.00", "-40.00", "2026-11-05")])
        self.assertEqual(self.codes(rows, [order("A", "100.00", cancelled="50.00", on="2026-11-02")]),
                         [("CANCELLATION_AMOUNT_MISMATCH", "-50.00", "-40.00", "2026-11-05")])
        over = [*rows, back("A", "70.00", tx="TX3")]
        self.assertEqual(self.codes(over, [order("A", "100.00", cancelled="30.00", on="2026-11-02")]),
                         [("OVER_CANCELLED", "-30.00", "-110.00", "2026-11-05")])

    def test_cancelled_without_amount_is_all_of_it(self):
        shop = [order("A", "100.00", status="CANCELLED")]
        self.assertEqual(self.codes([fin("A", "100.00"), back("A", "100.00")], shop), [])
        self.assertEqual(self.codes([], shop), [])
        self.assertEqual(self.codes([fin("A", "100.00")], shop),
                         [("CANCELLATION_NOT_REPORTED", "-100.00", "0.00", "2026-11-06")])

    def test_events_replace_the_columns(self):
        events = (b"order_reference,provider,type,amount,currency,occurred_at,event_id\n"
                  b"A,oney,cancel,10.00,EUR,2026-11-02,E1\nA,oney,refund,15.00,EUR,2026-11-03,E2\n"
                  b"A,oney,refund,15.00,EUR,2026-11-03,E2\n")
        shop = [order("A", "100.00", cancelled="99.00", on="2026-11-02")]
        self.assertEqual(self.codes([fin("A", "100.00"), back("A", "25.00")], shop, events=events), [])

    def test_status_that_may_not_be_paid(self):
        self.assertEqual(self.codes([fin("A", "100.00")], [order("A", "100.00", status="REFUSED")]),
                         [("STATUS_MISMATCH", "0.00", "100.00", "2026-11-05")])
        self.assertEqual(self.codes([], [order("A", "100.00", status="TO_BE_FUNDED")]), [])

    def test_unknown_and_missing_references(self):
        self.assertEqual(self.codes([fin("B", "100.00"), back("B", "20.00")], []),
                         [("ORDER_NOT_FOUND", "0.00", "80.00", "2026-11-05")])
        self.assertEqual(self.codes([fin("", "100.00")], []), [("REFERENCE_MISSING", "", "100.00", "2026-11-05")])
        adjustment = "REG,Y,m1,,05/11/2026,,TX5,12.00,EUR,ZZ,12.00,0.00,12.00,"
        self.assertEqual(self.codes([adjustment], []), [("ADJUSTMENT_UNASSIGNED", "", "-12.00", "2026-11-05")])

    def test_fee_by_rule(self):
        # (200.00 x 1.45 % + 0.10) x 1.20 = 3.60
        shop = [order("A", "200.00")]
        self.assertEqual(self.codes([fin("A", "200.00", fee="3.60", code="3X")], shop, more=FEE), [])
        self.assertEqual(self.codes([fin("A", "200.00", fee="3.61", code="3X")], shop, more=FEE), [])
        self.assertEqual(self.codes([fin("A", "200.00", fee="3.62", code="3X")], shop, more=FEE),
                         [("FEE_MISMATCH", "-3.60", "-3.62", "2026-11-05")])
        self.assertEqual(self.codes([fin("A", "200.00", fee="9.00", code="4X")], shop, more=FEE), [])

    def test_fee_by_columns_names_net_amount_first(self):
        shop = [order("A", "200.00")]
        wrong = fin("A", "200.00", fee="4.00", net="195.00", funding="199.00")
        self.assertEqual(self.codes([wrong], shop), [("FEE_MISMATCH", "196.00", "195.00", "2026-11-05")])
        wrong = fin("A", "200.00", fee="4.00", funding="199.00")
        self.assertEqual(self.codes([wrong], shop), [("FEE_MISMATCH", "200.00", "199.00", "2026-11-05")])
        self.assertEqual(self.codes([fin("A", "200.00", fee="4.00", funding="200.00")], shop), [])

    def test_times_are_converted_before_their_date_is_taken(self):
        # 23:30 UTC on the 6th is the 7th in Paris: due on the 12th, not on the 11th.
        shop = [order("A", "100.00", ordered="2026-11-06T23:30:00Z")]
        self.assertEqual(self.codes([], shop, as_of=date(2026, 11, 11)), [])
        self.assertEqual(self.codes([], shop), [("FUNDING_NOT_REPORTED", "100.00", "0.00", "2026-11-12")])

    def test_deadline(self):
        more = "[provider.oney]\nconfirm_deadline_days = 10\n"
        text = config().replace("[provider.oney]\n", more)
        shop = {ORDERS: {"o.csv": orders(order("A", "100.00", status="FAVORABLE"))}}
        self.assertEqual(Model(text).night(date(2026, 11, 5), shop).rows, [])
        self.assertEqual(only(Model(text).night(date(2026, 11, 6), shop), "DEADLINE_AT_RISK"),
                         [("DEADLINE_AT_RISK", "100.00", "0.00", "2026-11-11")])


class Leg3(unittest.TestCase):
    def night(self, reports, entries, as_of, mode="net", more=""):
        files = {f"crp_es_v3_2611{day:02d}_{day}.csv": crp(*rows) for day, rows in reports.items()}
        folders = {CRP: files, BANK: {"b.csv": bank(*entries)}}
        night = Model(config(mode, more=more)).night(as_of, with_books(folders, as_of))
        self.assertEqual(night.notes, [])
        return night

    def found(self, *arguments, **more):
        codes = ("PAYOUT_NOT_RECEIVED", "PAYOUT_AMOUNT_MISMATCH", "PAYOUT_REFERENCE_MISSING", "DEBIT_NOT_TAKEN",
                 "CARRY_OVER", "AMBIGUOUS_MATCH", "BANK_CREDIT_UNEXPLAINED", "BANK_DEBIT_UNEXPLAINED")
        return only(self.night(*arguments, **more), *codes)

    def test_the_worked_example_of_net_mode(self):
        days_ = [("crp_es_v3_261102_2.csv", crp(fin("A", "100.00", "T77"), back("B", "150.00", "T77"))),
                 ("crp_es_v3_261103_3.csv", crp(back("C", "75.00", "T77", "TX3"))),
                 ("crp_es_v3_261104_4.csv", crp(fin("D", "300.00", "T77", tx="TX4")))]
        model, files, found = Model(config()), {}, []
        for number, (name, data) in enumerate(days_):
            files[name] = data
            night = model.night(date(2026, 11, 3 + number), {CRP: files})
            found.append([(row.found.actual, row.found.expected, row.state) for row in night.rows
                          if row.found.code == "CARRY_OVER"])
        self.assertEqual(found, [[(0, -5000, "new")], [(0, -12500, "changed")], [(0, -12500, "resolved")]])
        night = model.night(date(2026, 11, 20), {CRP: files, BANK: {"b.csv": bank("05/11/2026;175.00;VIR ONEY")}})
        self.assertEqual([p.matched_by for p in night.payouts], ["amount"])
        self.assertEqual(night.balance["oney", "EUR"]["matched"], 17500)

    def test_by_reference_in_time_and_late(self):
        reports = {5: [fin("A", "100.00", "TRF0001")]}
        self.assertEqual(self.found(reports, ["06/11/2026;100.00;TRF 0001"], date(2026, 11, 20)), [])
        # 5 November 2026 is a Thursday: three business days later is Tuesday the 10th.
        self.assertEqual(self.found(reports, [], date(2026, 11, 9)), [])
        self.assertEqual(self.found(reports, [], date(2026, 11, 10)),
                         [("PAYOUT_NOT_RECEIVED", "100.00", "0.00", "2026-11-10")])

    def test_groups_and_their_certain_day(self):
        reports = {4: [fin("A", "100.00", "TRF0001")], 5: [fin("B", "50.00", "TRF0002")]}
        both = ["06/11/2026;150.00;TRF0001 TRF0002"]
        self.assertEqual(self.found(reports, both, date(2026, 11, 20)), [])
        short = ["06/11/2026;149.00;TRF0001 TRF0002"]
        self.assertEqual(self.found(reports, short, date(2026, 11, 9)), [])
        self.assertEqual(self.found(reports, short, date(2026, 11, 10)),
                         [("PAYOUT_AMOUNT_MISMATCH", "150.00", "149.00", "2026-11-06")])

    def test_by_amount_nearest_and_tie(self):
        reports = {5: [fin("A", "100.00", "X1")]}
        near = ["06/11/2026;100.00;ONEY", "10/11/2026;100.00;ONEY"]
        self.assertEqual(self.found(reports, near, date(2026, 11, 20)),
                         [("BANK_CREDIT_UNEXPLAINED", "0.00", "100.00", "2026-11-10")])
        tie = ["06/11/2026;100.00;ONEY", "04/11/2026;100.00;ONEY"]
        self.assertEqual(self.found(reports, tie, date(2026, 11, 20)),
                         [("AMBIGUOUS_MATCH", "100.00", "", "2026-11-05")])

    def test_two_payouts_for_one_entry(self):
        reports = {4: [fin("A", "100.00", "X1")], 5: [fin("B", "100.00", "X2", tx="TX9")]}
        night = self.night(reports, ["06/11/2026;100.00;ONEY"], date(2026, 11, 20))
        self.assertEqual({p.reference: p.state for p in night.payouts}, {"X1": "not_received", "X2": "matched"})

    def test_by_sum(self):
        reports = {day: [fin("A", f"{day}0.00", f"X{day}", tx=f"TX{day}")] for day in (4, 5, 6)}
        night = self.night(reports, ["09/11/2026;90.00;ONEY"], date(2026, 11, 7))
        self.assertEqual([p.state for p in night.payouts], ["pending"] * 3)      # not booked yet
        night = self.night(reports, ["09/11/2026;90.00;ONEY"], date(2026, 11, 20))
        self.assertEqual({p.reference: p.matched_by for p in night.payouts}, {"X4": "sum", "X5": "sum", "X6": ""})
        self.assertEqual(self.found(reports, ["09/11/2026;100.00;ONEY"], date(2026, 11, 20)),
                         [("BANK_CREDIT_UNEXPLAINED", "0.00", "100.00", "2026-11-09"),
                          ("PAYOUT_NOT_RECEIVED", "40.00", "0.00", "2026-11-09"),
                          ("PAYOUT_NOT_RECEIVED", "50.00", "0.00", "2026-11-10"),
                          ("PAYOUT_NOT_RECEIVED", "60.00", "0.00", "2026-11-11")])

    def test_only_entries_of_the_provider_alarm(self):
        self.assertEqual(self.found({}, ["02/11/2026;9.00;MONEYGRAM", "02/11/2026;8.00;EDF"], date(2026, 11, 20)), [])
        self.assertEqual(self.found({}, ["02/11/2026;-9.00;PRLV ONEY"], date(2026, 11, 20)),
                         [("BANK_DEBIT_UNEXPLAINED", "0.00", "-9.00", "2026-11-02")])

    def test_commission_debit_in_gross_mode(self):
        reports = {5: [fin("A", "100.00", "TRF0001", fee="2.00", funding="100.00")]}
        paid = ["06/11/2026;100.00;ONEY"]
        debit = ["03/12/2026;-2.00;ONEY COMMISSIONS"]
        self.assertEqual(self.found(reports, paid + debit, date(2026, 12, 20), mode="gross"), [])
        self.assertEqual(self.found(reports, paid, date(2027, 1, 13), mode="gross"), [])
        self.assertEqual(self.found(reports, paid, date(2027, 1, 15), mode="gross"),
                         [("DEBIT_NOT_TAKEN", "-2.00", "0.00", "2027-01-14")])

    def test_lines_without_reference(self):
        reports = {5: [fin("A", "100.00", fee="2.00")]}
        self.assertEqual(self.found(reports, [], date(2026, 11, 10)),
                         [("PAYOUT_REFERENCE_MISSING", "", "98.00", "2026-11-10")])

    def test_overlapping_exports_count_the_most(self):
        first = bank("05/11/2026;7.00;ONEY", "05/11/2026;7.00;ONEY")
        second = bank("05/11/2026;7.00;ONEY", "06/11/2026;8.00;ONEY")
        as_of = date(2026, 11, 20)
        night = Model(config()).night(as_of, with_books({BANK: {"a.csv": first, "b.csv": second}}, as_of))
        self.assertEqual([amount for _, _, amount, _ in only(night, "BANK_CREDIT_UNEXPLAINED")],
                         ["7.00", "7.00", "8.00"])


class Leg4(unittest.TestCase):
    def missing(self, names_, as_of):
        night = Model(config()).night(as_of, {CRP: {name: crp() for name in names_}})
        return sorted(row.found.file for row in night.rows if row.found.code == "REPORT_MISSING")

    def test_a_gap_with_and_without_dates(self):
        # Thursday 19 and Monday 23 November: between them Friday and Sunday are report days of France.
        names_ = ["crp_fr_v3_261119_5.csv", "crp_fr_v3_261123_8.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 23)), ["fr 2026-11-20", "fr 2026-11-22"])
        names_ = ["crp_fr_v3_261119_5.csv", "crp_fr_v3_261123_7.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 23)), ["fr #6"])
        names_ = ["crp_fr_v3_261119_5.csv", "crp_fr_v3_261123_6.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 23)), [])

    def test_a_long_gap_is_one(self):
        names_ = ["crp_es_v3_261119_5.csv", "crp_es_v3_261120_38.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 20)), ["es #6"])
        names_ = ["crp_es_v3_261119_5.csv", "crp_es_v3_261120_37.csv"]
        self.assertEqual(len(self.missing(names_, date(2026, 11, 20))), 31)

    def test_what_is_due_after_the_latest(self):
        names_ = ["crp_fr_v3_261119_5.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 22)), [])
        self.assertEqual(self.missing(names_, date(2026, 11, 23)), ["fr 2026-11-20", "fr 2026-11-22"])

    def test_a_new_series(self):
        names_ = ["crp_es_v3_261101_90.csv", "crp_es_v3_261102_91.csv", "crp_es_v3_261123_1.csv"]
        self.assertEqual(self.missing(names_, date(2026, 11, 23)), [])
        names_[2] = "crp_es_v3_261121_1.csv"       # not more than 20 days after number 90
        self.assertEqual(self.missing(names_, date(2026, 11, 21)), ["es #2"])

    def night(self, model, as_of, **files):
        files = {f"{name}.csv": data for name, data in files.items()}
        return model.night(as_of, {CRP: files})

    def test_replaced_and_resolved(self):
        model, one, two = Model(config()), crp(fin("A", "100.00")), crp(fin("A", "90.00"))
        self.night(model, date(2026, 11, 6), crp_es_v3_261105_1=one)
        night = self.night(model, date(2026, 11, 7), crp_es_v3_261105_1=one, crp_es_v4_261105_1=two)
        self.assertEqual(only(night, "REPORT_REPLACED"), [("REPORT_REPLACED", "100.00", "90.00", "2026-11-05")])
        self.assertEqual(night.balance["oney", "EUR"]["funded"], 9000)
        night = self.night(model, date(2026, 11, 8), crp_es_v3_261105_1=one, crp_es_v4_261105_1=two)
        self.assertEqual(states(night)["REPORT_REPLACED", "crp_es_v4_261105_1.csv"], "resolved")

    def test_an_older_version_that_comes_later_loses(self):
        model, good, old = Model(config()), crp(fin("A", "100.00")), crp(fin("A", "90.00"))
        self.night(model, date(2026, 11, 6), crp_es_v3_261105_1=good)
        night = self.night(model, date(2026, 11, 7), crp_es_v3_261105_1=good, crp_es_v3_261104_1=old)
        self.assertEqual(only(night, "REPORT_REPLACED"), [("REPORT_REPLACED", "90.00", "100.00", "2026-11-05")])
        self.assertEqual(night.balance["oney", "EUR"]["funded"], 10000)

    def test_the_same_bytes(self):
        night = self.night(Model(config()), date(2026, 11, 7), crp_es_v3_261105_1=crp(), crp_es_v3_261106_2=crp(),
                           crp_es_v3_20261106_2=crp())
        self.assertEqual([row.found.file for row in night.rows if row.found.code == "REPORT_DUPLICATE"],
                         ["crp_es_v3_261106_2.csv"])

    def test_refused_until_a_good_one_comes(self):
        model = Model(config())
        night = self.night(model, date(2026, 11, 6), crp_es_v3_261105_1=b" \n")
        self.assertEqual(states(night), {("REPORT_REJECTED", "crp_es_v3_261105_1.csv"): "new"})
        night = self.night(model, date(2026, 11, 7), crp_es_v3_261105_1=b" \n", crp_es_v5_261105_1=crp())
        self.assertEqual(states(night), {("REPORT_REJECTED", "crp_es_v3_261105_1.csv"): "resolved",
                                         ("REPORT_MISSING", "es 2026-11-06"): "new"})

    def test_rejected_rows_and_ten_percent(self):
        bad, good = fin("A", "1.00").replace("FIN", "ABC"), [fin("A", "1.00", tx=f"T{n}") for n in range(18)]
        night = self.night(Model(config()), date(2026, 11, 6), crp_es_v3_261105_1=crp(*good, bad, bad))
        self.assertEqual([row.found.file for row in night.rows if row.found.code == "LINE_REJECTED"],
                         ["crp_es_v3_261105_1.csv:20", "crp_es_v3_261105_1.csv:21"])
        night = self.night(Model(config()), date(2026, 11, 6), crp_es_v3_261105_1=crp(*good, bad, bad, bad))
        self.assertEqual({row.found.code for row in night.rows}, {"REPORT_REJECTED"})

    def test_statements(self):
        def message(number, day, opening, amount, closing):
            entry = SimpleNamespace(amount=amount, currency="EUR", booking=day, value=day, id=f"B{number}",
                                    batch=[], text="EDF", end_to_end="", counterparty="EDF")
            return render.camt([render.CamtStatement("FR1", "EUR", f"S{number}", number, day, day, opening,
                                                     closing, [entry], [])], "M")
        model, second, third = Model(config()), date(2026, 11, 3), date(2026, 11, 4)
        files = {"1.xml": message(1, second, 1000, 500, 1500), "2.xml": message(2, third, 1400, 100, 1600)}
        night = model.night(date(2026, 11, 5), {BANK: files})
        self.assertEqual(only(night, "STATEMENT_GAP", "STATEMENT_UNBALANCED"),
                         [("STATEMENT_GAP", "15.00", "14.00", "2026-11-04"),
                          ("STATEMENT_UNBALANCED", "15.00", "16.00", "2026-11-04")])


class States(unittest.TestCase):
    def test_the_life_of_a_discrepancy(self):
        model = Model(config())
        files = {"crp_es_v3_261102_1.csv": crp(fin("A", "90.00"))}
        shop = {"1.csv": orders(order("A", "100.00"))}
        seen = []

        def night(day):
            as_of = date(2026, 11, day)
            result = model.night(as_of, with_books({CRP: files, ORDERS: shop}, as_of))
            row = next((r for r in result.rows if r.found.code == "AMOUNT_MISMATCH"), None)
            seen.append((row.state, row.first_seen.day) if row else None)
            return row

        night(5)                                                      # not due yet: silence
        night(6)
        night(7)
        shop["2.csv"] = orders(order("A", "95.00"))
        model.accept(night(8))
        model.accept(night(9))
        shop["3.csv"] = orders(order("A", "96.00"))
        night(10)
        night(11)
        shop["4.csv"] = orders(order("A", "90.00"))
        night(12)
        night(13)
        shop["5.csv"] = orders(order("A", "99.00"))
        night(14)
        self.assertEqual(seen, [None, ("new", 6), ("persisting", 6), ("changed", 6), ("accepted", 6), ("changed", 6),
                                ("persisting", 6), ("resolved", 6), None, ("new", 14)])

    def test_the_later_updated_at_stays(self):
        model = Model(config())
        shop = {"1.csv": orders(order("A", "100.00", updated="2026-11-03T10:00:00"))}
        model.night(date(2026, 11, 3), {ORDERS: shop})
        shop["2.csv"] = orders(order("A", "50.00", updated="2026-11-02T10:00:00"))
        night = model.night(date(2026, 11, 6), with_books({ORDERS: shop}, date(2026, 11, 6)))
        self.assertEqual(only(night, "FUNDING_NOT_REPORTED"),
                         [("FUNDING_NOT_REPORTED", "100.00", "0.00", "2026-11-06")])


class Readers(unittest.TestCase):
    OPTIONS = {"provider": "oney", "decimal_mark": ".", "max_rejected_percent": 10}

    def lines(self, data):
        _, rejected, records = readers.read_crp(data, "f", date(2026, 11, 5), self.OPTIONS)
        self.assertEqual(rejected, [])
        return [line for _, lines in records for line in lines]

    def test_encodings_and_delimiters_are_the_same_data(self):
        plain = self.lines(crp(fin("A", "100.00", "T1", fee="1.50")))
        text = crp(fin("A", "100.00", "T1", fee="1.50")).decode()
        for encoding in ("utf-8-sig", "utf-16", "cp1252"):
            for mark in ";\t|":
                data = text.replace(",", mark).replace("\n", "\r\n").encode(encoding)
                self.assertEqual(self.lines(data), plain)

    def test_signs_and_fees(self):
        funding, cancel = self.lines(crp(fin("A", "100.00", fee="1.50"),
                                         "FIN,Y,m,01/11/2026,05/11/2026,A,T,-50.00,EUR,Z,49.25,0.75,49.25,"))
        self.assertEqual((funding.gross, funding.fee), (10000, 150))
        self.assertEqual((cancel.gross, cancel.fee, cancel.column_mismatch), (-5000, -75, None))
        without = self.lines(crp("FIN,N,m,01/11/2026,,A,T,100.00,EUR,Z,98.50,,,"))
        self.assertEqual(without[0].fee, 150)

    def test_version_2_parts(self):
        data = ("PR_Type,IS_cancel,Merchant_guid,Purchase_date,External_reference,Transaction_number,"
                "Transaction_amount,Transaction_amount_currency,Payment_amount,Commission_amount,Transfer_Id,"
                "Payment_amount_2,Commission_amount_2,Transfer_Id_2\n"
                "FIN,N,m,01/11/2026,A,T,90.00,EUR,30.00,0.30,T1,60.00,0.60,T2\n"
                "FIN,N,m,01/11/2026,B,T,90.00,EUR,,,,90.00,0.90,T2\n").encode()
        self.assertEqual([(l.order_ref, l.part, l.gross, l.fee, l.payout_ref) for l in self.lines(data)],
                         [("A", "deposit", 3000, 30, "T1"), ("A", "funding", 6000, 60, "T2"),
                          ("B", "funding", 9000, 90, "T2")])

    def test_a_batch_whose_details_add_up_is_one_entry_a_detail(self):
        day = date(2026, 11, 3)
        entry = SimpleNamespace(amount=300, currency="EUR", booking=day, value=day, id="B", batch=[100, 200],
                                texts=["a", "b"], text="", end_to_end="", counterparty="X")
        statement = render.CamtStatement("FR1", "EUR", "S", 1, day, day, 0, 300, [entry], [])
        for version, prefix in (("02", ""), ("08", "ns2")):
            _, _, [read] = readers.read_camt(render.camt([statement], "M", version, prefix))
            self.assertEqual([(e.amount, e.text, e.entry_id) for e in read.entries],
                             [(100, "a", "B-0"), (200, "b", "B-1")])
            entry.batch = [100, 250]
            _, _, [read] = readers.read_camt(render.camt([statement], "M", version, prefix))
            self.assertEqual([e.amount for e in read.entries], [300])
            entry.batch = [100, 200]


class Worlds(unittest.TestCase):
    def test_worlds_are_repeatable_and_balance(self):
        for seed in range(1, 6):
            world, again = worlds.build(seed), worlds.build(seed)
            self.assertEqual((world.config, world.deliveries), (again.config, again.deliveries))
            for _, night, _ in world.nights_of(Model(world.config)):
                self.assertEqual(night.notes, [])
                for figures in night.balance.values():
                    parts = ("matched", "mismatched", "not_received", "pending", "carried_over", "unassigned")
                    self.assertEqual(figures["expected_payouts"], sum(figures[part] for part in parts))

    def test_a_second_model_on_reversed_folders_agrees(self):
        world = worlds.build(3)
        turned = replace(world, deliveries=world.deliveries[::-1])
        for (_, one, _), (_, two, _) in zip(world.nights_of(Model(world.config)), turned.nights_of(Model(world.config))):
            self.assertEqual([row.cells() for row in one.rows], [row.cells() for row in two.rows])


if __name__ == "__main__":
    unittest.main()
