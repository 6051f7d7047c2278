#!/usr/bin/env bash
# A real Request Tracker 5 on 127.0.0.1 for tests: the packages of Debian 12, SQLite, and all data in one folder.
#
#   server.sh install   installs missing packages (as root)
#   server.sh start     sets up the server if necessary, and starts it; prints its settings as JSON
#   server.sh reset     the same, with the data as after the first start: no tickets, no mails
#   server.sh settings  prints the settings of the running server
#   server.sh people .. creates users and tokens, and revokes tokens: see people.pl
#   server.sh history URL  copies the users and tickets of the sandbox at URL to a server without tickets
#   server.sh webhook URL SECRET  tells a push receiver what agents change: see webhook.pl
#   server.sh stop      stops the server and keeps its folder
#   server.sh remove    stops the server and deletes its folder
#
# Set RT_PORT (8971) and RT_HOME (a folder named after the port, below TMPDIR or /var/tmp) to run several servers.
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
  # The package requires a mailer. This one has no daemon and sends nothing unless configured; it is never called anyway.
  dpkg-query -W -f='${db:Status-Status} ${Provides}\n' | grep -q '^installed .*mail-transport-agent' || missing+=(msmtp-mta)
  # The packages must not create a database of their own.
  installed dbconfig-sqlite3 || missing+=(dbconfig-no-thanks)
  echo 'request-tracker5 request-tracker5/dbconfig-install boolean false' | debconf-set-selections
  # Nor may any package start a service.
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

# --- one server

# Runs a program with this server's configuration and nothing else of the caller's environment. If root calls this, the program
# runs as the user of web servers, because a server that parses untrusted input must not run as root.
as_rt() {
  local command=(env -i PATH="$PATH" LC_ALL="$LC_ALL" TZ=UTC HOME="$RT_HOME" RT_HOME="$RT_HOME" RT_PORT="$RT_PORT"
    RT_SITE_CONFIG="$RT_HOME/etc/RT_SiteConfig.pm" RT_SITE_CONFIG_DIR="$RT_HOME/etc/more" "$@")
  if [ "$(id -u)" -eq 0 ]; then
    command=(setpriv --reuid www-data --regid www-data --clear-groups -- "${command[@]}")
  fi
  (cd "$RT_HOME" && "${command[@]}" </dev/null)
}

write_files() {
  [ ! -e "$RT_HOME" ] || [ -f "$RT_HOME/etc/RT_SiteConfig.pm" ] || [ -z "$(ls -A "$RT_HOME")" ] ||
    fail "$RT_HOME contains something else"
  mkdir -p "$RT_HOME"/{etc/more,mail,log,run,mason,session}
  install -m 644 "$here/RT_SiteConfig.pm" "$here/seed.pl" "$here/people.pl" "$here/history.pl" "$here/webhook.pl" "$RT_HOME/etc/"
  install -m 755 "$here/spool-mail" "$RT_HOME/etc/"
  if [ "$(id -u)" -eq 0 ]; then chown -R www-data:www-data "$RT_HOME"; fi
}

logged() { # NAME COMMAND...
  local log="$RT_HOME/log/$1.log"
  "${@:2}" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$1 failed"; }
}

# A checksum of what a server is set up from: this folder, the package's version, and the address.
checksum() {
  { cat "$here/RT_SiteConfig.pm" "$here/seed.pl"; dpkg-query -W request-tracker5; echo "$RT_PORT $RT_HOME"; } | sha256sum
}

# Sets up the server, unless that was done from the same files. The checksum is written last, so an interrupted setup is repeated.
set_up_server() {
  [ "$(checksum)" != "$(cat "$made_from" 2>/dev/null)" ] || return 0
  stop_server
  say "setting up a server in $RT_HOME"
  rm -f "$database"* "$settings" "$made_from"
  head -c 12 /dev/urandom | base64 >"$RT_HOME/etc/password"
  if [ "$(id -u)" -eq 0 ]; then chown www-data:www-data "$RT_HOME/etc/password"; fi
  chmod 600 "$RT_HOME/etc/password"
  logged initialise as_rt rt-setup-database-5 --action init --root-password-file "$RT_HOME/etc/password"
  (umask 077; as_rt perl "$RT_HOME/etc/seed.pl" >"$settings.new" 2>"$RT_HOME/log/seed.log") ||
    { tail -n 20 "$RT_HOME/log/seed.log" >&2; fail "seed failed"; }
  logged journal as_rt sqlite3 "$database" 'PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);'
  mv "$settings.new" "$settings"
  as_rt cp "$database" "$pristine.new"
  mv "$pristine.new" "$pristine"
  rm -f "$RT_HOME"/mail/*.eml
  checksum >"$made_from"
}

# Whether the server runs. The process id may have been given to another program since.
running() {
  [ -s "$pid_file" ] && tr '\0' ' ' <"/proc/$(<"$pid_file")/cmdline" 2>/dev/null | grep -q starman
}

start_server() {
  running && return 0
  logged start as_rt starman --daemonize --pid "$pid_file" --error-log "$RT_HOME/log/server.log" \
    --listen "127.0.0.1:$RT_PORT" --workers 2 --max-requests 2000 --preload-app \
    /usr/share/request-tracker5/libexec/rt-server
  local status
  for _ in $(seq 300); do
    status="$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$RT_PORT/REST/2.0/rt" || true)"
    [ "$status" != 401 ] || return 0
    sleep 0.2
  done
  tail -n 20 "$RT_HOME/log/server.log" >&2
  fail "the server does not answer on port $RT_PORT"
}

stop_server() {
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
    set_up_server
    start_server
    cat "$settings" ;;
  reset)
    stop_server
    write_files
    set_up_server
    rm -f "$database"* "$RT_HOME"/mail/*.eml
    as_rt cp "$pristine" "$database"
    start_server
    cat "$settings" ;;
  settings)
    running || fail "no server is running on port $RT_PORT"
    cat "$settings" ;;
  people) as_rt perl "$RT_HOME/etc/people.pl" "${@:2}" ;;
  history) as_rt perl "$RT_HOME/etc/history.pl" "${@:2}" ;;
  webhook) as_rt perl "$RT_HOME/etc/webhook.pl" "${@:2}" ;;
  stop) stop_server ;;
  remove)
    stop_server
    [ ! -f "$RT_HOME/etc/RT_SiteConfig.pm" ] || rm -rf -- "$RT_HOME" ;;
  *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
