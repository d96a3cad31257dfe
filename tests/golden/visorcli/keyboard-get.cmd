esxcli system settings keyboard layout get
