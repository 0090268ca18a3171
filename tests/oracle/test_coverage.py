"""What the books cover, cases worked out by hand from the text of the specification.

    python3 -m unittest discover tests/oracle
"""

import sys

sys.dont_write_bytecode = True

import unittest
from datetime import date
from types import SimpleNamespace

import render
from model import Model
from test_model import BANK, CRP, EVENTS, ORDERS, back, bank, config, crp, fin, only, order, orders, with_books


def nov(day):
    return date(2026, 11, day)


def report(day, *rows, country="es"):
    return {f"crp_{country}_v3_2611{day:02}_{day}.csv": crp(*rows)}


def statement(day, *entries, account="FR1", opening=0):
    """A camt.053 statement of one day with entries (amount, text)."""
    booked = [SimpleNamespace(amount=amount, currency="EUR", booking=nov(day), value=nov(day), id=f"B{day}-{n}", batch=[],
                              text=text, end_to_end="", counterparty=text) for n, (amount, text) in enumerate(entries)]
    closing = opening + sum(amount for amount, _ in entries)
    one = render.CamtStatement(account, "EUR", f"S{account}{day}", day, nov(day), nov(day), opening, closing, booked, [])
    return {f"{account}-{day}.xml": render.camt([one], "M")}


def row(night, feed, **columns):
    """The rows of coverage.csv of a feed as (covered, allowed, state, items, amount)."""
    found = [r for r in night.coverage if r["feed"] == feed and all(r[c] == t for c, t in columns.items())]
    return [(r["covered_until"] and r["covered_until"].day, r["allowed_until"] and r["allowed_until"].day, r["state"],
             r["waiting_items"], r["waiting_amount"]) for r in found]


class ReportsCover(unittest.TestCase):
    """Leg 1 is seen from the earlier of as-of and the provider's reports."""
    SHOP = {"o.csv": orders(order("A", "100.00"))}                 # ordered on the 1st, due on the 6th

    def night(self, day, reports, shop=None):
        return Model(config()).night(nov(day), {CRP: reports, ORDERS: shop or self.SHOP})

    def test_a_funding_is_missing_only_where_the_reports_reach_its_day(self):
        wants = [("FUNDING_NOT_REPORTED", "100.00", "0.00", "2026-11-06")]
        self.assertEqual(only(self.night(20, report(6)), "FUNDING_NOT_REPORTED"), wants)
        self.assertEqual(only(self.night(20, report(5)), "FUNDING_NOT_REPORTED"), [])
        self.assertEqual(only(self.night(20, {}), "FUNDING_NOT_REPORTED"), [])

    def test_reports_of_any_country_cover(self):
        self.assertEqual(len(only(self.night(20, report(3) | report(6, country="fr")), "FUNDING_NOT_REPORTED")), 1)

    def test_what_waits_is_counted_with_its_money(self):
        night = self.night(20, report(5))
        self.assertEqual(row(night, "reports"), [(5, None, "late", 1, 10000)])
        self.assertEqual(night.exposure["EUR"], (0, 0, 10000))
        self.assertEqual(night.waiting_orders, {("oney", "A")})
        # Not yet due at all: it waits for no book.
        self.assertEqual(row(self.night(5, report(4)), "reports"), [(4, None, "complete", 0, 0)])

    def test_a_cancellation_that_no_report_can_have_told(self):
        shop = {"o.csv": orders(order("A", "100.00", cancelled="30.00", on="2026-11-05"))}      # due on the 10th
        self.assertEqual(only(self.night(20, report(9, fin("A", "100.00")), shop), "CANCELLATION_NOT_REPORTED"), [])
        self.assertEqual(only(self.night(20, report(10, fin("A", "100.00")), shop), "CANCELLATION_NOT_REPORTED"),
                         [("CANCELLATION_NOT_REPORTED", "-30.00", "0.00", "2026-11-10")])

    def test_too_much_needs_no_book(self):
        night = self.night(4, report(3, fin("A", "120.00")))
        self.assertEqual(only(night, "AMOUNT_MISMATCH"), [("AMOUNT_MISMATCH", "100.00", "120.00", "2026-11-03")])

    def test_entries_wait_for_the_reports(self):
        entry = {"b.csv": bank("05/11/2026;50.00;VIR ONEY")}          # grace ends on Tuesday the 10th
        for last, found in ((9, 0), (10, 1)):
            night = Model(config()).night(nov(20), {CRP: report(last), BANK: entry})
            self.assertEqual(len(only(night, "BANK_CREDIT_UNEXPLAINED")), found)
            self.assertEqual(row(night, "reports")[0][3:], (1 - found, 5000 * (1 - found)))


