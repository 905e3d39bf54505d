//! One step: the program and what it is held against, in turn, as many rounds as were asked for; a row of the table each.

use std::cell::RefCell;
use std::path::PathBuf;

use mantal::demo::Sorting;

use crate::bare_rows::Before;
use crate::support::measure::{Cost, mebibytes, median, typical};
use crate::support::place::Place;

/// What is only shown: nothing that keeps the same rows can be much faster.
const SAME_ROWS: &str = "bare SQL that writes the same rows, all decided";
/// No command may have more in memory, however much there is to do.
pub const MOST_MEMORY: u64 = 40 << 20;

/// Whether what the program is held against is measured too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yardsticks {
    /// It is.
    Measured,
    /// Only the program is.
    Left,
}

/// What was asked for, and what was found so far.
pub struct Bench {
    /// How many.
    pub people: u64,
    /// Each is measured so often.
    pub rounds: usize,
    /// In which order posts and rows stand.
    pub sorting: Sorting,
    /// With or without them.
    pub yardsticks: Yardsticks,
    /// Where everything lies.
    pub scratch: PathBuf,
    /// Everything that was measured.
    pub rows: RefCell<Vec<Row>>,
}

/// What was measured of the program in one step.
#[derive(Clone, Debug)]
pub struct Row {
    /// The command and what there was to do.
    pub name: String,
    /// The median, without what an erasure in it costs by itself.
    pub cost: Cost,
    /// Aims that were met, and all.
    pub aims: (usize, usize),
}

/// What the program is held against.
pub struct Beside<'s> {
    /// What it is.
    pub name: &'s str,
    /// Measures it; or says why it can't and what to install.
    pub run: &'s dyn Fn() -> Result<Cost, String>,
    /// The program is to take at most so many times as long.
    pub aim: Option<f64>,
}

/// One step.
pub struct Step<'s> {
    /// The command and what there is to do.
    pub name: &'s str,
    /// Where; everything there is put back before each further round.
    pub place: &'s Place,
    /// Measures the program.
    pub run: &'s dyn Fn() -> Cost,
    /// What it is held against, measured immediately before.
    pub beside: &'s [Beside<'s>],
    /// What an erasure in it costs by itself: stays out when it is held against something.
    pub erasure: Cost,
    /// Whether what it wrote is written by SQL alone beside it.
    pub same_rows: SameRows,
}

/// Whether what a step wrote is written once more, by SQL alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameRows {
    /// It is, after the last round.
    Written,
    /// It isn't: nothing to learn from, or something of its own does it.
    Left,
}

impl Bench {
    /// The heading of the table.
    pub fn head(&self) {
        println!("{} people, medians of {}", self.people, self.rounds);
        println!(
            "{:<54}{:>9}{:>9}{:>10}{:>9}{:>9}{:>10}  met",
            "", "wall s", "CPU s", "peak MiB", "x wall", "x CPU", "aim"
        );
    }

    /// Measures and prints.
    pub fn step(&self, step: &Step<'_>) {
        if self.rounds > 1 {
            step.place.save();
        }
        let beside = match self.yardsticks {
            Yardsticks::Measured => step.beside,
            Yardsticks::Left => &[],
        };
        let (mut ours, mut same_rows) = (Vec::new(), None);
        let mut theirs: Vec<Vec<Result<Cost, String>>> = beside.iter().map(|_| Vec::new()).collect();
        for round in 0..self.rounds {
            if round > 0 {
                step.place.restore();
            }
            for (beside, costs) in beside.iter().zip(&mut theirs) {
                costs.push((beside.run)());
            }
            let is_wanted = step.same_rows == SameRows::Written && self.yardsticks == Yardsticks::Measured;
            let before = (is_wanted && round + 1 == self.rounds)
                .then(|| Before::keep(&step.place.registry, &self.scratch));
            ours.push((step.run)());
            same_rows = before.map(|before| before.write_same_rows(&step.place.registry));
        }
        let cost = typical(&ours);
        let lasting =
            Cost { wall: cost.wall - step.erasure.wall, work: cost.work - step.erasure.work, ..cost };
        let mut row = Row { name: step.name.to_owned(), cost: lasting, aims: (0, 0) };
        let memory = row.aim(cost.peak < MOST_MEMORY);
        println!("{:<54}{}{:>9}{:>9}{:>10}  {memory}", step.name, columns(&cost), "", "", "< 40 MiB");
        for (beside, costs) in beside.iter().zip(theirs) {
            match costs.into_iter().collect::<Result<Vec<Cost>, String>>() {
                Ok(costs) => row.against(beside, &costs, &ours, step.erasure),
                Err(missing) => println!("  {:<52}skipped: {missing}", beside.name),
            }
        }
        if let Some(theirs) = same_rows {
            let beside = Beside { name: SAME_ROWS, run: &|| Ok(theirs), aim: None };
            row.against(&beside, &[theirs], &[cost], step.erasure);
        }
        self.rows.borrow_mut().push(row);
    }
}

impl Row {
    /// The word for a table.
    pub fn aim(&mut self, is_met: bool) -> &'static str {
        self.aims.1 += 1;
        self.aims.0 += usize::from(is_met);
        if is_met { "yes" } else { "NO" }
    }

    fn against(&mut self, beside: &Beside<'_>, theirs: &[Cost], ours: &[Cost], erasure: Cost) {
        let pairs = || ours.iter().zip(theirs);
        let wall = median(pairs().map(|(ours, theirs)| (ours.wall - erasure.wall) / theirs.wall));
        let work = median(pairs().map(|(ours, theirs)| (ours.work - erasure.work) / theirs.work));
        let aim = beside.aim.map(|most| (format!("<= {most}"), self.aim(wall <= most)));
        let (aim, met) = aim.unwrap_or_default();
        let their = columns(&typical(theirs));
        println!("  {:<52}{their}{wall:>9.2}{work:>9.2}{aim:>10}  {met}", beside.name);
    }
}

/// Wall, CPU, peak.
pub fn columns(cost: &Cost) -> String {
    format!("{:>9.2}{:>9.2}{:>10.1}", cost.wall, cost.work, mebibytes(cost.peak))
}
