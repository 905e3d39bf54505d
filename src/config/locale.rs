//! The language of an installation, chosen once, at `init`. Later the locale is not looked at.

use crate::text::Language;

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