class OrdersCover(unittest.TestCase):
    def night(self, day, received, report_day, *shop, rows):
        model = Model(config())
        model.night(nov(received), {ORDERS: {"o.csv": orders(*shop)}})
        return model.night(nov(day), {ORDERS: {"o.csv": orders(*shop)}, CRP: report(report_day, *rows)})

    def test_an_unknown_order_waits_for_the_shop(self):
        self.assertEqual(only(self.night(9, 6, 7, rows=[fin("A", "10.00")]), "ORDER_NOT_FOUND"), [])
        self.assertEqual(only(self.night(9, 7, 7, rows=[fin("A", "10.00")]), "ORDER_NOT_FOUND"),
                         [("ORDER_NOT_FOUND", "0.00", "10.00", "2026-11-07")])
        night = self.night(9, 6, 7, rows=[fin("A", "10.00")])
        self.assertEqual(row(night, "orders"), [(6, 12, "complete", 1, 1000)])    # Friday the 6th; alarm after Thursday

    def test_the_shop_may_have_said_more_since(self):
        for received, found in ((6, []), (7, [("CANCELLATION_UNEXPECTED", "0.00", "-4.00", "2026-11-07")])):
            night = self.night(9, received, 7, order("A", "10.00"), rows=[fin("A", "10.00"), back("A", "4.00")])
            self.assertEqual(only(night, "CANCELLATION_UNEXPECTED"), found)
        for received, found in ((6, 0), (7, 1)):
            night = self.night(9, received, 7, order("A", "10.00", "REFUSED"), rows=[fin("A", "10.00")])
            self.assertEqual(len(only(night, "STATUS_MISMATCH")), found)

    def test_a_duplicate_counts_as_received_and_a_refused_file_does_not(self):
        shop = {"o.csv": orders(order("B", "1.00", "PENDING"))}
        for data, found in ((shop["o.csv"], 1), (b" ", 0)):
            model = Model(config())
            model.night(nov(6), {ORDERS: shop})
            night = model.night(nov(7), {ORDERS: shop | {"again.csv": data}, CRP: report(7, fin("A", "10.00"))})
            self.assertEqual(len(only(night, "ORDER_NOT_FOUND")), found)

    def test_only_the_inputs_that_bring_orders_of_the_provider(self):
        two = config().replace('path = "b"', 'path = "b"\n[[input]]\nkind = "orders"\npath = "other"', 1)
        other = {"x.csv": orders(order("X", "1.00", "PENDING").replace("oney", "payone"))}
        crps, shop = {CRP: report(7, fin("A", "10.00"))}, {"o.csv": orders(order("B", "1.00", "PENDING"))}
        crps = {0: crps[CRP]}
        model = Model(two)
        model.night(nov(6), {1: shop})
        self.assertEqual(only(model.night(nov(7), {1: shop, 2: other} | crps), "ORDER_NOT_FOUND"), [])
        model = Model(two)
        model.night(nov(6), {1: other})
        night = model.night(nov(7), {1: other, 2: shop} | crps)
        self.assertEqual(len(only(night, "ORDER_NOT_FOUND")), 1)


