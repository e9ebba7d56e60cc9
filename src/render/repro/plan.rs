//! Which message has which blocks. A shape has counts only, so the order is made up: one that an API accepts,
//! with tool results behind the calls that they answer.

use super::shape::Shape;

/// A message to be written.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Its role.
    pub role: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// A block to be written.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its type.
    pub kind: String,
    /// Characters of text in it.
    pub chars: usize,
    /// A number that a call and its result share.
    pub pair: usize,
    /// Media type and bytes.
    pub data: Option<(String, usize)>,
}

/// How an API names things.
pub struct Names {
    /// Blocks with data in them.
    pub data: &'static [&'static str],
    /// Blocks that the model writes and those that answer them.
    pub call: (&'static str, &'static str),
    /// Whether a block has text.
    pub has_text: fn(&str) -> bool,
    /// Whether a role may have a block.
    pub may_have: fn(role: &str, kind: &str) -> bool,
}

/// All messages, in order, without text yet.
#[must_use]
pub fn messages(shape: &Shape, names: &Names) -> Vec<Message> {
    let mut messages = roles(shape);
    let mut data = shape.attachments.iter();
    let mut singles: Vec<Block> = Vec::new();
    let (call, result) = names.call;
    let count = |kind: &str| shape.blocks.get(kind).copied().unwrap_or(0) as usize;
    let pairs = count(call).min(count(result));
    place_pairs(&mut messages, pairs, call, result);
    for (kind, n) in &shape.blocks {
        let placed = if kind == call || kind == result { pairs } else { 0 };
        for pair in placed..*n as usize {
            let data = if names.data.contains(&kind.as_str()) {
                Some(data.next().map_or((String::new(), 0), |(kind, n)| (kind.clone(), *n as usize)))
            } else {
                None
            };
            singles.push(Block { kind: kind.clone(), chars: 0, pair, data });
        }
    }
    // what only some roles may have goes first, so that plain text is left for messages that have nothing
    singles.sort_by_key(|block| {
        (block.data.is_none(), (names.may_have)("assistant", &block.kind) && (names.may_have)("user", &block.kind))
    });
    let mut from = 0;
    for block in singles {
        let fits = |m: &Message| (names.may_have)(&m.role, &block.kind);
        let empty = messages.iter().position(|m| m.blocks.is_empty() && fits(m));
        let n = messages.len();
        let next = || (0..n).map(|i| (from + i) % n).find(|i| messages.get(*i).is_some_and(fits));
        let Some(at) = empty.or_else(next).or((n > 0).then_some(0)) else { break };
        from = at + 1;
        if let Some(message) = messages.get_mut(at) {
            message.blocks.push(block);
        }
    }
    spread(
        shape.text_chars as usize,
        messages.iter_mut().flat_map(|m| &mut m.blocks).filter(|b| (names.has_text)(&b.kind)).collect(),
    );
    messages
}

/// Roles in turn: system first, then user and assistant; tools behind the assistant that called them.
fn roles(shape: &Shape) -> Vec<Message> {
    let mut left = shape.roles.clone();
    let mut order: Vec<String> = Vec::new();
    for role in ["system", "developer"] {
        order.extend((0..left.remove(role).unwrap_or(0)).map(|_| role.to_owned()));
    }
    let mut take = |role: &str| left.get_mut(role).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
    loop {
        let mut any = false;
        for role in ["user", "assistant", "model", "tool"] {
            if take(role) {
                any = true;
                order.push(role.to_owned());
            }
        }
        if !any {
            break;
        }
    }
    let known: u32 = shape.roles.values().sum();
    let others = left.iter().filter(|(_, n)| **n > 0).flat_map(|(role, n)| (0..*n).map(|_| role.clone()));
    order.extend(others.collect::<Vec<_>>());
    // messages whose role the log does not show
    order.extend((known..shape.messages).map(|_| String::new()));
    order.into_iter().map(|role| Message { role, blocks: Vec::new() }).collect()
}

/// Calls go into messages of the assistant, their results into the message behind.
fn place_pairs(messages: &mut [Message], pairs: usize, call: &str, result: &str) {
    let roles: Vec<&str> = messages.iter().map(|m| m.role.as_str()).collect();
    let slots: Vec<usize> = roles
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair, ["assistant", "user"]))
        .map(|(i, _)| i)
        .collect();
    let block = |kind: &str, pair| Block { kind: kind.to_owned(), chars: 0, pair, data: None };
    for pair in 0..pairs {
        let at = slots.get(pair.checked_rem(slots.len()).unwrap_or(0)).copied();
        // without a place for both, they go where they fit best
        let (caller, answerer) = match at {
            Some(at) => (at, at + 1),
            None => (messages.len().saturating_sub(1), 0),
        };
        if let Some(message) = messages.get_mut(caller) {
            message.blocks.push(block(call, pair));
        }
        if let Some(message) = messages.get_mut(answerer) {
            message.blocks.push(block(result, pair));
        }
    }
}

/// Shares characters evenly; the last block has what is left over.
fn spread(chars: usize, mut blocks: Vec<&mut Block>) {
    let n = blocks.len();
    let share = chars.checked_div(n).unwrap_or(0);
    for block in &mut blocks {
        block.chars = share;
    }
    if let Some(last) = blocks.last_mut() {
        last.chars += chars - share * n;
    }
}
