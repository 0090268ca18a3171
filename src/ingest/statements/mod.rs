//! Bank statements: the format is recognised from the content, never from the name.
