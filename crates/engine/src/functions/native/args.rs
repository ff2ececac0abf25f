//! The arguments of a call.

use rusqlite::{functions::Context, types::ValueRef};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::super::{collection, text_arg};
use crate::value::{self, Num};

/// The arguments of one call, none of them NULL.
pub(in crate::functions) struct Args<'a> {
    pub(super) context: &'a Context<'a>,
    /// Of the result, then of the arguments.
    pub(super) types: &'a [DataType],
}

impl<'a> Args<'a> {
    pub(in crate::functions) fn len(&self) -> usize {
        self.context.len() - 1
    }

    pub(in crate::functions) fn raw(&self, index: usize) -> ValueRef<'a> {
        self.context.get_raw(index + 1)
    }

    pub(in crate::functions) fn result(&self) -> &'a DataType {
        &self.types[0]
    }

    pub(in crate::functions) fn data_type(&self, index: usize) -> &'a DataType {
        &self.types[index + 1]
    }

    /// Of the items of an array.
    pub(in crate::functions) fn item_type(&self, index: usize) -> &'a DataType {
        match self.data_type(index) {
            DataType::Array(item) => item,
            other => other,
        }
    }

    pub(in crate::functions) fn text(&self, index: usize) -> Result<&'a str, String> {
        Ok(text_arg(self.context, index + 1)?.unwrap_or_default())
    }

    /// An argument that may be left out.
    pub(in crate::functions) fn text_or(
        &self,
        index: usize,
        default: &'a str,
    ) -> Result<&'a str, String> {
        if index < self.len() {
            self.text(index)
        } else {
            Ok(default)
        }
    }

    /// Also of text that is not UTF-8.
    pub(in crate::functions) fn bytes(&self, index: usize) -> &'a [u8] {
        match self.raw(index) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            _ => &[],
        }
    }

    pub(in crate::functions) fn number(&self, index: usize) -> Result<Num, String> {
        Num::read(self.raw(index))?.ok_or_else(|| "NULL".to_string())
    }

    pub(in crate::functions) fn int(&self, index: usize) -> Result<i128, String> {
        let number = self.number(index)?;
        number
            .whole()
            .ok_or_else(|| format!("argument {} is too large", index + 1))
    }

    pub(in crate::functions) fn int_or(&self, index: usize, default: i128) -> Result<i128, String> {
        if index < self.len() {
            self.int(index)
        } else {
            Ok(default)
        }
    }

    pub(in crate::functions) fn float(&self, index: usize) -> Result<f64, String> {
        Ok(self.number(index)?.float())
    }

    pub(in crate::functions) fn items(&self, index: usize) -> Result<Vec<&'a RawValue>, String> {
        Ok(collection::items(self.text(index)?))
    }

    /// The items of an array of texts.
    pub(in crate::functions) fn texts(&self, index: usize) -> Result<Vec<String>, String> {
        let items = self.items(index)?;
        Ok(items
            .into_iter()
            .map(|item| collection::plain(item.get()))
            .collect())
    }

    /// As a person would write it.
    pub(in crate::functions) fn shown(&self, index: usize) -> Result<String, String> {
        value::text(self.raw(index), self.data_type(index))
    }

    pub(in crate::functions) fn json(&self, index: usize) -> String {
        collection::encode(self.raw(index), self.data_type(index))
    }
}