class BankCovers(unittest.TestCase):
    """TRF0001 is reported on Thursday the 5th, its grace ends on Tuesday the 10th."""
    REPORT = report(5, fin("A", "100.00", "TRF0001"))

    def night(self, statements, more="", day=20, reports=None):
        text = config().replace('profile = "bank"\n', "").replace("[provider.oney]\n", f"[provider.oney]\n{more}")
        return Model(text).night(nov(day), {CRP: reports or self.REPORT, BANK: statements})

    def missing(self, *arguments, **more):
        return len(only(self.night(*arguments, **more), "PAYOUT_NOT_RECEIVED"))

    def test_a_payout_is_missing_only_where_the_statements_reach_its_grace(self):
        self.assertEqual(self.missing(statement(9)), 0)
        self.assertEqual(self.missing(statement(10)), 1)
        self.assertEqual(self.missing({}), 0)
        night = self.night(statement(9))
        self.assertEqual([p.state for p in night.payouts], ["pending"])
        self.assertEqual(row(night, "bank"), [(9, 13, "silent", 1, 10000)])
        self.assertEqual(night.exposure["EUR"], (0, 0, 20000))         # and the order, which the shop has not told

    def test_no_statements_configured(self):
        text = config().split('[[input]]\nkind = "bank-statement"')[0] + "[provider.oney]\n"
        night = Model(text).night(nov(20), {CRP: self.REPORT})
        self.assertEqual(only(night, "PAYOUT_NOT_RECEIVED"), [])
        self.assertEqual(row(night, "bank"), [])

    def test_the_account_that_ends_first(self):
        both = statement(9, account="FR1") | statement(10, account="FR2")
        self.assertEqual(self.missing(both), 0)
        self.assertEqual([r[3] for r in row(self.night(both), "bank")], [1, 0])
        self.assertEqual(self.missing(both, 'accounts = ["FR2"]\n'), 1)
        self.assertEqual(self.missing(both, 'accounts = ["FR1", "FR2"]\n'), 0)
        self.assertEqual(self.missing(both, 'accounts = ["FR2", "FR3"]\n'), 0)

    def test_accounts_that_the_text_was_found_on_lately(self):
        both = statement(2, account="FR1") | statement(10, (500, "VIR ONEY"), account="FR2")
        self.assertEqual(self.missing(both), 1)
        self.assertEqual(self.missing(statement(2, (700, "ONEY"), account="FR1") | statement(10, account="FR2")), 0)

    def test_closed_accounts_hold_nothing_back(self):
        both = statement(2, (700, "ONEY"), account="FR1") | statement(10, account="FR2")
        text = config().replace('profile = "bank"\n', "")
        night = Model('closed_accounts = ["FR1"]\n' + text).night(nov(20), {CRP: self.REPORT, BANK: both})
        self.assertEqual(len(only(night, "PAYOUT_NOT_RECEIVED")), 1)
        self.assertEqual(row(night, "bank", account="FR1"), [(2, None, "late", 0, 0)])
        self.assertEqual([r.found.key for r in night.rows if r.found.code == "FEED_SILENT"
                          and r.found.account], [("FR2",)])

    def test_exports_cover_until_their_latest_booking(self):
        for day, found in ((9, 0), (10, 1)):
            night = Model(config()).night(nov(20), {CRP: self.REPORT, BANK: {"b.csv": bank(f"{day:02}/11/2026;1.00;EDF")}})
            self.assertEqual(len(only(night, "PAYOUT_NOT_RECEIVED")), found)

    def test_intraday_reports_cover_only_where_there_is_nothing_else(self):
        entry = SimpleNamespace(amount=100, currency="EUR", booking=nov(10), value=nov(10), id="B1", batch=[], text="EDF",
                                end_to_end="", counterparty="EDF")
        evening = render.CamtStatement("FR1", "EUR", "D10", 10, nov(10), nov(10), 0, 0, [entry], [])
        files = {"d.xml": render.camt([evening], "M", intraday=True)}
        self.assertEqual(self.missing(files), 1)
        self.assertEqual(self.missing(files | statement(9)), 0)

    def test_a_group_that_differs_is_certain_by_its_booking_or_by_its_grace(self):
        short = statement(6, (9900, "TRF0001"))
        self.assertEqual(only(self.night(short, day=9), "PAYOUT_AMOUNT_MISMATCH"), [])       # neither
        self.assertEqual(len(only(self.night(short, day=11), "PAYOUT_AMOUNT_MISMATCH")), 1)  # by its booking
        late = statement(9, (9900, "TRF0001"))
        night = self.night(late, day=11)                                                     # the grace, but no book
        self.assertEqual(only(night, "PAYOUT_AMOUNT_MISMATCH"), [])
        self.assertEqual(row(night, "bank")[0][3:], (1, 100))
        self.assertEqual(len(only(self.night(late | statement(10, opening=9900), day=11), "PAYOUT_AMOUNT_MISMATCH")), 1)


