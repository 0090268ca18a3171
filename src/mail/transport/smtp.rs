//! A message by SMTP (RFC 5321), over TLS.
//!
//! Each recipient is asked for by itself, so one that is refused takes nothing from the others. A
//! server has [`MESSAGE_LIMIT`] for a whole message, however it spreads its slowness, and a mail is
//! sent again where the connection ended before the server said that it has it. It may then have
//! it twice, under the same `Message-ID`; the other choice would be to lose it.

use std::error::Error as _;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;

use super::account::{SmtpAccount, Tls};
use super::{Failure, Parcel, Verdict};

/// For one message, from the connection to the server's last word.
const MESSAGE_LIMIT: Duration = Duration::from_secs(60);
/// For the connection itself, where a machine does not answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// For a farewell that nothing depends on.
const QUIT_LIMIT: Duration = Duration::from_secs(3);
/// "Service not available": the server hangs up, whatever it was asked.
const NOT_AVAILABLE: u16 = 421;

/// See [`Transport::hand_over`](super::Transport::hand_over).
pub(super) async fn hand_over(
    account: &SmtpAccount,
    parcel: &Parcel<'_>,
) -> Result<Vec<Verdict>, Failure> {
    let exchange = async {
        let mut server = Server::open(account).await?;
        let verdicts = server.send(parcel).await?;
        Ok((server, verdicts))
    };
    let (server, verdicts) = in_time(account, exchange).await?;
    server.leave().await;
    Ok(verdicts)
}

/// See [`Transport::check`](super::Transport::check).
pub(super) async fn check(account: &SmtpAccount) -> Result<String, Failure> {
    let exchange = async {
        let mut server = Server::open(account).await?;
        let noop = server.connection.command(Noop).await;
        noop.map_err(|error| server.failure("does not go on", &error))?;
        Ok(server)
    };
    let server = in_time(account, exchange).await?;
    let secret = server.connection.is_encrypted();
    server.leave().await;
    Ok(match (secret, account.login.is_some()) {
        (true, true) => "answers over TLS and takes the login",
        (true, false) => "answers over TLS; no login is configured",
        (false, _) => "answers, without TLS as it is on this machine",
    }
    .to_owned())
}

async fn in_time<T>(
    account: &SmtpAccount,
    exchange: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match timeout(MESSAGE_LIMIT, exchange).await {
        Ok(done) => done,
        Err(_elapsed) => Err(Failure::of_all(format!(
            "{} was not done within {} seconds",
            account.name(),
            MESSAGE_LIMIT.as_secs()
        ))),
    }
}

/// A connection on which mail may be sent.
struct Server<'a> {
    account: &'a SmtpAccount,
    connection: AsyncSmtpConnection,
}

