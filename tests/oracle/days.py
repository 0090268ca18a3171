"""The calendar: business days of TARGET2, report days of Oney, month ends."""

from datetime import date, timedelta

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ONE = timedelta(days=1)


def easter_sunday(year):
    """Gregorian Easter (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_business_day(day, holidays=()):
    """Monday to Friday without the TARGET2 holidays and the configured ones."""
    if day.weekday() >= 5 or day in holidays:
        return False
    if (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    easter = easter_sunday(day.year)
    return day not in {easter - 2 * ONE, easter + ONE}


def add_business_days(day, count, holidays=()):
    """The count-th business day after a day; the day itself when count is 0."""
    while count > 0:
        day += ONE
        if is_business_day(day, holidays):
            count -= 1
    return day


def last_business_day_before(day, holidays=()):
    """The last business day before a day."""
    day -= ONE
    while not is_business_day(day, holidays):
        day -= ONE
    return day


def is_report_day(country, day, report_days):
    """Whether Oney makes a report for this day. `report_days` is the configured table or {}."""
    rule = report_days.get(country, report_days.get("default"))
    if rule is None:
        return not (country == "fr" and day.weekday() == 5)
    return rule == "daily" or WEEKDAYS[day.weekday()] in rule


def report_due(country, day):
    """When the report of a day is due: the day after, Oney France's Friday report on Monday."""
    return day + (3 if country == "fr" and day.weekday() == 4 else 1) * ONE


def month_end(day):
    """Last day of the month of a day."""
    first_of_next = (day.replace(day=28) + 4 * ONE).replace(day=1)
    return first_of_next - ONE
