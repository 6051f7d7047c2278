//! The pictures in an article's HTML.
//!
//! The service keeps pictures of articles as values of custom fields, and has two addresses for each: one for agents' browsers,
//! and one of the interface that an end user's token can use. A page may have either. A picture anywhere else is left out:
//! fetching it would tell a stranger who reads what.

use url::Url;

use crate::connectors::html::Picture;
use crate::connectors::rt::calls::BASE;
use crate::model::{Attachment, FileType, clean_name};
use crate::net::Origin;

/// The most pictures that are read of an article.
const MAX_PICTURES: usize = 200;

/// The path of a value of a custom field in the interface, without its id.
const FOLDER: &str = "/download/cf/";
/// The same in agents' browsers.
const FOLDER_OF_AGENTS: &str = "/Download/CustomFieldValue/";

/// The pictures of an article.
pub(super) struct Pictures<'a> {
    pub list: Vec<Attachment>,
    origin: Option<&'a Origin>,
}

impl<'a> Pictures<'a> {
    pub(super) const fn of(origin: Option<&'a Origin>) -> Self {
        Self { list: Vec::new(), origin }
    }

    /// The index of this picture; `None` if it is left out.
    pub(super) fn picture(&mut self, picture: &Picture<'_>) -> Option<u32> {
        let (id, name) = value(self.origin?, picture.address)?;
        let known = self.list.iter().position(|known| known.id == Some(id));
        if known.is_none() && self.list.len() < MAX_PICTURES {
            let name = [picture.description, &name].into_iter().find(|name| FileType::of_name(name).is_some());
            let name = clean_name(name.unwrap_or(picture.description));
            self.list.push(Attachment {
                content_type: FileType::of_name(&name).map(|kind| kind.content_type().to_owned()).unwrap_or_default(),
                name,
                id: Some(id),
                address: Some(format!("{BASE}{FOLDER}{id}")),
                inline: true,
                ..Attachment::default()
            });
        }
        let at = known.unwrap_or(self.list.len().checked_sub(1)?);
        self.list.get(at).filter(|found| found.id == Some(id))?;
        u32::try_from(at).ok()
    }
}

/// The id of the value of a custom field to which an address leads, and the name of its file if the address has it.
fn value(origin: &Origin, address: &str) -> Option<(i64, String)> {
    if !origin.owns(address) {
        return None;
    }
    let url = Url::parse("https://server.invalid/").and_then(|base| base.join(address)).ok()?;
    let path = url.path();
    let rest = path.strip_prefix(BASE).and_then(|path| path.strip_prefix(FOLDER));
    let (id, name) = rest.or_else(|| path.strip_prefix(FOLDER_OF_AGENTS)).map(|rest| {
        let (id, name) = rest.split_once('/').unwrap_or((rest, ""));
        (id.parse::<u32>().ok(), name.to_owned())
    })?;
    Some((i64::from(id.filter(|id| *id > 0)?), name))
}

/// Whether a file is a picture of an article.
pub(in crate::connectors::rt) fn is_picture(address: &str) -> bool {
    address.strip_prefix(BASE).is_some_and(|path| path.starts_with(FOLDER))
}
