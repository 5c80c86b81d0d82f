#!/usr/bin/env bash
# Starts a Kafka node in KRaft mode. As in the official image, KAFKA_FOO_BAR sets foo.bar (__ is _, ___ is -) and
# CLUSTER_ID names the cluster when an empty data directory is formatted. Without any of these it is a single node.
set -euo pipefail

readonly home=/opt/kafka
readonly properties=/tmp/kafka.properties
# Named one by one: the archive of classes is good for one order of the jars.
classpath=$(printf '%s:' "$home"/libs/*.jar)

fail() {
  echo "kafka: $1" >&2
  exit 1
}

run_java() { # options… main arguments…
  java -Dlog4j2.configurationFile="$home/config/log4j2.properties" -cp "$classpath" "$@"
}

# KAFKA_ADVERTISED_LISTENERS → advertised.listeners
property_name() {
  local name=${1#KAFKA_}
  name=${name,,}
  name=${name//___/-}
  name=${name//__/$'\1'}
  name=${name//_/.}
  printf '%s' "${name//$'\1'/_}"
}

is_option_of_java() {
  case $1 in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_VERSION | KAFKA_HOME | KAFKA_LOG4J_OPTS | KAFKA_JMX_OPTS) return 0 ;;
    *) return 1 ;;
  esac
}

# A single node that is cheap at rest; the environment overrides each line. The idle controller writes a record every
# half second by default, only to show that it is alive.
write_properties() {
  # shellcheck disable=SC2054  # the commas are Kafka's
  declare -A settings=(
    [node.id]=1
    [process.roles]=broker,controller
    [listeners]=PLAINTEXT://:9092,CONTROLLER://:9093
    [advertised.listeners]="PLAINTEXT://$(hostname):9092"
    [listener.security.protocol.map]=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
    [controller.listener.names]=CONTROLLER
    [controller.quorum.voters]=1@localhost:9093
    [log.dirs]=/var/lib/kafka/data
    [auto.create.topics.enable]=false
    [offsets.topic.replication.factor]=1
    [offsets.topic.num.partitions]=4
    [transaction.state.log.replication.factor]=1
    [transaction.state.log.min.isr]=1
    [transaction.state.log.num.partitions]=4
    [share.coordinator.state.topic.replication.factor]=1
    [share.coordinator.state.topic.min.isr]=1
    [share.coordinator.state.topic.num.partitions]=1
    [group.initial.rebalance.delay.ms]=0
    [num.network.threads]=2
    [num.io.threads]=4
    [log.cleaner.dedupe.buffer.size]=8388608
    [metadata.max.idle.interval.ms]=10000
  )
  local name value
  while IFS='=' read -r -d '' name value; do
    if [[ $name != KAFKA_* ]] || is_option_of_java "$name"; then continue; fi
    settings[$(property_name "$name")]=$value
  done < <(env -0)

  for name in "${!settings[@]}"; do
    printf '%s=%s\n' "$name" "${settings[$name]//\\/\\\\}"
  done | sort >"$properties"
}

property() {
  sed -n "s/^$1=//p" "$properties"
}

format_if_empty() {
  local data
  data=$(property log.dirs)
  data=${data%%,*}
  # Kafka likes a folder below the mount point, where no lost+found is in its way.
  mkdir -p "$data" 2>/dev/null || true
  [ -w "$data/" ] || fail "$data (log.dirs) must be a directory that uid $(id -u) can write"

  if [ -f "$data/meta.properties" ]; then
    local known
    known=$(sed -n 's/^cluster.id=//p' "$data/meta.properties")
    [ -z "${CLUSTER_ID:-}" ] || [ "$known" = "$CLUSTER_ID" ] \
      || fail "$data belongs to the cluster $known, but CLUSTER_ID is $CLUSTER_ID: give back the old id or an empty volume"
    return
  fi
  echo 'kafka: formatting an empty data directory' >&2
  local id=${CLUSTER_ID:-}
  [ -n "$id" ] || id=$(run_java "${small[@]}" kafka.tools.StorageTool random-uuid)
  run_java "${small[@]}" kafka.tools.StorageTool format --cluster-id "$id" --config "$properties" >/tmp/format.log 2>&1 \
    || { cat /tmp/format.log >&2; fail 'the data directory could not be formatted'; }
}

if [ $# -gt 0 ]; then exec "$@"; fi

small=(-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData)
read -r -a heap <<<"${KAFKA_HEAP_OPTS:--Xms96m -Xmx320m}"
# For a broker of this size: a collector without threads that wake up by themselves, and a compiler that soon has done.
read -r -a tuning <<<"${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError}"
read -r -a more <<<"${KAFKA_OPTS:-}"
archive=()
if [ -e "$home/classes.jsa" ]; then archive=("-XX:SharedArchiveFile=$home/classes.jsa"); fi

write_properties
format_if_empty
exec java "${heap[@]}" "${tuning[@]}" "${archive[@]}" -Dlog4j2.configurationFile="$home/config/log4j2.properties" \
  "${more[@]}" -cp "$classpath" kafka.Kafka "$properties"
