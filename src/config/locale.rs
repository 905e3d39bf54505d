//! The language of an installation, chosen once, at `init`. Later the locale is not looked at.

use std::path::Path;

use super::locate;
use crate::text::Language;

/// The language that a configuration file names, even one that is otherwise refused: why it is refused is said in the
/// same language under cron as at a desk.
pub fn language_of_file(path: &Path) -> Option<Language> {
    language_line(&locate::read_any(path)?)
}

/// `language = "sv"` before the first group.
fn language_line(content: &str) -> Option<Language> {
    let own = content.lines().map(str::trim).take_while(|line| !line.starts_with('['));
    let settings = own.filter_map(|line| line.split_once('='));
    let (_, value) = settings.into_iter().find(|(key, _)| key.trim() == "language")?;
    let value = value.split('#').next().unwrap_or_default();
    Language::parse(value.trim().trim_matches(['"', '\'']))
}

/// The language of a locale, by POSIX: the first of the three that is set and not empty decides.
pub fn language_of_locale(lc_all: Option<&str>, lc_messages: Option<&str>, lang: Option<&str>) -> Language {
    let locale =
        [lc_all, lc_messages, lang].into_iter().flatten().find(|value| !value.is_empty()).unwrap_or("C");
    let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("sv") { Language::Swedish } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_its_language_though_the_rest_of_it_is_wrong() {
        let rows = [
            ("spa = 1\nlanguage = \"sv\"", Some(Language::Swedish)), // with a mistake before it
            ("language='en' # texts", Some(Language::English)),      // the other quotes, a comment
            ("[spar]\nlanguage = \"sv\"", None),                     // of a group
            ("# language = \"sv\"", None),                           // commented out
            ("language = \"da\"", None),                             // not one of ours
            ("", None),
        ];
        for (content, expected) in rows {
            assert_eq!(language_line(content), expected, "{content}");
        }
    }

    #[test]
    fn only_a_swedish_locale_makes_a_swedish_installation() {
        use Language::{English, Swedish};
        let rows = [
            (None, None, Some("sv_SE.UTF-8"), Swedish),
            (None, None, Some("sv"), Swedish),
            (None, None, Some("sv@euro"), Swedish),
            (None, None, Some("svk"), English),           // another language
            (None, None, Some("C.UTF-8"), English),       // none
            (None, None, Some("POSIX"), English),         // none
            (None, None, None, English),                  // unset, as under cron
            (Some(""), Some(""), Some("sv_FI"), Swedish), // empty counts as unset
            (Some("C"), None, Some("sv_SE"), English),    // LC_ALL wins
            (None, Some("sv_SE"), Some("en_GB"), Swedish), // then LC_MESSAGES
        ];
        for (lc_all, lc_messages, lang, expected) in rows {
            assert_eq!(
                language_of_locale(lc_all, lc_messages, lang),
                expected,
                "{lc_all:?} {lc_messages:?} {lang:?}"
            );
        }
    }
}
