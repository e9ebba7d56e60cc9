//! Checks that rules say what they do: `casefile rules test`, and a test of the program's own rules.
