esxcli system syslog config get
