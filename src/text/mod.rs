//! Every sentence that a user can meet, in Swedish and English, each under a stable code.
//!
//! Nothing here knows where a message came from or where it goes; there are no sentences elsewhere.

pub mod access;
pub mod area;
pub mod backup;
pub mod command_line;
pub mod csv_file;
pub mod demo;
pub mod doctor;
pub mod failure;
pub mod feed;
pub mod files;
pub mod finding;
pub mod line;
pub mod meaning;
pub mod merge;
pub mod overdue;
pub mod population;
pub mod purge;
pub mod retained;
pub mod schedule;
pub mod search;
pub mod settings;
pub mod spar_file;
pub mod sweep;
pub mod sync_contacts;
pub mod transport;
pub mod why;
pub mod word;

/// The language of texts for people. Codes, JSON keys and Libra's own messages never change with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `sv`
    Swedish,
    /// `en`
    English,
}

impl Language {
    /// Reads `sv` or `en`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "sv" => Some(Self::Swedish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The code as it stands in the configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }
}

/// One sentence of the catalogue. `{name}` in a template is replaced by the parameter of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Stable, in lower case with hyphens: what JSON and the log table carry.
    pub code: &'static str,
    /// Log priority (lower is more serious): 5 error, 10 warning, 15 notice, 18 transfer, 19 person, 20 detail.
    pub prio: u8,
    sv: &'static str,
    en: &'static str,
}

/// Named values of one message. Never an identity number, a name or any other personal value.
pub type Params = Vec<(&'static str, String)>;

impl Message {
    /// The template in one language.
    pub const fn template(self, language: Language) -> &'static str {
        match language {
            Language::Swedish => self.sv,
            Language::English => self.en,
        }
    }

    /// The sentence with its parameters put in; an unknown `{name}` stays as it is.
    #[expect(clippy::needless_pass_by_value, reason = "callers give arrays and iterators of their own")]
    pub fn render<'p>(
        self,
        language: Language,
        params: impl IntoIterator<Item = (&'p str, &'p str)> + Clone,
    ) -> String {
        let mut out = String::new();
        let mut rest = self.template(language);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else { break };
            if let Some((_, value)) = params.clone().into_iter().find(|(key, _)| *key == name) {
                out.push_str(value);
            } else {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// Finds a message by the code that a log line, a finding or a failure carries.
    pub fn by_code(code: &str) -> Option<Self> {
        all().find(|message| message.code == code)
    }
}

/// All messages of the catalogue.
pub fn all() -> impl Iterator<Item = Message> {
    [
        access::LIST,
        area::LIST,
        backup::LIST,
        command_line::LIST,
        csv_file::LIST,
        demo::LIST,
        doctor::LIST,
        failure::LIST,
        feed::LIST,
        files::LIST,
        finding::LIST,
        line::LIST,
        meaning::LIST,
        merge::LIST,
        schedule::LIST,
        retained::LIST,
        purge::LIST,
        search::LIST,
        overdue::LIST,
        population::LIST,
        settings::LIST,
        spar_file::LIST,
        transport::LIST,
        sweep::LIST,
        sync_contacts::LIST,
        why::LIST,
        word::LIST,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Declares messages: `NAME = code, priority, Swedish, English;`.
macro_rules! messages {
    ($($name:ident = $code:literal, $prio:literal, $sv:literal, $en:literal;)*) => {
        $(
            #[doc = concat!("```text\n", $en, "\n```")]
            pub const $name: $crate::text::Message =
                $crate::text::Message { code: $code, prio: $prio, sv: $sv, en: $en };
        )*
        pub(super) const LIST: &[$crate::text::Message] = &[$($name),*];
    };
}
use messages;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn holes(template: &str) -> BTreeSet<&str> {
        template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_message_says_the_same_in_both_languages() {
        for message in all() {
            assert!(!message.sv.is_empty() && !message.en.is_empty(), "{} lacks a text", message.code);
            assert_eq!(holes(message.sv), holes(message.en), "{} differs in its parameters", message.code);
        }
    }

    /// Libra's own messages, which its users search for, and words that are the same in both.
    const SAME: [&str; 3] = ["list-sent", "nothing-to-send", "person-imported"];

    /// Words of a template without its parameters and without what it quotes: names of commands are English.
    fn words(template: &str) -> Vec<String> {
        let spoken: String = template.split('"').step_by(2).collect();
        let outside = spoken.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
        let outside: Vec<&str> = outside.collect();
        let words = outside.join(" ").to_lowercase();
        words.split(|letter: char| !letter.is_alphabetic() && letter != '_').map(str::to_owned).collect()
    }

    #[test]
    fn each_language_stands_in_its_own_place() {
        let english =
            ["the", "and", "with", "was", "were", "are", "this", "that", "from", "which", "nothing"];
        let swedish = ["och", "inte", "är", "som", "av", "att", "det", "ett", "med", "har", "till", "inget"];
        for message in all().filter(|message| !SAME.contains(&message.code)) {
            let strangers = |template, words_of: &[&str]| {
                words(template).into_iter().find(|word| words_of.contains(&word.as_str()))
            };
            assert_eq!(strangers(message.sv, &english), None, "{}: {}", message.code, message.sv);
            assert_eq!(strangers(message.en, &swedish), None, "{}: {}", message.code, message.en);
            let is_sentence = words(message.en).iter().filter(|word| !word.is_empty()).count() > 2;
            assert!(!is_sentence || message.sv != message.en, "{} was not translated", message.code);
        }
    }

    #[test]
    fn no_code_stands_twice() {
        let mut seen = BTreeSet::new();
        for message in all() {
            assert!(seen.insert(message.code), "{} stands twice", message.code);
        }
    }

    #[test]
    fn parameters_are_put_in_and_unknown_ones_stay() {
        let message = Message { code: "t", prio: 20, sv: "{a} och {b}", en: "{a} and {b}" };
        assert_eq!(message.render(Language::English, [("a", "one")]), "one and {b}");
    }
}
