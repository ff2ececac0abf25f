//! `/v1beta2/dashboards`: panels on a grid of twelve columns.
