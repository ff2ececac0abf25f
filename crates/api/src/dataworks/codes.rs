//! Numbers that stand for something, and their words.

/// What a number means.
pub type Codes = &'static [(i32, &'static str)];

pub const WIZARD: i32 = 0;
pub const SCRIPT: i32 = 1;
pub const REGISTRATION: i32 = 2;

/// `ApiMode`
pub const MODES: Codes = &[
    (WIZARD, "Wizard"),
    (SCRIPT, "Script"),
    (REGISTRATION, "Registration"),
];

pub const GET: i32 = 0;
pub const POST: i32 = 1;
pub const PUT: i32 = 2;
pub const DELETE: i32 = 3;

/// `RequestMethod`
pub const METHODS: Codes = &[
    (GET, "GET"),
    (POST, "POST"),
    (PUT, "PUT"),
    (DELETE, "DELETE"),
];

/// `ResponseContentType` and `serviceContentType`
pub const RESPONSE_TYPES: Codes = &[(0, "JSON"), (1, "XML")];

/// `RequestContentType`: another order than that of answers.
pub const REQUEST_TYPES: Codes = &[(0, "XML"), (1, "JSON"), (2, "Form")];

/// `VisibleRange`
pub const VISIBLE: Codes = &[(0, "Workspace"), (1, "Only its owner")];

/// `Protocols`
pub const PROTOCOLS: Codes = &[(0, "HTTP"), (1, "HTTPS")];

pub const MYBATIS: i32 = 1;

/// `SqlMode`
pub const SQL_MODES: Codes = &[(0, "Basic"), (MYBATIS, "MyBatis")];

pub const PUBLISHED: i32 = 1;

/// `Status`
pub const STATES: Codes = &[(0, "Unpublished"), (PUBLISHED, "Published")];

/// `parameterDataType`
pub const DATA_TYPES: Codes = &[
    (0, "String"),
    (1, "Int"),
    (2, "Long"),
    (3, "Float"),
    (4, "Double"),
    (5, "Boolean"),
    (6, "StringList"),
    (7, "IntList"),
    (8, "LongList"),
    (9, "FloatList"),
    (10, "DoubleList"),
    (11, "BooleanList"),
];

pub const EQUAL: i32 = 0;
pub const LIKE: i32 = 1;
pub const CONST: i32 = 2;
pub const IN: i32 = 3;

/// `parameterOperator`
pub const OPERATORS: Codes = &[
    (EQUAL, "Equal"),
    (LIKE, "Like"),
    (CONST, "Const"),
    (IN, "In"),
];

pub const PATH: i32 = 0;
pub const QUERY: i32 = 1;
pub const HEAD: i32 = 2;
pub const BODY: i32 = 3;

/// `parameterPosition`
pub const POSITIONS: Codes = &[
    (PATH, "Path"),
    (QUERY, "Query"),
    (HEAD, "Head"),
    (BODY, "Body"),
];

/// The word, or the number where nobody knows it.
pub fn word(codes: Codes, code: i32) -> String {
    let found = codes.iter().find(|(known, _)| *known == code);
    found.map_or_else(|| code.to_string(), |(_, word)| (*word).to_string())
}
