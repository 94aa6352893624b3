#!/bin/sh
# Belay's job runner. It runs a command at most once per job, keeps its output and exit code on disk, and needs nobody connected meanwhile.
# Installed under the name of its own hash in a folder of root's, one folder per job beside it:
#   job      the command            spec   its sha256; the folder appears by rename, complete: that is the claim
#   started  invocation, boot, time: made once, before any effect; a second start fails on it
#   out      standard output and error        rc  how it ended; appears by rename        acked  somebody has read that
# Unit lines hold a plain interpreter, a path and plain words: package upgrades make systemd read them again, and it mangles more than that.
set -eu
umask 077
export LC_ALL=C
runner=$0
base=${runner%/*}
verb=$1
id=$2
job=$base/$id
boot=/proc/sys/kernel/random/boot_id

active() {
  case $(systemctl is-active "$1.service" 2>/dev/null || :) in
    active | activating | deactivating | reloading | refreshing) return 0 ;;
    inactive | failed | unknown) return 1 ;;
    *) echo "systemd does not say whether $1 runs" >&2; exit 71 ;;
  esac
}

# Sets $state from evidence, in this order; rc may still be written just after the unit has gone.
look() {
  looks=0
  while :; do
    if [ ! -d "$job" ]; then state=absent; return; fi
    if [ -f "$job/rc" ]; then state="done $(cat "$job/rc")"; return; fi
    if active "$id"; then state=running; return; fi
    if [ ! -f "$job/rc" ]; then
      if [ ! -f "$job/started" ]; then state=claimed; return; fi
      if [ "$(sed -n 2p "$job/started")" != "$(cat "$boot")" ]; then state=interrupted; return; fi
      looks=$((looks + 1))
      if [ "$looks" -gt 15 ]; then state=lost; return; fi
      sleep 0.2
    fi
  done
}

claim() {
  sha=$1
  new=$(mktemp -d "$base/.claim.XXXXXX")
  cat >"$new/job"
  if [ "$(sha256sum <"$new/job")" != "$sha  -" ]; then rm -rf "$new"; echo truncated; exit 0; fi
  printf '%s\n' "$sha" >"$new/spec"
  : >"$new/out"
  sync "$new/job" "$new/spec" "$new/out" "$new"
  mv -T "$new" "$job"
  sync "$base"
}

refuse_second_job() {
  for other in "$base"/belay-*/; do
    other=${other%/}
    if [ "$other" != "$job" ] && [ -d "$other" ] && [ ! -f "$other/rc" ] && active "${other##*/}"; then
      echo "busy ${other##*/}"
      exit 0
    fi
  done
}

start() {
  sha=$1 limit=$2
  exec 8>>"$base/lock"
  flock 8
  if [ -d "$job" ]; then
    cat >/dev/null
    if [ "$(cat "$job/spec")" != "$sha" ]; then echo mismatch; exit 0; fi
  else
    claim "$sha"
  fi
  look
  if [ "$state" != claimed ]; then echo exists; exit 0; fi
  refuse_second_job
  systemd-run --quiet --collect --no-ask-password --unit="$id" --description="Belay job $id" \
    -p Type=exec -p KillMode=mixed -p IgnoreSIGPIPE=no \
    -p TimeoutStartSec=60 -p TimeoutStopSec=60 -p "RuntimeMaxSec=$limit" \
    -p "ExecStartPre=/bin/sh $runner pre $id" -p "ExecStopPost=/bin/sh $runner post $id" \
    /bin/sh "$runner" main "$id" 8>&- </dev/null >&2
  echo started
}

pre() {
  set -C
  printf '%s\n' "$INVOCATION_ID" "$(cat "$boot")" "$(date +%s)" >"$job/started"
  set +C
  sync "$job/started" "$job"
}

finish() {
  sync "$job/out"
  printf '%s %s\n' "$1" "$2" >"$job/rc.new"
  sync "$job/rc.new"
  mv -f "$job/rc.new" "$job/rc"
  sync "$job"
}

# The job itself: alone on this host, told to stop as systemd tells us. Whoever stops us, post writes down why.
main() {
  exec 9>>"$base/running"
  if ! flock -n 9; then
    echo "belay: another job runs on this host" >>"$job/out"
    finish 75 exited
    exit 75
  fi
  child=''
  stopped=''
  trap 'stopped=yes; kill -TERM "$child" 2>/dev/null || :' TERM
  export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  cd /
  /bin/sh "$job/job" </dev/null >>"$job/out" 2>&1 9>&- &
  child=$!
  code=0
  wait "$child" || code=$?
  if [ -n "$stopped" ]; then
    if [ "$code" -eq 143 ]; then
      code=0
      wait "$child" || code=$?
    fi
    exit "$code"
  fi
  finish "$code" exited
  exit "$code"
}

# After the end, however it came; EXIT_STATUS is a number or the name of a signal.
post() {
  if [ -f "$job/rc" ] || [ "$(sed -n 1p "$job/started")" != "$INVOCATION_ID" ]; then exit 0; fi
  case $SERVICE_RESULT in
    timeout) echo "belay: stopped by the host: it ran longer than it may" >>"$job/out" ;;
    *) echo "belay: ended from outside on the host ($SERVICE_RESULT $EXIT_CODE $EXIT_STATUS)" >>"$job/out" ;;
  esac
  finish "$EXIT_STATUS" "$SERVICE_RESULT"
}

follow() {
  offset=$1
  pid=$(systemctl show -p MainPID --value "$id.service")
  if [ "${pid:-0}" -gt 0 ]; then
    exec tail -c "+$((offset + 1))" -s 0.2 -f --pid="$pid" "$job/out"
  fi
  exec tail -c "+$((offset + 1))" "$job/out"
}

state() {
  look
  size=0
  if [ -f "$job/out" ]; then size=$(wc -c <"$job/out"); fi
  echo "$size $state"
}

# Purges what was read a month ago, and claims that were cut off.
ack() {
  : >"$job/acked"
  find "$base" -mindepth 2 -maxdepth 2 -name acked -mtime +30 | while read -r old; do rm -rf "${old%/acked}"; done
  find "$base" -mindepth 1 -maxdepth 1 -name '.claim.*' -mmin +60 -exec rm -rf {} +
}

case $verb in
  start) start "$3" "$4" ;;
  follow) follow "$3" ;;
  pre | main | post | state | ack) "$verb" ;;
  *) echo "no such verb: $verb" >&2; exit 64 ;;
esac
