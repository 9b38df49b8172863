"""Lets Ceilometer's own converters say what they make of notifications: JSON lines in, JSON lines out."""
import json
import sys
import types

from oslo_config import cfg
import yaml

# What its agent needs of the bus is nothing that a converter needs.
sys.modules["ceilometer.pipeline.sample"] = types.SimpleNamespace(SampleEndpoint=object)

from ceilometer.event import converter
from ceilometer.event import trait_plugins
from ceilometer.meter import notifications


class Plugin:
    def __init__(self, plugin):
        self.plugin = plugin


PLUGINS = {
    "split": Plugin(trait_plugins.SplitterTraitPlugin),
    "bitfield": Plugin(trait_plugins.BitfieldTraitPlugin),
    "timedelta": Plugin(trait_plugins.TimedeltaPlugin),
}

conf = cfg.ConfigOpts()
conf.register_opts(converter.OPTS, group="event")
conf.register_opts([cfg.ListOpt("reserved_metadata_namespace", default=["metering."]),
                    cfg.ListOpt("reserved_metadata_keys", default=[]),
                    cfg.IntOpt("reserved_metadata_length", default=256)])
conf([], project="ceilometer")

meters_file, events_file = sys.argv[1:3]
with open(meters_file) as file:
    meters = [notifications.MeterDefinition(entry, conf, PLUGINS) for entry in yaml.safe_load(file)["metric"]]
with open(events_file) as file:
    events = converter.NotificationEventsConverter(conf, yaml.safe_load(file), PLUGINS)

for line in sys.stdin:
    message = json.loads(line)
    samples = []
    for definition in meters:
        if definition.match_type(message["event_type"]):
            for made in definition.to_samples(message):
                made.pop("message", None)
                samples.append(made)
    event = events.to_event("info", message)
    traits = {trait.name: str(trait.value) for trait in event.traits}
    print(json.dumps({"samples": samples, "traits": traits}, default=str))
