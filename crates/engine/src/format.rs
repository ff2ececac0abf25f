//! Lays a statement out over lines. Works on tokens, so nothing but white space and the case of
//! keywords changes, and comments stay.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan, Whitespace, Word},
};

use crate::{
    SqlError, functions,
    parse::{self, source::Source},
};

/// The statement with one clause per line and its items indented. A statement that cannot be
/// parsed is an error, with its position.
pub fn format(sql: &str) -> Result<String, SqlError> {
    parse::parse(sql, functions::is_known)?;
    let source = Source::new(sql, functions::is_known);
    let mut writer = Writer {
        source: &source,
        out: String::new(),
        brackets: Vec::new(),
        previous: None,
    };
    let tokens = source.all_tokens()?;
    let meaningful: Vec<(usize, &TokenWithSpan)> = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| match &token.token {
            Token::Whitespace(space) => matches!(
                space,
                Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)
            ),
            Token::EOF => false,
            _ => true,
        })
        .collect();
    for (place, (index, token)) in meaningful.iter().enumerate() {
        let touches = *index > 0 && !matches!(tokens[index - 1].token, Token::Whitespace(_));
        let next = meaningful.get(place + 1).map(|(_, token)| &token.token);
        writer.token(token, touches, next);
    }
    let formatted = writer.out.trim().to_string();
    // Never trade looks for meaning.
    Ok(
        if meaning(&formatted).is_ok_and(|after| meaning(sql).is_ok_and(|before| before == after)) {
            formatted
        } else {
            sql.trim().to_string()
        },
    )
}

/// The tokens that the parser sees, words in one case unless quoted.
fn meaning(sql: &str) -> Result<Vec<Token>, SqlError> {
    let source = Source::new(sql, functions::is_known);
    let tokens = parse::rewrite(&source, &source.tokens()?)?;
    let same_case = |token: TokenWithSpan| match token.token {
        Token::Word(word)
            if word.quote_style.is_none()
                && (word.keyword != Keyword::NoKeyword
                    || word.value.eq_ignore_ascii_case("emit")) =>
        {
            Token::Word(Word {
                value: word.value.to_uppercase(),
                ..word
            })
        }
        other => other,
    };
    Ok(tokens.into_iter().map(same_case).collect())
}

struct Writer<'s> {
    source: &'s Source<'s>,
    out: String,
    /// For each open bracket whether it holds a query.
    brackets: Vec<bool>,
    previous: Option<Token>,
}

/// Begin a line of their own.
const CLAUSES: &[Keyword] = &[
    Keyword::SELECT,
    Keyword::FROM,
    Keyword::WHERE,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::QUALIFY,
    Keyword::ORDER,
    Keyword::LIMIT,
    Keyword::UNION,
    Keyword::INTERSECT,
    Keyword::SETTINGS,
    Keyword::VALUES,
    Keyword::JOIN,
    Keyword::LEFT,
    Keyword::RIGHT,
    Keyword::INNER,
    Keyword::CROSS,
    Keyword::FULL,
];

/// Written in capitals where they stand as keywords.
const UPPER: &[Keyword] = &[
    Keyword::AS,
    Keyword::BY,
    Keyword::ON,
    Keyword::AND,
    Keyword::OR,
    Keyword::NOT,
    Keyword::IN,
    Keyword::IS,
    Keyword::NULL,
    Keyword::LIKE,
    Keyword::ILIKE,
    Keyword::BETWEEN,
    Keyword::CASE,
    Keyword::WHEN,
    Keyword::THEN,
    Keyword::ELSE,
    Keyword::END,
    Keyword::WITH,
    Keyword::DISTINCT,
    Keyword::ASC,
    Keyword::DESC,
    Keyword::ALL,
    Keyword::OUTER,
    Keyword::USING,
    Keyword::INTERVAL,
    Keyword::OFFSET,
    Keyword::CREATE,
    Keyword::DROP,
    Keyword::ALTER,
    Keyword::INSERT,
    Keyword::INTO,
];

fn starts_emit(next: Option<&Token>) -> bool {
    matches!(next, Some(Token::Word(word)) if ["PERIODIC", "AFTER", "STREAM"]
        .iter()
        .any(|emit| word.value.eq_ignore_ascii_case(emit)))
}

