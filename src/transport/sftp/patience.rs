//! How long we wait for a server: work is given up when it was silent for too long, when the time of the whole run is
//! over, or when a signal came.

use std::{
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::transport::{
    Call, Deadline,
    fault::{Cause, FaultKind, Limit},
    session::Outcome,
    watch::verdict,
};

/// How late silence, the end or a signal may be noticed.
const GLANCE: Duration = Duration::from_millis(50);

/// The limits of one session.
pub(super) struct Patience {
    deadline: Deadline,
    stop: Arc<AtomicUsize>,
    idle: Duration,
    pulse: Arc<Pulse>,
}

/// When a byte last went over a socket.
struct Pulse {
    start: Instant,
    last: AtomicU64,
}

impl Pulse {
    fn beat(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    fn silence(&self) -> Duration {
        self.start.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }
}

impl Patience {
    pub(super) fn of(call: &Call<'_>) -> Self {
        let pulse = Pulse { start: Instant::now(), last: AtomicU64::new(0) };
        Self {
            deadline: call.deadline,
            stop: Arc::clone(&call.stop),
            idle: call.server.idle_timeout,
            pulse: Arc::new(pulse),
        }
    }

    /// Why nothing may go on, if so.
    pub(super) fn verdict(&self) -> Option<Cause> {
        verdict(self.deadline, &self.stop)
    }

    pub(super) fn may_go_on(&self) -> Outcome<()> {
        self.verdict().map_or(Ok(()), Err)
    }

    /// This long, or less if less is left.
    pub(super) fn at_most(&self, wanted: Duration) -> Duration {
        self.deadline.at_most(wanted)
    }

    /// Waits for some work as long as it may take.
    pub(super) async fn wait<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.wait_over(|| false, work).await
    }

    /// Waits for an answer over a connection, which brings none once it has ended. The library wakes those who wait
    /// when it ends; whoever asks in the moment after that would never hear anything.
    pub(super) async fn wait_over<T>(
        &self,
        has_ended: impl Fn() -> bool,
        work: impl Future<Output = Outcome<T>>,
    ) -> Outcome<T> {
        let mut work = pin!(work);
        let mut is_over = false;
        // What we did meanwhile was not the server's silence.
        self.pulse.beat();
        loop {
            self.may_go_on()?;
            if let Ok(outcome) = tokio::time::timeout(GLANCE, work.as_mut()).await {
                return outcome;
            }
            // What came before the end has had a glance to get here.
            if is_over {
                return Err(Cause::new(FaultKind::Broken, "connection ended"));
            }
            is_over = has_ended();
            if self.pulse.silence() > self.idle {
                return Err(Cause::timed_out(Limit::Idle, self.idle));
            }
        }
    }

    /// A socket whose bytes break the silence.
    pub(super) fn over(&self, socket: TcpStream) -> Heard {
        Heard { socket, pulse: Arc::clone(&self.pulse) }
    }
}

/// A socket that is listened to.
pub(super) struct Heard {
    socket: TcpStream,
    pulse: Arc<Pulse>,
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.socket).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pulse.beat();
        }
        polled
    }
}

impl AsyncWrite for Heard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write(context, bytes);
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.pulse.beat();
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
