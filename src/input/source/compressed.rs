//! Compressed logs, by their first bytes.

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::io::{self, BufReader, Read};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const ZIP: &[u8] = b"PK\x03\x04";

/// Whether a file is a zip archive.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(ZIP)
}

/// The text under any compression; `None` for an archive, which is no single text.
pub fn decompress(head: &[u8], raw: Box<dyn Read>) -> io::Result<Option<Box<dyn Read>>> {
    if head.starts_with(GZIP) {
        return Ok(Some(Box::new(MultiGzDecoder::new(raw))));
    }
    if head.starts_with(ZSTD) {
        return Ok(Some(Box::new(Frames { raw: Some(BufReader::new(raw)), frame: None })));
    }
    Ok((!is_zip(head)).then_some(raw))
}

/// The frames of a zstd file, one after another: log shippers append them.
struct Frames {
    raw: Option<BufReader<Box<dyn Read>>>,
    frame: Option<Box<Frame>>,
}

type Frame = StreamingDecoder<BufReader<Box<dyn Read>>, ruzstd::decoding::FrameDecoder>;

impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let n = frame.read(into)?;
                if n > 0 || into.is_empty() {
                    return Ok(n);
                }
            }
            if let Some(frame) = self.frame.take() {
                self.raw = Some(frame.into_inner());
            }
            let Some(mut raw) = self.raw.take() else { return Ok(0) };
            if io::BufRead::fill_buf(&mut raw)?.is_empty() {
                return Ok(0);
            }
            self.frame = Some(Box::new(
                StreamingDecoder::new(raw)
                    .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "broken zstd data"))?,
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: Vec<u8>) -> String {
        let mut out = String::new();
        let head = bytes.clone();
        decompress(&head, Box::new(io::Cursor::new(bytes))).unwrap().unwrap().read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn all_parts_of_a_file_are_read() {
        let gzip = |text: &str| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(text([gzip("one\n"), gzip("two\n")].concat()), "one\ntwo\n");
        let zstd = |text: &str| {
            ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
        };
        assert_eq!(text([zstd("one\n"), zstd("two\n")].concat()), "one\ntwo\n");
        assert_eq!(text(b"plain\n".to_vec()), "plain\n");
    }
}
