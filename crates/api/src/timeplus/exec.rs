//! `/v1beta2/exec`: DDL and bounded queries as SQL.
