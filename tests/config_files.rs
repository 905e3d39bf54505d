//! The configuration and its secrets on a real file system: who may write and read them, where they are found, what
//! they mean.

#![cfg(test)]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use mantal::{
    config::{
        self, Conflict, ListFormat, Origin, PasswordSource, Period, Settings, Surroundings, Transport, secret,
    },
    domain::{contact::ContactField, id_number::Country, limit::LimitName, protection::Names},
    failure::{Failure, Kind},
    text::Language,
};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        // The one before may be read-only.
        let _ = fs::remove_file(&path);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn load(&self, content: &str) -> Result<Settings, Failure> {
        config::load(&self.write("mantal.toml", content, 0o600), &[])
    }

    fn settings(&self, content: &str) -> Settings {
        self.load(content).unwrap_or_else(|failure| panic!("{content}: {}", failure.text(Language::English)))
    }

    fn refusal(&self, content: &str) -> String {
        let Err(failure) = self.load(content) else { panic!("{content} was taken") };
        assert_eq!(failure.kind, Kind::Usage, "{content}");
        failure.text(Language::English)
    }
}

fn plant_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn an_empty_file_gives_the_documented_defaults() {
    let world = World::new();
    let settings = world.settings("");
    assert_eq!(settings.folder, world.folder.path());
    assert_eq!(settings.registry, world.path("registry.db"));
    assert_eq!(settings.lock_file(), world.path("registry.lock"));
    assert_eq!(settings.side_file(), world.path("registry.side"));
    assert_eq!(settings.key_file(), world.path("registry.key"));
    assert_eq!(settings.spool, world.path("spool/"));
    assert_eq!(settings.spar.server.path, world.path("drop/"));
    assert_eq!(settings.backup.dir, world.path("backups/"));
    assert_eq!(
        (settings.language, settings.timezone),
        (Language::Swedish, mantal::domain::zone::Zone::STOCKHOLM)
    );
    assert_eq!((settings.country, settings.protection), (Country::Sweden, Names::Keep));
    assert_eq!((settings.spar.answer_days, settings.spar.file_days, settings.spool_keep_days), (45, 45, 45));
    assert_eq!((settings.log.show, settings.log.days, settings.log.journal_days), (18, 400, 400));
    assert_eq!((settings.purge.draft, settings.purge.event), (Period::Days(60), Period::Days(30)));
    assert_eq!((settings.backup.keep, settings.max_late), (14, Duration::from_hours(6)));
    assert_eq!(settings.spar.server.total_timeout, Duration::from_mins(10));
    let cleared: Vec<_> = settings.contacts.clear_flag.iter().collect();
    assert_eq!(cleared, [(&"guardian".to_owned(), &[ContactField::Email].into())]);
    assert!(settings.contacts.force.is_empty() && settings.contacts.create && settings.sources.is_empty());
    for name in LimitName::ALL {
        assert_eq!(settings.limits.get(name), name.standard());
    }
}

