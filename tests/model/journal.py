"""Journal rows as JSON again: pieces that come over and over stand in them as one byte or two (docs/architecture.md, State and journal)."""

import json
import pathlib
import re

TABLE = pathlib.Path(__file__).resolve().parents[2] / "src/registry/journal/words.rs"
WORDS = re.findall(r'r#"(.*?)"#,', TABLE.read_text())
SINGLE = [*range(0x01, 0x07), *range(0x10, 0x1B), 0x1C, 0x1D]
CODES = {chr(code): word for code, word in zip(SINGLE, WORDS)}
CODES |= {"\x1e" + chr(ord(" ") + at): word for at, word in enumerate(WORDS[len(SINGLE):])}
CODE = re.compile("\x1f.|\x1e.|[\x00-\x1d]", re.DOTALL)


def document(text):
    return json.loads(CODE.sub(lambda code: code[0][1] if code[0][0] == "\x1f" else CODES[code[0]], text))
