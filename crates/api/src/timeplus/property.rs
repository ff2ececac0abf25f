//! Properties of sources, sinks, external streams, external tables and alerts as data.