#[test]
fn a_full_file_is_read_into_types() {
    let settings = World::new().settings(
        "registry = '/var/lib/mantal/people.db'\ncountry = 'DK'\nmunicipality = ['0581', '0580']\n\
         [spool]\npath = 'work'\nkeep_days = 10\n\
         [spar]\nformat = 'xml-2023.1'\ncustomer = 500243\n\
         [spar.server]\ntransport = 'sftp'\nhost = 'h'\nport = 2222\nuser = 'u'\ncredential = 'spar'\n\
         [contacts]\nsources = ['extens', 'procapita']\nconflict = ['procapita', 'extens']\n\
         [contacts.force]\nstaff = ['email', 'phone']\n[contacts.clear_flag]\nguardian = []\n\
         [sources.extens.columns]\nPersonnr = 'id_number'\nemail = 'E-post'\n\
         [protection]\nclear_names = true\n[purge]\ndraft_days = 'keep'\n\
         [max_age]\nspar-import = '35d'\n[notify.ping]\npurge = 'https://ping.example.se/secret'\n\
         [limits]\nblocked = '0.5%'\nblocked_floor = 7\nrejected = 3\nolder_floor = 2\n",
    );
    assert_eq!(settings.registry, Path::new("/var/lib/mantal/people.db"));
    assert_eq!(settings.key_file(), Path::new("/var/lib/mantal/people.key"));
    assert_eq!((settings.country, settings.municipality.len()), (Country::Denmark, 2));
    assert_eq!((settings.spool.ends_with("work"), settings.spool_keep_days), (true, 10));
    assert_eq!(
        (settings.spar.format, settings.spar.customer.as_deref()),
        (ListFormat::Xml2023, Some("500243"))
    );
    let server = &settings.spar.server;
    assert_eq!((server.transport, server.port), (Transport::Sftp, Some(2222)));
    assert_eq!(server.password, PasswordSource::Credential("spar".into()));
    assert_eq!(settings.contacts.conflict, Conflict::Precedence(vec!["procapita".into(), "extens".into()]));
    assert_eq!(settings.contacts.force["staff"], [ContactField::Email, ContactField::Phone].into());
    assert!(settings.contacts.clear_flag.is_empty());
    let columns: Vec<_> = settings.sources["extens"].columns.iter().collect();
    let expected =
        [("E-post", "email"), ("Personnr", "id_number")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(columns, expected.each_ref().map(|(a, b)| (a, b)), "in whichever direction it was written");
    assert!(settings.sources.contains_key("procapita"), "a source needs no settings of its own");
    assert_eq!((settings.protection, settings.purge.draft), (Names::Clear, Period::Keep));
    assert_eq!(settings.max_age["spar-import"], Duration::from_hours(35 * 24));
    let ceiling = |name, base| settings.limits.get(name).ceiling(base);
    assert_eq!((ceiling(LimitName::Blocked, 100), ceiling(LimitName::Blocked, 1_600)), (7, 8));
    assert_eq!(
        ceiling(LimitName::Rejected, 1_000_000),
        3,
        "a count is that count, without the default floor"
    );
    assert_eq!(ceiling(LimitName::Older, 0), 2);
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let world = World::new();
    // (file, part of the text)
    let rows = [
        ("registry = 'registry.lock'", ".lock, .side or .key"),
        ("contacts.conflict = ['extens']", "extens"),
        ("spar.server.transport = 'ftps'", "spar.server.host"),
        ("[spar.server]\ntransport = 'ftps'\nhost = 'h'", "spar.server.user"),
        (
            "[spar.server]\ntransport = 'ftps'\nhost = 'h'\nuser = 'u'\nkey_file = 'k'",
            "spar.server.password_file",
        ),
        ("[spar.server]\ntransport = 'sftp'\nhost = 'h'\nkey_file = 'k'", "spar.server.user"),
        ("[spar.server]\npassword_file = 'a'\ncredential = 'b'", "only one of"),
        // MD5, without its kind, and one letter short.
        (
            "spar.server.host_key = 'MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48'",
            "spar.server.host_key",
        ),
        ("spar.server.host_key = 'uNiVztksCsDhcc0u9e8BrdJB4dzd3p0mKc4gZ8q0p3E'", "spar.server.host_key"),
        (
            "spar.server.host_key = 'SHA256:uNiVztksCsDhcc0u9e8BrdJB4dzd3p0mKc4gZ8q0p3'",
            "spar.server.host_key",
        ),
    ];
    for (content, expected) in rows {
        let text = world.refusal(content);
        assert!(text.contains(expected) && text.contains("mantal.toml"), "{content}: {text}");
    }
}

#[test]
fn show_lists_every_value_with_its_origin_and_no_secret() {
    let world = World::new();
    let content = "[spar]\nmode = 'all'\n[spar.server]\npassword_command = 'echo hunter2'\nkey_file = 'id'\n\
                   [notify.ping]\npurge = 'https://me:hunter2@ping.example.se/hunter2?hunter2'\n";
    let path = world.write("mantal.toml", content, 0o600);
    let settings = config::load(&path, &[("spar.zip".into(), "true".into())]).unwrap();
    let row = |key: &str| {
        let shown = settings.show().iter().find(|shown| shown.key == key).unwrap();
        (shown.value.as_str(), shown.origin)
    };
    assert_eq!(row("spar.mode"), ("\"all\"", Origin::File));
    assert_eq!(row("spar.zip"), ("true", Origin::Set));
    assert_eq!(row("spar.format"), ("\"csv\"", Origin::Default));
    assert_eq!(row("limits.protected"), ("\"0.5%\"", Origin::Default));
    assert_eq!(row("spar.server.key_file"), ("\"id\"", Origin::File));
    assert_eq!(row("notify.ping.purge"), ("\"https://ping.example.se/…\"", Origin::File));
    let everything = format!("{:?} {settings:?}", settings.show());
    assert!(!everything.contains("hunter2"), "{everything}");
}

#[test]
fn a_configuration_that_others_could_have_written_is_refused() {
    let world = World::new();
    let uid = rustix::process::geteuid().as_raw();
    for (file_mode, is_read) in [(0o600, true), (0o644, true), (0o660, false), (0o602, false), (0o622, false)]
    {
        let path = world.write("mantal.toml", "", file_mode);
        let result = config::load(&path, &[]);
        assert_eq!(result.is_ok(), is_read, "{file_mode:o}");
        assert!(is_read || result.unwrap_err().text(Language::English).contains("chmod"), "{file_mode:o}");
    }
    let path = world.write("mantal.toml", "", 0o600);
    if uid == 0 {
        std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
        assert_eq!(config::load_as(&path, &[], 0).unwrap_err().message.code, "config-owner");
        config::load_as(&path, &[], 65_534).unwrap();
    } else {
        config::load_as(&path, &[], uid).unwrap();
        assert_eq!(config::load_as(&path, &[], uid + 1).unwrap_err().message.code, "config-owner");
    }
}

#[test]
fn what_counts_is_the_file_behind_a_link_and_paths_start_from_the_link() {
    let world = World::new();
    fs::create_dir(world.path("elsewhere")).unwrap();
    let target = world.write("elsewhere/real.toml", "", 0o600);
    let link = world.path("mantal.toml");
    symlink(&target, &link).unwrap();
    assert_eq!(config::load(&link, &[]).unwrap().registry, world.path("registry.db"));
    fs::set_permissions(&target, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(config::load(&link, &[]).unwrap_err().message.code, "config-writable");
}

#[test]
fn a_configuration_that_is_no_plain_file_is_refused_without_a_hang() {
    let world = World::new();
    let fifo = world.path("fifo.toml");
    plant_fifo(&fifo);
    for path in [fifo, world.folder.path().to_owned(), PathBuf::from("/dev/zero")] {
        let failure = config::load(&path, &[]).unwrap_err();
        assert_eq!(
            (failure.kind, failure.message.code),
            (Kind::Usage, "config-no-file"),
            "{}",
            path.display()
        );
    }
    let failure = config::load(&world.path("missing.toml"), &[]).unwrap_err();
    assert_eq!((failure.kind, failure.message.code), (Kind::Usage, "config-missing"));
    let failure = config::load(&world.write("mantal.toml", &"#".repeat(2 << 20), 0o600), &[]).unwrap_err();
    assert_eq!(failure.message.code, "config-too-large");
}

#[test]
fn what_was_found_can_be_loaded() {
    let world = World::new();
    world.write("mantal.toml", &config::commented(Language::English), 0o600);
    let around = Surroundings {
        config_flag: None,
        config_env: None,
        working_directory: world.folder.path().to_owned(),
        uid: rustix::process::geteuid().as_raw(),
    };
    let settings = config::load(&config::find(&around).unwrap(), &[]).unwrap();
    assert_eq!((settings.file, settings.language), (world.path("mantal.toml"), Language::English));
}

#[test]
fn a_link_in_the_working_directory_that_somebody_else_planted_is_not_ours() {
    let world = World::new();
    if rustix::process::geteuid().is_root() {
        let ours = world.write("ours.toml", "", 0o600);
        symlink(&ours, world.path("mantal.toml")).unwrap();
        std::os::unix::fs::lchown(world.path("mantal.toml"), Some(65_534), None).unwrap();
    } else {
        symlink("/etc/passwd", world.path("mantal.toml")).unwrap();
    }
    let around = Surroundings {
        config_flag: None,
        config_env: None,
        working_directory: world.folder.path().to_owned(),
        uid: rustix::process::geteuid().as_raw(),
    };
    assert_ne!(config::find(&around).ok(), Some(world.path("mantal.toml")));
}

#[test]
fn a_secret_that_others_can_read_is_refused_and_a_credential_of_systemd_is_not() {
    let world = World::new();
    let server = world.settings("spar.server.password_file = 'secret'").spar.server;
    let patience = Duration::from_secs(30);
    for (file_mode, is_read) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)]
    {
        world.write("secret", "hunter2\nsecond line\n", file_mode);
        assert_eq!(secret::check(&server, None).is_ok(), is_read, "{file_mode:o}");
        let password = secret::password(&server, None, patience);
        assert_eq!(password.is_ok(), is_read, "{file_mode:o}");
        assert!(!format!("{password:?}").contains("hunter2"));
    }
    world.write("secret", "hunter2\n", 0o444);
    let inside = secret::password(&server, Some(world.folder.path()), patience).unwrap().unwrap();
    assert_eq!(inside.reveal(), "hunter2");
    fs::create_dir(world.path("run")).unwrap();
    let around = world.settings("spar.server.password_file = 'run/../secret'").spar.server;
    secret::check(&around, Some(&world.path("run"))).unwrap_err();
}

