#!/bin/sh
# Run once by the image, after it has set the server up: InfluxQL finds the bucket under its own name.
set -eu
influx v1 dbrp create --db raingauge --rp autogen --default \
  --org "$DOCKER_INFLUXDB_INIT_ORG" --bucket-id "$DOCKER_INFLUXDB_INIT_BUCKET_ID"
