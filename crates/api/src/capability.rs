//! What a server can do. Servers differ: those of 2025 create everything over REST, those of 2026
//! leave streams, views and the like to SQL, dropped some resources and gained others.

/// One thing that some servers can do and others cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Capability {
    /// `POST`, `PUT` and `PATCH` of streams, views, materialized views, external streams, external
    /// tables, schemas and functions. Without it they are made with DDL through `Exec`.
    Definitions,
    /// `POST /exec`.
    Exec,
    Alerts,
    ApiKeys,
    Invitations,
    Subscription,
    /// `GET /views/{name}/stats` and `GET /external_streams/{name}/stats`.
    ViewStats,
    /// Pause, resume, recover and transfer of materialized views.
    MaterializedViewControl,
    /// Logs of sources and sinks.
    Logs,
    Databases,
    Dictionaries,
    Cluster,
    Licenses,
    Pipelines,
    /// The stream `backend_log`, which holds the server's own log.
    ServerLog,
    /// Azion's API in version 4: streams of parts, and templates of one's own.
    AzionParts,
    /// What only SQL reaches, on servers of 3.x: see [`crate::timeplus::by_sql`].
    Tasks,
    AlertsBySql,
    RandomStreams,
    ScheduledViews,
    NamedCollections,
    Disks,
    StoragePolicies,
    AccessRoles,
    Grants,
    RowPolicies,
    Quotas,
}

impl Capability {
    /// Of Timeplus, over REST.
    pub const ALL: [Self; 15] = [
        Self::Definitions,
        Self::Exec,
        Self::Alerts,
        Self::ApiKeys,
        Self::Invitations,
        Self::Subscription,
        Self::ViewStats,
        Self::MaterializedViewControl,
        Self::Logs,
        Self::Databases,
        Self::Dictionaries,
        Self::Cluster,
        Self::Licenses,
        Self::Pipelines,
        Self::ServerLog,
    ];
}

/// A set of capabilities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities(u32);

impl Capabilities {
    /// What the embedded backend can do.
    pub fn all() -> Self {
        Capability::ALL
            .into_iter()
            .fold(Self::default(), Self::with)
    }

    pub const fn none() -> Self {
        Self(0)
    }

    #[must_use]
    pub fn with(self, one: Capability) -> Self {
        Self(self.0 | 1 << one as u8)
    }

    #[must_use]
    pub fn without(self, one: Capability) -> Self {
        Self(self.0 & !(1 << one as u8))
    }

    /// Streams, views and the like are defined with SQL: the server takes no definitions over REST.
    pub fn by_sql(self) -> bool {
        !self.has(Capability::Definitions)
    }

    pub fn has(self, one: Capability) -> bool {
        self.0 & 1 << one as u8 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_taken_and_given_alone() {
        let most = Capabilities::all().without(Capability::Alerts);
        assert!(!most.has(Capability::Alerts));
        assert!(most.has(Capability::Exec) && most.has(Capability::Pipelines));
        assert_eq!(most.with(Capability::Alerts), Capabilities::all());
    }
}
