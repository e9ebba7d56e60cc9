//! The whole packet as data.

use super::{Output, RenderError};
use crate::packet::{Packet, SCHEMA};

pub struct Json;

impl Output for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError> {
        let mut text = serde_json::to_vec_pretty(packet).map_err(|_| RenderError::Json)?;
        text.push(b'\n');
        Ok(text)
    }

    fn own(&self) -> Vec<&str> {
        vec![SCHEMA]
    }
}
