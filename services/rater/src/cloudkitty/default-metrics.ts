/** What CloudKitty ships, and so what a site that never wrote a metrics.yml rates. */
export const DEFAULT_METRICS = `metrics:
  cpu:
    unit: instance
    alt_name: instance
    groupby: [id, user_id, project_id]
    metadata: [flavor_name, flavor_id, vcpus]
    mutate: NUMBOOL
    extra_args: {aggregation_method: mean, resource_type: instance, force_granularity: 300}
  image.size:
    unit: MiB
    factor: 1/1048576
    groupby: [id, user_id, project_id]
    metadata: [container_format, disk_format]
    extra_args: {aggregation_method: mean, resource_type: image, force_granularity: 300}
  volume.size:
    unit: GiB
    groupby: [id, user_id, project_id]
    metadata: [volume_type]
    extra_args: {aggregation_method: mean, resource_type: volume, force_granularity: 300}
  network.outgoing.bytes.rate:
    unit: MB
    groupby: [id, project_id, user_id]
    factor: 3600/1000000
    metadata: [instance_id]
    extra_args: {aggregation_method: mean, resource_type: instance_network_interface}
  network.incoming.bytes.rate:
    unit: MB
    groupby: [id, project_id, user_id]
    factor: 3600/1000000
    metadata: [instance_id]
    extra_args: {aggregation_method: mean, resource_type: instance_network_interface}
  ip.floating:
    unit: ip
    groupby: [id, user_id, project_id]
    metadata: [state]
    mutate: NUMBOOL
    extra_args: {aggregation_method: mean, resource_type: network}
  radosgw.objects.size:
    unit: GiB
    groupby: [id, user_id, project_id]
    factor: 1/1073741824
    extra_args: {aggregation_method: mean, resource_type: ceph_account}
`;