impl<'a> Server<'a> {
    /// Connects, makes the connection a secret one, and logs in.
    async fn open(account: &'a SmtpAccount) -> Result<Self, Failure> {
        let me = ClientId::default();
        let tls = tls(account)?;
        let from_the_start = (account.tls == Tls::FromTheStart).then(|| tls.clone());
        let at = (account.host.as_str(), account.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(at, Some(CONNECT_LIMIT), &me, from_the_start, None);
        let connection = connecting
            .await
            .map_err(|error| failure(account, "cannot be reached", &error))?;
        let mut server = Self {
            account,
            connection,
        };
        server.secure(tls, &me).await?;
        server.log_in().await?;
        Ok(server)
    }

    async fn secure(&mut self, tls: TlsParameters, me: &ClientId) -> Result<(), Failure> {
        if self.connection.is_encrypted() {
            return Ok(());
        }
        if !self.connection.can_starttls() {
            if self.account.tls == Tls::WhereOffered && self.account.login.is_none() {
                return Ok(());
            }
            return Err(Failure::of_all(format!(
                "{} does not offer STARTTLS, so neither the password nor the mail is sent to it; \
                 use smtps:// and its port, or ask whoever runs it",
                self.account.name()
            )));
        }
        let secured = self.connection.starttls(tls, me).await;
        secured.map_err(|error| self.failure("fails at STARTTLS", &error))
    }

    async fn log_in(&mut self) -> Result<(), Failure> {
        let Some(login) = &self.account.login else {
            return Ok(());
        };
        let answer = self
            .connection
            .auth(DEFAULT_MECHANISMS, &login.credentials)
            .await;
        answer.map(|_welcome| ()).map_err(|error| {
            self.failure(
                "refuses the login; check mail.url and mail.password",
                &error,
            )
        })
    }

    async fn send(&mut self, parcel: &Parcel<'_>) -> Result<Vec<Verdict>, Failure> {
        let addresses = parcel.recipients.iter().map(String::as_str);
        let addresses: Option<Vec<Address>> = std::iter::once(parcel.sender)
            .chain(addresses)
            .map(|address| address.parse().ok())
            .collect();
        let addresses = addresses.unwrap_or_default();
        let Some((sender, recipients)) = addresses.split_first() else {
            return Err(Failure::of_one(
                "a kept mail has an address that is none".to_owned(),
            ));
        };
        let mut options = Vec::new();
        if !addresses
            .iter()
            .all(|address| address.to_string().is_ascii())
        {
            if !self
                .connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Err(Failure::of_one(format!(
                    "{} takes no addresses with letters beyond ASCII",
                    self.account.name()
                )));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(Some(sender.clone()), options);
        let answer = self.connection.command(mail).await;
        let refused = "refuses the sender; check mail.from";
        answer.map_err(|error| self.of_this(refused, &error))?;
        let mut verdicts = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let rcpt = Rcpt::new(recipient.clone(), Vec::new());
            let answer = self.connection.command(rcpt).await;
            let what = "went away before it had the mail";
            verdicts.push(self.verdict(answer.map(|_| ()), what)?);
        }
        if verdicts.contains(&Verdict::Accepted) {
            let last = self.data(parcel.message).await?;
            for verdict in &mut verdicts {
                if *verdict == Verdict::Accepted {
                    verdict.clone_from(&last);
                }
            }
        }
        Ok(verdicts)
    }

    /// The message itself. Its verdict is that of all who were not refused before.
    async fn data(&mut self, message: &[u8]) -> Result<Verdict, Failure> {
        let ready = self.connection.command(Data).await;
        let ready = self.verdict(ready.map(|_| ()), "went away before it had the mail")?;
        if ready != Verdict::Accepted {
            return Ok(ready);
        }
        let answer = self.connection.message(message).await;
        let what = "went away before it said that it has the mail, which it may have; the mail \
                    is sent again, with the same Message-ID";
        self.verdict(answer.map(|_| ()), what)
    }

    /// What an answer means for those it is about; a failure where it ends the connection.
    fn verdict(&self, answer: Result<(), Error>, what: &str) -> Result<Verdict, Failure> {
        let Err(error) = answer else {
            return Ok(Verdict::Accepted);
        };
        let hung_up = error.status().map(u16::from) == Some(NOT_AVAILABLE);
        if error.is_permanent() {
            Ok(Verdict::Never(said(self.account, &error)))
        } else if error.is_transient() && !hung_up {
            Ok(Verdict::Later(said(self.account, &error)))
        } else {
            Err(self.of_this(what, &error))
        }
    }

    fn failure(&self, what: &str, error: &Error) -> Failure {
        failure(self.account, what, error)
    }

    /// A failure that another message may not meet.
    fn of_this(&self, what: &str, error: &Error) -> Failure {
        Failure::of_one(self.failure(what, error).sentence)
    }

    /// Says goodbye. The mail is where it belongs, whatever comes back.
    async fn leave(mut self) {
        drop(timeout(QUIT_LIMIT, self.connection.quit()).await);
    }
}

fn failure(account: &SmtpAccount, what: &str, error: &Error) -> Failure {
    let said = said(account, error);
    let ask = if said.contains("UnknownIssuer") {
        "; if the server's certificate comes from an authority of your own, name it in mail.ca_file"
    } else {
        ""
    };
    Failure::of_all(format!("{} {what} ({said}){ask}", account.name()))
}

/// What the server or the system says, without what lettre calls it.
fn said(account: &SmtpAccount, error: &Error) -> String {
    let mut text = match error.status() {
        Some(code) => code.to_string(),
        None => String::new(),
    };
    match error.source() {
        Some(source) => {
            text.push(' ');
            text.push_str(&source.to_string());
        }
        None if text.is_empty() => text = error.to_string(),
        None => {}
    }
    account.shown(&text)
}

/// What the server's certificate is checked with.
fn tls(account: &SmtpAccount) -> Result<TlsParameters, Failure> {
    let mut builder = TlsParameters::builder(account.host.clone());
    if let Some(path) = &account.ca_file {
        let wrong = |reason: &dyn std::fmt::Display| {
            let path = path.display();
            Failure::of_all(format!(
                "mail.ca_file {path} cannot be used ({reason}); expected certificates in PEM"
            ))
        };
        let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
        let certificates = Certificate::from_pem(&pem).map_err(|error| wrong(&error))?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(certificates);
    } else if rustls_native_certs::load_native_certs().certs.is_empty() {
        // A machine without certificates of its own, such as a small container.
        builder = builder.certificate_store(CertificateStore::WebpkiRoots);
    }
    builder
        .build()
        .map_err(|error| failure(account, "cannot be spoken to over TLS", &error))
}
