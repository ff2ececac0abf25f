//! Reading tokens one by one, for the statements that the general grammar does not know.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::source::{Source, dollar_quoted, is_word};
use crate::{SqlError, error::quoted};

pub(crate) struct Cursor<'a> {
    pub(crate) source: &'a Source<'a>,
    tokens: &'a [TokenWithSpan],
    position: usize,
    /// What was read and changes nothing here.
    pub(crate) notices: Vec<String>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(source: &'a Source<'a>, tokens: &'a [TokenWithSpan]) -> Self {
        Self {
            source,
            tokens,
            position: 0,
            notices: Vec::new(),
        }
    }

    /// Tells that a part of the statement changes nothing here.
    pub(crate) fn without_effect(&mut self, what: &str) {
        self.notice(format!("{what} has no effect here"));
    }

    pub(crate) fn notice(&mut self, words: String) {
        if !self.notices.contains(&words) {
            self.notices.push(words);
        }
    }

    pub(crate) fn rest(&self) -> &'a [TokenWithSpan] {
        &self.tokens[self.position..]
    }

    pub(crate) fn peek(&self) -> Option<&'a Token> {
        self.rest().first().map(|token| &token.token)
    }

    /// Of the next token, or of the last one at the end.
    pub(crate) fn span(&self) -> Span {
        let token = self.rest().first().or(self.tokens.last());
        token.map_or(Span::empty(), |token| token.span)
    }

    pub(crate) fn at_end(&self) -> bool {
        self.rest().is_empty()
    }

    pub(crate) fn accept_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| is_word(token, word));
        self.position += usize::from(found);
        found
    }

    pub(crate) fn accept_words(&mut self, words: &[&str]) -> bool {
        let rest = self.rest();
        let found = rest.len() >= words.len()
            && words
                .iter()
                .zip(rest)
                .all(|(word, token)| is_word(&token.token, word));
        if found {
            self.position += words.len();
        }
        found
    }

    pub(crate) fn accept(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.position += usize::from(found);
        found
    }

    pub(crate) fn skip(&mut self) {
        self.position += usize::from(!self.at_end());
    }

    pub(crate) fn accept_number(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Token::Number(text, _)) => {
                self.position += 1;
                Some(text)
            }
            _ => None,
        }
    }

    pub(crate) fn expect_word(&mut self, word: &str) -> Result<(), SqlError> {
        if self.accept_word(word) {
            Ok(())
        } else {
            Err(self.expected(word))
        }
    }

    pub(crate) fn expect(&mut self, wanted: &Token) -> Result<(), SqlError> {
        if self.accept(wanted) {
            Ok(())
        } else {
            Err(self.expected(&wanted.to_string()))
        }
    }

    pub(crate) fn expect_end(&self) -> Result<(), SqlError> {
        if self.at_end() {
            Ok(())
        } else {
            Err(self.expected("the end of the statement"))
        }
    }

    pub(crate) fn expected(&self, wanted: &str) -> SqlError {
        let found = match self.rest().first() {
            Some(token) => quoted(self.source.text(token.span)),
            None => "the end".to_string(),
        };
        SqlError::at(format!("expected {wanted}, found {found}"), self.span())
    }

    /// A name, quoted or not.
    pub(crate) fn name(&mut self, what: &str) -> Result<String, SqlError> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.position += 1;
                Ok(word.value.clone())
            }
            _ => Err(self.expected(what)),
        }
    }

    /// The name of a stream, a view, a table: the database may stand before it.
    pub(crate) fn object(&mut self, what: &str) -> Result<String, SqlError> {
        let span = self.span();
        let first = self.name(what)?;
        if !self.accept(&Token::Period) {
            return Ok(first);
        }
        if first != "default" {
            return Err(SqlError::at(
                format!("unknown database '{first}': the only one is 'default'"),
                span,
            ));
        }
        self.name(what)
    }

    pub(crate) fn string(&mut self, what: &str) -> Result<String, SqlError> {
        match self.peek() {
            Some(Token::SingleQuotedString(text)) => {
                self.position += 1;
                Ok(text.clone())
            }
            _ => Err(self.expected(what)),
        }
    }

    /// `$$ text $$` or `$tag$ text $tag$`, as it stands between the dollars.
    pub(crate) fn dollar_quoted(&mut self) -> Option<&'a str> {
        let token = self.rest().first()?;
        if !matches!(token.token, Token::DollarQuotedString(_)) {
            return None;
        }
        self.position += 1;
        dollar_quoted(self.source.text(token.span))
    }

    /// `(a, b, …)`
    pub(crate) fn names(&mut self) -> Result<Vec<String>, SqlError> {
        self.expect(&Token::LParen)?;
        let mut names = vec![self.name("a column name")?];
        while self.accept(&Token::Comma) {
            names.push(self.name("a column name")?);
        }
        self.expect(&Token::RParen)?;
        Ok(names)
    }

    /// Tokens up to one outside brackets that `stop` accepts, or up to an unopened bracket.
    pub(crate) fn until(&mut self, stop: impl Fn(&Token) -> bool) -> &'a [TokenWithSpan] {
        let (start, mut depth) = (self.position, 0usize);
        while let Some(token) = self.peek() {
            match token {
                Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
                Token::RParen | Token::RBracket | Token::RBrace if depth == 0 => break,
                Token::RParen | Token::RBracket | Token::RBrace => depth -= 1,
                other if depth == 0 && stop(other) => break,
                _ => {}
            }
            self.position += 1;
        }
        &self.tokens[start..self.position]
    }

    /// The text of an expression, checked to be one.
    pub(crate) fn expression(&mut self, stop: impl Fn(&Token) -> bool) -> Result<String, SqlError> {
        if self.at_end() {
            return Err(self.expected("an expression"));
        }
        let tokens = self.until(stop);
        if tokens.is_empty() {
            return Err(self.expected("an expression"));
        }
        super::expression(self.source, tokens)?;
        Ok(self.source.slice(tokens).to_string())
    }
}
