"""What Ceilometer's own dynamic pollsters make of one recorded answer: a JSON line for each sample.

    ceilometer-pollsters.py DYNAMIC_POLLSTER.py DEFINITIONS.yaml ANSWER.json

Of Ceilometer only that module is needed; what it asks of its neighbours is little, and stands in here.
"""
import importlib.util
import json
import sys
import types

import yaml


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


class Silent:
    def __getattr__(self, _):
        return lambda *args, **named: None


class Failure(Exception):
    pass


class Pollster:
    def __init__(self, conf):
        self.conf = conf


class Sample:
    def __init__(self, **told):
        self.__dict__.update(told)


class Answering:
    def get(self, url, **named):
        return types.SimpleNamespace(status_code=200, text=open(ANSWER).read())


FAILURES = {
    name: Failure
    for name in (
        "DynamicPollsterDefinitionException",
        "DynamicPollsterException",
        "InvalidResponseTypeException",
        "NonOpenStackApisDynamicPollsterException",
    )
}
MODULE, DEFINITIONS, ANSWER = sys.argv[1:]
log = module("oslo_log.log", getLogger=lambda name: Silent())
module("oslo_log", log=log)
module("xmltodict")
module("requests", RequestException=Failure, codes=types.SimpleNamespace(ok=200))
declarative = module("ceilometer.declarative", **FAILURES)
base = module("ceilometer.polling.plugin_base", PollsterBase=Pollster)
module("ceilometer.polling", plugin_base=base)
sample = module("ceilometer.sample", TYPES=("gauge", "delta", "cumulative"), Sample=Sample)
utils = module("ceilometer.utils", isotime=lambda: "")
module("ceilometer", declarative=declarative, sample=sample, utils=utils)
spec = importlib.util.spec_from_file_location("theirs", MODULE)
theirs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(theirs)

manager = types.SimpleNamespace(_keystone=types.SimpleNamespace(session=Answering()))
for definition in yaml.safe_load(open(DEFINITIONS)):
    for made in theirs.DynamicPollster(definition).get_samples(manager, None, ["http://cloud/"]):
        told = [made.name, str(made.volume), made.resource_id, made.project_id, made.resource_metadata]
        print(json.dumps(told))
