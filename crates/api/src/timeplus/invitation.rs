//! `/v1beta2/invitations`.
