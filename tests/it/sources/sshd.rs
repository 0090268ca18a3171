//! OpenSSH's own server on a port of its own: with three host keys, a key login and, where the
//! tests are root, a user with a password and a folder that it cannot leave.
//!
//! The user is not one of this machine. The server runs in a mount namespace in which
//! `/etc/passwd` and `/etc/shadow` are copies with one user more.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "s3cret-of-sftp";

/// A server that lives as long as a test.
pub(crate) struct Sshd {
    folder: TempDir,
    process: Child,
    pub(crate) port: u16,
    /// The login.
    pub(crate) user: String,
    /// What stands before a folder in an address.
    pub(crate) root: String,
}

/// A program, where it is on no path of an ordinary user.
fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")) == "0"
}

/// A port that nobody has now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until somebody listens; what the server said, where nobody does.
pub(crate) fn wait_for(port: u16, log: &Path) {
    let until = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            Instant::now() < until,
            "{}",
            fs::read_to_string(log).unwrap_or_default()
        );
        sleep(Duration::from_millis(50));
    }
}

impl Sshd {
    /// Starts a server with its own SFTP; `None`, said loudly, where there is none.
    pub(crate) fn start() -> Option<Self> {
        Self::with("internal-sftp")
    }

    /// Starts a server whose SFTP is another program.
    pub(crate) fn with(sftp: &str) -> Option<Self> {
        let Some(sshd) = program("sshd") else {
            crate::skipped("no SFTP server was asked: install openssh-server");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["home", "home/out"] {
            fs::create_dir(at(name)).unwrap();
        }
        for kind in ["ed25519", "ecdsa", "rsa"] {
            keygen(kind, &at(&format!("host_{kind}")));
        }
        keygen("ed25519", &at("login"));
        let inside = is_root() && sftp == "internal-sftp";
        let port = free_port();
        let config = config(&folder, (port, sftp, inside));
        fs::write(at("config"), config).unwrap();
        let mut command = server(&sshd, folder.path(), inside);
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(at("log")).unwrap())
            .spawn()
            .unwrap();
        let server = Self {
            user: if inside {
                "merchant".to_owned()
            } else {
                run(Command::new("id").arg("-un"))
            },
            root: if inside {
                String::new()
            } else {
                at("home").display().to_string()
            },
            folder,
            process,
            port,
        };
        wait_for(port, &server.path("log"));
        Some(server)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path below the folder that the server offers.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.path("home/out").join(name)
    }

    /// Puts a file there as if it had been there for a while.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.out(name), content).unwrap();
    }

    /// True where a password can be tried.
    pub(crate) fn has_password(&self) -> bool {
        self.user == "merchant"
    }

    /// The private key of the login.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.path("login")
    }

    /// `SHA256:…` of a host key.
    pub(crate) fn fingerprint(&self, kind: &str) -> String {
        let key = self.path(&format!("host_{kind}.pub"));
        let said = run(Command::new("ssh-keygen").arg("-lf").arg(key));
        said.split(' ').nth(1).unwrap().to_owned()
    }

    /// A `[[source]]` that logs in by key.
    pub(crate) fn source(&self, more: &str) -> String {
        self.source_at(
            self.port,
            &format!("key_file = \"{}\"\n{more}", self.key_file().display()),
        )
    }

    /// A `[[source]]` on another port, such as a proxy's.
    pub(crate) fn source_at(&self, port: u16, more: &str) -> String {
        let host_key = if more.contains("host_key") {
            String::new()
        } else {
            format!("host_key = {:?}\n", self.fingerprint("ed25519"))
        };
        format!(
            "\n[[source]]\nname = \"oney\"\ninto = \"inbox/oney\"\nsettle_seconds = 0\n\
             url = \"sftp://{}@127.0.0.1:{port}{}/out/crp_*.csv\"\n{host_key}{more}",
            self.user, self.root
        )
    }
}

fn keygen(kind: &str, path: &Path) {
    run(Command::new("ssh-keygen")
        .args(["-q", "-N", "", "-t", kind, "-f"])
        .arg(path));
}

fn config(folder: &TempDir, (port, sftp, inside): (u16, &str, bool)) -> String {
    let at = folder.path().display();
    let closed = if inside {
        "ChrootDirectory /mnt\nForceCommand internal-sftp\n"
    } else {
        ""
    };
    format!(
        "ListenAddress 127.0.0.1\nPort {port}\nPidFile none\nUsePAM no\nStrictModes no\n\
         HostKey {at}/host_ed25519\nHostKey {at}/host_ecdsa\nHostKey {at}/host_rsa\n\
         AuthorizedKeysFile {at}/login.pub\nPasswordAuthentication yes\n\
         KbdInteractiveAuthentication no\nSubsystem sftp {sftp}\nMaxStartups 100\n{closed}"
    )
}

/// The server's command; with a user and a folder of its own, where `inside` is true.
fn server(sshd: &Path, folder: &Path, inside: bool) -> Command {
    let words = ["-D", "-e", "-f"];
    if !inside {
        let mut command = Command::new(sshd);
        command.args(words).arg(folder.join("config"));
        return command;
    }
    let hash = run(Command::new("openssl").args(["passwd", "-6", PASSWORD]));
    let add = |file: &str, line: String| {
        let known = fs::read_to_string(Path::new("/etc").join(file)).unwrap();
        fs::write(folder.join(file), format!("{known}{line}\n")).unwrap();
    };
    add(
        "passwd",
        "merchant:x:64999:64999::/:/usr/sbin/nologin".to_owned(),
    );
    add("shadow", format!("merchant:{hash}:19000:0:99999:7:::"));
    // What is to be removed there belongs to the user.
    run(Command::new("chown")
        .arg("64999")
        .arg(folder.join("home/out")));
    let script = "set -e; mount --bind passwd /etc/passwd; mount --bind shadow /etc/shadow; \
                  mount --bind home /mnt; mkdir -p /run/sshd; exec \"$0\" -D -e -f config";
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", script])
        .arg(sshd)
        .current_dir(folder);
    command
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
