//! Reads Rust sources as far as the tests of them need it: code, string literals and comments apart.

use std::fs;
use std::path::{Path, PathBuf};

/// One source file.
pub struct Source {
    /// From the root of the repository.
    pub path: String,
    /// The code; comments and the insides of literals are blank, lines stand where they stood.
    pub code: String,
    /// String literals with the line on which each begins.
    pub strings: Vec<(usize, String)>,
}

/// All Rust files below a folder of the repository.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    gather(&root.join(folder), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let (code, strings) = take_apart(&text);
        let path = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        Source { path, code, strings }
    };
    paths.iter().map(read).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Code without comments and literals, and the string literals.
pub fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let letters: Vec<char> = text.chars().collect();
    let mut reader =
        Reader { letters: &letters, at: 0, code: String::with_capacity(text.len()), strings: Vec::new() };
    while reader.at < letters.len() {
        reader.step();
    }
    (reader.code, reader.strings)
}

struct Reader<'t> {
    letters: &'t [char],
    at: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn is_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, letter)| self.peek(ahead) == letter)
    }

    fn step(&mut self) {
        let before = self.code.chars().last().unwrap_or(' ');
        let in_word = before.is_alphanumeric() || before == '_';
        if self.is_at("//") {
            while self.at < self.letters.len() && self.peek(0) != '\n' {
                self.blank();
            }
        } else if self.is_at("/*") {
            self.block_comment();
        } else if self.peek(0) == '"' {
            self.string(0);
        } else if !in_word
            && (self.is_at("r\"") || self.is_at("r#") || self.is_at("br\"") || self.is_at("br#"))
        {
            self.raw_string();
        } else if self.peek(0) == '\'' && (self.peek(1) == '\\' || self.peek(2) == '\'') {
            self.letter();
        } else {
            self.code.push(self.peek(0));
            self.at += 1;
        }
    }

    /// Leaves a letter out, but keeps its line.
    fn blank(&mut self) {
        self.code.push(if self.peek(0) == '\n' { '\n' } else { ' ' });
        self.at += 1;
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            depth += i32::from(self.is_at("/*")) - i32::from(self.is_at("*/"));
            let two = self.is_at("/*") || self.is_at("*/");
            self.blank();
            if two {
                self.blank();
            }
            if depth == 0 || self.at >= self.letters.len() {
                return;
            }
        }
    }

    fn line(&self) -> usize {
        self.code.matches('\n').count() + 1
    }

    fn string(&mut self, hashes: usize) {
        let line = self.line();
        let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        let is_raw = hashes > 0;
        let mut text = String::new();
        self.blank();
        while self.at < self.letters.len() && !self.is_at(&end) {
            if self.peek(0) == '\\' && !is_raw {
                self.blank();
                text.push(if self.peek(0) == 'n' { '\n' } else { self.peek(0) });
            } else {
                text.push(self.peek(0));
            }
            self.blank();
        }
        (0..end.len()).for_each(|_| self.blank());
        self.strings.push((line, text));
    }

    fn raw_string(&mut self) {
        while self.peek(0) != '"' && self.peek(0) != '#' {
            self.blank();
        }
        let mut hashes = 0;
        while self.peek(0) == '#' {
            hashes += 1;
            self.blank();
        }
        // `r#word` is an identifier.
        if self.peek(0) == '"' {
            self.string(hashes);
        }
    }

    fn letter(&mut self) {
        self.blank();
        if self.peek(0) == '\\' {
            self.blank();
        }
        self.blank();
        while self.peek(0) != '\'' && self.peek(0) != '\n' {
            self.blank();
        }
        self.blank();
    }
}
