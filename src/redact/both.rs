//! Two things at once, where there is a second core.

use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

/// Less text is done before a thread has begun.
const WORTH: usize = 64 << 10;

/// Does both, `other` on another thread if a text of so many bytes is worth it. What they give is the same
/// either way.
pub(crate) fn both<A: Send, B>(bytes: usize, other: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    if bytes < WORTH || cores() < 2 {
        return (other(), here());
    }
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let here = here();
        (other.join().unwrap_or_else(|panic| resume_unwind(panic)), here)
    })
}

fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}
