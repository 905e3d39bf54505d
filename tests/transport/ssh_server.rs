//! An SSH server with SFTP in the test's own process, over a folder on disk. It does what it is told: ask for this,
//! refuse that, stall, hang up.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs::{self, File, OpenOptions},
    net::Shutdown,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use mantal::config::Transport as Way;
use russh::{
    Channel, ChannelId, MethodKind, MethodSet,
    keys::{Algorithm, HashAlg, PrivateKey, key::safe_rng},
    server::{Auth, ChannelOpenHandle, Handler, Msg, Response, Session},
};
use russh_sftp::{
    protocol::{Attrs, Data, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode, Version},
    server::StatusReply,
};
use tokio::{net::TcpListener, runtime::Runtime};

use super::stand::{PASSWORD, Stand};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static HOST_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap());

/// What the server does instead of what it was asked for.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    Say(StatusCode, &'static str),
    Stall,
    HangUp,
    /// Does it, and gives half of the bytes.
    Half,
}

#[derive(Clone)]
pub struct Script {
    pub methods: &'static [MethodKind],
    /// Of keyboard-interactive, and whether answers show.
    pub questions: &'static [(&'static str, bool)],
    pub password: &'static str,
    /// In which request, and from its how many-eth time on.
    pub instead: Vec<(&'static str, usize, Instead)>,
    /// Names of a listing that never ends.
    pub endless: bool,
}

impl Default for Script {
    fn default() -> Self {
        let (methods, questions) = (&[MethodKind::Password][..], &[("Password: ", false)][..]);
        Self { methods, questions, password: PASSWORD, instead: Vec::new(), endless: false }
    }
}

impl Script {
    pub fn instead(mut self, request: &'static str, from: usize, what: Instead) -> Self {
        self.instead.push((request, from, what));
        self
    }
}

/// A server, and what was asked of it.
pub struct Server {
    pub stand: Stand,
    seen: Seen,
}

type Seen = Arc<Mutex<Vec<String>>>;

impl Server {
    pub fn start(script: Script) -> Self {
        let mut stand = Stand::dir();
        let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        stand.settings.transport = Way::Sftp;
        stand.settings.host = Some("127.0.0.1".to_owned());
        stand.settings.port = Some(listener.local_addr().unwrap().port());
        stand.settings.user = Some("mantal".to_owned());
        stand.settings.host_key = Some(HOST_KEY.public_key().fingerprint(HashAlg::Sha256).to_string());
        let seen = Seen::default();
        let (root, noted) = (stand.root.clone(), Arc::clone(&seen));
        RUNTIME.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let config = russh::server::Config {
                    keys: vec![HOST_KEY.clone()],
                    methods: MethodSet::from(script.methods),
                    auth_rejection_time: std::time::Duration::ZERO,
                    ..Default::default()
                };
                let socket = socket.into_std().unwrap();
                let line = Arc::new(socket.try_clone().unwrap());
                let desk = Desk { script: script.clone(), root: root.clone(), seen: noted.clone(), line };
                let one = One { desk, channel: None };
                let socket = tokio::net::TcpStream::from_std(socket).unwrap();
                tokio::spawn(async move {
                    if let Ok(session) = russh::server::run_stream(Arc::new(config), socket, one).await {
                        drop(session.await);
                    }
                });
            }
        });
        Self { stand, seen }
    }

    /// The requests, in the order in which they came.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What one connection knows.
#[derive(Clone)]
struct Desk {
    script: Script,
    root: PathBuf,
    seen: Seen,
    line: Arc<std::net::TcpStream>,
}

