//! Copies in `backup.dir`: whether there is one, and how old it is.

use super::jobs::hours;
use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::domain::health::{self, Age};
use crate::jobs::backup;
use crate::text::doctor as text;

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    let settings = around.settings;
    let folder = settings.backup.dir.display();
    let most = settings.max_age.get("backup");
    let check = |verdict, message| Check::new(Area::Backups, "newest", &folder, verdict, message);
    let newest = std::fs::read_dir(&settings.backup.dir).ok().and_then(|entries| {
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
        names.filter_map(|name| Some((backup::made_at(&name)?, name))).max()
    });
    let Some((made, name)) = newest else {
        // Copies with names of their own go elsewhere; that they are made at all is what the job's age tells.
        diagnosis.note(check(Verdict::Skipped, text::NO_BACKUP).hint(text::NO_BACKUP_HINT));
        return;
    };
    let age = (around.now)() - made;
    let is_old = most.is_some_and(|most| health::age(age, *most) == Age::Overdue);
    let (verdict, message) =
        if is_old { (Verdict::Problem, text::BACKUP_OLD) } else { (Verdict::Well, text::BACKUP_NEWEST) };
    let found = check(verdict, message)
        .with("file", name)
        .with("age", hours(u64::try_from(age.num_seconds()).unwrap_or_default()))
        .with("most", most.map(|most| hours(most.as_secs())).unwrap_or_default());
    diagnosis.note(if is_old { found.hint(text::BACKUP_OLD_HINT) } else { found });
}
