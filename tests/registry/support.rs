//! One installation in a folder of its own, driven through the library.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs,
    hash::{Hash, Hasher},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use mantal::{
    config::{self, Settings},
    domain::{id_number::IdKind, id_number::IdNumber, keyed_hash::KeyedHash, person::PersonId},
    io::{Fact, Record, SecretKey, SideFile},
    jobs::{
        Job,
        backup::Backup,
        person_import::{OnList, PersonImport},
        report::Report,
        restore::{Loss, Restore, restore},
        run::{Detail, Extent, Mode, Progress, Setup, Start, Who},
        runner,
        spar_import::SparImport,
    },
    registry::{Access, Check, Registry},
};
use rusqlite::{Connection, types::ValueRef};

/// Two of Skatteverket's test numbers.
pub const ANNA: &str = "198501012382";
pub const BO: &str = "198501012390";

/// Words that stand in the registry only for Anna.
pub const STREET: &str = "Hemligstigen 7";
pub const EMAIL: &str = "anna.hemlig@example.org";

pub struct World {
    /// Holds everything, the inputs too.
    pub folder: tempfile::TempDir,
    /// As the configuration says.
    pub settings: Settings,
    clock: Cell<i64>,
}

struct Silent;

impl Progress for Silent {
    fn at(&self, _: u64) {}
}

impl World {
    /// An empty registry with its key and side file.
    pub fn new() -> Self {
        Self::with("")
    }

    /// As `new`, with lines of configuration.
    pub fn with(lines: &str) -> Self {
        let world = Self::without_registry(lines);
        Registry::create(&world.settings.registry).unwrap();
        SecretKey::create(&world.settings.key_file()).unwrap();
        SideFile::create(&world.settings.side_file()).unwrap();
        world
    }

    /// Only a configuration.
    pub fn without_registry(lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mantal.toml");
        fs::write(&file, lines).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let settings = config::load(&file, &[]).unwrap();
        // 2026-11-22T08:00:00Z
        Self { folder, settings, clock: Cell::new(1_795_334_400) }
    }

