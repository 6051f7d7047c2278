//! The files of a comment, and the pictures that stand in its text, or in a help article.
//!
//! A picture in a text is an `img` with the address of one of the comment's attachments. The service may leave such a picture
//! out of the list of attachments; then it is added here. A picture at any other address is never fetched, because fetching
//! it would tell a stranger that the mail was read.

use sha2::{Digest, Sha256};
use url::Url;

use crate::connectors::html::Picture;
use crate::connectors::json::Json;
use crate::model::{Attachment, FileType, Scan, clean_name};
use crate::net::Origin;

/// The most files that are read of a comment.
const MAX_FILES: usize = 200;

/// The folder of the service in which every attachment of a comment is.
const FOLDER: &str = "/attachments/";
/// What the path of every picture in the help centre has: the older addresses, for all languages or for one, and the newer.
const ARTICLE_FOLDERS: [&str; 2] = ["/article_attachments/", "/guide-media/"];

/// The files of a comment, or of a help article.
pub(super) struct Files<'a> {
    pub list: Vec<Attachment>,
    origin: Option<&'a Origin>,
    /// Whether a picture with this path, which no list names, is one of the service's.
    is_file: fn(&str) -> bool,
}

impl<'a> Files<'a> {
    pub(super) fn of(list: Json<'_>, origin: Option<&'a Origin>) -> Self {
        let mut files = Self { list: Vec::new(), origin, is_file: |path| path.starts_with(FOLDER) };
        list.each(|file| {
            let file = files.attachment(file).filter(|_| files.list.len() < MAX_FILES);
            files.list.extend(file);
        });
        files
    }

    /// The pictures of a help article. No list names them.
    pub(super) fn of_article(origin: Option<&'a Origin>) -> Self {
        let is_file = |path: &str| ARTICLE_FOLDERS.iter().any(|folder| path.contains(folder));
        Self { list: Vec::new(), origin, is_file }
    }

    fn attachment(&self, file: Json<'_>) -> Option<Attachment> {
        let [id, address, mapped, name, content_type, size, inline, scan, deleted, thumbnails] = file.fields([
            "id",
            "content_url",
            "mapped_content_url",
            "file_name",
            "content_type",
            "size",
            "inline",
            "malware_scan_result",
            "deleted",
            "thumbnails",
        ]);
        // A company may have the server under a host of its own. The token is sent only to the host that the app was given.
        let mapped = mapped.address().filter(|mapped| self.origin.is_some_and(|origin| origin.owns(mapped)));
        let scan = match scan.string().as_deref() {
            Some("malware_found") => Scan::Malware,
            Some("failed_to_scan") => Scan::Failed,
            _ => Scan::Clean,
        };
        let deleted = deleted.boolean().unwrap_or_default();
        let is_safe = scan == Scan::Clean && !deleted;
        file.is_object().then(|| Attachment {
            name: clean_name(&name.text().unwrap_or_default()),
            content_type: content_type.short().unwrap_or_default(),
            size: size.size(),
            id: id.id(),
            address: mapped.or_else(|| address.address()),
            inline: inline.boolean().unwrap_or_default(),
            thumbnail: is_safe.then(|| small_address(thumbnails, self.origin)).flatten(),
            scan,
            deleted,
            ..Attachment::default()
        })
    }

    /// The index of the attachment that this picture is.
    pub(super) fn picture(&mut self, picture: &Picture<'_>) -> Option<u32> {
        let path = path(picture.address)?;
        let known =
            self.list.iter().position(|file| file.address.as_deref().and_then(self::path).as_ref() == Some(&path));
        let at = if let Some(at) = known {
            at
        } else {
            let is_here = self.origin.is_some_and(|origin| origin.owns(picture.address));
            if !is_here || !(self.is_file)(&path) || self.list.len() >= MAX_FILES {
                return None;
            }
            self.list.push(unlisted(picture));
            self.list.len() - 1
        };
        self.list[at].inline = true;
        u32::try_from(at).ok()
    }
}

/// The address of a person's photo: of its first small form, or of the photo itself.
pub(super) fn photo(photo: Json<'_>, origin: Option<&Origin>) -> Option<String> {
    let [thumbnails] = photo.fields(["thumbnails"]);
    small_address(thumbnails, origin).or_else(|| own_address(photo, origin))
}

/// The address of the first of some pictures that is on the server itself. Small pictures are fetched without a question, so an
/// address anywhere else is not used: fetching it would tell a stranger who reads what.
fn small_address(pictures: Json<'_>, origin: Option<&Origin>) -> Option<String> {
    let mut found = None;
    pictures.each(|picture| {
        if found.is_none() {
            found = own_address(picture, origin);
        }
    });
    found
}

/// The address of a file on the host that the app was given, by one of the server's names for it.
fn own_address(file: Json<'_>, origin: Option<&Origin>) -> Option<String> {
    let addresses = file.fields(["mapped_content_url", "content_url"]).map(Json::address);
    addresses.into_iter().flatten().find(|address| origin.is_some_and(|origin| origin.owns(address)))
}

/// What of an address names the file: the host may be another name of the same server, and the rest may be left out.
fn path(address: &str) -> Option<String> {
    let base = Url::parse("https://server.invalid/").ok()?;
    let path = base.join(address).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?.path().to_owned();
    let path = path.trim_end_matches('/').to_owned();
    (!path.is_empty()).then_some(path)
}

/// A picture that stands in the text only.
fn unlisted(picture: &Picture<'_>) -> Attachment {
    let url = Url::parse("https://server.invalid/").and_then(|base| base.join(picture.address)).ok();
    let named = |url: &Url| url.query_pairs().find(|(key, _)| key == "name").map(|(_, name)| name.into_owned());
    let named = url.as_ref().and_then(named).unwrap_or_else(|| picture.description.to_owned());
    // Without a name and a description, the address ends with a file's name, or with an id.
    let last = || url.as_ref().and_then(|url| url.path_segments()?.next_back().map(str::to_owned)).unwrap_or_default();
    let name = clean_name(&if named.trim().is_empty() { last() } else { named });
    Attachment {
        content_type: FileType::of_name(&name).map(|kind| kind.content_type().to_owned()).unwrap_or_default(),
        name,
        id: Some(own_id(picture.address)),
        address: Some(picture.address.to_owned()),
        ..Attachment::default()
    }
}

/// What stands for the id of a picture for which the server gives none: the same address has the same, and no id of the server is
/// below zero.
fn own_id(address: &str) -> i64 {
    let digest = Sha256::digest(address);
    let bytes = digest.iter().take(7);
    -1 - bytes.fold(0, |id, byte| (id << 8) | i64::from(*byte))
}
