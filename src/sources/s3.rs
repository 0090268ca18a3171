//! An S3 bucket, of Amazon or of anybody who speaks the same.
//!
//! Requests are signed by `rusty-s3`, which does no I/O, and sent by the HTTP client that the
//! providers' APIs have already: no second one has to be compiled for a list and a get.

use std::io::Read as _;
use std::time::Duration;

use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket as Place, Credentials as Keys, S3Action as _, UrlStyle};
use ureq::http::Response;
use ureq::{Agent, Body};
use url::Url;

use super::names::Names;
use super::{
    COPIED_BYTES, Credentials, LISTED_MAX, Listing, Part, Patience, RemoteFile, SourceError, said,
};
use crate::domain::source::S3Address;

/// How long a signature holds: longer than a request is waited for to begin.
const SIGNED_FOR: Duration = Duration::from_secs(900);

/// Bytes of one page of a listing: some hundred for each of its thousand keys.
const PAGE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A bucket.
pub struct Bucket {
    place: Place,
    keys: Keys,
    prefix: String,
    names: Names,
    agent: Agent,
    patience: Patience,
}

impl Bucket {
    pub(super) fn open(
        address: &S3Address,
        credentials: &Credentials,
        patience: Patience,
    ) -> Result<Self, SourceError> {
        let (Some(access), Some(secret)) = (&credentials.access_key, &credentials.password) else {
            return Err(SourceError::of_all(
                "there is no `access_key_env` or no `secret_key_env` beside it; give both",
            ));
        };
        let wrong = |why: String| {
            SourceError::of_all(format!("`endpoint` or the bucket cannot be used ({why})"))
        };
        let endpoint = Url::parse(&address.endpoint).map_err(|error| wrong(said(error)))?;
        let style = if address.path_style {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let place = Place::new(
            endpoint,
            style,
            address.bucket.clone(),
            address.region.clone(),
        );
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("crp-recon/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            place: place.map_err(|error| wrong(said(error)))?,
            keys: Keys::new(access.reveal(), secret.reveal()),
            prefix: address.prefix.clone(),
            names: Names::new(&address.pattern),
            agent: config.build().new_agent(),
            patience,
        })
    }

    /// The key of a name.
    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(super) fn list(&self) -> Result<Listing, SourceError> {
        let (mut listing, mut token, mut count) = (Listing::default(), None, 0_usize);
        loop {
            let page = self.page(token)?;
            count = count.saturating_add(page.contents.len().max(1));
            if count > LISTED_MAX {
                let sentence = format!("there are more than {LISTED_MAX} objects below the prefix");
                return Err(SourceError::of_all(sentence));
            }
            for object in page.contents {
                let Some(name) = object.key.strip_prefix(&self.prefix) else {
                    continue;
                };
                if self.names.fit(name) {
                    listing.add(RemoteFile {
                        key: name.to_owned(),
                        name: name.to_owned(),
                        size_bytes: object.size,
                        version: object.etag.unwrap_or_default(),
                    });
                }
            }
            match page.next_continuation_token {
                Some(next) => token = Some(next),
                None => return Ok(listing),
            }
        }
    }

    fn page(
        &self,
        token: Option<String>,
    ) -> Result<rusty_s3::actions::ListObjectsV2Response, SourceError> {
        let unlisted = |why: String| {
            SourceError::of_all(format!(
                "the bucket {} cannot be listed ({why})",
                self.place.name()
            ))
        };
        let mut list = ListObjectsV2::new(&self.place, Some(&self.keys));
        list.with_prefix(self.prefix.as_str());
        list.with_delimiter("/");
        if let Some(token) = token {
            list.with_continuation_token(token);
        }
        let mut answer = self.get(&list.sign(SIGNED_FOR), None).map_err(&unlisted)?;
        let mut text = String::new();
        let mut body = answer.body_mut().as_reader().take(PAGE_BYTES_MAX);
        body.read_to_string(&mut text)
            .map_err(|error| unlisted(said(error)))?;
        ListObjectsV2::parse_response(&text).map_err(|error| unlisted(said(error)))
    }

    /// Asks for something; what is wrong, in words that hold no part of the address, which is
    /// signed.
    fn get(&self, url: &Url, if_match: Option<&str>) -> Result<Response<Body>, String> {
        let request = self.agent.get(url.as_str());
        let request = if_match
            .into_iter()
            .fold(request, |request, etag| request.header("If-Match", etag));
        let request = request
            .config()
            .timeout_global(Some(self.patience.left()))
            .timeout_connect(Some(self.patience.step()))
            .timeout_recv_response(Some(self.patience.step()))
            .build();
        answer(request.call())
    }

    pub(super) fn download(&self, file: &RemoteFile, part: &mut Part) -> Result<(), SourceError> {
        let unread = |why: String| {
            let sentence = format!(
                "{}: it could not be read whole ({why}); the next fetch tries again",
                file.name
            );
            SourceError::of_one(sentence)
        };
        self.patience.check()?;
        let key = self.key(&file.key);
        let url = self
            .place
            .get_object(Some(&self.keys), &key)
            .sign(SIGNED_FOR);
        let etag = Some(file.version.as_str()).filter(|etag| !etag.is_empty());
        let mut answer = self.get(&url, etag).map_err(&unread)?;
        let mut body = answer.body_mut().as_reader();
        let mut buffer = vec![0; COPIED_BYTES];
        loop {
            let count = body
                .read(&mut buffer)
                .map_err(|error| unread(said(error)))?;
            match buffer.get(..count) {
                Some(bytes) if count > 0 => part.write(bytes)?,
                Some(_) | None => return Ok(()),
            }
        }
    }

    pub(super) fn remove(&self, file: &RemoteFile) -> Result<(), SourceError> {
        let key = self.key(&file.key);
        let failed = |why: String| {
            SourceError::of_one(format!("{}: it cannot be removed ({why})", file.name))
        };
        let listed = self.list()?.files;
        match listed.iter().find(|now| now.key == file.key) {
            None => return Ok(()),
            Some(now) if now.version == file.version => {}
            Some(_) => return Err(failed("it has changed meanwhile".to_owned())),
        }
        let url = self
            .place
            .delete_object(Some(&self.keys), &key)
            .sign(SIGNED_FOR);
        let request = self.agent.delete(url.as_str()).config();
        let request = request.timeout_global(Some(self.patience.step())).build();
        answer(request.call()).map_err(failed).map(|_| ())
    }
}

/// An answer that is one, or what is wrong.
fn answer(answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, String> {
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(answer),
        Ok(answer) => Err(match answer.status().as_u16() {
            403 => {
                "status 403: check `access_key_env`, `secret_key_env` and what they may do".into()
            }
            404 => "status 404: there is no such bucket or object".to_owned(),
            412 => "it has changed meanwhile".to_owned(),
            status @ 300..400 => format!("status {status}: check `region` and `endpoint`"),
            status => format!("status {status}"),
        }),
        // It would repeat the address.
        Err(ureq::Error::BadUri(_)) => Err("the address cannot be used".to_owned()),
        Err(error) => Err(said(error)),
    }
}
