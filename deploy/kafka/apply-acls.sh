#!/usr/bin/env bash
# Gives the rights of acls.csv at a broker, with Kafka's own kafka-acls.sh (on the PATH, or KAFKA_ACLS).
# Usage: apply-acls.sh HOST:PORT ADMIN.properties      what is given already stays as it is
set -euo pipefail
[ $# = 2 ] || { sed -n '2,3p' "$0" | sed 's/^# //' >&2; exit 2; }
services="api-gateway provisioner-service health-service deployer-service"
grep -v '^#' "$(dirname "$0")/acls.csv" | while IFS=, read -r service resource name pattern operations; do
  service="${service// /}" resource="${resource// /}" name="${name// /}" pattern="${pattern// /}"
  [ -n "$service" ] || continue
  arguments=(--bootstrap-server "$1" --command-config "$2" --add "--$resource" "$name" --resource-pattern-type "$pattern")
  for operation in $operations; do arguments+=(--operation "$operation"); done
  [ "$service" = "*" ] && principals="$services" || principals="$service"
  for principal in $principals; do arguments+=(--allow-principal "User:$principal"); done
  "${KAFKA_ACLS:-kafka-acls.sh}" "${arguments[@]}"
done
