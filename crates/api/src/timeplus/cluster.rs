//! `/v1beta2/cluster`: nodes of the server.
