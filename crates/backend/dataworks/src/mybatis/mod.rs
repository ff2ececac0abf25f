//! Scripts of MyBatis: SQL with tags that leave parts of it out or repeat them. What is left is a
//! script with `${name}` for each value, so that values are never read as SQL, whether they are
//! written `#{name}` or `${name}`.

mod condition;
mod text;

use std::collections::HashMap;

use roxmltree::{Document, Node};
use weir_engine::{Given, SqlError};

use self::text::{Piece, pieces, trimmed};

/// Tags inside each other.
const DEEPEST: usize = 32;
/// Elements that are repeated, those inside of others each time again. Who calls says how many.
const MOST_REPEATED: usize = 20_000;
/// Bytes of what a script becomes.
const LARGEST: usize = 256 << 10;

/// A script without tags, and the values of its parameters: those that were given, and one for each
/// element that is repeated.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub sql: String,
    pub given: Vec<(String, Given)>,
}

pub(super) fn render(script: &str, given: &[(String, Given)]) -> Result<Rendered, SqlError> {
    // One that begins with its own tag has no other around it.
    let whole = format!("<script>{script}</script>");
    let document = Document::parse(&whole)
        .map_err(|error| SqlError::new(format!("the script is not XML: {error}")))?;
    let names = given.iter().map(|(name, _)| name.clone());
    let mut places = HashMap::new();
    for (place, name) in names.enumerate() {
        places.entry(name).or_insert(place);
    }
    let mut renderer = Renderer {
        given: given.to_vec(),
        places,
        items: Vec::new(),
        made: 0,
        repeated: 0,
    };
    let sql = renderer.children(document.root_element(), 0)?;
    Ok(Rendered {
        sql,
        given: renderer.given,
    })
}

/// Names that the script's values have, without those that it makes itself.
pub(super) fn names(script: &str) -> Result<Vec<String>, SqlError> {
    let whole = format!("<script>{script}</script>");
    let document = Document::parse(&whole)
        .map_err(|error| SqlError::new(format!("the script is not XML: {error}")))?;
    let mut names = Vec::new();
    let mut own = Vec::new();
    for node in document.descendants() {
        known(node)?;
        if node.has_tag_name("foreach") {
            own.extend(
                ["item", "index"]
                    .iter()
                    .filter_map(|name| node.attribute(*name)),
            );
            names.extend(node.attribute("collection").map(str::to_owned));
        }
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            for part in pieces(text)? {
                if let Piece::Value(name) = part {
                    names.push(name.to_owned());
                }
            }
        }
    }
    names.retain(|name| !own.contains(&name.as_str()));
    names.dedup();
    Ok(names)
}

/// Tags that are rendered, wherever they may stand.
const TAGS: [&str; 10] = [
    "if",
    "where",
    "set",
    "trim",
    "choose",
    "when",
    "otherwise",
    "foreach",
    "script",
    "select",
];

fn known(node: Node<'_, '_>) -> Result<(), SqlError> {
    let tag = node.tag_name().name();
    match node.is_element() && !TAGS.contains(&tag) {
        true => Err(SqlError::new(format!("<{tag}> is not supported"))),
        false => Ok(()),
    }
}

struct Renderer {
    given: Vec<(String, Given)>,
    /// Where a name is first given.
    places: HashMap<String, usize>,
    /// What elements are called where they are repeated, and the names under which they are given;
    /// the innermost last.
    items: Vec<(String, String)>,
    /// Names that were made so far.
    made: usize,
    repeated: usize,
}

impl Renderer {
    /// The name under which a value is given.
    fn given_as<'a>(&'a self, name: &'a str) -> &'a str {
        let mut items = self.items.iter().rev();
        let found = items.find(|(item, _)| item == name);
        found.map_or(name, |(_, made)| made)
    }

    fn value(&self, name: &str) -> Option<&Given> {
        let place = *self.places.get(self.given_as(name))?;
        self.given.get(place).map(|(_, value)| value)
    }

    fn children(&mut self, node: Node<'_, '_>, depth: usize) -> Result<String, SqlError> {
        let mut sql = String::new();
        for child in node.children() {
            let part = self.node(child, depth)?;
            // As MyBatis does: what two elements say stays apart.
            let joined = !sql.is_empty() && !sql.ends_with(char::is_whitespace);
            if joined && !part.is_empty() && !part.starts_with(char::is_whitespace) {
                sql.push(' ');
            }
            sql.push_str(&part);
            small_enough(sql.len())?;
        }
        Ok(sql)
    }

