# shellcheck shell=bash
# Raingauge's DevStack plugin: everything in one process beside the cloud, which is told to notify. In local.conf:
#   [[local|localrc]]
#   enable_plugin raingauge https://github.com/raingauge/raingauge
# DevStack sources this file at each of its phases, with its own functions at hand.

# Which services are told to notify, and where their settings are.
function raingauge_notifiers {
    local service
    for service in nova cinder glance neutron keystone heat; do
        case $service in
            nova) is_service_enabled nova && echo "${NOVA_CONF:-/etc/nova/nova.conf}" "${NOVA_CPU_CONF:-/etc/nova/nova-cpu.conf}" ;;
            cinder) is_service_enabled cinder && echo "${CINDER_CONF:-/etc/cinder/cinder.conf}" ;;
            glance) is_service_enabled glance && echo "${GLANCE_API_CONF:-/etc/glance/glance-api.conf}" ;;
            neutron) is_service_enabled neutron && echo "${NEUTRON_CONF:-/etc/neutron/neutron.conf}" ;;
            keystone) is_service_enabled keystone && echo "${KEYSTONE_CONF:-/etc/keystone/keystone.conf}" ;;
            heat) is_service_enabled heat && echo "${HEAT_CONF:-/etc/heat/heat.conf}" ;;
        esac
    done | tr ' ' '\n'
}

# Says in each service's settings that it is to notify; docs/openstack.md has the reasons.
function raingauge_configure_openstack {
    local conf
    for conf in $(raingauge_notifiers); do
        [[ -e $conf ]] || continue
        iniset "$conf" oslo_messaging_notifications driver messagingv2
        case $conf in
            */nova*.conf)
                iniset "$conf" DEFAULT instance_usage_audit True
                iniset "$conf" DEFAULT instance_usage_audit_period hour
                iniset "$conf" notifications notification_format both
                iniset "$conf" notifications notify_on_state_change vm_and_task_state
                ;;
            */keystone.conf) iniset "$conf" DEFAULT notification_opt_out "" ;;
        esac
    done
}

function raingauge_install {
    install_package nats-server
    # The command brings a Node of its own where the system's is too old, and its packages.
    (cd "$RAINGAUGE_DIR" && node services/raingauge/bootstrap.mjs --version)
}

# What `up` is told, as the unit's environment. The passwords stay in files of their own.
function raingauge_configure {
    sudo install -d -o "$STACK_USER" -m 0700 "$RAINGAUGE_DATA_DIR" "$RAINGAUGE_CONF_DIR"
    (umask 077 && get_notification_url > "$RAINGAUGE_CONF_DIR/rabbit-url")
    (umask 077 && raingauge_environment > "$RAINGAUGE_CONF_DIR/environment")
}

function raingauge_environment {
    cat <<EOF
RAINGAUGE_DATA=$RAINGAUGE_DATA_DIR
RAINGAUGE_REGION=$REGION_NAME
RAINGAUGE_LISTEN_HOST=$SERVICE_HOST
RAINGAUGE_LISTEN_PORT=$RAINGAUGE_LISTEN_PORT
RAINGAUGE_PRICE_BOOK=$RAINGAUGE_PRICE_BOOK
RAINGAUGE_RABBIT_URL_FILE=$RAINGAUGE_CONF_DIR/rabbit-url
RAINGAUGE_LIBVIRT_URI=qemu:///system
RAINGAUGE_OS_CLOUD=devstack-admin
RAINGAUGE_KEYSTONE_CLOUD=devstack-admin
OS_CLIENT_CONFIG_FILE=/etc/openstack/clouds.yaml
EOF
}

function raingauge_start {
    local env
    env=$(tr '\n' ' ' < "$RAINGAUGE_CONF_DIR/environment")
    run_process raingauge "/usr/bin/env $env node $RAINGAUGE_DIR/services/raingauge/bootstrap.mjs up"
}

function raingauge_register {
    local url="http://$SERVICE_HOST:$RAINGAUGE_LISTEN_PORT"
    get_or_create_service raingauge-rating rating "Rating of usage"
    get_or_create_endpoint rating "$REGION_NAME" "$url/rating"
    get_or_create_service raingauge metering "Usage, costs and invoices"
    get_or_create_endpoint metering "$REGION_NAME" "$url"
}

RAINGAUGE_CONF_DIR=${RAINGAUGE_CONF_DIR:-/etc/raingauge}

if is_service_enabled raingauge; then
    case "${1:-} ${2:-}" in
        "stack install")
            echo_summary "Installing Raingauge"
            raingauge_install
            ;;
        "stack post-config")
            echo_summary "Telling OpenStack to notify, and Raingauge where to listen"
            raingauge_configure_openstack
            raingauge_configure
            raingauge_register
            ;;
        "stack extra")
            echo_summary "Starting Raingauge"
            raingauge_start
            ;;
        "unstack "*) stop_process raingauge ;;
        "clean "*) sudo rm -rf "$RAINGAUGE_DATA_DIR" "$RAINGAUGE_CONF_DIR" ;;
    esac
fi
