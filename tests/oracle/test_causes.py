"""What explains what, what money it is about, and what runs store: cases worked out by hand.

    python3 -m unittest discover tests/oracle
"""

import sys

sys.dont_write_bytecode = True

import unittest
from datetime import date

from model import Model
from test_coverage import nov, report, statement
from test_model import BANK, CRP, ORDERS, bank, config, crp, fin, only, order, orders, with_books
from test_providers import CONFIG as MIXED
from test_providers import STATUS, log, told
from test_providers import order as payone_order
from test_providers import ORDER_HEAD as PAYONE_ORDER_HEAD
from test_providers import ORDERS as MIXED_ORDERS
from test_providers import SETTLEMENT, record, usr


def causes(night, *codes):
    """{(code, what it is about): (code, what its cause is about)} of the open rows with these codes."""
    def about(item):
        return item.code, item.order_reference or item.payout_reference or item.file or item.bank_entry or item.actual
    return {about(row.found): night.causes.get(row.found.identity) and about(night.causes[row.found.identity])
            for row in night.open_rows if row.found.code in codes}


class Causes(unittest.TestCase):
    def night(self, crps, shop=(), entries=(), day=20, complete=True):
        """A night; `complete`: no report after the given ones is missing."""
        folders = {CRP: crps, ORDERS: {"o.csv": orders(*shop)}}
        folders |= {BANK: {"b.csv": bank(*entries)}} if entries else {}
        text = config()
        if complete:
            text = text.replace("[provider.oney]\n", '[provider.oney]\nreport_days = { default = [] }\n', 1)
        return Model(text).night(nov(day), with_books(folders, nov(day)))

    # 1
    def test_a_rejected_row_explains_what_it_hides(self):
        bad = fin("A", "100.00", "TRF0001").replace("FIN", "ABC")
        night = self.night(report(5, bad, fin("B", "50.00", "TRF0001", tx="T9")),
                           [order("A", "100.00"), order("B", "50.00")], ["06/11/2026;150.00;TRF0001"])
        rejected = "LINE_REJECTED", "crp_es_v3_261105_5.csv:2"
        self.assertEqual(causes(night, "FUNDING_NOT_REPORTED", "PAYOUT_AMOUNT_MISMATCH"),
                         {("FUNDING_NOT_REPORTED", "A"): rejected, ("PAYOUT_AMOUNT_MISMATCH", "TRF0001"): rejected})
        # The funding that is not there and the credit that came anyway are one mistake.
        self.assertEqual(night.exposure, {})

    def test_another_order_or_two_rejected_rows_explain_nothing(self):
        bad = fin("X", "100.00").replace("FIN", "ABC")
        shop = [order("A", "100.00")]
        self.assertEqual(causes(self.night(report(5, bad), shop), "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "A"): None})
        twice = [fin("A", "100.00", tx=f"T{n}").replace("FIN", "ABC") for n in (1, 2)]
        self.assertEqual(causes(self.night(report(5, *twice), shop), "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "A"): None})

    def test_a_rejected_order_explains_that_it_is_not_found(self):
        bad = order("A", "100.00").replace("FUNDED", "SHIPPED")
        night = self.night(report(5, fin("A", "100.00")), [bad])
        self.assertEqual(causes(night, "ORDER_NOT_FOUND"), {("ORDER_NOT_FOUND", "A"): ("LINE_REJECTED", "o.csv:2")})
        other = self.night(report(5, fin("A", "100.00")), [bad.replace(",oney,", ",alma,")])
        self.assertEqual(causes(other, "ORDER_NOT_FOUND"), {("ORDER_NOT_FOUND", "A"): None})

    def test_a_rejected_order_ends_with_a_later_row_of_it(self):
        bad, good = order("A", "100.00").replace("FUNDED", "SHIPPED"), order("A", "100.00")
        self.assertEqual(len(only(self.night({}, [bad, good]), "LINE_REJECTED")), 0)
        self.assertEqual(len(only(self.night({}, [good, bad]), "LINE_REJECTED")), 1)
        self.assertEqual(len(only(self.night({}, [bad, order("B", "100.00")]), "LINE_REJECTED")), 1)

    # 2
    def test_fees_that_add_up_to_a_payouts_difference(self):
        rows = [fin("A", "100.00", "TRF0001", fee="2.00", net="97.50"), fin("B", "50.00", "TRF0001", tx="T2")]
        shop = [order("A", "100.00"), order("B", "50.00")]
        for booked, cause in (("147.50", ("FEE_MISMATCH", "A")), ("148.50", ("FEE_MISMATCH", "A")), ("147.00", None)):
            night = self.night(report(5, *rows), shop, [f"06/11/2026;{booked};TRF0001"])
            self.assertEqual(causes(night, "PAYOUT_AMOUNT_MISMATCH"), {("PAYOUT_AMOUNT_MISMATCH", "TRF0001"): cause})

    def test_fees_of_another_payout_do_not(self):
        rows = [fin("A", "100.00", "TRF0002", fee="2.00", net="97.50"), fin("B", "50.00", "TRF0001", tx="T2")]
        night = self.night(report(5, *rows), [order("A", "100.00"), order("B", "50.00")], ["06/11/2026;49.50;TRF0001"])
        self.assertEqual(causes(night, "PAYOUT_AMOUNT_MISMATCH"), {("PAYOUT_AMOUNT_MISMATCH", "TRF0001"): None})

    def test_a_copy_by_its_net(self):
        rows = [fin("A", "100.00", "TRF0001", fee="2.00")] * 2
        for booked, cause in (("98.00", ("DUPLICATE_LINE", "A")), ("96.00", None)):
            night = self.night(report(5, *rows), [order("A", "100.00")], [f"06/11/2026;{booked};TRF0001"])
            self.assertEqual(causes(night, "PAYOUT_AMOUNT_MISMATCH"), {("PAYOUT_AMOUNT_MISMATCH", "TRF0001"): cause})

    # 4
    def test_a_misspelt_order(self):
        shop = [order("WEB-17", "100.00")]
        night = self.night(report(5, fin("web17", "100.00")), shop)
        self.assertEqual(causes(night, "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "WEB-17"): ("ORDER_NOT_FOUND", "web17")})
        self.assertEqual(night.exposure.get("EUR", (0, 0, 0))[:2], (0, 0))
        self.assertEqual(causes(self.night(report(5, fin("web17", "90.00")), shop), "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "WEB-17"): None})
        by_amount = self.night(report(5, fin("Z-1", "100.00")), shop)
        self.assertEqual(causes(by_amount, "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "WEB-17"): ("ORDER_NOT_FOUND", "Z-1")})
        long_ago = self.night(report(5, fin("Z-1", "100.00", day="04/11/2026")), shop)
        self.assertEqual(causes(long_ago, "FUNDING_NOT_REPORTED"), {("FUNDING_NOT_REPORTED", "WEB-17"): None})

    # 5
    def test_lines_without_payout_reference_and_their_credit(self):
        def found(*entries):
            night = self.night(report(5, fin("A", "100.00", fee="2.00")), [order("A", "100.00")], entries)
            return sorted(causes(night, "BANK_CREDIT_UNEXPLAINED").values(), key=str)
        self.assertEqual(found("06/11/2026;98.00;ONEY"), [("PAYOUT_REFERENCE_MISSING", "crp_es_v3_261105_5.csv")])
        self.assertEqual(found("06/11/2026;97.00;ONEY"), [None])
        self.assertEqual(found("30/10/2026;98.00;ONEY"), [None])                     # before its bank window
        self.assertEqual(set(found("06/11/2026;98.00;ONEY", "09/11/2026;98.00;ONEY")), {None})

    # 6
    def test_a_gap_in_the_statements(self):
        text = config().replace('profile = "bank"\n', "")
        crps, shop = report(5, fin("A", "100.00", "TRF0001")), {"o.csv": orders(order("A", "100.00"))}
        bank_ = statement(9) | statement(10, opening=500)
        night = Model(text).night(nov(20), {CRP: crps, ORDERS: shop, BANK: bank_})
        self.assertEqual([item.code for item in night.causes.values()], ["STATEMENT_GAP"])
        outside = report(13, fin("A", "100.00", "TRF0001"))                          # its window begins on the 8th
        late = statement(6) | statement(7, opening=500) | statement(18, opening=500)
        night = Model(text).night(nov(20), {CRP: outside, ORDERS: shop, BANK: late})
        self.assertEqual(len(only(night, "PAYOUT_NOT_RECEIVED")), 1)
        self.assertEqual(night.causes, {})

    # 7
    def test_a_report_that_is_missing(self):
        shop = [order("A", "100.00", ordered="2026-11-03")]                           # due on the 8th
        def found(*days):
            files = {name: data for day in days for name, data in report(day).items()}
            return causes(self.night(files, shop, day=10, complete=False), "FUNDING_NOT_REPORTED")[
                "FUNDING_NOT_REPORTED", "A"]
        # Of the 3rd, 6th, 7th and 8th the 3rd is the nearest to the day of the order.
        self.assertEqual(found(2, 4, 5, 9), ("REPORT_MISSING", "es 2026-11-03"))
        self.assertEqual(found(2, 3, 4, 5, 7, 8, 9), ("REPORT_MISSING", "es 2026-11-06"))
        self.assertIsNone(found(1, 3, 4, 5, 6, 7, 8))                                # the 2nd and the 9th

    def test_a_refused_report_before_a_missing_one_of_the_same_day(self):
        crps = {"crp_es_v3_261102_2.csv": b" ", "crp_es_v3_261101_1.csv": crp(), "crp_es_v3_261103_3.csv": crp()}

        def found(day):
            night = self.night(crps, [], [f"{day:02}/11/2026;50.00;ONEY"], complete=False)
            return causes(night, "BANK_CREDIT_UNEXPLAINED")["BANK_CREDIT_UNEXPLAINED", 5000]
        self.assertEqual(found(3), ("REPORT_REJECTED", "crp_es_v3_261102_2.csv"))
        self.assertEqual(found(5), ("REPORT_MISSING", "es 2026-11-05"))              # nearer to the booking
        self.assertIsNone(found(1))


class Runs(unittest.TestCase):
    """The nights of the 19th and 20th are recorded; then an order falls from 100 to 80 and a corrected report comes."""
    def played(self, step):
        model = Model(config())
        folders = {CRP: {"crp_es_v3_261118_1.csv": crp(fin("A", "100.00"))},
                   ORDERS: {"1.csv": orders(order("A", "100.00", updated=""))}}
        for day in (19, 20):
            folders[ORDERS][f"{day}.csv"] = orders(order(f"B{day}", "1.00", "PENDING"))
            model.night(nov(day), folders)
        folders[CRP]["crp_es_v4_261118_1.csv"] = crp(fin("A", "80.00"))
        folders[ORDERS]["2.csv"] = orders(order("A", "80.00"))
        old = step(model, folders)
        return model, old, model.night(nov(21), folders)

    def test_a_look_at_an_old_day_buries_no_correction(self):
        for step in (lambda m, f: m.look(nov(18), f), lambda m, f: m.night(nov(18), f), lambda m, f: m.look(nov(20), f)):
            model, _, night = self.played(step)
            self.assertEqual(only(night, "AMOUNT_MISMATCH"), [])
            self.assertEqual(night.orders["oney", "A"]["amount"], 8000)
            self.assertEqual(night.orders["oney", "A"]["reported_funded"], 8000)
            self.assertEqual(sorted(file.name for file in night.files), ["2.csv", "crp_es_v4_261118_1.csv"])
            self.assertEqual({file.received for file in night.files}, {nov(20)})

    def test_the_first_recorded_night_after_it_finds_a_replaced_report_and_no_later_one(self):
        _, _, night = self.played(lambda model, folders: model.look(nov(18), folders))
        self.assertEqual(len(only(night, "REPORT_REPLACED")), 1)
        model, old, night = self.played(lambda model, folders: model.night(nov(18), folders))
        self.assertEqual((len(only(old, "REPORT_REPLACED")), len(only(night, "REPORT_REPLACED"))), (1, 0))
        model, old, night = self.played(lambda model, folders: model.night(nov(17), folders))   # before its own day
        self.assertEqual((len(only(old, "REPORT_REPLACED")), len(only(night, "REPORT_REPLACED"))), (0, 1))

    def test_a_repeated_night_is_measured_by_the_night_before_it(self):
        model, old, _ = self.played(lambda model, folders: model.night(nov(20), folders))
        self.assertEqual({row.state for row in old.rows if row.found.code == "REPORT_MISSING"}, {"new"})

    def test_what_cannot_be_read_is_not_remembered(self):
        model = Model(config())
        night = model.night(nov(20), {CRP: {"crp_es_v3_261118_1.csv": None}, ORDERS: None})
        self.assertEqual((night.unread, night.files, night.rows), (["crp_es_v3_261118_1.csv", "b"], [], []))
        night = model.night(nov(21), {CRP: {"crp_es_v3_261118_1.csv": crp()}})
        self.assertEqual([file.status for file in night.files], ["accepted"])


class Mixed(unittest.TestCase):
    # 3
    def test_the_providers_status_explains_what_leg_1_says_of_the_order(self):
        def found(action):
            shop = "\n".join([PAYONE_ORDER_HEAD, payone_order(status="REFUSED"), ""]).encode()
            files = {SETTLEMENT: {"s.csv": usr(record())}, STATUS: {"l.log": log(told("appointed", 0, "0.00"), action)},
                     MIXED_ORDERS: {"o.csv": shop}}
            night = Model(MIXED.format(mode="net", tolerance="0.00")).night(nov(6), files)
            return causes(night, "STATUS_MISMATCH")
        self.assertEqual(found(told("capture", 1, "100.00")),
                         {("STATUS_MISMATCH", "A"): ("PROVIDER_STATUS_MISMATCH", "A")})
        self.assertEqual(found(told("failed", 0, "0.00", at="2026-11-03T11:00:00")), {("STATUS_MISMATCH", "A"): None})


class Figures(unittest.TestCase):
    def test_short_and_over_are_never_added_up_without_sign(self):
        shop = [order("A", "100.00"), order("B", "50.00"), order("C", "70.00")]
        rows = [fin("B", "60.00", tx="T2"), fin("C", "70.00", tx="T3")]
        folders = with_books({CRP: report(5, *rows), ORDERS: {"o.csv": orders(*shop)}}, nov(9))
        model = Model(config())
        night = model.night(nov(9), folders)
        self.assertEqual(night.exposure, {"EUR": (10000, 1000, 0)})
        model.accept(next(row for row in night.rows if row.found.code == "AMOUNT_MISMATCH"))
        night = model.night(nov(10), with_books(folders, nov(10)))
        self.assertEqual(night.exposure, {"EUR": (10000, 0, 0)})

    def test_a_range_adds_up_its_own_lines(self):
        folders = {CRP: report(5, fin("A", "100.00", "TRF0001")) | report(6, fin("B", "50.00", "TRF0001", tx="T2")),
                   BANK: {"b.csv": bank("09/11/2026;150.00;TRF0001")}}
        night = Model(config()).night(nov(20), folders)
        [leg] = night.legs
        self.assertEqual({c: leg.balance(nov(5), nov(5))["EUR"][c] for c in ("lines", "funded", "matched", "not_received")},
                         {"lines": 1, "funded": 10000, "matched": 10000, "not_received": 0})
        self.assertEqual(leg.balance(date(2026, 10, 1), date(2026, 10, 31)), {})


if __name__ == "__main__":
    unittest.main()
