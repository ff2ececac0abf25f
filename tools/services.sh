#!/usr/bin/env bash
# What the tests of external systems need: programs of NATS, MariaDB and PostgreSQL. No service is
# started or enabled; each test starts servers of its own (tests/services).
. "$(dirname "$0")/common.sh"

# Debian keeps PostgreSQL's server programs off PATH, one folder a version.
have_postgres() {
  have postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
}

# Without a cluster, Debian's service has nothing to run.
install_postgresql() {
  # shellcheck disable=SC2086 # lists of packages
  apt_packages $PACKAGES_POSTGRESQL_COMMON &&
    as_root sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' \
      /etc/postgresql-common/createcluster.conf &&
    apt_packages $PACKAGES_POSTGRESQL
}

need_program nats-server "$PACKAGES_NATS" --version
# The -core packages hold programs only.
# shellcheck disable=SC2086 # a list of packages
need_packages mariadbd $PACKAGES_MARIADB
if ! have_postgres; then
  if ! have apt-get; then
    fail "postgres is missing." \
      "Install it with your system's package manager (on Debian: $PACKAGES_POSTGRESQL)."
  fi
  step "install $PACKAGES_POSTGRESQL" "under a minute" \
    "Install by hand and run again: apt-get install $PACKAGES_POSTGRESQL" install_postgresql
fi
