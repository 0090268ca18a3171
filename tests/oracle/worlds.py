"""A world: a small company for some nights, with planted defects and traps, from a seed.

    world = build(7)
    world.config            text of recon.toml
    world.nights            the as-of dates
    world.deliveries        files by night
    world.actions           what a person does after a night
    world.story             what was planted
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

import partner_plan
import payone_defects
import plan as plans
from company import Company, Report, trade
from days import ONE, month_end
from delivery import Courier, deliver
from model import Model
from partner_files import ListCourier, LogCourier, PayoneBank, UsrCourier
from partner_plan import FIRST_MIXED_SEED
from payone import Payone
from scalexpert import Scalexpert
from scalexpert import trade as scalexpert_trade
from treasury import Treasury

ATTEMPTS = 200


@dataclass
class World:
    """Everything that a run of the nights needs."""
    seed: int
    config: str
    nights: list
    deliveries: list
    actions: dict                         # night number -> [(accept or reopen, choice)]
    inputs: dict                          # kind of an input -> its folder, in the order of recon.toml
    story: list = field(default_factory=list)

    def folders(self, folders, night):
        """The input folders {input number: {name: bytes}} after the deliveries of a night."""
        kinds = list(self.inputs)
        for delivery in self.deliveries:
            if delivery.night == night:
                folders.setdefault(kinds.index(delivery.kind), {})[delivery.name] = delivery.data
        return folders

    def deliver(self, base, night, order=None, mtime=None):
        """Copies the files of a night into the folders of a world on disk."""
        mine = [d for d in self.deliveries if d.night == night]
        for delivery in order(mine) if order else mine:
            folder = Path(base) / self.inputs[delivery.kind]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / delivery.name).write_bytes(delivery.data)
            if mtime:
                mtime(folder / delivery.name)

    def write(self, base):
        """Creates the folder of the world: recon.toml, the empty inputs, and a staging copy."""
        base = Path(base)
        for folder in [*self.inputs.values(), "var", "archive/oney", "reports"]:
            (base / folder).mkdir(parents=True, exist_ok=True)
        (base / "recon.toml").write_text(self.config, encoding="utf-8")
        (base / "story.txt").write_text("\n".join(self.story) + "\n", encoding="utf-8")

    def stage(self, base):
        """Writes every delivery under staging/NN_DATE/, to be copied by hand."""
        for delivery in self.deliveries:
            folder = Path(base) / "staging" / f"{delivery.night:02d}_{self.nights[delivery.night]}" \
                / self.inputs[delivery.kind]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / delivery.name).write_bytes(delivery.data)


def act(model, night, actions):
    """Applies a person's actions to the model; returns [(action, row)] to be done with the binary."""
    done = []
    for action, choice in actions:
        if action == "accept":
            rows = [row for row in night.open_rows if row.state != "accepted"]
        else:
            rows = [row for row in night.open_rows if row.state == "accepted"]
        cells = Counter(tuple(row.cells().values()) for row in rows)
        rows = [row for row in rows if cells[tuple(row.cells().values())] == 1]
        if not rows:
            continue
        row = rows[choice % len(rows)]
        if any(row is other for _, other in done):
            continue
        getattr(model, action)(row)
        done.append((action, row))
    return done


def build(seed, without=()):
    """The world of a seed: the first attempt that no ambiguity of the specification touches; without some
    kinds of input, for a binary that does not read them yet."""
    for attempt in range(ATTEMPTS):
        world = attempt_world(seed, attempt, without)
        notes = ambiguities(world)
        if not notes:
            return world
    raise RuntimeError(f"seed {seed}: no unambiguous world in {ATTEMPTS} attempts; last notes: {notes}")


def ambiguities(world):
    """What the model stumbles over in the nights of a world."""
    model, folders, notes = Model(world.config), {}, []
    for number, as_of in enumerate(world.nights):
        night = model.night(as_of, world.folders(folders, number))
        notes += night.notes
        act(model, night, world.actions.get(number, []))
        if notes:
            break
    return notes


def attempt_world(seed, attempt, without=()):
    """One attempt at a world."""
    rng = random.Random(f"world {seed} attempt {attempt}")
    plan, story = plans.make(rng), []
    plan.without = without
    if seed >= FIRST_MIXED_SEED:
        plan.payone, plan.partners = False, partner_plan.make(plan, random.Random(f"partners {seed} attempt {attempt}"))
    company = Company(plan, story)
    trade(company)
    treasury = Treasury(company)
    treasury.run()
    if plan.old_month:
        old_report(company, treasury)
    courier = Courier(plan, story)
    deliveries = deliver(plan, company, treasury, courier, join(plan, company, treasury, courier))
    actions = {night: [(rng.choice(["accept", "accept", "reopen"]), rng.randrange(1000))
                       for _ in range(rng.choice([1, 1, 2]))]
               for night in range(len(plan.nights) - 1) if rng.random() < 0.3}
    head = [f"seed {seed} attempt {attempt}: {plan.nights[0]} to {plan.last}, {len(plan.nights)} nights, "
            f"history from {plan.history_start}, {plan.mode} mode, countries {plan.layouts}, "
            f"currencies {plan.currencies}, tolerance {plan.tolerance}, bank {plan.bank_style}, "
            f"orders {plan.orders_style}, references {treasury.ref_style}, calm {plan.calm}"]
    inputs = {kind: plan.folders[kind] for kind in plan.inputs}
    deliveries = [delivery for delivery in deliveries if delivery.kind in inputs]
    return World(seed, plans.config(plan), plan.nights, deliveries, actions, inputs, head + [s for s in story if s])


def join(plan, company, treasury, courier):
    """In mixed worlds: plays PAYONE's and e-Financing's sales into the company's orders and its account;
    returns the couriers of their files."""
    if plan.partners is None:
        return []
    payone, scalexpert = Payone(plan, plan.partners, company.story), Scalexpert(plan, plan.partners, company.story)
    payone_defects.trade(payone)
    scalexpert_trade(scalexpert)
    company.orders += payone.orders + scalexpert.orders
    reports = UsrCourier(courier, payone)
    reports.place()
    PayoneBank(treasury, payone).run()
    return [reports, LogCourier(courier, payone), ListCourier(courier, scalexpert)]


def old_report(company, treasury):
    """Gross mode: one report of a month whose commissions should have been debited long ago."""
    plan, country = company.plan, company.plan.countries[0]
    day = plan.nights[0]
    while month_end(day) + 47 * ONE >= plan.nights[0]:
        day -= ONE
    report = Report(country, day)
    company.reports[country].insert(0, report)
    order = company.sell(country, day)
    order.ordered = datetime.combine(day, time(12, 0))
    order.versions = [(day, order.versions[0][1] | {"status": "FUNDED", "ordered_at": day.isoformat()})]
    company.row(order, report, order.amount, transfer=treasury.new_reference(day))
    company.story.append(f"a report of {day}: its month's commissions were never debited: DEBIT_NOT_TAKEN")