impl Writer<'_> {
    fn token(&mut self, token: &TokenWithSpan, touches: bool, next: Option<&Token>) {
        let text = self.source.text(token.span);
        match &token.token {
            Token::Whitespace(Whitespace::SingleLineComment { .. }) => {
                self.space();
                self.out.push_str(text.trim_end());
                self.line();
            }
            Token::Whitespace(_) => {
                self.space();
                self.out.push_str(text);
                self.space();
            }
            Token::LParen => {
                let query = matches!(next, Some(Token::Word(w)) if matches!(w.keyword, Keyword::SELECT | Keyword::WITH));
                if !touches && !matches!(self.previous, Some(Token::LParen)) {
                    self.space();
                }
                self.out.push('(');
                self.brackets.push(query);
                if query {
                    self.line();
                }
            }
            Token::RParen => {
                if self.brackets.pop() == Some(true) {
                    self.line();
                }
                self.out.push(')');
            }
            Token::Comma => {
                self.out.push(',');
                match self.brackets.last() {
                    // Inside a call or a list of values the items stay on the line.
                    Some(false) => self.space(),
                    _ => {
                        self.line();
                        self.out.push_str("  ");
                    }
                }
            }
            Token::Period
            | Token::DoubleColon
            | Token::RBracket
            | Token::SemiColon
            | Token::Colon => {
                self.out.push_str(text);
            }
            Token::Word(_) if text.eq_ignore_ascii_case("emit") && starts_emit(next) => {
                self.line();
                self.out.push_str("EMIT");
            }
            Token::Word(word) => self.word(word, text, touches),
            Token::Eq
            | Token::DoubleEq
            | Token::Neq
            | Token::Lt
            | Token::LtEq
            | Token::Gt
            | Token::GtEq => {
                self.space();
                self.out.push_str(text);
            }
            _ => {
                if !touches || !self.holds() {
                    self.space();
                }
                self.out.push_str(text);
            }
        }
        self.previous = Some(token.token.clone());
    }

    fn word(&mut self, word: &Word, text: &str, touches: bool) {
        let plain = word.quote_style.is_none() && self.previous != Some(Token::Period);
        let call = self.brackets.last() == Some(&false);
        let joined = matches!(&self.previous, Some(Token::Word(w)) if matches!(w.keyword,
            Keyword::LEFT | Keyword::RIGHT | Keyword::INNER | Keyword::CROSS | Keyword::FULL | Keyword::OUTER));
        let keyword = plain && self.is_keyword(word);
        if keyword
            && CLAUSES.contains(&word.keyword)
            && !call
            && !(joined && word.keyword == Keyword::JOIN)
        {
            self.line();
        } else if !(touches && self.holds()) {
            self.space();
        }
        if keyword {
            self.out.push_str(&text.to_uppercase());
        } else {
            self.out.push_str(text);
        }
    }

    /// Names can be spelled like keywords: those before a bracket or after AS stay as they are.
    fn is_keyword(&self, word: &Word) -> bool {
        let after_as = matches!(&self.previous, Some(Token::Word(w)) if w.keyword == Keyword::AS);
        let known = CLAUSES.contains(&word.keyword) || UPPER.contains(&word.keyword);
        known && (!after_as || word.keyword == Keyword::SELECT)
    }

    /// Whether the token before wants what touches it to keep touching it.
    fn holds(&self) -> bool {
        matches!(
            self.previous,
            Some(
                Token::Period
                    | Token::DoubleColon
                    | Token::LBracket
                    | Token::LParen
                    | Token::Colon
                    | Token::Number(..)
                    | Token::Minus
                    | Token::Plus
            )
        ) || matches!(
            &self.previous,
            Some(Token::Word(_) | Token::RParen | Token::RBracket)
        )
    }

    fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with([' ', '\n', '(']) {
            self.out.push(' ');
        }
    }

    /// A new line at the depth of the query, unless there is nothing on this one.
    fn line(&mut self) {
        let depth = self.brackets.iter().filter(|query| **query).count();
        let trimmed = self.out.trim_end_matches(' ').len();
        self.out.truncate(trimmed);
        if self.out.is_empty() {
            return;
        }
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(&"  ".repeat(depth));
    }
}
