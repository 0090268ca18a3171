//! One request, and whether it was taken.
//!
//! An address may be a secret in itself (Slack's are), so no error repeats it. Redirects are not
//! followed: what was meant for one server would go to whatever it points at.

use std::time::Duration;

use ureq::Agent;

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub enum Request<'r> {
    /// A question without a body.
    Get,
    /// A text, with its type and, where it is signed, the header of the signature.
    Post {
        /// The body.
        body: &'r str,
        /// Its type.
        media: &'static str,
        /// Further headers.
        headers: &'r [(&'static str, String)],
    },
}

/// Sends a request, once.
///
/// # Errors
/// When nobody took it in time, in words without the address.
pub fn send(url: &str, request: Request<'_>, timeout: Duration) -> Result<(), String> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(timeout))
        .user_agent(concat!("crp-recon/", env!("CARGO_PKG_VERSION")));
    let agent: Agent = config.build().new_agent();
    let answered = match request {
        Request::Get => agent.get(url).call(),
        Request::Post {
            body,
            media,
            headers,
        } => {
            let sent = agent.post(url).header("Content-Type", media);
            let sent = headers
                .iter()
                .fold(sent, |sent, (name, value)| sent.header(*name, value));
            sent.send(body)
        }
    };
    match answered {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(match answer.status().as_u16() {
            status @ 300..400 => {
                format!(
                    "it answers with status {status}, which points elsewhere; correct the address"
                )
            }
            status => format!("it answers with status {status}"),
        }),
        Err(ureq::Error::Timeout(_)) => {
            Err(format!("it did not answer within {} s", timeout.as_secs()))
        }
        Err(ureq::Error::BadUri(_)) => Err("the address cannot be used".to_owned()),
        Err(ureq::Error::Io(error)) => Err(error.kind().to_string()),
        Err(ureq::Error::HostNotFound) => Err("its name is not known".to_owned()),
        Err(ureq::Error::ConnectionFailed) => Err("it cannot be reached".to_owned()),
        Err(_) => Err("it does not answer as a web server does".to_owned()),
    }
}
