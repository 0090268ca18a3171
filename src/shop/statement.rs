//! `:since` in the words of each database, wherever it stands outside texts, names and comments.

use super::Problem;

/// Which database's SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
}

impl Dialect {
    /// The parameter in its own words. The time is bound as text and given its type here, so that
    /// one text serves all three; SQLite compares times as texts.
    fn since(self) -> &'static str {
        match self {
            Self::Sqlite => "?1",
            Self::Postgres => "CAST(CAST($1 AS text) AS timestamptz)",
            Self::Mysql => "CAST(? AS DATETIME)",
        }
    }
}

/// A query that a database understands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// The SQL.
    pub(super) sql: String,
    /// How many values it wants bound: each the time of `:since`.
    pub(super) values: usize,
}

/// A piece of SQL: text that stays as it is, or something that matters here.
enum Piece<'s> {
    /// Texts, names, comments, and all that is none of the others.
    Other(&'s str),
    /// `:name`, without the colon.
    Parameter(&'s str),
    /// `;`
    End,
}

/// Puts `:since` into a dialect's words.
///
/// # Errors
/// When there is another parameter, or more than one statement.
pub(super) fn statement(query: &str, dialect: Dialect) -> Result<Statement, Problem> {
    let mut found = Statement {
        sql: String::with_capacity(query.len().saturating_add(64)),
        values: 0,
    };
    let mut ended = false;
    let mut rest = query;
    while !rest.is_empty() {
        let (piece, behind) = next_piece(rest, dialect);
        rest = behind;
        match piece {
            Piece::End => ended = true,
            Piece::Other(text) if ended => {
                if !text.trim().is_empty() && !is_comment(text, dialect) {
                    return Err(Problem::Statements);
                }
            }
            Piece::Parameter(_) if ended => return Err(Problem::Statements),
            Piece::Other(text) => found.sql.push_str(text),
            Piece::Parameter(name) if name.eq_ignore_ascii_case("since") => {
                found.sql.push_str(dialect.since());
                // PostgreSQL and SQLite number their parameters: one value serves all places.
                found.values = match dialect {
                    Dialect::Mysql => found.values.saturating_add(1),
                    Dialect::Postgres | Dialect::Sqlite => 1,
                };
            }
            Piece::Parameter(name) => {
                return Err(Problem::Parameter {
                    name: name.to_owned(),
                });
            }
        }
    }
    Ok(found)
}

fn is_comment(text: &str, dialect: Dialect) -> bool {
    text.starts_with("--")
        || text.starts_with("/*")
        || (dialect == Dialect::Mysql && text.starts_with('#'))
}

/// The first piece of some SQL, and what is behind it.
fn next_piece(sql: &str, dialect: Dialect) -> (Piece<'_>, &str) {
    let mysql = dialect == Dialect::Mysql;
    let length = match sql.as_bytes() {
        [b';', ..] => return (Piece::End, behind(sql, 1)),
        [b'\'', ..] => quoted(sql, '\'', mysql),
        [b'"', ..] => quoted(sql, '"', mysql),
        [b'`', ..] if dialect != Dialect::Postgres => quoted(sql, '`', false),
        [b'[', ..] if dialect == Dialect::Sqlite => closed_by(sql, "]"),
        [b'E' | b'e', b'\'', ..] if dialect == Dialect::Postgres => {
            quoted(behind(sql, 1), '\'', true).saturating_add(1)
        }
        // An empty comment at the end, or a cast of PostgreSQL.
        [b'-', b'-'] | [b':', b':', ..] => 2,
        [b'-', b'-', next, ..] if !mysql || next.is_ascii_whitespace() => line(sql),
        [b'#', ..] if mysql => line(sql),
        [b'/', b'*', ..] => comment(sql, dialect == Dialect::Postgres),
        [b'$', ..] if dialect == Dialect::Postgres => dollar_quoted(sql),
        [b':', first, ..] if first.is_ascii_alphabetic() || *first == b'_' => {
            let name = word(behind(sql, 1));
            let parameter = sql.get(1..name.saturating_add(1)).unwrap_or_default();
            return (
                Piece::Parameter(parameter),
                behind(sql, name.saturating_add(1)),
            );
        }
        // A word as a whole, so that the E of `LIKE'x'` begins no text of its own.
        [first, ..] if is_word(*first) => word(sql),
        [b' ' | b'\t' | b'\r' | b'\n', ..] => sql
            .find(|c: char| !c.is_ascii_whitespace())
            .unwrap_or(sql.len()),
        _ => sql.chars().next().map_or(1, char::len_utf8),
    };
    let text = sql.get(..length).unwrap_or(sql);
    (Piece::Other(text), behind(sql, length))
}

fn behind(sql: &str, length: usize) -> &str {
    sql.get(length..).unwrap_or_default()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of the word at the beginning.
fn word(sql: &str) -> usize {
    sql.bytes().take_while(|byte| is_word(*byte)).count()
}

/// The length up to the end of the line.
fn line(sql: &str) -> usize {
    sql.find('\n').unwrap_or(sql.len())
}

/// The length up to and with an end; all of it where the end is missing.
fn closed_by(sql: &str, end: &str) -> usize {
    sql.find(end)
        .map_or(sql.len(), |at| at.saturating_add(end.len()))
}

/// The length of a text or name in quotes. A doubled quote inside is two texts side by side, which
/// comes to the same here.
fn quoted(sql: &str, quote: char, with_backslash: bool) -> usize {
    let mut escaped = false;
    for (at, c) in sql.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if with_backslash && c == '\\' {
            escaped = true;
        } else if c == quote {
            return at.saturating_add(1);
        }
    }
    sql.len()
}

/// The length of a comment in `/* */`; PostgreSQL's nest.
fn comment(sql: &str, nests: bool) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < sql.len() {
        match sql.as_bytes().get(at..).unwrap_or_default() {
            [b'/', b'*', ..] if nests || depth == 0 => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(2);
            }
            [b'*', b'/', ..] => {
                depth = depth.saturating_sub(1);
                at = at.saturating_add(2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at = at.saturating_add(1),
        }
    }
    sql.len()
}

/// The length of `$tag$…$tag$`; of the dollar alone where it begins no text.
fn dollar_quoted(sql: &str) -> usize {
    let tag = word(behind(sql, 1)).saturating_add(2);
    let Some(mark) = sql.get(..tag).filter(|mark| mark.ends_with('$')) else {
        return 1;
    };
    let begins_with_digit = mark.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if begins_with_digit {
        return 1;
    }
    closed_by(behind(sql, tag), mark).saturating_add(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(query: &str, dialect: Dialect) -> String {
        statement(query, dialect).unwrap().sql
    }

    #[test]
    fn since_becomes_each_database_s_own_parameter() {
        let query = "SELECT * FROM o WHERE a > :since OR b >= :SINCE;\n";
        let expected = |since: &str| format!("SELECT * FROM o WHERE a > {since} OR b >= {since}");
        for (dialect, since, values) in [
            (Dialect::Sqlite, "?1", 1),
            (
                Dialect::Postgres,
                "CAST(CAST($1 AS text) AS timestamptz)",
                1,
            ),
            (Dialect::Mysql, "CAST(? AS DATETIME)", 2),
        ] {
            let sql = expected(since);
            assert_eq!(
                statement(query, dialect).unwrap(),
                Statement { sql, values }
            );
        }
    }

    #[test]
    fn texts_names_and_comments_stay_as_they_are() {
        for (dialect, query) in [
            (
                Dialect::Sqlite,
                "SELECT ':since', \"a:since\", `:since`, [x:since]",
            ),
            (Dialect::Sqlite, "SELECT 1 -- until :since\n"),
            (Dialect::Sqlite, "SELECT 'it''s :since' /* :since */"),
            (
                Dialect::Postgres,
                "SELECT a::since, $$ :since $$, $t$ $$:since $t$",
            ),
            (
                Dialect::Postgres,
                "SELECT E'\\':since', /* /* */ :since */ 1",
            ),
            (
                Dialect::Postgres,
                "SELECT 'é:since' AS é, b LIKE'\\', '!:since'",
            ),
            (
                Dialect::Mysql,
                "SELECT '\\':since', \"\\\":since\" # :since\n",
            ),
            (Dialect::Mysql, "SELECT `a``:since`, 1 -- :since"),
        ] {
            let unchanged = Statement {
                sql: query.to_owned(),
                values: 0,
            };
            assert_eq!(statement(query, dialect).unwrap(), unchanged, "{query}");
        }
    }

    #[test]
    fn what_looks_like_a_comment_elsewhere_is_none_here() {
        assert_eq!(
            sql("SELECT 5--:since", Dialect::Mysql),
            "SELECT 5--CAST(? AS DATETIME)"
        );
        assert_eq!(sql("SELECT 1 # :since", Dialect::Sqlite), "SELECT 1 # ?1");
        assert_eq!(sql("SELECT 1 \\ :since", Dialect::Sqlite), "SELECT 1 \\ ?1");
    }

    #[test]
    fn another_parameter_is_named() {
        for (query, name) in [
            ("SELECT 1 WHERE a > :sinse", "sinse"),
            ("SELECT 1 WHERE a > :since_when", "since_when"),
        ] {
            let error = statement(query, Dialect::Sqlite).unwrap_err().to_string();
            assert!(error.contains(&format!("parameter :{name},")), "{error}");
        }
    }

    #[test]
    fn a_second_statement_is_refused() {
        for query in [
            "SELECT 1; DELETE FROM orders",
            "SELECT 1;;:since",
            "SELECT 1; 'x'",
        ] {
            let error = statement(query, Dialect::Sqlite).unwrap_err();
            assert!(matches!(error, Problem::Statements), "{query}: {error}");
        }
        assert_eq!(
            sql("SELECT 1 ; -- the end\n ;", Dialect::Sqlite),
            "SELECT 1 "
        );
        assert_eq!(sql("SELECT ';'", Dialect::Sqlite), "SELECT ';'");
    }

    #[test]
    fn what_is_never_closed_ends_with_the_query() {
        for query in [
            "'", "\"a", "/* ", "$$ x", "$", ":", "--", "E'", "[", "é", "#", "$1$",
        ] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
                assert_eq!(sql(query, dialect), query, "{dialect:?}");
            }
        }
    }
}
