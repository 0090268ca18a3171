"""Fills in a report's workbook as finance would, with openpyxl.

    edit.py WORKBOOK OUT [--language TAG] [--shuffle] [--other-sheet] < DECISIONS

DECISIONS is a JSON list of [id, decision, reason]. The workbook may be in any language: the sheet of
discrepancies is the second one. With --language the headers of the columns that are read back are
renamed; with --shuffle rows are reversed and the columns Decision and Reason stand
first; with --other-sheet the decided rows are moved to a sheet of their own, behind two lines of
prose.
"""

import json
import sys

import openpyxl

HEADERS = {
    "fr": {"Decision": "Décision", "Reason": "Motif", "id": "Identifiant", "actual": "Constaté"},
    "de": {"Decision": "Entscheidung", "Reason": "Begründung", "id": "Kennung", "actual": "Ist"},
}


def main():
    source, out, *options = sys.argv[1:]
    decisions = json.load(sys.stdin)
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[1]
    header = [cell.value for cell in sheet[1]]
    english = {theirs: name for names in HEADERS.values() for name, theirs in names.items()}
    at = {english.get(name, name): number for number, name in enumerate(header, start=1)}
    rows = {sheet.cell(row, at["id"]).value: row for row in range(2, sheet.max_row + 1)}
    for identity, decision, reason in decisions:
        row = rows[identity]
        sheet.cell(row, at["Decision"]).value = decision or None
        sheet.cell(row, at["Reason"]).value = reason or None
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    if "--shuffle" in options:
        order = [at["Decision"] - 1, at["Reason"] - 1]
        order += [number for number in range(len(header)) if number not in order]
        shuffled = [values[0]] + values[:0:-1]
        replace(sheet, [[row[number] for number in order] for row in shuffled])
    if "--other-sheet" in options:
        mine = {identity for identity, _, _ in decisions}
        moved = [row for row in values[1:] if row[at["id"] - 1] in mine]
        left = [row for row in values[1:] if row[at["id"] - 1] not in mine]
        replace(sheet, [values[0]] + left)
        other = book.create_sheet("To do", 0)
        replace(other, [["Decided on Friday"], [], values[0]] + moved)
    if "--language" in options:
        names = HEADERS[options[options.index("--language") + 1]]
        for cell in sheet[1]:
            cell.value = names.get(cell.value, cell.value)
    book.save(out)


def replace(sheet, rows):
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(number, column)
                cell.value = value
                # A cell without a format of its own has that of its new column.
                if isinstance(value, (int, float)):
                    cell.number_format = "0.00"


main()
