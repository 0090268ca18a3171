"""How fast is a large camt.053 read? crp-recon beside lxml's iterparse, as whole processes.

camt.py --binary B --work DIR [--mb 200] [--runs 5]

Both take the same out of each entry: account, bank's reference, day, signed amount, counterparty,
references, text. lxml only adds it up; crp-recon also stores it in a database (`ingest --dry-run`).
Wall time on a machine with other work says little, so the best of the runs and its CPU time count.
`--generate FILE` only writes the file: the same bytes for the same --mb and --seed.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
IBAN = "FR7630006000011234567890189"
PARTIES = ["ONEY BANK", "PAYONE GMBH", "Durand & Fils", "Société Générale", "Müller KG", "Imprimerie Leroy"]
CENTS_OPENING = 10_000_000


def generate(path, megabytes, seed):
    """Writes a statement of about so many megabytes that adds up, as banks indent them."""
    numbers = random.Random(seed)
    limit = megabytes * 1_000_000
    closing, size, count = CENTS_OPENING, 0, 0
    # The closing balance stands before the entries, so it is filled in at the end.
    blank = " " * 20
    with open(path, "w+b") as file:
        head = heading(blank).encode()
        size += file.write(head)
        while size < limit:
            cents = numbers.randrange(-200_000, 300_000) or 1
            closing += cents
            count += 1
            size += file.write(entry(count, cents, numbers).encode())
        file.write(b"    </Stmt>\n  </BkToCstmrStmt>\n</Document>\n")
        amount = money(closing)
        place = head.index(blank.encode())
        file.seek(place)
        file.write(amount.rjust(len(blank)).encode())
    return count


def money(cents):
    return f"{abs(cents) // 100}.{abs(cents) % 100:02}"


def heading(closing):
    def balance(code, amount, day):
        return f"""      <Bal>
        <Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
        <Amt Ccy="EUR">{amount}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Dt><Dt>{day}</Dt></Dt>
      </Bal>
"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}">
  <BkToCstmrStmt>
    <GrpHdr>
      <MsgId>BENCH</MsgId>
      <CreDtTm>2026-11-20T06:00:00+01:00</CreDtTm>
    </GrpHdr>
    <Stmt>
      <Id>BENCH-1</Id>
      <ElctrncSeqNb>1</ElctrncSeqNb>
      <FrToDt><FrDtTm>2026-11-01T00:00:00</FrDtTm><ToDtTm>2026-11-19T23:59:59</ToDtTm></FrToDt>
      <Acct>
        <Id><IBAN>{IBAN}</IBAN></Id>
        <Ccy>EUR</Ccy>
      </Acct>
{balance("OPBD", money(CENTS_OPENING), "2026-11-01")}{balance("CLBD", closing, "2026-11-19")}"""


def entry(number, cents, numbers):
    party = PARTIES[numbers.randrange(len(PARTIES))].replace("&", "&amp;")
    day = f"2026-11-{numbers.randrange(1, 20):02}"
    sign, side = ("DBIT", "Cdtr") if cents < 0 else ("CRDT", "Dbtr")
    return f"""      <Ntry>
        <NtryRef>{number}</NtryRef>
        <Amt Ccy="EUR">{money(cents)}</Amt>
        <CdtDbtInd>{sign}</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>{day}</Dt></BookgDt>
        <ValDt><Dt>{day}</Dt></ValDt>
        <AcctSvcrRef>BK{number:012}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>
          <TxDtls>
            <Refs>
              <EndToEndId>E2E{numbers.randrange(10**12):012}</EndToEndId>
              <TxId>TX{number:012}</TxId>
            </Refs>
            <RltdPties>
              <{side}><Pty><Nm>{party}</Nm></Pty></{side}>
            </RltdPties>
            <RmtInf>
              <Ustrd>TRANSFER {numbers.randrange(10**8):08} OF {day}</Ustrd>
              <Ustrd>INVOICE {numbers.randrange(10**6):06}</Ustrd>
            </RmtInf>
          </TxDtls>
        </NtryDtls>
      </Ntry>
"""


def with_lxml(path):
    """Entries and their sum in cents, with the memory of one entry."""
    from lxml import etree

    ns = "{" + NAMESPACE + "}"
    count = total = 0
    iban = ""
    tags = (ns + "Acct", ns + "Ntry")
    for _, element in etree.iterparse(str(path), tag=tags, resolve_entities=False):
        if element.tag == ns + "Acct":
            iban = element.findtext(f"{ns}Id/{ns}IBAN")
            continue
        units, cents = element.findtext(f"{ns}Amt").split(".")
        amount = int(units) * 100 + int(cents)
        if element.findtext(f"{ns}CdtDbtInd") == "DBIT":
            amount = -amount
        detail = element.find(f"{ns}NtryDtls/{ns}TxDtls")
        row = (
            iban,
            element.findtext(f"{ns}AcctSvcrRef"),
            element.findtext(f"{ns}BookgDt/{ns}Dt"),
            amount,
            "".join(name.text for name in detail.iterfind(f"{ns}RltdPties/*/{ns}Pty/{ns}Nm")),
            [one.text for one in detail.find(f"{ns}Refs")],
            " ".join(one.text for one in detail.iterfind(f"{ns}RmtInf/{ns}Ustrd")),
        )
        count, total = count + 1, total + row[3]
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    print(count, total)


def measure(command, folder):
    """Wall and CPU seconds, peak memory in MB, and what was printed."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, cwd=folder, stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        text = out.read().decode()
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, text


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--binary", type=Path)
    arguments.add_argument("--work", type=Path)
    arguments.add_argument("--mb", type=int, default=200)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--generate", type=Path)
    arguments.add_argument("--lxml", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.lxml:
        return with_lxml(given.lxml)
    if given.generate:
        return print(generate(given.generate, given.mb, given.seed))
    compare(given)


def compare(given):
    folder = given.work.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recon.toml").write_text('timezone = "Europe/Paris"\n')
    binary = given.binary.resolve()
    rows = []
    # A tenth of the size as well: memory must not grow with the file.
    for megabytes in (max(given.mb // 10, 1), given.mb):
        path = folder / f"camt053_{megabytes}.xml"
        # In a process of its own: a child's peak memory is never below that of its parent.
        make = [sys.executable, __file__, "--generate", str(path)]
        make += ["--mb", str(megabytes), "--seed", str(given.seed)]
        entries = int(subprocess.run(make, check=True, capture_output=True).stdout)
        ingest = [str(binary), "-q", "ingest", "--kind", "bank-statement", "--dry-run", str(path)]
        commands = {
            "crp-recon ingest": ingest,
            "lxml iterparse": [sys.executable, __file__, "--lxml", str(path)],
        }
        found = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, command in commands.items():
                found[name].append(measure(command, folder))
        for name, runs in found.items():
            if not all(str(entries) in run[3] for run in runs):
                sys.exit(f"{name} did not find {entries} entries: {runs[0][3]}")
        size = path.stat().st_size / 1e6
        rows += [line(name, size, runs) for name, runs in found.items()]
    print("| reader | file MB | wall s | CPU s | MB/s of CPU | peak MB |\n|---|---|---|---|---|---|")
    print("\n".join(rows))


def line(name, size, runs):
    wall, cpu, peak = (min(run[at] for run in runs) for at in range(3))
    return f"| {name} | {size:.0f} | {wall:.2f} | {cpu:.2f} | {size / cpu:.0f} | {peak:.0f} |"


if __name__ == "__main__":
    main()
