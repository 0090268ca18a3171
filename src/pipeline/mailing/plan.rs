//! What the configuration and the command line say about mail, ready to be used.

use crate::mail::Mailbox;

use crate::config::{MailSettings, MailTransport, MailWhen, ReportFormat, Secret, Settings};
use crate::mail::{SmtpAccount, Transport, address};
use crate::pipeline::RunError;
use crate::pipeline::apis::Environment;
use crate::report::language::Texts;

/// What the command line says about mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailWish {
    /// Nothing: as the configuration says.
    #[default]
    AsConfigured,
    /// A mail, whatever `when` says.
    Forced,
    /// None.
    None,
}

/// Who gets mail of a run, and how.
#[derive(Clone, Debug)]
pub struct MailPlan {
    pub(super) wish: MailWish,
    /// True for a run that was not told from which day to look: it is tonight's.
    pub(super) tonight: bool,
    pub(super) setup: Option<MailSetup>,
}

/// `[mail]` with addresses and transport.
#[derive(Clone, Debug)]
pub(super) struct MailSetup {
    pub(super) when: MailWhen,
    pub(super) from: Mailbox,
    pub(super) to: Vec<Mailbox>,
    /// Assignees with their addresses.
    pub(super) assignees: Vec<(String, Mailbox)>,
    /// Files of the report that go with the digest.
    pub(super) attach: Vec<&'static str>,
    /// `Err`: why there is none, in a sentence. It stops no run, whose mail waits for it.
    pub(super) transport: Result<Transport, String>,
    pub(super) texts: Texts,
    /// Where people open a report, with `{as_of}` for the name of its folder.
    pub(super) report_url: Option<String>,
}

/// Files of a format.
fn files_of(format: ReportFormat) -> &'static [&'static str] {
    match format {
        ReportFormat::Csv => &[
            "discrepancies.csv",
            "orders.csv",
            "payouts.csv",
            "balance.csv",
            "inputs.csv",
            "rejected.csv",
        ],
        ReportFormat::Json => &["summary.json"],
        ReportFormat::Html => &["report.html"],
        ReportFormat::Xlsx => &["report.xlsx"],
    }
}

impl MailPlan {
    /// No mail at all.
    pub fn none() -> Self {
        Self {
            wish: MailWish::None,
            tonight: false,
            setup: None,
        }
    }

    /// Reads addresses, and fetches the secrets of the transport.
    ///
    /// # Errors
    /// When an address is none, or `--mail` is asked for where nobody would get any.
    pub fn of(
        settings: &Settings,
        wish: MailWish,
        environment: Environment<'_>,
    ) -> Result<Self, RunError> {
        if wish == MailWish::None {
            return Ok(Self::none());
        }
        let setup = match &settings.mail {
            Some(mail) => MailSetup::of(mail, settings, environment)?,
            None => None,
        };
        if wish == MailWish::Forced && setup.is_none() {
            return Err(RunError::Setting(
                "--mail asks for a mail, and nobody would get one; give [mail] a `to`".to_owned(),
            ));
        }
        Ok(Self {
            wish,
            tonight: false,
            setup,
        })
    }

    /// The same for a run that was not told from which day to look. It sends its mail even where
    /// somebody has recorded a later day by hand, which would otherwise silence every night
    /// until then.
    #[must_use]
    pub fn tonight(self, tonight: bool) -> Self {
        Self { tonight, ..self }
    }
}

impl MailSetup {
    fn of(
        mail: &MailSettings,
        settings: &Settings,
        environment: Environment<'_>,
    ) -> Result<Option<Self>, RunError> {
        let Some(from) = &mail.from else {
            return Ok(None);
        };
        if mail.to.is_empty() && mail.assignees.is_empty() {
            return Ok(None);
        }
        let read = |text: &String| {
            address::parse(text).map_err(|error| RunError::Setting(format!("[mail]: {error}")))
        };
        let assignee = |(name, text): (&String, &String)| Ok((name.clone(), read(text)?));
        let assignees: Result<Vec<_>, RunError> = mail.assignees.iter().map(assignee).collect();
        Ok(Some(Self {
            when: mail.when,
            from: read(from)?,
            to: mail.to.iter().map(read).collect::<Result<_, _>>()?,
            assignees: assignees?,
            attach: mail
                .attach
                .iter()
                .flat_map(|format| files_of(*format))
                .copied()
                .collect(),
            transport: transport(&mail.transport, environment),
            texts: Texts::of(settings.wording),
            report_url: settings.report.url.clone(),
        }))
    }

    /// True for an address that the configuration names.
    pub(super) fn knows(&self, address: &str) -> bool {
        let assigned = self.assignees.iter().map(|(_, mailbox)| mailbox);
        let mut all = self.to.iter().chain(assigned);
        all.any(|mailbox| {
            let known: &str = mailbox.email.as_ref();
            known.eq_ignore_ascii_case(address)
        })
    }
}

fn transport(settings: &MailTransport, environment: Environment<'_>) -> Result<Transport, String> {
    match settings {
        MailTransport::Directory(folder) => Ok(Transport::Folder(folder.clone())),
        MailTransport::Smtp {
            url,
            password,
            ca_file,
        } => {
            let fetch = |source: &crate::config::SecretSource| {
                source
                    .fetch(environment)
                    .map_err(|error| format!("[mail]: {error}"))
            };
            let Some(url) = url else {
                return Err("[mail] has no url".to_owned());
            };
            let url = fetch(url)?;
            let password = password.as_ref().map(fetch).transpose()?;
            let password = password.as_ref().map(Secret::reveal);
            let account = SmtpAccount::new(url.reveal(), password, ca_file.clone())?;
            Ok(Transport::Smtp(Box::new(account)))
        }
    }
}

/// Whether mail could leave: its name, and how it is or what is wrong; `None` where nobody would
/// get any.
pub(in crate::pipeline) async fn check(
    settings: &Settings,
    environment: Environment<'_>,
) -> Option<(String, Result<String, String>)> {
    let wrong = |sentence: String| Some(("mail".to_owned(), Err(sentence)));
    let setup = match MailPlan::of(settings, MailWish::AsConfigured, environment) {
        Ok(plan) => plan.setup?,
        Err(error) => return wrong(error.to_string()),
    };
    let transport = match setup.transport {
        Ok(transport) => transport,
        Err(sentence) => return wrong(sentence),
    };
    let outcome = transport.check().await;
    let name = format!("mail {}", transport.name());
    Some((name, outcome.map_err(|failure| failure.to_string())))
}