    fn node(&mut self, node: Node<'_, '_>, depth: usize) -> Result<String, SqlError> {
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            return self.text(text);
        }
        if !node.is_element() {
            return Ok(String::new());
        }
        if depth >= DEEPEST {
            return Err(SqlError::new("tags are nested too deeply"));
        }
        let depth = depth + 1;
        match node.tag_name().name() {
            "if" => match self.holds(node)? {
                true => self.children(node, depth),
                false => Ok(String::new()),
            },
            "where" => {
                let inside = self.children(node, depth)?;
                Ok(trimmed(&inside, "WHERE", "", &["AND", "OR"], &[]))
            }
            "set" => {
                let inside = self.children(node, depth)?;
                Ok(trimmed(&inside, "SET", "", &[], &[","]))
            }
            "trim" => {
                let inside = self.children(node, depth)?;
                let attribute = |name: &str| node.attribute(name).unwrap_or_default();
                let words = |name: &str| -> Vec<&str> { attribute(name).split('|').collect() };
                Ok(trimmed(
                    &inside,
                    attribute("prefix"),
                    attribute("suffix"),
                    &words("prefixOverrides"),
                    &words("suffixOverrides"),
                ))
            }
            "choose" => self.choose(node, depth),
            "foreach" => self.repeat(node, depth),
            "script" | "select" => self.children(node, depth),
            other => Err(SqlError::new(format!("<{other}> is not supported"))),
        }
    }

    fn text(&self, text: &str) -> Result<String, SqlError> {
        let mut sql = String::new();
        for piece in pieces(text)? {
            match piece {
                Piece::Text(text) => sql.push_str(text),
                Piece::Value(name) => sql.push_str(&format!("${{{}}}", self.given_as(name))),
            }
        }
        Ok(sql)
    }

    fn holds(&self, node: Node<'_, '_>) -> Result<bool, SqlError> {
        let test = node.attribute("test").unwrap_or_default();
        condition::holds(test, &|name| self.value(name))
            .map_err(|words| SqlError::new(format!("test=\"{test}\": {words}")))
    }

    fn choose(&mut self, node: Node<'_, '_>, depth: usize) -> Result<String, SqlError> {
        for child in node.children().filter(Node::is_element) {
            let chosen = match child.tag_name().name() {
                "when" => self.holds(child)?,
                "otherwise" => true,
                other => return Err(SqlError::new(format!("<{other}> is not for <choose>"))),
            };
            if chosen {
                return self.children(child, depth);
            }
        }
        Ok(String::new())
    }

    /// Gives a value under a name of its own, which is called `name` here.
    fn make(&mut self, name: &str, value: Given) {
        if name.is_empty() {
            return;
        }
        let made = format!("{MADE}{}", self.made);
        self.made += 1;
        let place = self.given.len();
        self.places.entry(made.clone()).or_insert(place);
        self.given.push((made.clone(), value));
        self.items.push((name.to_owned(), made));
    }

    fn repeat(&mut self, node: Node<'_, '_>, depth: usize) -> Result<String, SqlError> {
        let attribute = |name: &str| node.attribute(name).unwrap_or_default();
        let collection = attribute("collection");
        let items = match self.value(collection) {
            None => {
                let words = format!("parameter '{collection}' is not declared");
                return Err(SqlError::new(words));
            }
            Some(Given::Null) => Vec::new(),
            Some(Given::List(items)) => items.clone(),
            Some(one) => vec![one.clone()],
        };
        if items.is_empty() {
            return Ok(String::new());
        }
        let mut parts = Vec::new();
        let mut size = 0;
        for (at, item) in items.into_iter().enumerate() {
            self.repeated += 1;
            if self.repeated > MOST_REPEATED {
                let words = format!("the script repeats more than {MOST_REPEATED} elements");
                return Err(SqlError::new(words));
            }
            let index = Given::Int(i64::try_from(at).unwrap_or(i64::MAX));
            let outer = self.items.len();
            self.make(attribute("item"), item);
            self.make(attribute("index"), index);
            let part = self.children(node, depth);
            self.items.truncate(outer);
            let part = part?;
            let part = part.trim();
            size += part.len() + attribute("separator").len() + 2;
            small_enough(size)?;
            parts.push(part.to_owned());
        }
        Ok(format!(
            " {}{}{} ",
            attribute("open"),
            parts.join(&format!(" {} ", attribute("separator"))),
            attribute("close")
        ))
    }
}

fn small_enough(size: usize) -> Result<(), SqlError> {
    match size > LARGEST {
        true => {
            let words = format!("the script becomes larger than {} KiB", LARGEST >> 10);
            Err(SqlError::new(words))
        }
        false => Ok(()),
    }
}

