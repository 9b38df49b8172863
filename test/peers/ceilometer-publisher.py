"""Sends recorded samples through Ceilometer's own http publisher: URL and files of JSON lines as arguments."""
import gzip
import json
import sys

from ceilometer import sample, service
from ceilometer.publisher import http
from oslo_utils import netutils

url, *files = sys.argv[1:]
conf = service.prepare_service([], [])
publisher = http.HttpPublisher(conf, netutils.urlsplit(url))
recorded = [json.loads(line) for name in files for line in gzip.open(name, "rt")]
samples = [
    sample.Sample(**{field: each[field] for field in each if field not in ("source", "id")}, source=each["source"], id=each["id"])
    for each in recorded
]
for first in range(0, len(samples), 100):
    publisher.publish_samples(samples[first : first + 100])
print(len(samples))
