//! The deserializer.

use std::borrow::Cow;

use serde::de::{
    Deserializer, Error as _, Expected, IntoDeserializer, Unexpected, Visitor,
    value::{CowStrDeserializer, MapAccessDeserializer},
};
use serde_json::{Error, Number, value::RawValue};

use super::{
    DEEPEST, Odd,
    inside::Raw,
    scalar::{Kind, Whole, flag, float, kind, whole},
};

/// How `serde_json` asks for a value as it stands.
pub(super) const RAW: &str = "$serde_json::private::RawValue";

#[derive(Clone, Copy)]
pub(super) struct Lenient<'de, 'o> {
    pub(super) raw: &'de RawValue,
    pub(super) odd: &'o Odd,
    depth: usize,
    /// A field's value: where it has no meaning it is nothing.
    field: bool,
    /// Fields that its object is read without.
    pub(super) known: &'static [&'static str],
}

impl<'de, 'o> Lenient<'de, 'o> {
    pub(super) fn new(raw: &'de RawValue, odd: &'o Odd) -> Self {
        Self {
            raw,
            odd,
            depth: 0,
            field: false,
            known: &[],
        }
    }

    /// Whether the value is nothing, as it is not what is `wanted`.
    pub(super) fn taken_for_nothing(self, wanted: &str) -> bool {
        if self.field {
            self.odd.note(self.raw, wanted);
        }
        self.field
    }

    pub(super) fn inside(self, raw: &'de RawValue, field: bool) -> Result<Self, Error> {
        match self.depth {
            DEEPEST.. => Err(Error::custom(
                "objects and lists inside each other too deeply",
            )),
            depth => Ok(Self {
                raw,
                depth: depth + 1,
                field,
                known: &[],
                ..self
            }),
        }
    }

    /// An object, as if it did not have these.
    pub(super) fn without(self, known: &'static [&'static str]) -> Self {
        Self { known, ..self }
    }

    /// As `serde_json` reads it.
    pub(super) fn strict(self) -> serde_json::Deserializer<serde_json::de::StrRead<'de>> {
        serde_json::Deserializer::from_str(self.raw.get())
    }

    /// The text of a text, otherwise what stands there; empty for `null`.
    pub(super) fn text(self) -> Result<Cow<'de, str>, Error> {
        Ok(match kind(self.raw) {
            Kind::Null => Cow::Borrowed(""),
            Kind::Text => Cow::Owned(serde_json::from_str(self.raw.get())?),
            _ => Cow::Borrowed(self.raw.get()),
        })
    }

    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match whole(&self.text()?) {
            Some(Whole::Signed(number)) => visitor.visit_i64(number),
            Some(Whole::Unsigned(number)) => visitor.visit_u64(number),
            None if self.taken_for_nothing("a whole number") => visitor.visit_i64(0),
            None => Err(self.wrong(&visitor)),
        }
    }

    /// As `serde_json` says it.
    fn wrong(self, wanted: &dyn Expected) -> Error {
        let raw = self.raw.get();
        let text: String;
        let found = match kind(self.raw) {
            Kind::Null => Unexpected::Unit,
            Kind::Bool => Unexpected::Bool(raw == "true"),
            Kind::Text => {
                text = serde_json::from_str(raw).unwrap_or_default();
                Unexpected::Str(&text)
            }
            Kind::List => Unexpected::Seq,
            Kind::Object => Unexpected::Map,
            Kind::Number => match raw.parse::<Number>() {
                Ok(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => Unexpected::Unsigned(number),
                    (None, Some(number)) => Unexpected::Signed(number),
                    (None, None) => Unexpected::Float(number.as_f64().unwrap_or_default()),
                },
                Err(_) => Unexpected::Other("number"),
            },
        };
        Error::invalid_type(found, wanted)
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.number(visitor)
        })*
    };
}

macro_rules! floats {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match float(&self.text()?) {
                Some(number) => visitor.visit_f64(number),
                None if self.taken_for_nothing("a number") => visitor.visit_f64(0.0),
                None => Err(self.wrong(&visitor)),
            }
        })*
    };
}

macro_rules! strictly {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            Deserializer::$method(&mut self.strict(), visitor)
        })*
    };
}

/// No visitor of a type of ours is given to another deserializer than this one: the compiler would
/// make all that reads the type, and what is in it, once more for that.
impl<'de> Deserializer<'de> for Lenient<'de, '_> {
    type Error = Error;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    floats! { deserialize_f32 deserialize_f64 }

    strictly! {
        deserialize_i128 deserialize_u128 deserialize_char deserialize_bytes
        deserialize_byte_buf deserialize_unit
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let raw = self.raw.get();
        match kind(self.raw) {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(raw == "true"),
            Kind::Text => visitor.visit_string(serde_json::from_str(raw)?),
            Kind::List => visitor.visit_seq(self.elements()?),
            Kind::Object => visitor.visit_map(self.fields()?),
            Kind::Number => {
                let number: Number = serde_json::from_str(raw)?;
                match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => visitor.visit_u64(number),
                    (None, Some(number)) => visitor.visit_i64(number),
                    (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
                }
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match flag(&self.text()?) {
            Some(truth) => visitor.visit_bool(truth),
            None if self.taken_for_nothing("true or false") => visitor.visit_bool(false),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match kind(self.raw) {
            Kind::Null => visitor.visit_none(),
            // Where it cannot be read it is left out, and is none.
            _ => visitor.visit_some(Self {
                field: false,
                ..self
            }),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        Deserializer::deserialize_unit_struct(&mut self.strict(), name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            RAW => visitor.visit_map(Raw(Some(self.raw))),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.elements()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.object()? {
            Some(fields) => visitor.visit_map(fields),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.object()? {
            Some(all) => visitor.visit_map(all.with_others(fields)),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match kind(self.raw) {
            Kind::List => Err(self.wrong(&visitor)),
            Kind::Object => {
                let fields = MapAccessDeserializer::new(self.fields()?);
                fields.deserialize_enum(name, variants, visitor)
            }
            _ => {
                let word: CowStrDeserializer<'_, Error> = self.text()?.into_deserializer();
                word.deserialize_enum(name, variants, visitor)
            }
        }
    }
}
