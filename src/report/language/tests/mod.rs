mod completeness;
mod notation;
mod plurals;
mod sources;

use super::*;

const ALL: [Language; 3] = [Language::English, Language::French, Language::German];
