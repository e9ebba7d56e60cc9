pub mod input; pub mod literal; pub mod model; pub mod redact;
