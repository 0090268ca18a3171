//! `ingest`: reading without matching.
