//! The matching rules, pure: the same items, rules and as-of date give the same outcome.
