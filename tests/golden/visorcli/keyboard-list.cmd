esxcli system settings keyboard layout list
