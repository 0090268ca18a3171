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

import feeds
import partner_plan
import payone_defects
import plan as plans
from company import Company, Report, trade
from days import ONE, month_end
from delivery import Courier, deliver, in_order
from feeds import Feeds
from model import Model
from partner_files import ListCourier, LogCourier, PayoneBank, UsrCourier
from partner_plan import FIRST_MIXED_SEED
from payone import Payone
from scalexpert import Scalexpert
from scalexpert import trade as scalexpert_trade
from treasury import Treasury

ATTEMPTS = 200
FIRST_LONG_SEED = 2000


@dataclass
class World:
    """Everything that a run of the nights needs."""
    seed: int
    config: str
    nights: list
    deliveries: list
    actions: dict                         # night number -> [(accept or reopen, choice)]
    inputs: dict                          # key of an input -> its folder, in the order of recon.toml
    feeds: Feeds                          # steps between the nights, links and folders that lead nowhere
    story: list = field(default_factory=list)

    def parts(self, night):
        """What happens before a night: (step, the files that come before it), at last (None, all the others)."""
        left = [d for d in self.deliveries if d.night == night]
        for step in self.feeds.steps.get(night, []):
            early = step.early(left)
            left = [delivery for delivery in left if delivery not in early]
            yield step, early
        yield None, left

    def put(self, folders, deliveries):
        """Adds some files to the input folders {input number: {name: bytes}}."""
        keys = list(self.inputs)
        for delivery in deliveries:
            folders.setdefault(keys.index(delivery.kind), {})[delivery.name] = delivery.data

    def nights_of(self, model):
        """(number, Night) of every night by a model, with the Nights of the days that were repeated before it:
        (number, Night, [Night])."""
        folders = {number: {} for number in range(len(self.inputs))}
        for number, as_of in enumerate(self.nights):
            repeated = []
            for step, deliveries in self.parts(number):
                self.put(folders, deliveries)
                if step is not None:
                    repeated += [play(model, step, folders)]
            yield number, model.night(as_of, self.seen(folders, number)), [night for night in repeated if night]

    def seen(self, folders, night):
        """The folders of a night with what leads nowhere."""
        keys, seen = list(self.inputs), {number: dict(files) for number, files in folders.items()}
        for key, name in self.feeds.links.get(night, []):
            seen[keys.index(key)][name] = None
        for key in self.feeds.away.get(night, []):
            seen[keys.index(key)] = None
        return seen

    def hide(self, base, night):
        """Makes links that lead nowhere, and moves folders away."""
        for key, name in self.feeds.links.get(night, []):
            (Path(base) / self.inputs[key] / name).symlink_to("nowhere")
        for key in set(self.feeds.away.get(night, [])):
            folder = Path(base) / self.inputs[key]
            folder.rename(folder.with_name(f"{folder.name}-away"))

    def unhide(self, base, night):
        """Takes that back."""
        for key in set(self.feeds.away.get(night, [])):
            folder = Path(base) / self.inputs[key]
            folder.with_name(f"{folder.name}-away").rename(folder)
        for key, name in self.feeds.links.get(night, []):
            (Path(base) / self.inputs[key] / name).unlink()

    def deliver(self, base, deliveries, mtime=None):
        """Copies some files into the folders of a world on disk."""
        for delivery in deliveries:
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


def play(model, step, folders):
    """A step by a model; the Night of a day that is repeated."""
    if step.kind == "replay":
        return model.night(step.as_of, folders)
    model.look(step.as_of, folders)
    return None


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
    model, notes = Model(world.config), []
    for number, night, repeated in world.nights_of(model):
        notes += night.notes + [note for other in repeated for note in other.notes]
        act(model, night, world.actions.get(number, []))
        if notes:
            break
    return notes


def attempt_world(seed, attempt, without=()):
    """One attempt at a world."""
    rng = random.Random(f"world {seed} attempt {attempt}")
    plan, story = plans.make(rng, seed >= FIRST_LONG_SEED), []
    plan.without = without
    if FIRST_MIXED_SEED <= seed < FIRST_LONG_SEED or seed > FIRST_LONG_SEED and seed % 2:
        plan.payone, plan.partners = False, partner_plan.make(plan, random.Random(f"partners {seed} attempt {attempt}"))
    plan.feeds = feeds.make(plan, random.Random(f"feeds {seed} attempt {attempt}"), plans.iban)
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
    inputs = {key: plan.folders[key] for key in plan.inputs}
    deliveries = [delivery for delivery in deliveries if delivery.kind in inputs]
    deliveries = in_order(feeds.disturb(plan.feeds, deliveries, plan.nights, story))
    story += [f"before night {night + 1}: {step}" for night, steps in plan.feeds.steps.items() for step in steps]
    if any(step.kind == "replay" for steps in plan.feeds.steps.values() for step in steps):
        actions = {}                         # what was decided after a day says nothing clear of the day repeated
    return World(seed, plans.config(plan), plan.nights, deliveries, actions, inputs, plan.feeds,
                 head + [s for s in story if s])


def join(plan, company, treasury, courier):
    """In mixed worlds: plays PAYONE's and e-Financing's sales into the company's orders and its account;
    returns the couriers of their files."""
    if plan.partners is None:
        return []
    payone, scalexpert = Payone(plan, plan.partners, company.story), Scalexpert(plan, plan.partners, company.story)
    payone.provider = plan.feeds.payone
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
