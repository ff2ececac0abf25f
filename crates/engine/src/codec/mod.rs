//! Between JSON on the wire and SQLite values in storage, by column type.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode_row;
