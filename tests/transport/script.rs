//! What the scripted server is told to do.

use std::sync::Arc;

use mantal::config::Passive;
use rustls::ServerConfig;

/// What it does instead of an honest answer on the control connection.
#[derive(Clone, Copy)]
pub enum Answer {
    Say(&'static str),
    /// Does what it should, and closes the connection without a word.
    Lost,
    /// As `Lost`, and what came of it is taken away at once.
    LostAndTaken,
    /// Says something once, and is honest from then on.
    Once(&'static str),
    Silence,
    HangUp,
    /// The same for ever, as fast as it is taken.
    Flood(&'static str),
    /// The same for ever, slowly: this pause is the fault, nothing waits for it.
    Drip(&'static str),
}

/// What it does with a data connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// The whole file, then these words.
    Whole(&'static str),
    /// Half of it, then these words.
    Half(&'static str),
    /// Half of it, a reset, then these words.
    HalfReset(&'static str),
    /// All of it, and then the control connection is closed without a word.
    WholeThenGone,
    HalfThenGone,
    HalfThenSilence,
    /// The file byte by byte, for ever.
    Drip,
}

/// What it announces for data connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Open,
    /// PASV names this address, with the right port.
    Elsewhere([u8; 4]),
    /// A port where nobody listens.
    Closed,
}

#[derive(Clone)]
pub struct Script {
    pub greeting: Answer,
    pub answers: Vec<(&'static str, Answer)>,
    pub down: Data,
    /// Data connections of listings; none: as for files.
    pub lists: Option<Data>,
    pub up: Data,
    pub door: Door,
    pub features: &'static str,
    /// Sent for any listing instead of the real one.
    pub listing: Option<Vec<u8>>,
    pub passive: Passive,
    /// None: it speaks in clear text only.
    pub armour: Option<Armour>,
}

/// What it does about TLS.
#[derive(Clone)]
pub struct Armour {
    pub control: Arc<ServerConfig>,
    /// None: data goes in clear text all the same.
    pub data: Option<Arc<ServerConfig>>,
    pub turn: Turn,
    pub handshake: Handshake,
    pub goodbye: Goodbye,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// After AUTH.
    Explicit,
    /// Before the first word.
    Implicit,
}

/// What it does when it should shake hands for the control connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Handshake {
    Honest,
    Silence,
    HangUp,
    /// A record that comes byte by byte.
    Drip,
    /// Clear text.
    Babble,
}

/// How it ends a data connection under TLS.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Goodbye {
    Said,
    /// Closed without a word, as anybody on the way could.
    Cut,
}

/// Honest, with every command.
pub fn honest() -> Script {
    Script {
        greeting: Answer::Say("220 ready\r\n"),
        answers: Vec::new(),
        down: Data::Whole("226 done\r\n"),
        lists: None,
        up: Data::Whole("226 done\r\n"),
        door: Door::Open,
        features: "211-Features:\r\n MLST type*;size*;modify*;\r\n SIZE\r\n211 End\r\n",
        listing: None,
        passive: Passive::Epsv,
        armour: None,
    }
}

impl Script {
    pub fn answer(mut self, verb: &'static str, answer: Answer) -> Self {
        self.answers.push((verb, answer));
        self
    }
}
