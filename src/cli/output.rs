//! The only place that prints. A full or closed output changes neither exit code nor state.

use std::cell::RefCell;
use std::io::{BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;

use crate::failure::Failure;

thread_local! {
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Catches what `work` would put on standard output with [`out`], so that it becomes part of another document.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> (T, String) {
    CAUGHT.set(Some(String::new()));
    let value = work();
    (value, CAUGHT.take().unwrap_or_default())
}

fn is_caught(text: &str) -> bool {
    CAUGHT.with_borrow_mut(|caught| caught.as_mut().map(|caught| caught.push_str(text)).is_some())
}

/// A line, or a whole document, on standard output.
pub(crate) fn out(text: &str) {
    if is_caught(text) {
        return;
    }
    let mut stdout = std::io::stdout().lock();
    // Nobody may be listening any more; the work is done all the same.
    drop(writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush()));
}

/// Standard output, for what writes itself.
pub(crate) fn locked() -> StdoutLock<'static> {
    std::io::stdout().lock()
}

/// A line on standard error.
pub(crate) fn err(text: &str) {
    let mut stderr = std::io::stderr().lock();
    drop(writeln!(stderr, "{}", text.trim_end_matches('\n')));
}

/// Many lines on standard output; stops quietly when nobody reads them.
pub(crate) struct Lines {
    out: Option<BufWriter<StdoutLock<'static>>>,
}

impl Lines {
    /// Takes standard output.
    pub(crate) fn new() -> Self {
        Self { out: Some(BufWriter::with_capacity(64 * 1024, locked())) }
    }

    /// One line. False if nobody reads any more.
    pub(crate) fn put(&mut self, line: &str) -> bool {
        let failed = self.out.as_mut().is_some_and(|out| writeln!(out, "{line}").is_err());
        if failed && let Some(out) = self.out.take() {
            // Dropping would try to write what is left.
            drop(out.into_parts());
        }
        self.out.is_some()
    }

    /// Whether somebody took all of it.
    pub(crate) fn finish(mut self) -> bool {
        self.flush_or_stop();
        self.out.is_some()
    }

    fn flush_or_stop(&mut self) {
        if self.out.as_mut().is_some_and(|out| out.flush().is_err())
            && let Some(out) = self.out.take()
        {
            drop(out.into_parts());
        }
    }
}

/// For writers of a format: what nobody reads any more is no failure.
impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let failed = self.out.as_mut().is_some_and(|out| out.write_all(bytes).is_err());
        if failed && let Some(out) = self.out.take() {
            drop(out.into_parts());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.flush_or_stop();
    }
}

/// What a writer of a format could not write.
pub(crate) fn failed(error: std::io::Error) -> Failure {
    Failure::io(Path::new("-"), error)
}

/// Whether standard output is a terminal.
pub(crate) fn is_shown() -> bool {
    std::io::stdout().is_terminal()
}

/// Columns of the terminal behind standard output; none for a file or a pipe.
pub(crate) fn columns() -> Option<usize> {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}

/// Whether somebody watches standard error.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// A panic says where, never what: its message could hold a value.
pub(crate) fn silence_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place =
            info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        err(&format!("mantal: internal error at {place}; please report it"));
    }));
}

/// `RUST_LOG`, or `-v` for what the runs log. What libraries log is shown at no level: some write all that they send.
pub(crate) fn init_logging(verbose: u8) {
    let level = match verbose {
        0 => "off",
        1 => "info",
        2 => "debug",
        3.. => "trace",
    };
    let environment = env_logger::Env::default().default_filter_or(format!("mantal={level}"));
    let mut logger = env_logger::Builder::from_env(environment);
    logger.target(env_logger::Target::Stderr).format(|line, record| {
        let is_ours = record.target().split("::").next() == Some(env!("CARGO_PKG_NAME"));
        if !is_ours {
            return Ok(());
        }
        let (at, level, place) = (line.timestamp(), record.level(), record.target());
        writeln!(line, "[{at} {level:<5} {place}] {}", record.args())
    });
    // A second logger can't be set; the first one stays.
    drop(logger.try_init());
}