impl Desk {
    /// Writes a request down, and does what is to be done instead; says whether bytes are to be halved.
    async fn note(&self, request: &str, about: &str) -> Result<bool, StatusReply> {
        let count = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push(format!("{request} {about}"));
            seen.iter().filter(|line| line.split(' ').next() == Some(request)).count()
        };
        let meant = |(name, from, _): &&(&str, usize, Instead)| *name == request && count >= *from;
        match self.script.instead.iter().find(meant).map(|(_, _, what)| *what) {
            None => Ok(false),
            Some(Instead::Half) => Ok(true),
            Some(Instead::Say(code, words)) => Err(code.with_message(words)),
            Some(Instead::Stall) => std::future::pending().await,
            Some(Instead::HangUp) => {
                self.line.shutdown(Shutdown::Both).unwrap();
                std::future::pending().await
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

/// One connection before its files.
struct One {
    desk: Desk,
    channel: Option<Channel<Msg>>,
}

impl Handler for One {
    type Error = russh::Error;

    async fn auth_none(&mut self, _: &str) -> Result<Auth, Self::Error> {
        drop(self.desk.note("none", "").await);
        Ok(Auth::reject())
    }

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, Self::Error> {
        drop(self.desk.note("password", password).await);
        Ok(if password == self.desk.script.password { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        let questions = self.desk.script.questions;
        let Some(response) = response else {
            drop(self.desk.note("questions", "").await);
            let prompts: Vec<_> =
                questions.iter().map(|(text, shows)| (Cow::Borrowed(*text), *shows)).collect();
            return Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts: prompts.into() });
        };
        let answers: Vec<String> =
            response.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
        drop(self.desk.note("answers", &answers.join(",")).await);
        Ok(if answers == [self.desk.script.password] { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.desk.note("channel", "").await.is_err() {
            return Ok(());
        }
        self.channel = Some(channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.desk.note("subsystem", name).await.is_err() {
            return session.channel_failure(id);
        }
        session.channel_success(id)?;
        let channel = self.channel.take().unwrap();
        let files = Files { desk: self.desk.clone(), open: HashMap::new(), next: 0 };
        russh_sftp::server::run(channel.into_stream(), files).await;
        Ok(())
    }
}

/// One connection's files. Renaming and EXCL are done as servers do that know no better: over what is there.
struct Files {
    desk: Desk,
    open: HashMap<String, Open>,
    next: u64,
}

enum Open {
    File(File),
    Folder(Vec<PathBuf>),
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn of_io(error: std::io::Error) -> StatusReply {
    let is = |kind| error.kind() == kind;
    if is(std::io::ErrorKind::NotFound) {
        StatusCode::NoSuchFile.into()
    } else if is(std::io::ErrorKind::PermissionDenied) {
        StatusCode::PermissionDenied.into()
    } else {
        StatusCode::Failure.into()
    }
}

fn well(id: u32) -> Status {
    Status { id, status_code: StatusCode::Ok, error_message: String::new(), language_tag: String::new() }
}

fn facts(path: &Path) -> Result<FileAttributes, StatusReply> {
    let metadata = path.symlink_metadata().map_err(of_io)?;
    let mut facts = FileAttributes::empty();
    facts.size = Some(metadata.len());
    facts.permissions = Some(metadata.mode());
    facts.mtime = Some(u32::try_from(metadata.mtime()).unwrap());
    Ok(facts)
}

impl Files {
    fn keep(&mut self, id: u32, open: Open) -> Handle {
        self.next += 1;
        let handle = self.next.to_string();
        self.open.insert(handle.clone(), open);
        Handle { id, handle }
    }

    fn file(&self, handle: &str) -> &File {
        let Some(Open::File(file)) = self.open.get(handle) else { panic!("no file") };
        file
    }
}

impl russh_sftp::server::Handler for Files {
    type Error = StatusReply;

    fn unimplemented(&self) -> Self::Error {
        StatusCode::OpUnsupported.into()
    }

    async fn init(&mut self, _: u32, _: HashMap<String, String>) -> Result<Version, Self::Error> {
        self.desk.note("init", "").await?;
        Ok(Version::new())
    }

    async fn lstat(&mut self, id: u32, path: String) -> Result<Attrs, Self::Error> {
        self.desk.note("lstat", &path).await?;
        Ok(Attrs { id, attrs: facts(&self.desk.path(&path))? })
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, Self::Error> {
        self.desk.note("stat", &path).await?;
        Ok(Attrs { id, attrs: facts(&self.desk.path(&path))? })
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, Self::Error> {
        self.desk.note("opendir", &path).await?;
        let entries = fs::read_dir(self.desk.path(&path)).map_err(of_io)?;
        let paths = entries.map(|entry| entry.unwrap().path()).collect();
        Ok(self.keep(id, Open::Folder(paths)))
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, Self::Error> {
        self.desk.note("readdir", &handle).await?;
        if self.desk.script.endless {
            let name =
                |number| russh_sftp::protocol::File::new(format!("x{number}"), FileAttributes::empty());
            return Ok(Name { id, files: (0..1000).map(name).collect() });
        }
        let Some(Open::Folder(paths)) = self.open.get_mut(&handle) else { panic!("no folder") };
        let mut files = Vec::new();
        for path in std::mem::take(paths) {
            let name = path.file_name().unwrap().to_str().unwrap();
            files.push(russh_sftp::protocol::File::new(name, facts(&path)?));
        }
        if files.is_empty() { Err(StatusCode::Eof.into()) } else { Ok(Name { id, files }) }
    }

    async fn open(
        &mut self,
        id: u32,
        path: String,
        flags: OpenFlags,
        _: FileAttributes,
    ) -> Result<Handle, Self::Error> {
        self.desk.note("open", &path).await?;
        let writes = flags.contains(OpenFlags::WRITE);
        let mut options = OpenOptions::new();
        options.read(!writes).write(writes).create(writes).truncate(writes);
        let file = options.open(self.desk.path(&path)).map_err(of_io)?;
        Ok(self.keep(id, Open::File(file)))
    }

    async fn read(&mut self, id: u32, handle: String, offset: u64, length: u32) -> Result<Data, Self::Error> {
        let is_half = self.desk.note("read", &format!("{offset} {length}")).await?;
        let mut data = vec![0; if is_half { length / 2 } else { length } as usize];
        let read = self.file(&handle).read_at(&mut data, offset).map_err(of_io)?;
        data.truncate(read);
        if data.is_empty() { Err(StatusCode::Eof.into()) } else { Ok(Data { id, data }) }
    }

    async fn write(
        &mut self,
        id: u32,
        handle: String,
        offset: u64,
        data: Vec<u8>,
    ) -> Result<Status, Self::Error> {
        self.desk.note("write", &offset.to_string()).await?;
        self.file(&handle).write_all_at(&data, offset).map_err(of_io)?;
        Ok(well(id))
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, Self::Error> {
        self.desk.note("close", &handle).await?;
        self.open.remove(&handle);
        Ok(well(id))
    }

    async fn rename(&mut self, id: u32, from: String, to: String) -> Result<Status, Self::Error> {
        self.desk.note("rename", &from).await?;
        fs::rename(self.desk.path(&from), self.desk.path(&to)).map_err(of_io)?;
        Ok(well(id))
    }

    async fn remove(&mut self, id: u32, path: String) -> Result<Status, Self::Error> {
        self.desk.note("remove", &path).await?;
        fs::remove_file(self.desk.path(&path)).map_err(of_io)?;
        Ok(well(id))
    }
}
