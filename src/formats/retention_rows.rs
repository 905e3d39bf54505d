//! Rows of `retention import`: cells become a rule, or the row is rejected. (product.md, CSV files)

use super::csv::{Column, Row, RowFault, value};
use crate::domain::retention::{Action, CountedFrom, Period, PeriodFault, Rule, RuleFault, Target};
use crate::text::{Message, csv_file as csv_text, purge as text};

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::required("class"),
    Column::required("target"),
    Column::required("period"),
    Column::required("counted_from"),
    Column::optional("year_end"),
    Column::optional("action"),
    Column::optional("grace_days"),
];

const LONGEST_CELL: usize = 200;
/// Ten years: nobody is given longer to look.
const MOST_GRACE: u32 = 3_650;

/// Reads a row of a file that was opened with [`COLUMNS`].
pub fn read(row: &Row) -> Result<Rule, RowFault> {
    let cells = Cells { row };
    let rule = Rule {
        class: cells.must("class")?.to_owned(),
        target: cells.target()?,
        period: cells.period()?,
        from: CountedFrom::parse(cells.must("counted_from")?)
            .ok_or_else(|| cells.fault("counted_from", text::FROM_UNKNOWN))?,
        year_end: cells.year_end()?,
        action: cells.action()?,
        grace_days: cells.grace()?,
    };
    rule.check().map_err(|fault| match fault {
        RuleFault::CountedFrom => cells.fault("counted_from", text::FROM_MISFIT),
        RuleFault::Anonymise => cells.fault("action", text::ANONYMISE_MISFIT),
    })?;
    Ok(rule)
}

/// The cells of one row by the names of their columns.
struct Cells<'r> {
    row: &'r Row,
}

impl<'r> Cells<'r> {
    fn target(&self) -> Result<Target, RowFault> {
        let name = self.must("target")?;
        let reason = match name {
            "document" => text::TARGET_DOCUMENT,
            "subscription" | "obligation" => text::TARGET_HANGS_ON,
            _ => text::TARGET_UNKNOWN,
        };
        Target::parse(name).ok_or_else(|| self.fault("target", reason))
    }

    fn period(&self) -> Result<Period, RowFault> {
        Period::parse(self.must("period")?).map_err(|fault| {
            let reason = match fault {
                PeriodFault::Shape => text::PERIOD_SHAPE,
                PeriodFault::Zero => text::PERIOD_ZERO,
                PeriodFault::TooLong => text::PERIOD_LONG,
            };
            self.fault("period", reason)
        })
    }

    fn year_end(&self) -> Result<bool, RowFault> {
        let Some(cell) = self.text("year_end")? else { return Ok(false) };
        value::yes_no(cell).ok_or_else(|| self.fault("year_end", text::YES_NO))
    }

    fn action(&self) -> Result<Action, RowFault> {
        let Some(cell) = self.text("action")? else { return Ok(Action::Delete) };
        Action::parse(cell).ok_or_else(|| self.fault("action", text::ACTION_UNKNOWN))
    }

    fn grace(&self) -> Result<u32, RowFault> {
        let Some(cell) = self.text("grace_days")? else { return Ok(0) };
        let is_digits = cell.bytes().all(|byte| byte.is_ascii_digit());
        let days = is_digits.then(|| cell.parse::<u32>().ok()).flatten();
        days.filter(|days| *days <= MOST_GRACE).ok_or_else(|| self.fault("grace_days", text::GRACE_SHAPE))
    }

    fn must(&self, column: &'static str) -> Result<&'r str, RowFault> {
        self.text(column)?.ok_or_else(|| self.fault(column, crate::text::area::CELL_EMPTY))
    }

    fn text(&self, column: &'static str) -> Result<Option<&'r str>, RowFault> {
        let place = COLUMNS.iter().position(|known| known.name == column);
        let Some(cell) = place.and_then(|place| self.row.text(place)) else { return Ok(None) };
        if cell.chars().any(char::is_control) {
            return Err(self.fault(column, csv_text::CONTROL_CHARACTER));
        }
        if cell.chars().count() > LONGEST_CELL {
            return Err(self.fault(column, csv_text::CELL_TOO_LONG));
        }
        Ok(Some(cell))
    }

    const fn fault(&self, column: &'static str, reason: Message) -> RowFault {
        RowFault::new(self.row.line(), reason).in_column(column)
    }
}
