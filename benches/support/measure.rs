//! What a process costs: time from the clock and from the kernel's account, memory at its highest.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// Of one process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of its own work, all threads, and of the kernel's for it.
    pub work: f64,
    /// Bytes in memory at its highest.
    pub peak: u64,
    /// Its exit code.
    pub exit: Option<i32>,
}

/// Ticks of `/proc/PID/stat` in a second; Linux shows them so everywhere.
const TICKS: f64 = 100.0;
/// So long a process is looked at without a pause: one that is over before that would not be seen at its highest.
const CLOSELY: Duration = Duration::from_millis(30);
const PAUSE: Duration = Duration::from_millis(2);

/// Runs a command to its end.
pub fn measure(command: &mut Command) -> Cost {
    measure_watched(command, &|| ())
}

/// The same, with a look at something else each time that its memory is looked at.
pub fn measure_watched(command: &mut Command, watch: &dyn Fn()) -> Cost {
    // What an earlier step left to write is not this one's cost.
    rustix::fs::sync();
    let begin = Instant::now();
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let proc = Path::new("/proc").join(child.id().to_string());
    let pid = Pid::from_child(&child);
    // The high-water mark goes with the memory, so it is asked for until the end; only growth in the last
    // milliseconds can be missed.
    let mut peak = 0;
    let wait = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(pid), wait).unwrap().is_none() {
        peak = high_water(&proc).unwrap_or(0).max(peak);
        watch();
        if begin.elapsed() > CLOSELY {
            std::thread::sleep(PAUSE);
        }
    }
    let wall = begin.elapsed().as_secs_f64();
    // The process is a zombie now: its times are complete.
    let work = work(&proc).unwrap_or_default();
    Cost { wall, work, peak, exit: child.wait().unwrap().code() }
}

/// Seconds from start to end of a process that nobody watches.
pub fn clock(command: &mut Command) -> (f64, Option<i32>) {
    let begin = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    (begin.elapsed().as_secs_f64(), status.unwrap().code())
}

/// The one in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The middle of the times, the highest of the peaks.
pub fn typical(costs: &[Cost]) -> Cost {
    Cost {
        wall: median(costs.iter().map(|cost| cost.wall)),
        work: median(costs.iter().map(|cost| cost.work)),
        peak: costs.iter().map(|cost| cost.peak).max().unwrap_or_default(),
        exit: costs.first().and_then(|cost| cost.exit),
    }
}

/// For tables.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

fn high_water(proc: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(proc.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn work(proc: &Path) -> Option<f64> {
    let stat = std::fs::read_to_string(proc.join("stat")).ok()?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    fields.map(|ticks| ticks.parse::<f64>().ok().map(|ticks| ticks / TICKS)).sum()
}
