localcli system boot get
