//! Writes the few shapes that the drawings are made of.
//!
//! Looks come from classes, so that one drawing serves light, dark and paper; every text is escaped here.

use super::escape;
use std::fmt::Write as _;

/// A drawing that grows downwards.
#[derive(Default)]
pub struct Canvas {
    out: String,
}

impl Canvas {
    /// Text whose baseline begins at a point; `class` says whether the point is its middle (`m`) or its end (`e`).
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let _ =
            write!(self.out, "<text x=\"{}\" y=\"{}\" class=\"{class}\">{}</text>", short(x), short(y), escape(text));
    }

    /// Text that leads to a place in the document.
    pub fn link(&mut self, x: f64, y: f64, class: &str, target: &str, text: &str) {
        let _ = write!(self.out, "<a href=\"#{}\">", escape(target));
        self.text(x, y, class, text);
        self.out.push_str("</a>");
    }

    /// A rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        let (x, y, width, height) = (short(x), short(y), short(width), short(height));
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"{class}\"/>");
    }

    /// A line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let (x1, y1, x2, y2) = (short(from.0), short(from.1), short(to.0), short(to.1));
        let _ = write!(self.out, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" class=\"{class}\"/>");
    }

    /// One of the document's signs around a point, with what it says when it is pointed at.
    pub fn sign(&mut self, name: &str, x: f64, y: f64, says: &str) {
        let _ = write!(self.out, "<use href=\"#m-{name}\" x=\"{}\" y=\"{}\" class=\"{name}\">", short(x), short(y));
        if !says.is_empty() {
            let _ = write!(self.out, "<title>{}</title>", escape(says));
        }
        self.out.push_str("</use>");
    }

    /// The drawing, of this size, under a name for those who do not see it.
    #[must_use]
    pub fn finish(self, width: f64, height: f64, name: &str) -> String {
        let name = escape(name);
        format!(
            "<svg viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"group\" aria-label=\"{name}\">\n{}\n</svg>",
            self.out.replace("<rect", "\n<rect").replace("<text", "\n<text").trim_start(),
            w = short(width),
            h = short(height),
        )
    }
}

/// A coordinate with as many digits as anybody sees.
fn short(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
