#!/usr/bin/env bash
# Starts MariaDB. An empty data directory first gets the root account, a database and its user, named by the same
# environment as in the official images: MARIADB_ROOT_PASSWORD, MARIADB_DATABASE, MARIADB_USER, MARIADB_PASSWORD, each
# also as MYSQL_… and as …_FILE. Arguments are server flags.
set -euo pipefail

readonly data=${MARIADB_DATA_DIRECTORY:-/var/lib/mysql}
readonly unfinished=$data/.initializing

fail() {
  echo "mysql: $1" >&2
  exit 1
}

# The value of MARIADB_<name>, MYSQL_<name> or of the file that one of them names with _FILE; empty when none is set.
setting() {
  local prefix variable file
  for prefix in MARIADB MYSQL; do
    variable=${prefix}_$1
    file=${variable}_FILE
    if [ -n "${!variable:-}" ] && [ -n "${!file:-}" ]; then fail "$variable and $file are both set: remove one"; fi
    if [ -n "${!variable:-}" ]; then
      printf '%s' "${!variable}"
      return
    fi
    if [ -n "${!file:-}" ]; then
      [ -r "${!file}" ] || fail "$file names ${!file}, which cannot be read"
      cat "${!file}"
      return
    fi
  done
}

text() { # an SQL string
  local value=${1//\\/\\\\}
  printf "'%s'" "${value//\'/\'\'}"
}

identifier() { # an SQL name
  printf '\140%s\140' "${1//\`/\`\`}"
}

accounts() {
  local root_password=$1 database=$2 user=$3 password=$4
  # The server that reads this checks no permissions until it is told to load them.
  echo 'FLUSH PRIVILEGES;'
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(text "$root_password");"
  echo "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');"
  echo 'FLUSH PRIVILEGES;'
  echo "CREATE USER 'root'@'%' IDENTIFIED BY $(text "$root_password");"
  echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
  if [ -n "$database" ]; then echo "CREATE DATABASE $(identifier "$database") CHARACTER SET utf8mb4;"; fi
  if [ -n "$user" ]; then echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$password");"; fi
  if [ -n "$user" ] && [ -n "$database" ]; then
    # In a grant, _ and % of a database name are wildcards.
    local pattern=${database//_/\\_}
    echo "GRANT ALL ON $(identifier "${pattern//%/\\%}").* TO $(text "$user")@'%';"
  fi
}

initialize() {
  local root_password database user password
  root_password=$(setting ROOT_PASSWORD)
  database=$(setting DATABASE)
  user=$(setting USER)
  password=$(setting PASSWORD)
  [ -n "$root_password" ] || fail 'the data directory is empty and MARIADB_ROOT_PASSWORD (or _FILE) is not set: set it for the first start'
  [ -z "$user" ] || [ -n "$password" ] || fail 'MARIADB_USER is set without MARIADB_PASSWORD: set both'
  [ "$user" != root ] || fail 'MARIADB_USER must not be root, whose password is MARIADB_ROOT_PASSWORD'

  echo 'mysql: initializing an empty data directory' >&2
  touch "$unfinished"
  mariadb-install-db --datadir="$data" --skip-test-db --auth-root-authentication-method=normal >/tmp/install-db.log 2>&1 \
    || { cat /tmp/install-db.log >&2; fail 'the system tables could not be created'; }
  accounts "$root_password" "$database" "$user" "$password" | mariadbd --bootstrap --datadir="$data" >/tmp/accounts.log 2>&1 \
    || { grep -v -i identified /tmp/accounts.log >&2; fail 'the accounts could not be created'; }
  rm "$unfinished"
}

if [ $# -eq 0 ] || [ "${1#-}" != "$1" ]; then set -- mariadbd "$@"; fi

if [ "$1" = mariadbd ] || [ "$1" = mysqld ]; then
  shift
  set -- mariadbd --datadir="$data" "$@"
  [ -w "$data/" ] || fail "$data must be a directory that uid $(id -u) can write"
  # A start that was killed in the middle leaves its mark: nothing but its own half-made files can be there.
  if [ -e "$unfinished" ]; then find "$data" -mindepth 1 -delete; fi
  if [ ! -d "$data/mysql" ]; then initialize; fi
fi

exec "$@"
