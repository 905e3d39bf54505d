//! What a process costs: time from the clock and from the kernel's account, memory at its highest.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// Of one process.
pub struct Cost {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of its own work, all threads.
    pub user: f64,
    /// Seconds that the kernel worked for it.
    pub system: f64,
    /// Bytes in memory at its highest.
    pub peak: u64,
    /// Its exit code.
    pub exit: Option<i32>,
}

/// Ticks of `/proc/PID/stat` in a second; Linux shows them so everywhere.
const TICKS: f64 = 100.0;

/// Runs a command to its end.
pub fn measure(command: &mut Command) -> Cost {
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
        std::thread::sleep(Duration::from_millis(5));
    }
    let wall = begin.elapsed().as_secs_f64();
    // The process is a zombie now: its times are complete.
    let (user, system) = times(&proc).unwrap_or((0.0, 0.0));
    Cost { wall, user, system, peak, exit: child.wait().unwrap().code() }
}

fn high_water(proc: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(proc.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn times(proc: &Path) -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string(proc.join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut seconds = || fields.next()?.parse::<f64>().ok().map(|ticks| ticks / TICKS);
    Some((seconds()?, seconds()?))
}