/// Before the number in the name of an element. Declared names come first where they are the same.
const MADE: &str = "weir_item_";

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Given {
        Given::Text(value.into())
    }

    fn sql(script: &str, given: &[(&str, Given)]) -> String {
        let given: Vec<_> = given
            .iter()
            .map(|(n, v)| (n.to_string(), v.clone()))
            .collect();
        let rendered = render(script, &given).expect("rendered");
        let words: Vec<&str> = rendered.sql.split_whitespace().collect();
        words.join(" ")
    }

    #[test]
    fn parts_are_left_out_and_their_leading_words_with_them() {
        let script = "select * from t <where><if test=\"a != null and a != ''\">and a = #{a}</if>\
                      <if test='b != null'>AND b &gt; #{b,jdbcType=BIGINT}</if></where>";
        let null = ("a", Given::Null);
        assert_eq!(
            sql(script, &[null.clone(), ("b", Given::Null)]),
            "select * from t"
        );
        assert_eq!(
            sql(script, &[null, ("b", Given::Int(1))]),
            "select * from t WHERE b > ${b}"
        );
        assert_eq!(
            sql(script, &[("a", text("x")), ("b", Given::Int(1))]),
            "select * from t WHERE a = ${a} AND b > ${b}"
        );
    }

    #[test]
    fn a_caller_repeats_only_so_much() {
        let started = std::time::Instant::now();
        let list = |count: i64| {
            vec![(
                "ids".to_string(),
                Given::List((0..count).map(Given::Int).collect()),
            )]
        };
        let open = "<foreach collection='ids' item='id'>";
        for depth in 2..6 {
            for inside in ["", "<if test='id == 1'>#{id}</if>"] {
                let close = "</foreach>".repeat(depth);
                let script = format!("{}{inside}{close}", open.repeat(depth));
                let refused = render(&script, &list(5_000)).expect_err("too many");
                assert!(refused.message.contains("20000 elements"), "{refused}");
            }
        }
        let script = format!("{open}<if test='id == 19999'>#{{id}}</if></foreach>");
        let rendered = render(&script, &list(20_000)).expect("just as many");
        assert_eq!(rendered.sql.trim(), "${weir_item_19999}");
        let script = format!("{open}{}</foreach>", "x".repeat(10_000));
        let refused = render(&script, &list(20_000)).expect_err("too large");
        assert!(refused.message.contains("larger than"), "{refused}");
        let many = format!("select {}", "#{a} $ ".repeat(30_000));
        assert!(names(&many).expect("names").iter().all(|name| name == "a"));
        let took = started.elapsed();
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
    }

    #[test]
    fn lists_are_repeated_under_names_of_their_own() {
        let script = "select * from t where a in <foreach collection='ids' item='id' open='(' \
                      separator=',' close=')'>#{id}</foreach>";
        let ids = Given::List(vec![Given::Int(1), text("x' OR 1=1 --")]);
        let given = [("ids".to_string(), ids)];
        let rendered = render(script, &given).expect("rendered");
        assert!(
            rendered.sql.contains("(${weir_item_0} , ${weir_item_1})"),
            "{}",
            rendered.sql
        );
        let bound = weir_engine::bind(&rendered.sql, &rendered.given);
        assert!(bound.is_ok(), "{bound:?}");
        assert_eq!(names(script).expect("names"), ["ids"]);
    }

    #[test]
    fn one_of_several_is_chosen() {
        let script = "select <choose><when test='a == 1'>one</when><when test='a == 2'>two</when>\
                      <otherwise>other</otherwise></choose> from t";
        assert_eq!(sql(script, &[("a", Given::Int(2))]), "select two from t");
        assert_eq!(sql(script, &[("a", Given::Int(3))]), "select other from t");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (script, words) in [
            ("select <if>", "not XML"),
            ("<sql>x</sql>", "<sql>"),
            ("<if test='a ='>x</if>", "test="),
            ("select #{a", "#{name}"),
        ] {
            let error = render(script, &[]).expect_err(script).to_string();
            assert!(error.contains(words), "{error}");
        }
        // Before anybody calls it, and not as if its value were none of the parameters.
        let script = "<bind name='p' value='a'/>select * from t where a like #{p}";
        let error = names(script).expect_err(script).to_string();
        assert!(error.contains("<bind>"), "{error}");
        let deep = format!("{}x{}", "<where>".repeat(40), "</where>".repeat(40));
        assert!(render(&deep, &[]).is_err());
    }
}
