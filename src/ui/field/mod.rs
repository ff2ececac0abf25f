//! Form fields: each brings its label, help and error, wired together for assistive technology.

pub mod area;
pub mod bound;
pub mod checkbox;
pub mod code;
pub mod errors;
pub mod file;
pub mod key_value;
pub mod number;
pub mod rows;
pub mod secret;
pub mod select;
pub mod text;
pub mod unit;
pub mod wiring;

pub use area::TextArea;
pub use bound::Bound;
pub use checkbox::{Checkbox, Radio};
pub use code::Code;
pub use errors::FormErrors;
pub use file::FileField;
pub use key_value::{KeyValue, Pair};
pub use number::{NumberField, QuantityField};
pub use rows::{ErrorPlace, Row};
pub use secret::{Secret, SecretValue};
pub use select::{Choice, Select};
pub use text::{Combobox, TextField};
pub use wiring::{Field, Wiring, use_wiring};
