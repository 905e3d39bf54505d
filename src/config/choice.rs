//! Settings that are one of a few words.

/// Declares an enum whose variants have a word each in the configuration.
macro_rules! choices {
    ($(#[doc = $doc:literal] $name:ident { $(#[doc = $meaning:literal] $variant:ident = $word:literal),+ $(,)? })+) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name { $(#[doc = $meaning] $variant),+ }

            impl $name {
                /// All words in the order of the documentation.
                pub const WORDS: &[&str] = &[$($word),+];

                /// The word in the configuration.
                pub const fn name(self) -> &'static str {
                    match self { $(Self::$variant => $word),+ }
                }

                /// Reads a word.
                pub fn parse(text: &str) -> Option<Self> {
                    match text { $($word => Some(Self::$variant),)+ _ => None }
                }
            }
        )+
    };
}

choices! {
    /// Who is on a list to SPAR.
    SparMode {
        /// Only people never asked about.
        New = "new",
        /// The whole watch list.
        All = "all",
    }
    /// What a list to SPAR looks like.
    ListFormat {
        /// One line, commas between.
        Csv = "csv",
        /// One number a line.
        Lines = "lines",
        /// SPAR's own XML of 2023.
        Xml2023 = "xml-2023.1",
    }
    /// How the receiver knows that a file is whole.
    Ready {
        /// It gets its final name last.
        Rename = "rename",
        /// An empty file beside it says so.
        Trigger = "trigger",
    }
    /// What becomes of a file on the server once it is applied.
    AfterFetch {
        /// It stays.
        Keep = "keep",
        /// It is deleted, after the commit.
        Delete = "delete",
    }
    /// How files travel.
    Transport {
        /// A folder.
        Dir = "dir",
        /// FTP in clear text.
        Ftp = "ftp",
        /// FTP that turns to TLS.
        Ftps = "ftps",
        /// FTP inside TLS from the start.
        FtpsImplicit = "ftps-implicit",
        /// Over SSH.
        Sftp = "sftp",
    }
    /// How FTP's data connections are made.
    Passive {
        /// Extended passive: the server's own address.
        Epsv = "epsv",
        /// Passive.
        Pasv = "pasv",
        /// The server connects to us.
        Active = "active",
    }
    /// The newest TLS that is offered.
    TlsMax {
        /// For servers that demand a resumed session.
        V12 = "1.2",
        /// The newest.
        V13 = "1.3",
    }
    /// What an empty statement of a source means.
    OnEmpty {
        /// The stored value stays.
        Keep = "keep",
        /// The value goes, if this source set it.
        Clear = "clear",
    }
    /// What a source's export is written in.
    SourceFormat {
        /// A CSV file.
        Csv = "csv",
        /// A `OneRoster` bundle.
        OneRoster = "oneroster",
    }
}
