esxcli system stats uptime get
