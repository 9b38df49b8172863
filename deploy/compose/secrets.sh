#!/bin/sh
# Makes the secrets that compose.yaml hands to its services, each in a file of its own. What is there already stays.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
word() { openssl rand -hex 24; }
# keep FILE COMMAND…: what the command prints, unless the file is there.
keep() { file=secrets/$1; shift; [ -s "$file" ] || "$@" > "$file"; }

for name in nats-password postgres-password influxdb-token influxdb-password grafana-password clickhouse-password; do keep "$name" word; done
nats=$(cat secrets/nats-password)
keep nats-authorization.conf printf 'authorization { user: raingauge, password: "%s" }\n' "$nats"
keep nats-url printf 'nats://raingauge:%s@nats:4222' "$nats"
keep nats-urls printf 'nats://raingauge:%s@nats:4222,nats://raingauge:%s@nats-2:4222,nats://raingauge:%s@nats-3:4222' "$nats" "$nats" "$nats"
keep ledger-url printf 'postgresql://raingauge:%s@postgres:5432/raingauge' "$(cat secrets/postgres-password)"
keep clickhouse-users.xml printf '<clickhouse><users><default remove="remove"/><raingauge><password_sha256_hex>%s</password_sha256_hex><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></raingauge></users></clickhouse>\n' \
  "$(printf %s "$(cat secrets/clickhouse-password)" | openssl dgst -sha256 -r | cut -d' ' -f1)"
keep clickhouse-cluster.xml printf '<clickhouse><remote_servers><raingauge><secret>%s</secret></raingauge></remote_servers></clickhouse>\n' "$(word)"
# The containers read them as users of their own; the folder itself is yours alone.
chmod 0644 secrets/*
chmod 0700 secrets
echo "made in $(pwd)/secrets; what is still yours to write there: rabbit-url (amqp://user:password@host:5672/)"
