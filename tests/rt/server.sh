#!/usr/bin/env bash
# A real Request Tracker 5 on 127.0.0.1 for tests: the packages of Debian 12, SQLite, nothing outside one folder.
#
#   server.sh install   installs the packages that are missing (as root)
#   server.sh start     makes the server if it is not there yet, and starts it; prints its settings as JSON
#   server.sh reset     the same with a server as it was after its first start: no tickets, no mails
#   server.sh settings  prints the settings of the server that runs
#   server.sh people .. makes people and tokens, and revokes tokens: see people.pl
#   server.sh history URL  gives a server without tickets the people and tickets of the sandbox that listens there
#   server.sh stop      stops the server; its folder stays
#   server.sh remove    stops the server and deletes its folder
#
# RT_PORT (8971) and RT_HOME (a folder named after the port, below TMPDIR or /var/tmp) make desks beside each other.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
export LC_ALL=C.UTF-8 PATH="/usr/sbin:/usr/bin:/sbin:/bin"
umask 022

RT_PORT="${RT_PORT:-8971}"
RT_HOME="${RT_HOME:-${TMPDIR:-/var/tmp}/pocketdesk-rt-$RT_PORT}"
database="$RT_HOME/desk.sqlite3"
settings="$RT_HOME/settings.json"
pristine="$RT_HOME/pristine.sqlite3"
made_from="$RT_HOME/made-from"
pid_file="$RT_HOME/run/desk.pid"

packages=(request-tracker5 rt5-db-sqlite rt5-standalone rt5-clients starman sqlite3 curl)

say() { echo "server.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

# --- packages

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_packages() {
  local package missing=()
  for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "cannot install ${missing[*]} here: no apt-get"
  [ "$(id -u)" -eq 0 ] || fail "missing: ${missing[*]}; run once as root: $0 install"
  # The service insists on a mailer. This one has no daemon and, unconfigured, sends nothing; it is never called anyway.
  dpkg-query -W -f='${db:Status-Status} ${Provides}\n' | grep -q '^installed .*mail-transport-agent' || missing+=(msmtp-mta)
  # The packages must not make a database of their own.
  installed dbconfig-sqlite3 || missing+=(dbconfig-no-thanks)
  echo 'request-tracker5 request-tracker5/dbconfig-install boolean false' | debconf-set-selections
  # Nor may anything that comes along start a service.
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  say "installing ${missing[*]}"
  local outcome=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "${missing[@]}"; } </dev/null >&2 || outcome=$?
  [ -z "$ours" ] || rm -f "$policy"
  return "$outcome"
}

# --- one desk

# Runs a program with this server's configuration and nothing else of the caller's environment. Started by root it runs as the
# user of web servers: a server that parses what strangers send has no business being root.
as_desk() {
  local command=(env -i PATH="$PATH" LC_ALL="$LC_ALL" TZ=UTC HOME="$RT_HOME" RT_HOME="$RT_HOME" RT_PORT="$RT_PORT"
    RT_SITE_CONFIG="$RT_HOME/etc/RT_SiteConfig.pm" RT_SITE_CONFIG_DIR="$RT_HOME/etc/more" "$@")
  if [ "$(id -u)" -eq 0 ]; then
    command=(setpriv --reuid www-data --regid www-data --clear-groups -- "${command[@]}")
  fi
  (cd "$RT_HOME" && "${command[@]}" </dev/null)
}

write_files() {
  [ ! -e "$RT_HOME" ] || [ -f "$RT_HOME/etc/RT_SiteConfig.pm" ] || [ -z "$(ls -A "$RT_HOME")" ] ||
    fail "$RT_HOME holds something else"
  mkdir -p "$RT_HOME"/{etc/more,mail,log,run,mason,session}
  install -m 644 "$here/RT_SiteConfig.pm" "$here/seed.pl" "$here/people.pl" "$here/history.pl" "$RT_HOME/etc/"
  install -m 755 "$here/spool-mail" "$RT_HOME/etc/"
  if [ "$(id -u)" -eq 0 ]; then chown -R www-data:www-data "$RT_HOME"; fi
}

logged() { # NAME COMMAND...
  local log="$RT_HOME/log/$1.log"
  "${@:2}" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$1 failed"; }
}

# What a server is made from: this folder, the service's version, and where it listens.
recipe() {
  { cat "$here/RT_SiteConfig.pm" "$here/seed.pl"; dpkg-query -W request-tracker5; echo "$RT_PORT $RT_HOME"; } | sha256sum
}

# What says from which recipe it was made is written when all of it is done: otherwise the server is made again.
make_desk() {
  [ "$(recipe)" != "$(cat "$made_from" 2>/dev/null)" ] || return 0
  stop_desk
  say "making a server in $RT_HOME"
  rm -f "$database"* "$settings" "$made_from"
  head -c 12 /dev/urandom | base64 >"$RT_HOME/etc/password"
  if [ "$(id -u)" -eq 0 ]; then chown www-data:www-data "$RT_HOME/etc/password"; fi
  chmod 600 "$RT_HOME/etc/password"
  logged initialise as_desk rt-setup-database-5 --action init --root-password-file "$RT_HOME/etc/password"
  (umask 077; as_desk perl "$RT_HOME/etc/seed.pl" >"$settings.new" 2>"$RT_HOME/log/seed.log") ||
    { tail -n 20 "$RT_HOME/log/seed.log" >&2; fail "seed failed"; }
  logged journal as_desk sqlite3 "$database" 'PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);'
  mv "$settings.new" "$settings"
  as_desk cp "$database" "$pristine.new"
  mv "$pristine.new" "$pristine"
  rm -f "$RT_HOME"/mail/*.eml
  recipe >"$made_from"
}

# A number that was given to another program since is not ours to stop.
running() {
  [ -s "$pid_file" ] && tr '\0' ' ' <"/proc/$(<"$pid_file")/cmdline" 2>/dev/null | grep -q starman
}

start_desk() {
  running && return 0
  logged start as_desk starman --daemonize --pid "$pid_file" --error-log "$RT_HOME/log/server.log" \
    --listen "127.0.0.1:$RT_PORT" --workers 2 --max-requests 2000 --preload-app \
    /usr/share/request-tracker5/libexec/rt-server
  local status
  for _ in $(seq 300); do
    status="$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$RT_PORT/REST/2.0/rt" || true)"
    [ "$status" != 401 ] || return 0
    sleep 0.2
  done
  tail -n 20 "$RT_HOME/log/server.log" >&2
  fail "the server does not answer at port $RT_PORT"
}

stop_desk() {
  if running; then
    local pid
    pid="$(<"$pid_file")"
    kill "$pid"
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    ! kill -0 "$pid" 2>/dev/null || fail "process $pid does not stop"
  fi
  rm -f "$pid_file"
}

case "${1:-}" in
  install) install_packages ;;
  start)
    write_files
    make_desk
    start_desk
    cat "$settings" ;;
  reset)
    stop_desk
    write_files
    make_desk
    rm -f "$database"* "$RT_HOME"/mail/*.eml
    as_desk cp "$pristine" "$database"
    start_desk
    cat "$settings" ;;
  settings)
    running || fail "no desk runs at port $RT_PORT"
    cat "$settings" ;;
  people) as_desk perl "$RT_HOME/etc/people.pl" "${@:2}" ;;
  history) as_desk perl "$RT_HOME/etc/history.pl" "${@:2}" ;;
  stop) stop_desk ;;
  remove)
    stop_desk
    [ ! -f "$RT_HOME/etc/RT_SiteConfig.pm" ] || rm -rf -- "$RT_HOME" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
