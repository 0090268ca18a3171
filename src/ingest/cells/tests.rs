use super::*;

fn euro(text: &str, mark: DecimalMark) -> Result<i64, AmountProblem> {
    amount(Cell { text, typed: false }, mark, Currency::EUR)
        .map(|amount| amount.to_minor().unwrap())
}

#[test]
fn amounts_show_their_decimal_mark_or_are_not_guessed() {
    let read = |text| euro(text, DecimalMark::Recognised);
    assert_eq!(read("12.50"), Ok(1250));
    assert_eq!(read("-12,5"), Ok(-1250));
    assert_eq!(read("1.234,56"), Ok(123_456));
    assert_eq!(read("1,234.56"), Ok(123_456));
    assert_eq!(read("1 234,56"), Ok(123_456));
    assert_eq!(read("1\u{202f}234\u{a0}567,8").ok(), None);
    assert_eq!(read("1\u{202f}234,56"), Ok(123_456));
    assert_eq!(read("1.234.567"), Ok(123_456_700));
    assert_eq!(read("+31070,11"), Ok(3_107_011));
    assert_eq!(read("1234.500"), Ok(123_450));
    assert_eq!(read("0,500"), Ok(50));
    assert_eq!(read("1'234.50"), Ok(123_450));
    let undecided = |mark| AmountProblem::UndecidedMark {
        mark,
        as_decimals: Some(AmountError::NotExact {
            currency: Currency::EUR,
            digits: 2,
        }),
    };
    assert_eq!(read("1,234"), Err(undecided(',')));
    assert_eq!(read("-1.234"), Err(undecided('.')));
    for bad in [
        "",
        "-",
        "12,5O",
        "1,23,4",
        "1.2345,6",
        "12 5,00",
        "0x10",
        "1e5",
        "1..2",
        "€",
        "EUR",
        "€5€",
        "5 Stk",
        "EUR EUR 5",
        "5 EUROS",
    ] {
        assert!(matches!(read(bad), Err(AmountProblem::Bad(_))), "{bad}");
    }
}

#[test]
fn an_amount_may_carry_its_own_currency_and_no_other() {
    let read = |text| euro(text, DecimalMark::Recognised);
    for (text, minor) in [
        ("250,25 €", 25_025),
        ("250,25€", 25_025),
        ("-1 020,00 EUR", -102_000),
        ("-1\u{202f}020,00\u{a0}€", -102_000),
        ("€ 3,50", 350),
        ("€3.50", 350),
        ("-€ 3,50", -350),
        ("€ -3,50", -350),
        ("EUR -3,50", -350),
        ("+12,00 eur", 1_200),
        ("1.234,56 Euro", 123_456),
    ] {
        assert_eq!(read(text), Ok(minor), "{text}");
    }
    for other in [
        "$ 12.50",
        "12,50 CHF",
        "GBP 3.00",
        "3,00 zł",
        "₴ 5,00",
        "5,00 kr",
    ] {
        let found = read(other);
        assert_eq!(
            found,
            Err(AmountProblem::OtherCurrency(Currency::EUR)),
            "{other}"
        );
    }
    let of = |code: &str, text| {
        let cell = Cell { text, typed: false };
        let currency = Currency::parse(code).unwrap();
        amount(cell, DecimalMark::Recognised, currency).map(|it| it.to_minor().unwrap())
    };
    assert_eq!(of("CHF", "Fr. 12.50"), Ok(1_250));
    assert_eq!(of("PLN", "1 020,00 zł"), Ok(102_000));
    assert_eq!(of("USD", "$1,020.00"), Ok(102_000));
    assert_eq!(of("SEK", "20,00 kr"), Ok(2_000));
    assert_eq!(of("UAH", "₴ 5,00"), Ok(500));
}

#[test]
fn a_configured_mark_decides() {
    assert_eq!(euro("1,234", DecimalMark::Dot), Ok(123_400));
    assert_eq!(euro("1.234", DecimalMark::Comma), Ok(123_400));
    assert!(matches!(
        euro("1,234", DecimalMark::Comma),
        Err(AmountProblem::Bad(_))
    ));
    assert!(matches!(
        euro("12.50", DecimalMark::Comma),
        Err(AmountProblem::Bad(_))
    ));
    assert_eq!(euro("12.50", DecimalMark::Dot), Ok(1250));
}

#[test]
fn typed_numbers_keep_the_digits_that_were_typed() {
    let cell = Cell {
        text: "1.234",
        typed: true,
    };
    let read = amount(cell, DecimalMark::Comma, Currency::parse("KWD").unwrap());
    assert_eq!(read.unwrap().to_minor(), Some(1234));
}

#[test]
fn days_are_read_with_two_or_four_digits_of_the_year() {
    let mut days = DayReader::new(vec!["%d/%m/%Y".into(), "%d/%m/%y".into()]);
    let mut day = |text, typed| days.day(Cell { text, typed }).map(|day| day.to_string());
    assert_eq!(day("05/11/2026", false).as_deref(), Some("2026-11-05"));
    assert_eq!(day("05/11/26", false).as_deref(), Some("2026-11-05"));
    assert_eq!(
        day("2026-11-05T10:11:12", true).as_deref(),
        Some("2026-11-05")
    );
    assert_eq!(day("2026-11-05", false), None);
    assert_eq!(day("31/02/2026", false), None);
    assert_eq!(day("05/11/0026", false), None);
    assert_eq!(day("", false), None);
    assert_eq!(days.expected(), "DD/MM/YYYY or DD/MM/YY");
}

#[test]
fn instants_become_local_days() {
    let read = InstantReader::new(chrono_tz::Europe::Paris);
    let day = |text| read.local_day(text).map(|day| day.to_string());
    assert_eq!(day("2026-11-20").as_deref(), Some("2026-11-20"));
    assert_eq!(
        day("2026-11-20T18:03:00+01:00").as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(day("2026-11-20T23:30:00Z").as_deref(), Some("2026-11-21"));
    assert_eq!(day("2026-11-20 23:30:00").as_deref(), Some("2026-11-20"));
    assert_eq!(day("20/11/2026"), None);
    for absurd in [
        "+262142-12-31T23:59:59.0+0000",
        "-262143-01-01T00:00:00.0+0000",
    ] {
        assert_eq!((day(absurd), read.utc(absurd)), (None, None), "{absurd}");
    }
    assert_eq!(
        read.utc("2026-11-20T18:03:00+01:00").unwrap().to_string(),
        "2026-11-20 17:03:00"
    );
    assert_eq!(
        read.utc("2026-07-20T18:03:00").unwrap().to_string(),
        "2026-07-20 16:03:00"
    );
}

#[test]
fn times_are_strict() {
    assert!(time_of_day("23:59:59").is_some());
    assert!(time_of_day("7:00").is_none());
    assert!(time_of_day("07:00").is_some());
    assert!(time_of_day("24:00:00").is_none());
    assert!(time_of_day("aa:bb:cc").is_none());
}
