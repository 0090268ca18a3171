mod books;
mod contract;
mod errors;
mod meaning;
mod notation;
mod shop;

use super::*;

const ONE_INPUT: &str = "[[input]]\nkind = \"oney-crp\"\npath = \"inbox\"\n";

fn read_with(text: &str, environment: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let value = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    parse(text, Path::new("/srv/recon/recon.toml"), &value)
}

fn read(text: &str) -> Settings {
    read_with(text, &[]).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn refused(text: &str) -> String {
    let Err(error) = read_with(text, &[]) else {
        panic!("accepted: {text}")
    };
    let error = error.to_string();
    error
        .strip_prefix("/srv/recon/recon.toml: ")
        .expect("the file comes first")
        .to_owned()
}
