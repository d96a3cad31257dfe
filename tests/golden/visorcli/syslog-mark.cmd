visorcli system syslog mark --message="before the upgrade"
