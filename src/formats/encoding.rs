//! Any encoding into UTF-8 while it is read. What can't be decoded is an error, never a replaced letter.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

const CHUNK: usize = 16 * 1024;

/// Reads UTF-8 out of a source in another encoding.
pub struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

/// Decodes `source` while it is read; malformed bytes are an `InvalidData` error.
pub fn transcode<R: Read>(source: R, encoding: &'static Encoding) -> Transcoder<R> {
    let decoder = encoding.new_decoder_with_bom_removal();
    Transcoder { source, decoder, input: Vec::new(), output: Vec::new(), given: 0, ended: false }
}

impl<R: Read> Transcoder<R> {
    fn refill(&mut self) -> io::Result<()> {
        self.input.clear();
        let read = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.input)?;
        self.ended = read == 0;
        let room = self.decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(4 * CHUNK);
        self.output.resize(room.max(16), 0);
        let (result, _, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.input, &mut self.output, self.ended);
        self.output.truncate(written);
        self.given = 0;
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::OutputFull | DecoderResult::Malformed(..) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are not of the encoding"))
            }
        }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let mut ready = self.output.get(self.given..).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}
