//! How cells look: number formats by the digits of the currency, and a few quiet colours that are
//! readable in print and by people who do not see red and green (the word stands in the cell).

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// What a word in a cell means to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Money is missing, a file was refused.
    Bad,
    /// To look at.
    Warn,
    /// Good to know.
    Info,
    /// Done.
    Good,
    /// Of no concern today.
    Quiet,
    /// To be seen first.
    Bold,
}

impl Tone {
    /// The format of cells with such a word.
    pub(super) fn format(self) -> Format {
        // Text on fill: a contrast of at least 5 to 1 each.
        let colours = |fill: u32, text: u32| {
            Format::new()
                .set_background_color(Color::RGB(fill))
                .set_font_color(Color::RGB(text))
        };
        match self {
            Self::Bad => colours(0x00FF_C7CE, 0x009C_0006),
            Self::Warn => colours(0x00FF_EB9C, 0x007A_4B00),
            Self::Info => colours(0x00DD_EBF7, 0x001F_4E78),
            Self::Good => colours(0x00E2_F0D9, 0x0037_5623),
            Self::Quiet => colours(0x00ED_EDED, 0x0059_5959),
            Self::Bold => Format::new().set_bold(),
        }
    }
}

/// The formats of a workbook.
pub(super) struct Styles {
    /// The first row of a table.
    pub(super) header: Format,
    /// The header of a column that a person fills in.
    pub(super) input_header: Format,
    /// Its cells.
    pub(super) input: Format,
    /// A text of one line.
    pub(super) text: Format,
    /// A text that takes as many lines as it needs.
    pub(super) wrapped: Format,
    pub(super) day: Format,
    pub(super) count: Format,
    pub(super) link: Format,
    pub(super) title: Format,
    pub(super) heading: Format,
    /// The headline.
    pub(super) sentence: Format,
    pub(super) note: Format,
    money: [Format; 5],
}

impl Styles {
    pub(super) fn new() -> Self {
        let header = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x001F_3864))
            .set_font_color(Color::RGB(0x00FF_FFFF))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        // Beside a sentence of several lines everything stands at the top.
        let top = || Format::new().set_align(FormatAlign::Top);
        let money = ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"];
        Self {
            input_header: header.clone().set_background_color(Color::RGB(0x007F_6000)),
            header,
            input: top()
                .set_background_color(Color::RGB(0x00FF_F9E5))
                .set_text_wrap(),
            text: top(),
            wrapped: top()
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_text_wrap(),
            day: top().set_num_format("yyyy-mm-dd"),
            count: top().set_num_format("#,##0"),
            link: top()
                .set_text_wrap()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(FormatUnderline::Single),
            title: Format::new().set_bold().set_font_size(16),
            heading: Format::new()
                .set_bold()
                .set_font_size(12)
                .set_border_bottom(FormatBorder::Thin),
            sentence: top().set_font_size(13).set_text_wrap(),
            note: Format::new()
                .set_italic()
                .set_font_color(Color::RGB(0x009C_0006)),
            money: money.map(|format| top().set_num_format(format).set_align(FormatAlign::Right)),
        }
    }

    /// Amounts of a currency with so many digits. ISO 4217 knows up to four.
    pub(super) fn money(&self, digits: u32) -> &Format {
        let [none, .., four] = &self.money;
        let at = usize::try_from(digits).unwrap_or(usize::MAX);
        self.money
            .get(at)
            .unwrap_or(if digits == 0 { none } else { four })
    }
}
