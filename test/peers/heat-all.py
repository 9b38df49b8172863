"""Debian's Heat, both APIs and its engine in one process, told to notify nobody of its scaling.

oslo.messaging 14.0.3 takes the credentials out of a notification's context before it looks at who would hear it; Heat 19 then asks Keystone
for the roles of a context that has none, and gives the scaling up. No driver for notifications is configured here.

    python3 heat-all.py --config-file heat.conf
"""
import sys

from heat.cmd.all import main
from heat.engine import notification

notification.notify = lambda *_: None

sys.exit(main())