class Silence(unittest.TestCase):
    def silent(self, model, day, folders):
        return [(r.found.account or r.found.file, r.found.event_date.day, r.state)
                for r in model.night(nov(day), folders).rows if r.found.code == "FEED_SILENT"]

    def test_an_account_after_three_business_days(self):
        text = config().replace('profile = "bank"\n', "")
        orders_ = {ORDERS: {"o.csv": orders(order("A", "1.00", "PENDING"))}}
        # Covered until Thursday the 5th: Friday, Monday and Tuesday are allowed, Wednesday the 11th is the first after.
        self.assertEqual(self.silent(Model(text), 11, orders_ | {BANK: statement(5)}), [])
        self.assertEqual(self.silent(Model(text), 12, orders_ | {BANK: statement(5)}), [("FR1", 11, "new")])

    def test_orders_by_the_day_received_and_not_by_their_rows(self):
        model, shop = Model(config().replace('path = "d"', 'path = "d"\nmax_silence_business_days = 0')), \
            {ORDERS: {"o.csv": orders(order("A", "1.00", "PENDING", "2026-10-01"))}}
        self.assertEqual(self.silent(model, 5, shop), [])
        self.assertEqual(self.silent(model, 11, shop), [])
        self.assertEqual(self.silent(model, 12, shop), [("orders b", 11, "new")])

    def test_nothing_ever_counts_from_the_first_recorded_run(self):
        model = Model(config())
        model.look(nov(1), {})
        self.assertEqual(self.silent(model, 5, {}), [])
        self.assertEqual(self.silent(model, 11, {}), [])
        self.assertEqual(sorted(self.silent(model, 12, {})), [("bank-statement d", 11, "new"), ("orders b", 11, "new")])
        self.assertEqual([r["state"] for r in model.evaluate(nov(12)).coverage if r["path"] in ("b", "d")],
                         ["never", "never"])

    def test_inputs_with_a_limit_of_their_own(self):
        text = config().replace('path = "c"', 'path = "c"\nmax_silence_business_days = 1')
        model = Model(text)
        books = lambda day: with_books({}, nov(day))
        self.assertEqual(self.silent(model, 5, books(5)), [])
        self.assertEqual(self.silent(model, 9, books(9)), [])                      # Friday is the one allowed
        self.assertEqual(self.silent(model, 10, books(10)), [("order-events c", 9, "new")])

    def test_a_complete_feed_reaches_the_last_business_day(self):
        text = config().replace('profile = "bank"\n', "")
        night = Model(text).night(nov(9), {BANK: statement(6)})
        self.assertEqual(row(night, "bank"), [(6, 12, "complete", 0, 0)])
        night = Model(text).night(nov(10), {BANK: statement(6)})
        self.assertEqual(row(night, "bank"), [(6, 12, "late", 0, 0)])


class BooksThatBegin(unittest.TestCase):
    def severities(self, night, *codes):
        return {(r.found.code, r.found.order_reference or r.found.file or r.found.actual): r.cells()["severity"]
                for r in night.rows if r.found.code in codes}

    def night(self, opened, day=20, **folders):
        kinds = {"crp": CRP, "shop": ORDERS, "bank": BANK, "events": EVENTS}
        seen = with_books({kinds[kind]: files for kind, files in folders.items()}, nov(day))
        return Model(f'books_open = "{opened}"\n' + config()).night(nov(day), seen)

    def test_orders_before_the_books(self):
        shop = {"o.csv": orders(order("A", "10.00", ordered="2026-11-04"), order("B", "10.00", ordered="2026-11-05"))}
        night = self.night("2026-11-05", shop=shop)
        self.assertEqual(self.severities(night, "FUNDING_NOT_REPORTED"),
                         {("FUNDING_NOT_REPORTED", "A"): "info", ("FUNDING_NOT_REPORTED", "B"): "error"})
        self.assertEqual(night.exposure["EUR"], (1000, 0, 0))
        self.assertEqual({r.found.order_reference: r.cells()["exposure"] for r in night.rows
                          if r.found.code == "FUNDING_NOT_REPORTED"}, {"A": "", "B": "-10.00"})

    def test_a_wrong_amount_is_wrong_whenever_it_was_ordered(self):
        night = self.night("2026-11-15", crp=report(5, fin("A", "9.00")), shop={"o.csv": orders(order("A", "10.00"))})
        self.assertEqual(self.severities(night, "AMOUNT_MISMATCH"), {("AMOUNT_MISMATCH", "A"): "error"})

    def test_lines_before_the_books(self):
        rows = [fin("A", "9.00", day="01/11/2026"), fin("B", "9.00", day="05/11/2026", tx="T2"),
                fin("C", "9.00", day="01/11/2026", tx="T3"), fin("C", "9.00", day="05/11/2026", tx="T4")]
        self.assertEqual(self.severities(self.night("2026-11-05", crp=report(6, *rows)), "ORDER_NOT_FOUND"),
                         {("ORDER_NOT_FOUND", "A"): "info", ("ORDER_NOT_FOUND", "B"): "error",
                          ("ORDER_NOT_FOUND", "C"): "error"})

    def test_reports_and_entries_before_the_books(self):
        night = self.night("2026-11-05", day=30, crp=report(3) | {"crp_es_v3_261106_6.csv": crp()},
                           bank={"b.csv": bank("24/11/2026;1.00;ONEY", "25/11/2026;2.00;ONEY")})
        self.assertEqual(self.severities(night, "BANK_CREDIT_UNEXPLAINED"),
                         {("BANK_CREDIT_UNEXPLAINED", 100): "info", ("BANK_CREDIT_UNEXPLAINED", 200): "error"})
        missing = self.severities(night, "REPORT_MISSING")
        self.assertEqual([missing["REPORT_MISSING", f"es 2026-11-{day:02}"] for day in (4, 5)], ["info", "error"])


if __name__ == "__main__":
    unittest.main()
