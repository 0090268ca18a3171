//! The account at a mail server: where it is, and who logs in.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// The port of mail submission with STARTTLS (RFC 6409).
const STARTTLS_PORT: u16 = 587;
/// The one with TLS from the start (RFC 8314).
const SMTPS_PORT: u16 = 465;

/// An account at a mail server. It prints without secrets.
#[derive(Clone)]
pub struct SmtpAccount {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    /// The certificate authority that the server's certificate must come from; `None`: one that
    /// the system trusts.
    pub(super) ca_file: Option<PathBuf>,
    pub(super) login: Option<Login>,
}

/// When the connection becomes a secret one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// From the first byte.
    FromTheStart,
    /// By STARTTLS, without which nothing is sent.
    Upgraded,
    /// By STARTTLS where it is offered: the server is on this machine.
    WhereOffered,
}

/// Who logs in.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) credentials: Credentials,
    /// What no message of the program may hold.
    password: String,
}

impl SmtpAccount {
    /// Reads the address of a server: `smtps://user@host:465`, `smtp://user@host:587`. A password
    /// that is given besides goes before one that is in the address.
    ///
    /// # Errors
    /// A sentence that repeats nothing of the address, which may hold a password.
    pub fn new(
        address: &str,
        password: Option<&str>,
        ca_file: Option<PathBuf>,
    ) -> Result<Self, String> {
        let wrong = |what: &str| {
            format!(
                "mail.url {what}; expected smtps://user@mail.example.com:465, or smtp:// with \
                 STARTTLS; characters such as @ or / in the user's name are written %40, %2F"
            )
        };
        let url = Url::parse(address).map_err(|_it_may_hold_a_password| wrong("is no address"))?;
        let (mut tls, port) = match url.scheme() {
            "smtp" => (Tls::Upgraded, STARTTLS_PORT),
            "smtps" => (Tls::FromTheStart, SMTPS_PORT),
            _ => return Err(wrong("begins with neither smtp:// nor smtps://")),
        };
        let host = match url.host() {
            None | Some(Host::Domain("")) => return Err(wrong("names no server")),
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("goes on after the port"));
        }
        let local = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if tls == Tls::Upgraded && local {
            tls = Tls::WhereOffered;
        }
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(std::borrow::Cow::into_owned)
                .map_err(|_other_bytes| wrong("has a user or password that is no UTF-8"))
        };
        let user = decoded(url.username())?;
        let within = url.password().map(decoded).transpose()?;
        let password = password.map(str::to_owned).or(within);
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            tls,
            ca_file,
            login: login(user, password)?,
        })
    }

    /// Where it is, without secrets.
    pub fn name(&self) -> String {
        let scheme = match self.tls {
            Tls::FromTheStart => "smtps",
            Tls::Upgraded | Tls::WhereOffered => "smtp",
        };
        if self.host.contains(':') {
            format!("{scheme}://[{}]:{}", self.host, self.port)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// A text of the server as it may be shown: one short line without the password, which a
    /// server might repeat.
    pub(super) fn shown(&self, text: &str) -> String {
        let mut text = text.replace(char::is_control, " ");
        if let Some(login) = &self.login
            && !login.password.is_empty()
        {
            text = text.replace(&login.password, "***");
        }
        text.trim().chars().take(300).collect()
    }
}

fn login(user: String, password: Option<String>) -> Result<Option<Login>, String> {
    match (user.is_empty(), password) {
        (true, None) => Ok(None),
        (true, Some(_)) => Err(
            "there is a mail.password, and no user in mail.url; write smtps://user@host".to_owned(),
        ),
        (false, None) => Err(
            "mail.url names a user, and there is no mail.password; give password_env or \
             password_file"
                .to_owned(),
        ),
        (false, Some(password)) => Ok(Some(Login {
            credentials: Credentials::new(user, password.clone()),
            password,
        })),
    }
}

impl fmt::Debug for SmtpAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(address: &str, password: Option<&str>) -> Result<SmtpAccount, String> {
        SmtpAccount::new(address, password, None)
    }

    fn name(address: &str) -> String {
        account(address, None).unwrap().name()
    }

    #[test]
    fn an_address_names_server_port_and_kind_of_tls() {
        assert_eq!(
            name("smtps://mail.example.com"),
            "smtps://mail.example.com:465"
        );
        assert_eq!(
            name("smtp://mail.example.com/"),
            "smtp://mail.example.com:587"
        );
        assert_eq!(
            name("smtp://mail.example.com:25"),
            "smtp://mail.example.com:25"
        );
        assert_eq!(name("smtps://[::1]:2465"), "smtps://[::1]:2465");
        let tls = |address| account(address, None).unwrap().tls;
        assert_eq!(tls("smtp://mail.example.com"), Tls::Upgraded);
        assert_eq!(tls("smtp://localhost:25"), Tls::WhereOffered);
        assert_eq!(tls("smtp://127.0.0.1:25"), Tls::WhereOffered);
        assert_eq!(tls("smtps://127.0.0.1"), Tls::FromTheStart);
    }

    #[test]
    fn a_login_needs_both_user_and_password_wherever_they_stand() {
        let has_login =
            |address, password| account(address, password).map(|account| account.login.is_some());
        assert_eq!(has_login("smtps://m.example", None), Ok(false));
        assert_eq!(has_login("smtps://u@m.example", Some("p")), Ok(true));
        assert_eq!(has_login("smtps://u:p@m.example", None), Ok(true));
        assert!(has_login("smtps://u@m.example", None).is_err());
        assert!(has_login("smtps://m.example", Some("p")).is_err());
    }

    #[test]
    fn a_password_is_in_no_error_and_in_nothing_that_is_shown() {
        for address in [
            "smtps://u:s3cret@",
            "smtps://u:s3cret@m.example:99999",
            "imap://u:s3cret@m.example",
            "smtp://u:s3cret@m.example/path",
            "u:s3cret@m.example",
            "smtp://u:s3cret@m example",
        ] {
            let error = account(address, None).unwrap_err();
            assert!(!error.contains("s3cret"), "{error}");
        }
        let account = account("smtps://u%40x:s3cret@m.example", Some("t0p")).unwrap();
        assert_eq!(format!("{account:?}"), "smtps://m.example:465");
        assert_eq!(account.shown("535 t0p is wrong\r\n"), "535 *** is wrong");
    }
}
