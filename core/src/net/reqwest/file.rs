//! Request bodies with files, which are read piece by piece when the network asks for more.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::net::{BodyPart, FileBody};

/// The largest piece that is in memory at a time, in bytes.
pub(super) const PIECE: usize = 64 * 1024;

/// A body of files and bytes. Each piece is read on the thread that polls the connection, which takes a few
/// microseconds for a local file.
pub(super) struct FileFrames {
    parts: VecDeque<Part>,
    /// The number of bytes that are still to be sent.
    left: u64,
    sent: Arc<AtomicU64>,
}

enum Part {
    Bytes(Bytes),
    File { file: File, left: u64, sent: u64, progress: Arc<dyn Fn(u64) + Send + Sync> },
}

impl FileFrames {
    /// Opens the files of `parts`. `sent` is kept at the number of bytes handed over so far.
    pub(super) fn open(parts: Vec<BodyPart>, sent: Arc<AtomicU64>) -> io::Result<Self> {
        let (mut queue, mut left) = (VecDeque::new(), 0);
        for piece in parts {
            match piece {
                BodyPart::Bytes(bytes) => {
                    left += bytes.len() as u64;
                    queue.push_back(Part::Bytes(bytes.into()));
                }
                BodyPart::File(FileBody { path, length, progress, .. }) => {
                    left += length;
                    queue.push_back(Part::File { file: File::open(path)?, left: length, sent: 0, progress });
                }
            }
        }
        Ok(Self { parts: queue, left, sent })
    }

    fn next(&mut self) -> Option<io::Result<Bytes>> {
        let piece = loop {
            let piece = match self.parts.front_mut()? {
                Part::Bytes(bytes) => bytes.split_to(bytes.len().min(PIECE)),
                Part::File { file, left, sent, progress } => {
                    let mut piece = vec![0; usize::try_from(*left).unwrap_or(PIECE).min(PIECE)];
                    if let Err(error) = file.read_exact(&mut piece) {
                        return Some(Err(error));
                    }
                    *left -= piece.len() as u64;
                    *sent += piece.len() as u64;
                    if !piece.is_empty() {
                        progress(*sent);
                    }
                    piece.into()
                }
            };
            if !piece.is_empty() {
                break piece;
            }
            self.parts.pop_front();
        };
        self.left -= piece.len() as u64;
        self.sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Some(Ok(piece))
    }
}

impl Body for FileFrames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(self.next().map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex;

    use futures_util::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn a_file_is_never_whole_in_memory() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let bytes: Vec<u8> = (0..3 * PIECE + 17).map(|n| u8::try_from(n % 251).unwrap()).collect();
        file.write_all(&bytes).unwrap();
        let reported = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&reported);
        let body = FileBody {
            path: file.path().to_owned(),
            length: bytes.len() as u64,
            content_type: "text/plain".to_owned(),
            progress: Arc::new(move |sent| log.lock().unwrap().push(sent)),
        };
        let parts = vec![BodyPart::Bytes(b"--x".to_vec()), BodyPart::File(body), BodyPart::Bytes(b"--x--".to_vec())];
        let mut frames = FileFrames::open(parts, Arc::default()).unwrap();
        assert_eq!(frames.size_hint().exact(), Some(bytes.len() as u64 + 8));
        let mut whole = Vec::new();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut frames).poll_frame(context)).await {
            let piece = frame.unwrap().into_data().unwrap();
            assert!(piece.len() <= PIECE);
            whole.extend_from_slice(&piece);
        }
        assert!(frames.is_end_stream());
        assert_eq!(whole, [b"--x", &*bytes, b"--x--"].concat());
        assert_eq!(reported.lock().unwrap().len(), 4);
        assert_eq!(reported.lock().unwrap().last(), Some(&(bytes.len() as u64)));
    }

    #[test]
    fn a_file_that_became_shorter_is_not_sent_to_its_end() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"kurz").unwrap();
        let (path, content_type) = (file.path().to_owned(), "text/plain".to_owned());
        let body = FileBody { path, length: 5, content_type, progress: Arc::new(|_| {}) };
        assert!(FileFrames::open(vec![BodyPart::File(body)], Arc::default()).unwrap().next().unwrap().is_err());
    }
}