#[test]
fn a_credential_is_a_name_in_the_folder_of_systemd() {
    let world = World::new();
    let patience = Duration::from_secs(30);
    world.write("spar", "hunter2", 0o444);
    let server = world.settings("spar.server.credential = 'spar'").spar.server;
    let password = secret::password(&server, Some(world.folder.path()), patience).unwrap().unwrap();
    assert_eq!(password.reveal(), "hunter2");
    assert_eq!(secret::password(&server, None, patience).unwrap_err().kind, Kind::Usage);
    for name in ["../spar", "/etc/passwd", ".."] {
        let server = world.settings(&format!("spar.server.credential = '{name}'")).spar.server;
        let failure = secret::check(&server, Some(world.folder.path())).unwrap_err();
        assert_eq!(failure.message.code, "config-credential-name", "{name}");
    }
}

#[test]
fn a_password_command_gives_its_first_line_or_a_failure_in_time() {
    let world = World::new();
    let run = |command: &str, patience: Duration| {
        let server = world.settings(&format!("spar.server.password_command = {command}")).spar.server;
        secret::password(&server, None, patience)
    };
    let long = Duration::from_mins(1);
    assert_eq!(run("['printf', 'hunter2\\nmore']", long).unwrap().unwrap().reveal(), "hunter2");
    assert_eq!(run("'echo hunter2 | cat'", long).unwrap().unwrap().reveal(), "hunter2");
    // Prints and fails; is not there; prints nothing.
    for command in ["'echo hunter2; false'", "['/nowhere/command']", "'true'"] {
        let failure = run(command, long).unwrap_err();
        assert_eq!(failure.kind, Kind::Usage, "{command}");
        assert!(!format!("{failure:?}").contains("hunter2"));
    }
    // Says nothing; says something, closes its output and stays.
    for command in ["'exec tail -f /dev/null'", "'echo hunter2; exec tail -f /dev/null >/dev/null'"] {
        let begun = std::time::Instant::now();
        run(command, Duration::from_millis(100)).unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(30), "{command}");
    }
}
