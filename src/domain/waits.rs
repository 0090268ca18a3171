//! How long a database may keep a run waiting. One that accepts a connection and stays silent, or a
//! table that another session has locked, would else keep a night waiting for ever.

use core::time::Duration;

/// The longest waits, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For a connection: name, network, TLS and login together.
    pub connect: u32,
    /// For a statement; of rows that come one by one, for each of them.
    pub statement: u32,
    /// For a row or a table that another session has locked.
    pub lock: u32,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            connect: 10,
            statement: 600,
            lock: 30,
        }
    }
}

/// What a server that ends a statement itself needs to say so.
const GRACE: Duration = Duration::from_secs(5);

impl Waits {
    /// For a connection.
    pub fn for_connection(&self) -> Duration {
        Duration::from_secs(self.connect.into())
    }

    /// For a statement or a row, until this program gives up: the server, which knows the reason, is
    /// to be the first.
    pub fn for_answer(&self) -> Duration {
        Duration::from_secs(self.statement.into()).saturating_add(GRACE)
    }
}
