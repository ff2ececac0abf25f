//! The deserializer.

use std::borrow::Cow;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    value::{CowStrDeserializer, MapDeserializer, StringDeserializer},
};
use serde_json::{Error, value::RawValue};

use super::{
    DEEPEST, Odd,
    scalar::{Kind, Whole, flag, float, kind, whole},
};

/// How `serde_json` asks for a value as it stands.
const RAW: &str = "$serde_json::private::RawValue";

#[derive(Clone, Copy)]
pub(super) struct Lenient<'de, 'o> {
    raw: &'de RawValue,
    odd: &'o Odd,
    depth: usize,
    /// A field's value: where it has no meaning it is nothing.
    field: bool,
}

impl<'de, 'o> Lenient<'de, 'o> {
    pub(super) fn new(raw: &'de RawValue, odd: &'o Odd) -> Self {
        Self {
            raw,
            odd,
            depth: 0,
            field: false,
        }
    }

    /// Whether the value is nothing, as it is not what is `wanted`.
    fn taken_for_nothing(self, wanted: &str) -> bool {
        if self.field {
            self.odd.note(self.raw, wanted);
        }
        self.field
    }

    fn inside(self, raw: &'de RawValue, field: bool) -> Result<Self, Error> {
        match self.depth {
            DEEPEST.. => Err(Error::custom(
                "objects and lists inside each other too deeply",
            )),
            depth => Ok(Self {
                raw,
                depth: depth + 1,
                field,
                ..self
            }),
        }
    }

    /// As `serde_json` reads it.
    fn strict(self) -> serde_json::Deserializer<serde_json::de::StrRead<'de>> {
        serde_json::Deserializer::from_str(self.raw.get())
    }

    /// The text of a text, otherwise what stands there; empty for `null`.
    fn text(self) -> Result<Cow<'de, str>, Error> {
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
            None => self.deserialize_any(visitor),
        }
    }

    fn members(self) -> Result<Vec<(String, &'de RawValue)>, Error> {
        let mut strict = self.strict();
        let members = Deserializer::deserialize_map(&mut strict, Members)?;
        Ok(members)
    }
}

/// The last of those with the same name, where the first stood.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::new();
        let mut places = std::collections::HashMap::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            match places.get(&name) {
                Some(at) => {
                    let at: usize = *at;
                    members[at].1 = value;
                }
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, value));
                }
            }
        }
        Ok(members)
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
                None => self.deserialize_any(visitor),
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

impl<'de> Deserializer<'de> for Lenient<'de, '_> {
    type Error = Error;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    floats! { deserialize_f32 deserialize_f64 }

    strictly! {
        deserialize_any deserialize_i128 deserialize_u128 deserialize_char deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_ignored_any
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match flag(&self.text()?) {
            Some(truth) => visitor.visit_bool(truth),
            None if self.taken_for_nothing("true or false") => visitor.visit_bool(false),
            None => self.deserialize_any(visitor),
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
            RAW => Deserializer::deserialize_newtype_struct(&mut self.strict(), name, visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let elements: Vec<&RawValue> = match kind(self.raw) {
            Kind::List => serde_json::from_str(self.raw.get())?,
            Kind::Null => Vec::new(),
            Kind::Text if self.text()?.is_empty() => Vec::new(),
            _ => vec![self.raw],
        };
        visitor.visit_seq(Elements {
            rest: elements.into_iter(),
            list: self,
        })
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
        let nothing = match kind(self.raw) {
            Kind::Null => true,
            // Servers written in PHP send an empty list for an empty map.
            Kind::List => self.raw.get()[1..].trim_start().starts_with(']'),
            Kind::Text => self.text()?.is_empty(),
            _ => false,
        };
        let is_object = kind(self.raw) == Kind::Object;
        if nothing || !is_object && self.taken_for_nothing("an object") {
            return visitor.visit_map(MapDeserializer::new(std::iter::empty::<(&str, &str)>()));
        }
        match kind(self.raw) {
            Kind::Object => visitor.visit_map(Fields {
                rest: self.members()?.into_iter(),
                value: None,
                object: self,
            }),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match kind(self.raw) {
            Kind::Object | Kind::List => {
                Deserializer::deserialize_enum(&mut self.strict(), name, variants, visitor)
            }
            _ => {
                let word: CowStrDeserializer<'_, Error> = self.text()?.into_deserializer();
                word.deserialize_enum(name, variants, visitor)
            }
        }
    }
}

struct Elements<'de, 'o> {
    rest: std::vec::IntoIter<&'de RawValue>,
    list: Lenient<'de, 'o>,
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let odd = self.list.odd;
        let Some(element) = self.rest.find(|element| !odd.skips(element)) else {
            return Ok(None);
        };
        let read = seed.deserialize(self.list.inside(element, false)?);
        if let Err(error) = &read {
            odd.fails(element, error);
        }
        read.map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Fields<'de, 'o> {
    rest: std::vec::IntoIter<(String, &'de RawValue)>,
    value: Option<&'de RawValue>,
    object: Lenient<'de, 'o>,
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let odd = self.object.odd;
        let Some((name, value)) = self.rest.find(|(_, value)| !odd.skips(value)) else {
            return Ok(None);
        };
        self.value = Some(value);
        self.object.odd.inside.borrow_mut().push(name.clone());
        let name: StringDeserializer<Error> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take();
        let value = value.ok_or_else(|| Error::custom("a value without a name"))?;
        let read = seed.deserialize(self.object.inside(value, true)?);
        if let Err(error) = &read {
            self.object.odd.fails(value, error);
        }
        self.object.odd.inside.borrow_mut().pop();
        read
    }
}
