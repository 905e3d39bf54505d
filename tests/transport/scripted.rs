//! An FTP server that does as its script says: honest, except where it is told to stall, lie or break off.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

#[path = "script.rs"]
pub mod script;
#[path = "wire.rs"]
mod wire;

pub use script::{Answer, Data, Door, Script, honest};
use script::{Goodbye, Handshake, Turn};
use wire::Wire;

use super::stand::Stand;

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Default)]
struct Seen {
    files: Files,
    commands: Vec<String>,
    used: Vec<&'static str>,
}

/// The server and what it has seen.
pub struct Server {
    pub stand: Stand,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub fn start(script: Script) -> Self {
        Self::in_turn(vec![script])
    }

    /// A script for each connection, the last one for all that follow.
    pub fn in_turn(mut scripts: Vec<Script>) -> Self {
        let script = scripts[0].clone();
        scripts.reverse();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stand = Stand::ftp(listener.local_addr().unwrap().port(), script.passive);
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            while let Ok((socket, _)) = listener.accept() {
                let script = scripts.last().unwrap().clone();
                scripts.truncate(scripts.len().saturating_sub(1).max(1));
                let seen = Arc::clone(&shared);
                // A client that is gone ends its conversation.
                thread::spawn(move || drop(Talk::new(socket, script, seen).run()));
            }
        });
        // What any test may wait for, at most.
        Self { stand: stand.patience(600, 1500), seen }
    }

    pub fn with(self, path: &str, content: &[u8]) -> Self {
        self.look(|seen| seen.files.insert(path.to_owned(), content.to_vec()));
        self
    }

    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        self.look(|seen| seen.files.get(path).cloned())
    }

    pub fn commands(&self) -> Vec<String> {
        self.look(|seen| seen.commands.clone())
    }

    fn look<T>(&self, what: impl FnOnce(&mut Seen) -> T) -> T {
        what(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Talk {
    socket: TcpStream,
    lines: BufReader<Wire>,
    script: Script,
    seen: Arc<Mutex<Seen>>,
    folder: String,
    renaming: String,
    listener: Option<TcpListener>,
    is_mute: bool,
}

type Done = std::io::Result<()>;

impl Talk {
    fn new(socket: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) -> Self {
        let lines = BufReader::new(Wire::Clear(socket.try_clone().unwrap()));
        let (folder, renaming) = (String::new(), String::new());
        Self { socket, lines, script, seen, folder, renaming, listener: None, is_mute: false }
    }

    fn run(mut self) -> Done {
        if self.script.armour.as_ref().is_some_and(|armour| armour.turn == Turn::Implicit) {
            self.turn_to_tls()?;
        }
        self.give(self.script.greeting)?;
        let mut line = String::new();
        while self.lines.read_line(&mut line)? > 0 {
            let command = line.trim_end().to_owned();
            line.clear();
            self.seen.lock().unwrap().commands.push(command.clone());
            let (verb, argument) = command.split_once(' ').unwrap_or((&command, ""));
            match self.scripted(verb) {
                Some(answer @ (Answer::Lost | Answer::LostAndTaken)) => {
                    self.is_mute = true;
                    self.honestly(verb, argument)?;
                    if matches!(answer, Answer::LostAndTaken) {
                        self.seen.lock().unwrap().files.remove(&self.path(argument));
                    }
                    self.socket.shutdown(Shutdown::Both)?;
                }
                Some(answer) => self.give(answer)?,
                None => self.honestly(verb, argument)?,
            }
        }
        Ok(())
    }

    fn scripted(&self, verb: &str) -> Option<Answer> {
        let (verb, answer) = self.script.answers.iter().find(|(other, _)| *other == verb)?;
        let mut seen = self.seen.lock().unwrap();
        if matches!(answer, Answer::Once(_)) && seen.used.contains(verb) {
            return None;
        }
        seen.used.push(verb);
        Some(*answer)
    }

    fn give(&mut self, answer: Answer) -> Done {
        match answer {
            Answer::Say(text) | Answer::Once(text) => self.say(text),
            Answer::Silence => self.wait_for_the_end(),
            Answer::HangUp | Answer::Lost | Answer::LostAndTaken => self.socket.shutdown(Shutdown::Both),
            Answer::Flood(text) => loop {
                self.say(text)?;
            },
            Answer::Drip(text) => loop {
                drip(self.lines.get_mut(), text.as_bytes())?;
            },
        }
    }

    fn say(&mut self, text: &str) -> Done {
        if self.is_mute {
            return Ok(());
        }
        self.lines.get_mut().write_all(text.as_bytes())
    }

    fn turn_to_tls(&mut self) -> Done {
        let armour = self.script.armour.clone().ok_or(std::io::ErrorKind::Unsupported)?;
        match armour.handshake {
            Handshake::Honest => {
                self.lines = BufReader::new(Wire::secured(self.socket.try_clone()?, &armour.control)?);
                Ok(())
            }
            Handshake::Silence => self.wait_for_the_end(),
            Handshake::HangUp => self.socket.shutdown(Shutdown::Both),
            // The head of a record, whose long body never ends.
            Handshake::Drip => {
                drip(&mut self.socket, &[&[0x16, 3, 3, 0x40, 0], [0; 4000].as_slice()].concat())
            }
            Handshake::Babble => {
                self.say("220 ready\r\n")?;
                self.wait_for_the_end()
            }
        }
    }

    fn wait_for_the_end(&mut self) -> Done {
        std::io::copy(&mut self.lines, &mut std::io::sink()).map(drop)
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    fn content(&self, name: &str) -> Option<Vec<u8>> {
        self.seen.lock().unwrap().files.get(&self.path(name)).cloned()
    }

    fn honestly(&mut self, verb: &str, argument: &str) -> Done {
        match verb {
            "USER" => self.say("331 password\r\n"),
            "PASS" => self.say("230 in\r\n"),
            "AUTH" if self.script.armour.is_some() => {
                self.say("234 go\r\n")?;
                self.turn_to_tls()
            }
            "PBSZ" | "PROT" if self.script.armour.is_some() => self.say("200 yes\r\n"),
            "TYPE" => self.say("200 binary\r\n"),
            "PWD" => self.say("257 \"/\"\r\n"),
            "FEAT" => self.say(self.script.features),
            "QUIT" => self.say("221 bye\r\n"),
            "CWD" => {
                self.folder = if argument == "/" { String::new() } else { format!("{argument}/") };
                self.say("250 there\r\n")
            }
            "SIZE" => {
                let size = self.content(argument).map(|content| content.len());
                let found = size.map_or("550 none\r\n".to_owned(), |size| format!("213 {size}\r\n"));
                self.say(&found)
            }
            "MDTM" => {
                let is_there = self.content(argument).is_some();
                self.say(if is_there { "213 20261122083625\r\n" } else { "550 none\r\n" })
            }
            "EPSV" | "PASV" => self.announce(verb),
            "RETR" => match self.content(argument) {
                Some(content) => self.send(&content, self.script.down),
                None => self.say("550 none\r\n"),
            },
            "MLSD" | "NLST" | "LIST" => {
                self.send(&self.listing(verb), self.script.lists.unwrap_or(self.script.down))
            }
            "STOR" => self.receive(argument),
            "RNFR" => {
                argument.clone_into(&mut self.renaming);
                let is_there = self.content(argument).is_some();
                self.say(if is_there { "350 to what\r\n" } else { "550 none\r\n" })
            }
            "RNTO" => {
                let (from, to) = (self.path(&self.renaming), self.path(argument));
                let mut seen = self.seen.lock().unwrap();
                let content = seen.files.remove(&from).unwrap_or_default();
                seen.files.insert(to, content);
                drop(seen);
                self.say("250 renamed\r\n")
            }
            "DELE" => {
                let path = self.path(argument);
                let was_there = self.seen.lock().unwrap().files.remove(&path).is_some();
                self.say(if was_there { "250 gone\r\n" } else { "550 none\r\n" })
            }
            _ => self.say("502 what\r\n"),
        }
    }

    fn listing(&self, verb: &str) -> Vec<u8> {
        if let Some(listing) = &self.script.listing {
            return listing.clone();
        }
        let line = |name: &str, size: usize| match verb {
            "MLSD" => format!("type=file;size={size};modify=20261122083625; {name}\r\n"),
            "NLST" => format!("{name}\r\n"),
            _ => format!("-rw-r--r--   1 0        0        {size:>8} Nov 22 08:36 {name}\r\n"),
        };
        let seen = self.seen.lock().unwrap();
        let here = seen.files.iter().filter_map(|(path, content)| {
            path.strip_prefix(&self.folder).map(|name| line(name, content.len()))
        });
        here.collect::<String>().into_bytes()
    }

    fn announce(&mut self, verb: &str) -> Done {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        self.listener = Some(listener);
        let [a, b, c, d] = match self.script.door {
            Door::Elsewhere(address) => address,
            Door::Open => [127, 0, 0, 1],
            Door::Closed => {
                self.listener = None;
                [127, 0, 0, 1]
            }
        };
        if verb == "EPSV" {
            return self.say(&format!("229 here (|||{port}|)\r\n"));
        }
        self.say(&format!("227 here ({a},{b},{c},{d},{},{})\r\n", port / 256, port % 256))
    }

    fn door(&mut self) -> std::io::Result<Wire> {
        let listener = self.listener.take().ok_or(std::io::ErrorKind::NotConnected)?;
        self.say("150 go\r\n")?;
        let socket = listener.accept()?.0;
        match self.script.armour.as_ref().and_then(|armour| armour.data.as_ref()) {
            Some(config) => Wire::secured(socket, config),
            None => Ok(Wire::Clear(socket)),
        }
    }

    fn close(&self, data: Wire) -> Done {
        match &self.script.armour {
            Some(armour) if armour.goodbye == Goodbye::Cut => data.cut(),
            Some(_) | None => data.close(),
        }
    }

    fn send(&mut self, content: &[u8], way: Data) -> Done {
        let mut data = self.door()?;
        let half = &content[..content.len() / 2];
        match way {
            Data::Whole(words) => {
                data.write_all(content)?;
                self.close(data)?;
                self.say(words)
            }
            Data::Half(words) => {
                data.write_all(half)?;
                self.close(data)?;
                self.say(words)
            }
            Data::HalfReset(words) => {
                data.write_all(half)?;
                data.reset()?;
                self.say(words)
            }
            Data::WholeThenGone => {
                data.write_all(content)?;
                self.socket.shutdown(Shutdown::Both)
            }
            Data::HalfThenGone => {
                data.write_all(half)?;
                self.socket.shutdown(Shutdown::Both)
            }
            Data::HalfThenSilence => {
                data.write_all(half)?;
                self.wait_for_the_end()
            }
            Data::Drip => loop {
                drip(&mut data, content)?;
            },
        }
    }

    fn receive(&mut self, name: &str) -> Done {
        let mut data = self.door()?;
        let mut content = Vec::new();
        match self.script.up {
            Data::Whole(words) => {
                data.read_to_end(&mut content)?;
                self.keep(name, content);
                self.say(words)
            }
            Data::Half(words) => {
                data.read_to_end(&mut content)?;
                content.truncate(content.len() / 2);
                self.keep(name, content);
                self.say(words)
            }
            Data::HalfReset(words) => {
                data.read_exact(&mut [0; 1])?;
                data.reset()?;
                self.say(words)
            }
            Data::WholeThenGone => {
                data.read_to_end(&mut content)?;
                self.keep(name, content);
                self.socket.shutdown(Shutdown::Both)
            }
            Data::HalfThenGone => {
                data.read_exact(&mut [0; 1])?;
                self.socket.shutdown(Shutdown::Both)
            }
            Data::HalfThenSilence | Data::Drip => self.wait_for_the_end(),
        }
    }

    fn keep(&self, name: &str, content: Vec<u8>) {
        self.seen.lock().unwrap().files.insert(self.path(name), content);
    }
}

fn drip(to: &mut impl Write, bytes: &[u8]) -> Done {
    for byte in bytes {
        to.write_all(&[*byte])?;
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
