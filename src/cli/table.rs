//! Small tables as text: columns as wide as their widest cell, numbers to the right.

use super::output::Lines;

/// Shows rows under a header; what is in a cell can't steer the terminal.
pub(crate) fn show(header: &[String], rows: &[Vec<String>]) {
    let escaped =
        |row: &[String]| -> Vec<String> { row.iter().map(|cell| crate::failure::escaped(cell)).collect() };
    let rows: Vec<Vec<String>> =
        std::iter::once(header).chain(rows.iter().map(Vec::as_slice)).map(escaped).collect();
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = (0..header.len()).map(|column| widest(column).unwrap_or_default()).collect();
    let mut lines = Lines::new();
    for row in &rows {
        if !lines.put(&line(row, &widths)) {
            return;
        }
    }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| {
        let is_number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let blanks = " ".repeat(width.saturating_sub(self::width(cell)));
        if is_number { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
