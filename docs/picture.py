"""The page that scripts/picture.sh photographs: picture.py PRINTED.txt DISCREPANCIES.csv"""

import csv
import html
import sys
from pathlib import Path

SHOWN = [  # one of each group, as the reader of the README meets them
    ("AMOUNT_MISMATCH", "WEB-1017"),
    ("FUNDING_NOT_REPORTED", "WEB-1049"),
    ("OVER_CANCELLED", "WEB-1013"),
    ("PROVIDER_AMOUNT_MISMATCH", "WEB-1074"),
    ("PAYOUT_NOT_RECEIVED", "TFR5273"),
    ("BANK_CREDIT_UNEXPLAINED", "BEX261102001"),
    ("FEE_MISMATCH", "WEB-1022"),
]
LINE_PIXELS, ROW_PIXELS, REST_PIXELS = 17, 47, 150

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #f4f5f7; font: 13px "DejaVu Sans", sans-serif; color: #1c2733; padding: 24px; width: 1200px }
pre { font: 12.5px/17px "DejaVu Sans Mono", monospace; background: #17212b; color: #dce3ea; padding: 16px 20px;
      border-radius: 8px; white-space: pre-wrap }
pre b { color: #fff } .error { color: #ff8f85 } .warning { color: #ffcf70 } .command { color: #8fd0ff }
h2 { font: 600 13px "DejaVu Sans Mono", monospace; margin: 18px 0 8px }
table { border-collapse: collapse; width: 100%; background: #fff; border-radius: 8px }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-top: 1px solid #e1e5ea;
         font-size: 11.5px; line-height: 17px }
th { color: #5b6875; font-weight: 600; border: 0 }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.code { font: 11px/17px "DejaVu Sans Mono", monospace; white-space: nowrap }
.minus { color: #b3261e }
"""


def printed(text):
    """The terminal's text, with its severities coloured and its headline bold."""
    lines = ['<span class="command">$ crp-recon --config samples/recon.toml run --as-of 2026-11-20</span>']
    for number, line in enumerate(text.rstrip().splitlines()):
        shown = html.escape(line)
        if number == 0:
            shown = f"<b>{shown}</b>"
        for severity in ("error", "warning"):
            if line.startswith(f"  {severity} "):
                shown = shown.replace(severity, f'<span class="{severity}">{severity}</span>', 1)
        lines.append(shown)
    return lines


def named(row):
    """What the row is about."""
    return row["order_reference"] or row["payout_reference"] or row["bank_entry"]


def cells(row):
    number = "number minus" if row["difference"].startswith("-") else "number"
    about = html.escape(named(row))
    yield f'<td class="code">{html.escape(row["code"])}</td><td class="code">{about}</td>'
    yield f'<td class="number">{row["expected"]}</td><td class="number">{row["actual"]}</td>'
    yield f'<td class="{number}">{row["difference"]}</td><td class="number">{row["age_days"]}</td>'
    yield f'<td>{html.escape(row["explanation"])}</td>'


def main():
    lines = printed(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with open(sys.argv[2], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_key = {(row["code"], named(row)): row for row in rows}
    shown = [by_key[key] for key in SHOWN]
    wrapped = sum(1 + len(line) // 150 for line in lines)
    height = wrapped * LINE_PIXELS + len(shown) * ROW_PIXELS + REST_PIXELS
    head = "".join(f'<th class="{kind}">{name}</th>' for name, kind in (
        ("code", ""), ("concerns", ""), ("expected", "number"), ("actual", "number"), ("difference", "number"),
        ("days", "number"), ("explanation", "")))
    body = "".join(f"<tr>{''.join(cells(row))}</tr>" for row in shown)
    print(f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body data-height="{height}">')
    print("<pre>" + "\n".join(lines) + "</pre>")
    print(f"<h2>samples/reports/2026-11-20/discrepancies.csv ({len(shown)} of its {len(rows)} rows)</h2>")
    print(f"<table><tr>{head}</tr>{body}</table>")


if __name__ == "__main__":
    main()
