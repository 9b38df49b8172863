"""What Heat itself says of a template and of a signal: prints what is wrong, nothing when nothing is.

    python3 heat-template.py stack.yaml signal.json
"""
import contextlib
import json
import sys
from unittest import mock

from heat.common import template_format
from heat.engine import environment, resources, template
from heat.engine.resources.openstack.heat import scaling_policy

resources.initialise()
parsed = template_format.parse(open(sys.argv[1]).read())
stack = template.Template(parsed, env=environment.Environment())
stack.validate()

classes = {}
for name, definition in parsed["resources"].items():
    found = stack.env.get_class(definition["type"], name)
    classes[name] = found
    for given in definition.get("properties", {}):
        if given not in found.properties_schema:
            print(f"{name}: {definition['type']} has no property {given}")
    for wanted, schema in found.properties_schema.items():
        if schema.required and wanted not in definition.get("properties", {}):
            print(f"{name}: {definition['type']} must be given {wanted}")

for name, output in parsed["outputs"].items():
    resource, attribute = output["value"]["get_attr"]
    if attribute not in classes[resource].attributes_schema:
        print(f"output {name}: {resource} has no attribute {attribute}")

# The policy's own code, given what Alertmanager sends: it must adjust its group, by what the template says.
group = mock.Mock()
group.frozen_properties = contextlib.nullcontext
policy = mock.Mock()
policy.AUTO_SCALING_GROUP_NAME = "auto_scaling_group_id"
policy.SCALING_ADJUSTMENT = "scaling_adjustment"
policy.ADJUSTMENT_TYPE = "adjustment_type"
policy.MIN_ADJUSTMENT_STEP = "min_adjustment_step"
policy.COOLDOWN = "cooldown"
policy.properties = {"min_adjustment_step": None, **parsed["resources"]["one_more"]["properties"]}
policy.stack.resource_by_refid.return_value = group
scaling_policy.AutoScalingPolicy.handle_signal(policy, json.load(open(sys.argv[2])))
if group.adjust.call_args != mock.call(1, "change_in_capacity", None, 900):
    print(f"the signal came to {group.adjust.call_args}")
