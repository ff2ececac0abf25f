//! Tuples of numbers as vectors: element by element, with the operators' own types.

use super::{
    super::{Call, Function, built},
    fields, subscript, tuple,
};
use crate::typed::Typed;
use weir_api::DataType;

macro_rules! pairs {
    ($names:expr, $signature:expr, $operator:expr, $help:expr) => {
        Function {
            names: &$names,
            signature: $signature,
            help: $help,
            arguments: (2, 2),
            build: |call| tuple(&pairwise(call, $operator)?),
        }
    };
}

macro_rules! scaled {
    ($name:expr, $signature:expr, $operator:expr, $help:expr) => {
        Function {
            names: &[$name],
            signature: $signature,
            help: $help,
            arguments: (2, 2),
            build: |call| {
                let elements = elements(&call.args[0])?;
                let by = &call.args[1];
                let each = elements
                    .iter()
                    .map(|element| built($operator, &call.with(&[element.clone(), by.clone()])));
                tuple(&each.collect::<Result<Vec<_>, _>>()?)
            },
        }
    };
}

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    pairs!(
        ["tuple_plus", "vector_sum"],
        "tuple_plus(tuple, tuple) -> tuple",
        "plus",
        "The sums of elements at the same place."
    ),
    pairs!(
        ["tuple_minus", "vector_difference"],
        "tuple_minus(tuple, tuple) -> tuple",
        "minus",
        "The differences of elements at the same place."
    ),
    pairs!(
        ["tuple_multiply"],
        "tuple_multiply(tuple, tuple) -> tuple",
        "multiply",
        "The products of elements at the same place."
    ),
    pairs!(
        ["tuple_divide"],
        "tuple_divide(tuple, tuple) -> tuple",
        "divide",
        "The quotients of elements at the same place."
    ),
    scaled!(
        "tuple_multiply_by_number",
        "tuple_multiply_by_number(tuple, number) -> tuple",
        "multiply",
        "Each element times the number."
    ),
    scaled!(
        "tuple_divide_by_number",
        "tuple_divide_by_number(tuple, number) -> tuple",
        "divide",
        "Each element by the number."
    ),
    Function {
        names: &["tuple_negate"],
        signature: "tuple_negate(tuple) -> tuple",
        help: "Each element with the other sign.",
        arguments: (1, 1),
        build: |call| {
            let elements = elements(&call.args[0])?;
            let each = elements
                .iter()
                .map(|element| built("negate", &call.with(std::slice::from_ref(element))));
            tuple(&each.collect::<Result<Vec<_>, _>>()?)
        },
    },
    Function {
        names: &["tuple_hamming_distance"],
        signature: "tuple_hamming_distance(tuple, tuple) -> uint64",
        help: "Elements that differ at the same place.",
        arguments: (2, 2),
        build: |call| {
            let differ = pairwise(call, "not_equals")?;
            let sum: Vec<_> = differ.iter().map(|differs| differs.sql.as_str()).collect();
            Ok(call.typed(format!("({})", sum.join(" + ")), DataType::UInt(64)))
        },
    },
];

fn elements(of: &Typed) -> Result<Vec<Typed>, String> {
    let count = fields(of)?.len();
    (1..=count)
        .map(|place| {
            let place = Typed::new(place.to_string(), DataType::UInt(8));
            subscript(of, &place)
        })
        .collect()
}

fn pairwise(call: &Call<'_>, operator: &str) -> Result<Vec<Typed>, String> {
    let (left, right) = (elements(&call.args[0])?, elements(&call.args[1])?);
    if left.len() != right.len() {
        return Err(format!(
            "the tuples differ in length: {} and {}",
            left.len(),
            right.len()
        ));
    }
    left.into_iter()
        .zip(right)
        .map(|(left, right)| built(operator, &call.with(&[left, right])))
        .collect()
}
