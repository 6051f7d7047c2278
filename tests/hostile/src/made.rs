//! Answers that are made here: pages of invented comments, long bodies, compressed ones.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::exchange::Pieces;

/// An old comment of an agent, with the text in each of its forms. Small ids are older than those of the sandbox.
pub(crate) fn comment(id: i64, text: &str) -> Value {
    json!({
        "id": id, "type": "Comment", "author_id": pocketdesk_sandbox::users::MARTA.id, "public": true, "attachments": [],
        "body": text, "plain_body": text, "html_body": format!("<div class=\"zd-comment\"><p>{text}</p></div>"),
        "created_at": "2025-11-03T09:15:00Z",
    })
}

/// A page of comments that is made while it is sent. `next` is the cursor of the next page.
pub(crate) fn page(comments: impl Iterator<Item = Value> + Send + 'static, next: Option<&str>) -> Pieces {
    let position = json!({ "has_more": next.is_some(), "after_cursor": next });
    let end = format!("],\"users\":[],\"meta\":{position},\"links\":{{\"next\":null,\"prev\":null}}}}");
    let rows = comments.enumerate().map(|(index, comment)| {
        let comma = if index == 0 { "" } else { "," };
        Bytes::from(format!("{comma}{comment}"))
    });
    Box::new(std::iter::once(Bytes::from_static(b"{\"comments\":[")).chain(rows).chain([Bytes::from(end)]))
}

/// The body in a gzip container, not made smaller.
pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut whole = GZIP_HEADER.to_vec();
    let mut blocks = body.chunks(60_000).peekable();
    if body.is_empty() {
        whole.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        whole.push(u8::from(blocks.peek().is_none()));
        whole.extend(length.to_le_bytes());
        whole.extend((!length).to_le_bytes());
        whole.extend(block);
    }
    whole.extend(crc32(body).to_le_bytes());
    whole.extend(u32::try_from(body.len() & 0xffff_ffff).unwrap_or_default().to_le_bytes());
    whole
}

/// A few megabytes that unpack to half a gigabyte of spaces. The stream never ends well.
pub(crate) fn gzip_bomb() -> Vec<u8> {
    let mut whole = GZIP_HEADER.to_vec();
    let mut bits = Bits::default();
    // The last block, with fixed codes: a space, and then again and again 258 bytes from one byte before.
    bits.low_first(0b1, 1);
    bits.low_first(0b01, 2);
    bits.high_first(0x30 + 0x20, 8);
    for _ in 0..2_000_000 {
        bits.high_first(0b1100_0101, 8);
        bits.high_first(0, 5);
    }
    whole.extend(bits.bytes);
    whole
}

const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.used;
        }
        self.used = (self.used + 1) % 8;
    }

    fn low_first(&mut self, value: u32, bits: u32) {
        (0..bits).for_each(|bit| self.push(value >> bit & 1 == 1));
    }

    fn high_first(&mut self, value: u32, bits: u32) {
        (0..bits).rev().for_each(|bit| self.push(value >> bit & 1 == 1));
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::{crc32, gzip};

    #[test]
    fn the_container_has_the_checksum_and_the_length_of_its_body() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let packed = gzip("Grüße".as_bytes());
        assert_eq!(packed[10..15], [1, 7, 0, 0xf8, 0xff]);
        assert!(packed[15..].starts_with("Grüße".as_bytes()));
        assert_eq!(packed[packed.len() - 4..], 7_u32.to_le_bytes());
    }
}