    /// As `new`, with Anna and Bo, who are person 1 and 2.
    pub fn with_people(lines: &str) -> Self {
        let world = Self::with(lines);
        world.import(&format!(
            "{ANNA};Anna;Annasson;{STREET};60299;NORRKÖPING;{EMAIL}\n{BO};Bo;Bosson;Testvägen 2;90100;TESTBY;\n"
        ));
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a job for real; the clock goes on by a minute.
    pub fn run(&self, job: &mut dyn Job) -> Report {
        self.run_as(Mode::Real, &[], job)
    }

    /// Runs a job that must end with this exit code.
    pub fn run_to(&self, exit: u8, job: &mut dyn Job) -> Report {
        let report = self.run(job);
        assert_eq!(report.exit, exit, "{report:?}");
        report
    }

    pub fn dry_run(&self, job: &mut dyn Job) -> Report {
        self.run_as(Mode::DryRun, &[], job)
    }

    pub fn run_as(&self, mode: Mode, allow: &[(&str, u64)], job: &mut dyn Job) -> Report {
        self.with_setup(mode, allow, |setup| runner::execute(job, setup))
    }

    pub fn with_setup<T>(&self, mode: Mode, allow: &[(&str, u64)], work: impl FnOnce(&Setup<'_>) -> T) -> T {
        let instant = chrono::DateTime::from_timestamp(self.clock.get(), 0).unwrap();
        self.clock.set(self.clock.get() + 60);
        let allow: BTreeMap<_, _> = allow
            .iter()
            .map(|(name, count)| (mantal::domain::limit::LimitName::parse(name).unwrap(), *count))
            .collect();
        let now = instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let stop: Arc<AtomicUsize> = Arc::default();
        work(&Setup {
            settings: &self.settings,
            today: instant.date_naive(),
            mode,
            detail: Detail::Counts,
            findings: Extent::Whole,
            allow,
            approve: None,
            wait: Duration::ZERO,
            start: Start::default(),
            now: &|| now.clone(),
            stop: &stop,
            credentials: None,
            ssh: mantal::transport::SshPlaces::default(),
            who: Who {
                user: "tester".into(),
                sudo_user: None,
                host: "here".into(),
                arguments: String::new(),
            },
            progress: &Silent,
        })
    }

    /// Lets days go by.
    pub fn wait_days(&self, days: i64) {
        self.clock.set(self.clock.get() + days * 86_400);
    }

    /// Imports rows of number, first and last name, street, postal code, city, e-mail.
    pub fn import(&self, rows: &str) -> Report {
        let file = self.path("people.csv");
        let header = "id_number;first_name;last_name;street;postal_code;city;email\n";
        fs::write(&file, format!("{header}{rows}")).unwrap();
        self.run_to(0, &mut PersonImport { file, on_list: OnList::No, source: None })
    }

    /// A backup under this name.
    pub fn back_up(&self, name: &str) -> PathBuf {
        let file = self.path(name);
        self.run_to(0, &mut Backup { file: Some(file.clone()), secrets: None });
        file
    }

    pub fn restore(&self, file: &Path) -> Report {
        self.restore_as(Mode::Real, Loss::Noted, file)
    }

    pub fn restore_to(&self, exit: u8, file: &Path) -> Report {
        let report = self.restore(file);
        assert_eq!(report.exit, exit, "{report:?}");
        report
    }

    pub fn restore_as(&self, mode: Mode, loss: Loss, file: &Path) -> Report {
        self.with_setup(mode, &[], |setup| restore(&Restore { file: file.to_owned(), loss }, setup))
    }

    /// Applies an update file of the fixtures.
    pub fn spar(&self, name: &str) -> Report {
        self.run(&mut SparImport { files: vec![spar_file(name)] })
    }

    /// The registry, for reading.
    pub fn registry(&self) -> Registry {
        Registry::open(&self.settings.registry, Access::Read, Check::Full).unwrap()
    }

    /// The first column of a query, straight from the tables.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        ask(&self.settings.registry, sql)
    }

    /// Every row of every table but those of runs, as text.
    pub fn content(&self) -> Vec<String> {
        content(&self.settings.registry)
    }

    /// Adds a record to the side file, now, by a run of this id.
    pub fn remember(&self, fact: Fact, run: i64) {
        let at = chrono::DateTime::from_timestamp(self.clock.get(), 0).unwrap();
        let side = SideFile::find(&self.settings.side_file()).unwrap().unwrap();
        side.append(&[Record { fact, at, run }]).unwrap();
    }

    pub fn hash(&self, number: &str) -> KeyedHash {
        let number = IdNumber::from_stored(number, IdKind::Personnummer).unwrap();
        SecretKey::load(&self.settings.key_file()).unwrap().hash(&number)
    }

    /// The files in the folder with length and digest, for comparing.
    pub fn snapshot(&self) -> BTreeMap<String, (usize, u64)> {
        let digest = |content: &[u8]| {
            let mut hasher = std::hash::DefaultHasher::new();
            content.hash(&mut hasher);
            hasher.finish()
        };
        self.files().into_iter().map(|(name, content)| (name, (content.len(), digest(&content)))).collect()
    }

    /// The files in the folder, deeper ones with their path, and their bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(self.folder.path(), self.folder.path(), &mut files);
        files
    }

    /// Names of the files below the folder in which these bytes stand.
    pub fn files_with(&self, bytes: &str) -> Vec<String> {
        let holds = |content: &[u8]| content.windows(bytes.len()).any(|window| window == bytes.as_bytes());
        self.files().into_iter().filter(|(_, content)| holds(content)).map(|(name, _)| name).collect()
    }

    pub fn is_protected(&self, person: i64) -> bool {
        self.registry().people().unwrap().get(PersonId(person)).unwrap().person.is_protected()
    }
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap_or_default());
        }
    }
}

pub fn ask(registry: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(registry).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            ValueRef::Null => "null".to_owned(),
            other @ (ValueRef::Real(_) | ValueRef::Blob(_)) => format!("{other:?}"),
        })
    });
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

pub fn content(registry: &Path) -> Vec<String> {
    let tables = ask(
        registry,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         AND name NOT IN ('run', 'log_line') ORDER BY name",
    );
    let connection = Connection::open(registry).unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> =
                (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
            lines.push(format!("{table}: {}", cells.join(" | ")));
        }
    }
    lines
}

pub fn spar_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spar").join(name)
}

pub fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

/// The code of the failure.
pub fn code(report: &Report) -> &'static str {
    report.failure.as_ref().map_or("none", mantal::failure::Failure::code)
}

/// Numbers of people born from 1840 on, of whom nobody lives: only made at run time.
pub fn numbers(count: usize) -> Vec<String> {
    let number = |index: usize| {
        let body = format!(
            "{}{:02}{:02}{:03}",
            1840 + index / 9_000,
            1 + index / 750 % 12,
            1 + index / 30 % 25,
            1 + index % 30
        );
        format!("{body}{}", check_digit(&body[2..]))
    };
    (0..count).map(number).collect()
}

fn check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(byte, weight)| {
            let product = u32::from(byte - b'0') * weight;
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}
