//! `/v1beta2/alerts`: a trigger query, an action, and the query that resolves it.
